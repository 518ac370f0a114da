import type { ComponentChild } from 'preact';
import { pieces } from '../../src/core/invisible';

/** The attribute of an element whose text is drawn in pieces already; it does not get to the page (shownText.tsx). */
export const IN_PIECES = { 'data-pieces': true } as const;

/** The attribute of an element that is made for text of several lines; it does not get to the page either. */
export const IN_LINES = { 'data-lines': true } as const;

/** Of a text on one line, some names or a sentence with names in it, so many characters are drawn. */
export const LINE_ROOM = 600;

/** Of a text of several lines, so many characters are drawn at once; of a title or a name for the screen reader, too. */
export const LINES_ROOM = 2_000;

/**
 * Stored text from `start` to `end` as text nodes, with a chip in place of each character that cannot be seen. Goes
 * into an element with `IN_PIECES`.
 * @param oneLine there is room for one line: line feeds and tabs become chips
 */
export function drawPieces(text: string, start: number, end: number, oneLine = false): ComponentChild[] {
  return pieces(text, start, end, oneLine).map((piece) => {
    if (piece.kind === 'text') return piece.text;
    if (piece.kind === 'space') {
      return (
        <span class="oddSpace" title={piece.code} {...IN_PIECES}>
          {piece.text}
        </span>
      );
    }
    if (piece.kind === 'stack') {
      return (
        <span class="stack" {...IN_PIECES}>
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
