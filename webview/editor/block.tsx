import { Component, type ComponentChild } from 'preact';
import type { Place } from '../../src/core/anchor/place';
import type { SpanView } from '../../src/core/viewModel';
import { drawPieces, IN_PIECES } from '../shared/pieces';
import { type Hit, hitsIn } from './hits';
import { type Block, type Nested, nest } from './layout';
import { spanStyle } from './words';

interface BlockProps {
  readonly message: number;
  readonly block: Block;
  /** Class of each span's mark, by the span's index. */
  readonly marks: readonly string[];
  /** Index of the span in focus when it runs through this block, else -1. */
  readonly focused: number;
  /** Where that span is in the message. */
  readonly places: readonly Place[];
  /** What a search has found in this block, in order. */
  readonly hits: readonly Hit[];
  /** Number of the match in focus when it is in this block, else -1. */
  readonly hit: number;
}

/**
 * A few kilobytes of text with its marks, which is drawn again only where something in it looks different: of the spans
 * of a transcript, a decision changes one.
 */
export class BlockView extends Component<BlockProps> {
  override shouldComponentUpdate(next: BlockProps): boolean {
    const { message, block, marks, focused, places, hits, hit } = this.props;
    return (
      next.message !== message ||
      next.focused !== focused ||
      (focused >= 0 && next.places !== places) ||
      next.hit !== hit ||
      !sameHits(next.hits, hits) ||
      next.block !== block ||
      block.spans.some((span) => next.marks[span] !== marks[span])
    );
  }

  override render(props: BlockProps) {
    const { message, block, focused, places } = props;
    return (
      <div
        class={block.cut ? 'block cut' : 'block'}
        data-block
        data-message={message}
        data-start={block.start}
        {...IN_PIECES}
      >
        {nest(block.runs, focused, places).flatMap((node) => drawNested(node, props))}
      </div>
    );
  }
}

function sameHits(a: readonly Hit[], b: readonly Hit[]): boolean {
  return (
    a.length === b.length &&
    a.every((hit, i) => hit.at === b[i]?.at && hit.start === b[i].start && hit.end === b[i].end)
  );
}

/** The look of a span wherever it runs: colour and underline by label, place of the underline by lane, decision. */
export function markClass(span: SpanView): string {
  const decided = span.mine === 'reject' ? ' rejected' : span.mine === 'confirm' ? ' confirmed' : '';
  return `span ${spanStyle(span.label)} lane${span.lane % 6}${decided}`;
}

/**
 * Functions, not components: a large transcript has thousands of these. The lists are joined to one list of siblings,
 * since Preact makes a fragment of a list within a list, and fails on some changes among siblings of which some are
 * fragments ("NotFoundError" of insertBefore).
 */
function drawNested(node: Nested, props: BlockProps): ComponentChild | readonly ComponentChild[] {
  if (node.kind === 'text') {
    const text = drawText(node.start, node.end, props);
    // spans too deep to be drawn here: the hover card names them
    if (node.more.length === 0) return text;
    return (
      <span data-more={node.more.join(' ')} data-beyond={node.beyond} {...IN_PIECES}>
        {text}
      </span>
    );
  }
  const children = node.children.flatMap((child) => drawNested(child, props));
  if (node.kind === 'prefill') {
    return (
      <span class="prefill" {...IN_PIECES}>
        {children}
      </span>
    );
  }
  return (
    <mark
      class={(props.marks[node.span] ?? 'span') + (node.span === props.focused ? ' focused' : '')}
      data-span={node.span}
      {...IN_PIECES}
    >
      {children}
    </mark>
  );
}

/** Text from `start` to `end` of the message, with what was found in it set off. */
function drawText(start: number, end: number, { block, hits, hit }: BlockProps): ComponentChild[] {
  const draw = (from: number, to: number) => drawPieces(block.text, from - block.start, to - block.start);
  const drawn: ComponentChild[] = [];
  let from = start;
  for (const found of hitsIn(hits, start, end)) {
    const [first, behind] = [Math.max(found.start, start), Math.min(found.end, end)];
    drawn.push(
      ...draw(from, first),
      <span class={found.at === hit ? 'match current' : 'match'} data-match={found.at} {...IN_PIECES}>
        {draw(first, behind)}
      </span>,
    );
    from = behind;
  }
  return [...drawn, ...draw(from, end)];
}
