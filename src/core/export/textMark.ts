/**
 * Spreadsheets run a text that begins with `=`, `+`, `-` or `@` as a formula, and the texts of a dataset are anybody's.
 * In a table for them such a text stands behind an apostrophe: the mark by which people tell a spreadsheet that a cell
 * is text; the others do not show it, and none computes behind it. A column of its own says which rows have marked
 * cells, so that our reader takes off what was put on, and no apostrophe of anybody else's file.
 */
import type { Cell } from './table';

const MARK = "'";
/** Its cell is the mark where the row has marked cells, else empty. */
export const MARK_COLUMN = `text_mark:${MARK}`;

/** Behind white space, quotes and what has no width, too, which some programs drop; and in full width, which some fold. */
const FORMULA = /^(?:[\t\r\n]|[\s"'\p{DI}\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;

/** Whether a spreadsheet could take the cell for a formula. A number is none, whatever its sign. */
export function isFormula(cell: Cell): boolean {
  return typeof cell === 'string' && FORMULA.test(cell);
}

export interface MarkedRow {
  /** With that of the mark's column behind them. */
  readonly cells: readonly Cell[];
  readonly marked: number;
}

/** A row for a spreadsheet. A text that begins with the mark itself is marked as well, or it would lose it. */
export function markTexts(cells: readonly Cell[]): MarkedRow {
  let marked = 0;
  const written = cells.map((cell) => {
    if (typeof cell !== 'string' || !(isFormula(cell) || cell.startsWith(MARK))) return cell;
    marked++;
    return MARK + cell;
  });
  return { cells: [...written, marked > 0 ? MARK : null], marked };
}

/** The texts of a row as they were before `markTexts`, where the cell of the mark's column says that they were marked. */
export function unmarkTexts(texts: readonly string[], mark: string): readonly string[] {
  if (mark !== MARK) return texts;
  return texts.map((text) => (text.startsWith(MARK) ? text.slice(MARK.length) : text));
}

/** Whether a cell of the mark's column is one that `markTexts` writes. */
export function isMarkCell(text: string): boolean {
  return text === '' || text === MARK;
}
