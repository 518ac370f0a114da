import type { ComponentChild } from 'preact';
import { pieces } from './invisible';

/** A whole text of the dataset, such as an id or a quote. */
export function Words({ text }: { readonly text: string }) {
  return <>{drawPieces(text, 0, text.length)}</>;
}

/** Stored text from `start` to `end` as text nodes, with a chip in place of each character that cannot be seen. */
export function drawPieces(text: string, start: number, end: number): ComponentChild[] {
  return pieces(text, start, end).map((piece) => {
    if (piece.kind === 'text') return piece.text;
    if (piece.kind === 'space') {
      return (
        <span class="oddSpace" title={piece.code}>
          {piece.text}
        </span>
      );
    }
    // the code is generated content: the block then holds stored text and nothing else (selection.ts)
    return (
      <span
        class="invisible"
        role="img"
        aria-label={piece.name}
        title={piece.name}
        data-code={piece.code}
        data-units={piece.units}
      />
    );
  });
}
