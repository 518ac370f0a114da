import { useMemo } from 'preact/hooks';
import type { MessageView, RegionView, SpanView } from '../../src/core/viewModel';
import { BlockView } from './block';
import { blocksOf, lanesOf } from './layout';
import { plural } from './words';

interface MessageProps {
  readonly at: number;
  readonly message: MessageView;
  readonly spans: readonly SpanView[];
  /** Index of the span in focus, -1 for none. */
  readonly focused: number;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** System prompts are long and the same throughout a dataset: they can be folded, and begin so. */
export function isFoldable(message: MessageView): boolean {
  return message.role === 'system';
}

/** One message: its regions one under the other, each under a heading that says what it is. */
export function Message({ at, message, spans, focused, open, onToggle }: MessageProps) {
  const regions = useMemo(
    () => message.regions.map((region) => ({ region, blocks: blocksOf(message.content, region) })),
    [message],
  );
  const lanes = useMemo(() => lanesOf(spans, at), [spans, at]);
  const size = plural(message.content.length, 'character');
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
            {size}
            {inside > 0 ? `, ${plural(inside, 'span')}` : ''}
          </span>
        </h3>
        {open && <Regions at={at} regions={regions} spans={spans} focused={focused} lanes={lanes} />}
      </section>
    );
  }
  return (
    <section class="message">
      {message.content === '' ? (
        <h3 class="who">
          {message.role} <span class="aside">empty</span>
        </h3>
      ) : (
        <Regions
          at={at}
          role={message.role}
          regions={regions}
          spans={spans}
          focused={focused}
          lanes={lanes}
        />
      )}
    </section>
  );
}

interface RegionsProps {
  readonly at: number;
  /** null: the heading stands above already. */
  readonly role?: string;
  readonly regions: readonly { readonly region: RegionView; readonly blocks: ReturnType<typeof blocksOf> }[];
  readonly spans: readonly SpanView[];
  readonly focused: number;
  readonly lanes: number;
}

function Regions({ at, role, regions, spans, focused, lanes }: RegionsProps) {
  const place = spans[focused]?.place;
  return (
    <>
      {regions.map(({ region, blocks }, i) => {
        // white space between two regions is drawn as such, without a heading of its own
        const blank = region.kind === 'text' && blocks.every((block) => block.text.trim() === '');
        return (
          <div
            key={region.start}
            class={`region ${region.kind} lanes${lanes}${blank && i > 0 ? ' blank' : ''}`}
          >
            {role !== undefined && !(blank && i > 0) && (
              <Heading role={role} region={region} at={at} spans={spans} />
            )}
            <div class="body">
              {blocks.map((block) => {
                const through =
                  place?.message === at &&
                  place.start < block.start + block.text.length &&
                  place.end > block.start;
                return (
                  <BlockView
                    key={block.start}
                    message={at}
                    block={block}
                    spans={spans}
                    focused={through ? focused : -1}
                  />
                );
              })}
            </div>
          </div>
        );
      })}
    </>
  );
}

interface HeadingProps {
  readonly role: string;
  readonly region: RegionView;
  readonly at: number;
  readonly spans: readonly SpanView[];
}

function Heading({ role, region, at, spans }: HeadingProps) {
  const inside = spans.filter(
    ({ place }) => place?.message === at && place.start < region.end && place.end > region.start,
  ).length;
  return (
    <h3 class="who">
      {region.kind === 'text' ? role : `${role} · ${region.kind}`}
      {!region.closed && (
        <span class="unclosed" title="The tag was opened and never closed">
          unclosed
        </span>
      )}
      {inside > 0 && <span class="aside">{plural(inside, 'span')}</span>}
    </h3>
  );
}
