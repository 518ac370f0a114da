import { useMemo } from 'preact/hooks';
import type { MessageView, RegionView, SpanView } from '../../src/core/viewModel';
import { BlockView } from './block';
import type { MessagePart, RegionPart } from './chunks';
import { type Hit, hitsIn, NO_HITS } from './hits';
import { lanesOf, spansIn } from './layout';
import { plural } from './words';

/** What is drawn over the text of a transcript. */
export interface Marking {
  readonly spans: readonly SpanView[];
  /** By the message that they stand in. */
  readonly byMessage: ReadonlyMap<number, readonly SpanView[]>;
  /** Class of each span's mark, by the span's index. */
  readonly marks: readonly string[];
  /** What a search has found, by message. */
  readonly hits: ReadonlyMap<number, readonly Hit[]>;
}

interface MessageProps extends Marking {
  readonly part: MessagePart;
  /** Index of the span in focus, -1 for none. */
  readonly focused: number;
  /** Number of the match in focus, -1 for none. */
  readonly hit: number;
  readonly open: boolean;
  readonly onToggle: (message: number) => void;
}

const NO_SPANS: readonly SpanView[] = [];
const NO_PLACES: SpanView['places'] = [];

/** System prompts are long and the same throughout a dataset: they can be folded, and begin so. */
export function isFoldable(message: MessageView): boolean {
  return message.role === 'system';
}

/** One message, or a part of it: its regions one under the other, each under a heading that says what it is. */
export function Message({ part, open, onToggle, ...marking }: MessageProps) {
  const { at, message, begins } = part;
  const spans = marking.byMessage.get(at) ?? NO_SPANS;
  const hits = marking.hits.get(at) ?? NO_HITS;
  const foldable = isFoldable(message);
  const regions = part.regions.map((region) => (
    <Region
      key={region.region.start}
      at={at}
      role={foldable || region.blank || !region.begins ? null : message.role}
      part={region}
      inMessage={spans}
      spans={marking.spans}
      marks={marking.marks}
      focused={marking.focused}
      hits={hits}
      hit={marking.hit}
    />
  ));
  return (
    <section class={begins ? 'message' : 'message resumed'}>
      {begins && foldable && (
        <h3 class="who">
          <button type="button" class="fold" aria-expanded={open} onClick={() => onToggle(at)}>
            <span class="chevron" aria-hidden="true" />
            {message.role}
          </button>
          <span class="aside">
            {open ? '' : 'collapsed, '}
            {plural(message.content.length, 'character')}
            {spans.length > 0 ? `, ${plural(spans.length, 'span')}` : ''}
            {hits.length > 0 ? `, found ${plural(hits.length, 'time')}` : ''}
          </span>
        </h3>
      )}
      {begins && !foldable && message.content === '' && (
        <h3 class="who">
          {message.role} <span class="aside">empty</span>
        </h3>
      )}
      {open && regions}
    </section>
  );
}

interface RegionProps {
  readonly at: number;
  /** null: no heading, since one stands above already. */
  readonly role: string | null;
  readonly part: RegionPart;
  /** The spans of the message. */
  readonly inMessage: readonly SpanView[];
  /** Of the transcript. */
  readonly spans: readonly SpanView[];
  readonly marks: readonly string[];
  readonly focused: number;
  readonly hits: readonly Hit[];
  readonly hit: number;
}

function Region({ at, role, part, inMessage, spans, marks, focused, hits, hit }: RegionProps) {
  const { region, blocks } = part;
  const inside = useMemo(() => spansIn(inMessage, region), [inMessage, region]);
  const places = spans[focused]?.places ?? NO_PLACES;
  return (
    <div class={classOf(part, lanesOf(inside))}>
      {role !== null && <Who role={role} region={region} spans={inside.length} />}
      <div class="body">
        {blocks.map((block) => {
          const end = block.start + block.text.length;
          const inBlock = hits.length > 0 ? hitsIn(hits, block.start, end) : NO_HITS;
          const through = places.some(
            (place) => place.message === at && place.start < end && place.end > block.start,
          );
          return (
            <BlockView
              key={block.start}
              message={at}
              block={block}
              marks={marks}
              focused={through ? focused : -1}
              places={through ? places : NO_PLACES}
              hits={inBlock}
              hit={inBlock.some((one) => one.at === hit) ? hit : -1}
            />
          );
        })}
      </div>
    </div>
  );
}

function Who(props: { readonly role: string; readonly region: RegionView; readonly spans: number }) {
  const { role, region, spans } = props;
  return (
    <h3 class="who">
      {region.kind === 'text' ? role : `${role} · ${region.kind}`}
      {!region.closed && (
        <span class="unclosed" title="The tag was opened and never closed">
          unclosed
        </span>
      )}
      {spans > 0 && <span class="aside">{plural(spans, 'span')}</span>}
    </h3>
  );
}

function classOf({ region, blank, begins, ends }: RegionPart, lanes: number): string {
  const names = ['region', region.kind, `lanes${lanes}`];
  if (blank) names.push('blank');
  if (!begins) names.push('resumed');
  if (!ends) names.push('goesOn');
  return names.join(' ');
}
