import { useMemo } from 'preact/hooks';
import type { MessageView, RegionView, SpanView } from '../../src/core/viewModel';
import { BlockView, markClass } from './block';
import { type Hit, hitsIn, NO_HITS } from './hits';
import { type Block, blocksOf, lanesOf, spansIn } from './layout';
import { plural } from './words';

interface MessageProps {
  readonly at: number;
  readonly message: MessageView;
  readonly spans: readonly SpanView[];
  /** Index of the span in focus, -1 for none. */
  readonly focused: number;
  /** What a search has found in this message. */
  readonly hits: readonly Hit[];
  /** Number of the match in focus, -1 for none. */
  readonly hit: number;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** System prompts are long and the same throughout a dataset: they can be folded, and begin so. */
export function isFoldable(message: MessageView): boolean {
  return message.role === 'system';
}

/** One message: its regions one under the other, each under a heading that says what it is. */
export function Message({ at, message, spans, focused, hits, hit, open, onToggle }: MessageProps) {
  const parts = useMemo(
    () => message.regions.map((region) => ({ region, blocks: blocksOf(message.content, region) })),
    [message],
  );
  const regions = parts.map(({ region, blocks }, i) => {
    // white space between two regions is drawn as such, without a heading of its own
    const blank = i > 0 && region.kind === 'text' && blocks.every((block) => block.text.trim() === '');
    return (
      <Region
        key={region.start}
        at={at}
        role={isFoldable(message) || blank ? null : message.role}
        blank={blank}
        region={region}
        blocks={blocks}
        spans={spans}
        focused={focused}
        hits={hits}
        hit={hit}
      />
    );
  });
  if (isFoldable(message)) {
    const inside = spans.filter((span) => span.place?.message === at).length;
    return (
      <section class="message">
        <h3 class="who">
          <button type="button" class="fold" aria-expanded={open} onClick={onToggle}>
            <span class="chevron" aria-hidden="true" />
            {message.role}
          </button>
          <span class="aside">
            {open ? '' : 'collapsed, '}
            {plural(message.content.length, 'character')}
            {inside > 0 ? `, ${plural(inside, 'span')}` : ''}
            {hits.length > 0 ? `, found ${plural(hits.length, 'time')}` : ''}
          </span>
        </h3>
        {open && regions}
      </section>
    );
  }
  return (
    <section class="message">
      {message.content === '' && (
        <h3 class="who">
          {message.role} <span class="aside">empty</span>
        </h3>
      )}
      {regions}
    </section>
  );
}

interface RegionProps {
  readonly at: number;
  /** null: no heading, since one stands above already. */
  readonly role: string | null;
  readonly blank: boolean;
  readonly region: RegionView;
  readonly blocks: readonly Block[];
  readonly spans: readonly SpanView[];
  readonly focused: number;
  readonly hits: readonly Hit[];
  readonly hit: number;
}

function Region({ at, role, blank, region, blocks, spans, focused, hits, hit }: RegionProps) {
  const inside = useMemo(() => spansIn(spans, at, region), [spans, at, region]);
  const marks = useMemo(() => spans.map(markClass), [spans]);
  const places = spans[focused]?.places ?? [];
  return (
    <div class={`region ${region.kind} lanes${lanesOf(inside)}${blank ? ' blank' : ''}`}>
      {role !== null && (
        <h3 class="who">
          {region.kind === 'text' ? role : `${role} · ${region.kind}`}
          {!region.closed && (
            <span class="unclosed" title="The tag was opened and never closed">
              unclosed
            </span>
          )}
          {inside.length > 0 && <span class="aside">{plural(inside.length, 'span')}</span>}
        </h3>
      )}
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
              hits={inBlock}
              hit={inBlock.some((one) => one.at === hit) ? hit : -1}
            />
          );
        })}
      </div>
    </div>
  );
}
