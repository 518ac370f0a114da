import { Component } from 'preact';
import type { SpanView } from '../../src/core/viewModel';
import { type Block, type Nested, nest } from './layout';
import { Pieces } from './pieces';
import { spanStyle } from './words';

interface BlockProps {
  readonly message: number;
  readonly block: Block;
  readonly spans: readonly SpanView[];
  /** Index of the span in focus when it runs through this block, else -1. */
  readonly focused: number;
}

/**
 * A few kilobytes of text with its marks. Each decision brings a whole new record, so a block is drawn again only
 * when something in it looks different.
 */
export class BlockView extends Component<BlockProps> {
  override shouldComponentUpdate(next: BlockProps): boolean {
    const { message, block, focused } = this.props;
    return (
      next.message !== message ||
      next.focused !== focused ||
      next.block.start !== block.start ||
      next.block.cut !== block.cut ||
      next.block.text !== block.text ||
      looks(next) !== looks(this.props)
    );
  }

  override render({ message, block, spans, focused }: BlockProps) {
    return (
      <div
        class={block.cut ? 'block cut' : 'block'}
        data-block
        data-message={message}
        data-start={block.start}
      >
        {nest(block.runs, focused).map((node, i) => (
          <NestedView key={i} node={node} block={block} spans={spans} focused={focused} />
        ))}
      </div>
    );
  }
}

function looks({ block, spans }: BlockProps): string {
  return block.runs
    .map((run) => {
      const marks = run.spans.map((at) => `${at}${markClass(spans[at])}`);
      return `${run.start} ${run.end} ${run.prefill} ${marks.join(',')}`;
    })
    .join(';');
}

function markClass(span: SpanView | undefined): string {
  if (!span) return 'span';
  const decided = span.mine === 'reject' ? ' rejected' : span.mine === 'confirm' ? ' confirmed' : '';
  return `span ${spanStyle(span.label)} lane${span.lane % 6}${decided}`;
}

interface NestedProps {
  readonly node: Nested;
  readonly block: Block;
  readonly spans: readonly SpanView[];
  readonly focused: number;
}

function NestedView({ node, block, spans, focused }: NestedProps) {
  if (node.kind === 'text') {
    const text = <Pieces text={block.text} start={node.start - block.start} end={node.end - block.start} />;
    // spans too deep to be drawn here: the hover card names them
    return node.more.length > 0 ? <span data-more={node.more.join(' ')}>{text}</span> : text;
  }
  const children = node.children.map((child, i) => (
    <NestedView key={i} node={child} block={block} spans={spans} focused={focused} />
  ));
  if (node.kind === 'prefill') return <span class="prefill">{children}</span>;
  const focus = node.span === focused ? ' focused' : '';
  return (
    <mark class={markClass(spans[node.span]) + focus} data-span={node.span}>
      {children}
    </mark>
  );
}
