import { pieces } from './invisible';

interface PiecesProps {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A whole text of the dataset, such as an id or a quote. */
export function Words({ text }: { readonly text: string }) {
  return <Pieces text={text} start={0} end={text.length} />;
}

/** Stored text as text nodes, with a chip in place of each character that cannot be seen. */
export function Pieces({ text, start, end }: PiecesProps) {
  return (
    <>
      {pieces(text, start, end).map((piece, i) => {
        if (piece.kind === 'text') return piece.text;
        if (piece.kind === 'space') {
          return (
            <span key={i} class="oddSpace" title={piece.code}>
              {piece.text}
            </span>
          );
        }
        // the code is generated content: the block then holds stored text and nothing else (selection.ts)
        return (
          <span
            key={i}
            class="invisible"
            role="img"
            aria-label={piece.name}
            title={piece.name}
            data-code={piece.code}
            data-units={piece.units}
          />
        );
      })}
    </>
  );
}
