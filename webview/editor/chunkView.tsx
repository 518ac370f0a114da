import { Component } from 'preact';
import type { Chunk } from './chunks';
import { isFoldable, type Marking, Message } from './message';

export interface ChunkProps extends Marking {
  readonly chunk: Chunk;
  /** Else it takes up room, and says what is to come. */
  readonly drawn: boolean;
  /** Index of the span in focus and number of the match in focus when they stand in this chunk, else -1. */
  readonly focused: number;
  readonly hit: number;
  /** Messages that are unfolded. */
  readonly expanded: readonly number[];
  readonly onToggle: (message: number) => void;
}

/** Some messages, or a part of a long one; looked at again only when something about it is another. */
export class ChunkView extends Component<ChunkProps> {
  override shouldComponentUpdate(next: ChunkProps): boolean {
    if (!next.drawn && !this.props.drawn && next.chunk.height === this.props.chunk.height) return false;
    return (Object.keys(next) as (keyof ChunkProps)[]).some((key) => next[key] !== this.props[key]);
  }

  override render({ chunk, drawn, expanded, ...rest }: ChunkProps) {
    if (!drawn) {
      return (
        <div class="chunk later" style={{ height: `${chunk.height}px` }}>
          {laterWords(chunk)}
        </div>
      );
    }
    return (
      <div class="chunk" style={{ containIntrinsicHeight: `auto ${chunk.height}px` }}>
        {chunk.parts.map((part) => (
          <Message
            key={part.at}
            part={part}
            open={!isFoldable(part.message) || expanded.includes(part.at)}
            {...rest}
          />
        ))}
      </div>
    );
  }
}

/** Stands in what is copied, too, so that nothing is missing without a word. */
function laterWords({ parts }: Chunk): string {
  const [first, last] = [parts[0]?.at ?? 0, parts.at(-1)?.at ?? 0].map((at) => (at + 1).toLocaleString('en'));
  const which = first === last ? `Part of message ${first}` : `Messages ${first} to ${last}`;
  return `${which}: drawn when in sight`;
}
