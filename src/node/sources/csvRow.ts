/**
 * Rows of RFC 4180 (2005) in bytes. Of our own, since a row has to be found again by its bytes, and since a quote that
 * is never closed must cost its own row only: a parser of streams stops there, or swallows the rest of the file.
 */
import { LF, QUOTE, SPACE } from '../../core/dataset/jsonBytes';

export const CR = 13;

/** More cells than this in a row are counted, not kept: a row of commas must not fill the memory. */
export const MAX_CELLS = 1 << 16;

export interface Dialect {
  /** The byte between cells. */
  readonly delimiter: number;
  /** The byte that ends a row: LF (a CR before it belongs to it), or CR in files of old. */
  readonly newline: number;
}

export type RowScan =
  | {
      readonly kind: 'row';
      /** Behind its last cell. */
      readonly end: number;
      /** Where the next row starts. */
      readonly next: number;
      readonly count: number;
      /** Start and end of each cell, its quotes included. */
      readonly cells: readonly number[];
    }
  /** The bytes end before the row does; `quote` is where the quoted cell opens in which they end. */
  | { readonly kind: 'open'; readonly quote: number | null }
  /** Something else than the end of the cell follows its closing quote, which stands at `at`. */
  | { readonly kind: 'broken'; readonly quote: number; readonly at: number };

/** What is looked for where a row may begin in the middle of another. */
export interface RowSearch {
  /** A row with more cells than this is given up behind the end of its line, and told as if it ended there. */
  readonly mostCells: number;
  readonly lineEnd: number;
  /** What the looking has cost: about the time that looking for a quote takes for one byte. */
  steps: number;
}

const STEPS_OF_PLAIN_BYTE = 8;
const STEPS_OF_CELL = 64;
const STEPS_OF_TWO_QUOTES = 64;

/**
 * The first row of the bytes. A quote inside a cell that does not begin with one is a character like any other.
 * @param whole nothing follows the bytes, so their end is the end of the row.
 */
export function scanRow(bytes: Uint8Array, dialect: Dialect, whole: boolean, search?: RowSearch): RowScan {
  const { delimiter, newline } = dialect;
  const cells: number[] = [];
  let count = 0;
  let start = 0;
  for (;;) {
    let end = start;
    if (bytes[start] === QUOTE) {
      end = quotedEnd(bytes, start, search);
      if (end < 0 || (end === bytes.length && !whole)) return { kind: 'open', quote: start };
      const after = bytes[end];
      const closesRow = after === CR && newline === LF && (bytes[end + 1] === LF || end + 1 === bytes.length);
      if (closesRow && end + 1 === bytes.length && !whole) return { kind: 'open', quote: start };
      if (!closesRow && end < bytes.length && after !== delimiter && after !== newline) {
        return { kind: 'broken', quote: start, at: end - 1 };
      }
    } else {
      while (end < bytes.length && bytes[end] !== delimiter && bytes[end] !== newline) end++;
      if (search) search.steps += (end - start) * STEPS_OF_PLAIN_BYTE;
      if (end === bytes.length && !whole) return { kind: 'open', quote: null };
    }
    if (search) search.steps += STEPS_OF_CELL;
    const more = bytes[end] === delimiter && end < bytes.length;
    const quoted = bytes[start] === QUOTE;
    const hasCr =
      !more && !quoted && newline === LF && bytes[end] === LF && end > start && bytes[end - 1] === CR;
    const cellEnd = hasCr ? end - 1 : end;
    if (++count <= MAX_CELLS) cells.push(start, cellEnd);
    const isGivenUp = search !== undefined && count > search.mostCells && end >= search.lineEnd;
    if (!more || isGivenUp) {
      const lineEnd = bytes[end] === CR && newline === LF ? end + 1 : end;
      return { kind: 'row', end: cellEnd, next: Math.min(lineEnd + 1, bytes.length), count, cells };
    }
    start = end + 1;
  }
}

/**
 * How many cells a row of one line would have if quotes inside a cell need not be written twice: a cell in quotes ends
 * with the first that a delimiter or the end of the line follows. null where one does not end.
 */
export function looseCount(line: Uint8Array, { delimiter }: Dialect): number | null {
  const length = line.at(-1) === CR ? line.length - 1 : line.length;
  let count = 0;
  for (let at = 0; ; at++) {
    if (line[at] === QUOTE) {
      at++;
      do at = line.indexOf(QUOTE, at) + 1;
      while (at > 0 && at < length && line[at] !== delimiter);
      if (at === 0) return null;
    } else while (at < length && line[at] !== delimiter) at++;
    count++;
    if (at >= length) return count;
  }
}

/** Behind the closing quote of the cell that opens at `start`; -1 where there is none. */
function quotedEnd(bytes: Uint8Array, start: number, search?: RowSearch): number {
  for (let at = start + 1; ; ) {
    const quote = bytes.indexOf(QUOTE, at);
    if (search) search.steps += (quote < 0 ? bytes.length : quote) - at;
    if (quote < 0) return -1;
    if (bytes[quote + 1] !== QUOTE) return quote + 1;
    if (search) search.steps += STEPS_OF_TWO_QUOTES;
    at = quote + 2;
  }
}

/** The text of a cell, between its quotes where it has them; bytes that are not UTF-8 become U+FFFD. */
export function cellText(bytes: Uint8Array, start: number, end: number): string {
  if (bytes[start] !== QUOTE) return textOf(bytes.subarray(start, end));
  const inner = bytes.subarray(start + 1, end - 1);
  return textOf(inner.includes(QUOTE) ? singleQuotes(inner) : inner);
}

/** Each pair of quotes made one: in bytes, since replacing millions in a string takes seconds. */
function singleQuotes(bytes: Uint8Array): Uint8Array {
  const single = new Uint8Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    single[length++] = bytes[i] ?? 0;
    if (bytes[i] === QUOTE) i++;
  }
  return single.subarray(0, length);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

/** Whether nothing but spaces stands there: no row, but an empty line. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === SPACE || byte === CR);
}

/** How many of a byte stand in a stretch. */
export function countByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  // Without the rest, which would be looked through for the one that comes next.
  const own = bytes.subarray(start, end);
  let count = 0;
  for (let at = own.indexOf(byte); at >= 0; at = own.indexOf(byte, at + 1)) count++;
  return count;
}

/** Rows that are looked at before the delimiter is settled. */
const DIALECT_ROWS = 50;

/**
 * Which byte separates cells (comma, tab or semicolon) and which ends rows, by looking: the one by which most rows have
 * as many cells as the header, which has two at least. Where several do as well, and where none does, the name decides.
 */
export function detectDialect(head: Uint8Array, whole: boolean, fileName: string): Dialect {
  const newline = newlineOf(head);
  const candidates = /\.(tsv|tab)$/i.test(fileName) ? ['\t', ',', ';'] : [',', '\t', ';'];
  let best = { delimiter: candidates[0]?.charCodeAt(0) ?? 0, newline };
  let bestFit = 0;
  for (const candidate of candidates) {
    const dialect = { delimiter: candidate.charCodeAt(0), newline };
    const fit = shareOfFittingRows(head, whole, dialect);
    if (fit > bestFit) {
      best = dialect;
      bestFit = fit;
    }
  }
  return best;
}

/** CR only where no LF stands but in quoted cells. */
function newlineOf(head: Uint8Array): number {
  let endsByCr = false;
  for (let at = 0, isQuoted = false; at < head.length; at++) {
    if (head[at] === QUOTE) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (head[at] === LF) return LF;
    else if (head[at] === CR) endsByCr = true;
  }
  return endsByCr ? CR : LF;
}

function shareOfFittingRows(head: Uint8Array, whole: boolean, dialect: Dialect): number {
  const header = scanRow(head, dialect, whole);
  if (header.kind !== 'row' || header.count < 2) return 0;
  let rows = 1;
  let fitting = 1;
  for (let rest = head.subarray(header.next); rest.length > 0 && rows < DIALECT_ROWS; ) {
    const row = scanRow(rest, dialect, whole);
    if (row.kind !== 'row') break;
    if (!isBlank(rest.subarray(0, row.end))) {
      rows++;
      if (row.count === header.count) fitting++;
    }
    rest = rest.subarray(row.next);
  }
  return fitting / rows;
}

/**
 * The keys of the records: the header's cells, trimmed. One without a name (pandas writes its index so) is called by its
 * number, and a name that was there before gets a number behind it; `repeated` are such names.
 */
export function columnNames(cells: readonly string[]): {
  readonly names: readonly string[];
  readonly repeated: readonly string[];
} {
  const given = new Set(cells.map((cell) => cell.trim()));
  const repeated = new Set<string>();
  const used = new Set<string>();
  const numbers = new Map<string, number>();
  const names = cells.map((cell, index) => {
    const wanted = cell.trim() || `column ${index + 1}`;
    if (cell.trim() !== '' && used.has(wanted)) repeated.add(wanted);
    let name = wanted;
    let number = numbers.get(wanted) ?? 2;
    while (used.has(name) || (name !== cell.trim() && given.has(name))) name = `${wanted} ${number++}`;
    numbers.set(wanted, number);
    used.add(name);
    return name;
  });
  return { names, repeated: [...repeated] };
}
