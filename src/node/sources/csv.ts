import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { LF } from '../../core/dataset/jsonBytes';
import type { RecordRange } from '../../core/dataset/scan';
import { isMarkCell, MARK_COLUMN, unmarkTexts } from '../../core/export/textMark';
import {
  CR,
  cellText,
  columnNames,
  countByte,
  type Dialect,
  detectDialect,
  isBlank,
  looseCount,
  MAX_CELLS,
  type RowScan,
  scanRow,
} from './csvRow';
import { FileWindow } from './fileWindow';
import { type OpenFile, openHandle, readExactly } from './openHandle';
import { repeatedColumns } from './repeatedColumns';
import {
  DatasetError,
  type FileStamp,
  type RecordValue,
  type Source,
  type SourceChunk,
  type SourceRecord,
} from './source';

const HEAD_BYTES = 1 << 20;
const MAX_HEADER_BYTES = 1 << 24;
/** What one row may have; beyond it, a quote that is never closed is more likely than a text. */
const MAX_ROW_BYTES = 1 << 28;
/** So many rows in a row must fit, for a line to count as the first behind a broken row: one alone may be prose. */
const RESUME_ROWS = 3;
/** They are looked for within this size … */
const RESUME_ROW_BYTES = 1 << 24;
/** … and after so many steps only among rows of one line, so that no file takes for ever: these for any file … */
const RESUME_STEPS = 2 ** 29;
/** … and these for each byte read, more than broken rows need that end where they should, however many there are. */
const RESUME_STEPS_OF_BYTE = 512;
const STEPS_OF_LINE = 256;
/** Steps before the thread is free: the form in which a profile is written reads some rows, too. */
const STEPS_AT_ONCE = 2 ** 22;
const RAW_BYTES = 2_000;

type BrokenRow = Exclude<RowScan, { readonly kind: 'row' }>;

/** A place in the file where a row starts. */
interface RowStart {
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
}

/** Where reading goes on behind a broken row. */
interface Resume extends RowStart {
  /** Lines that were left out, that on which the row starts among them. */
  readonly lines: number;
}

/**
 * A table as text, its delimiter told by looking and by its name, its first row the header. Values are the cells' text.
 * @throws DatasetError when it cannot be read, is empty or has no header.
 */
export async function openCsv(path: string): Promise<Source> {
  const file = await openHandle(path);
  try {
    const window = new FileWindow(file.handle, 0);
    while (!window.atEnd && window.end < HEAD_BYTES) await window.more(0);
    checkIsText(file.name, window.from(0));
    const { offset, line } = firstRow(window.from(0));
    if (offset === window.end && window.atEnd)
      throw new DatasetError(`${file.name} is empty: it holds no transcript`);
    const dialect = detectDialect(window.from(offset), window.atEnd, file.name);
    let header = scanRow(window.from(offset), dialect, window.atEnd);
    while (header.kind === 'open' && !window.atEnd && window.end < MAX_HEADER_BYTES) {
      await window.more(0);
      header = scanRow(window.from(offset), dialect, window.atEnd);
    }
    if (header.kind === 'open' && header.quote === null)
      throw new DatasetError(
        `${file.name}: its first row is longer than ${MAX_HEADER_BYTES >> 20} MB, which is no header`,
      );
    if (header.kind !== 'row')
      throw new DatasetError(
        `${file.name}: the header on line ${line} has a quote that does not close its cell`,
      );
    if (header.count > MAX_CELLS)
      throw new DatasetError(`${file.name} has ${header.count} columns; ${MAX_CELLS} are read`);
    const bytes = window.from(offset);
    const { names, repeated } = columnNames(texts(bytes, header.cells));
    const lines = countByte(bytes, dialect.newline, 0, header.next);
    const warnings = repeatedColumns(repeated);
    return new CsvFile(file, dialect, names, warnings, { offset: offset + header.next, line: line + lines });
  } catch (error) {
    await file.handle.close();
    throw error;
  }
}

class CsvFile implements Source {
  readonly unit = 'row';
  /** Steps taken in search of a whole row behind broken ones. */
  private resumed = 0;

  constructor(
    private readonly file: OpenFile,
    private readonly dialect: Dialect,
    private readonly names: readonly string[],
    private readonly warnings: readonly string[],
    private readonly first: RowStart,
  ) {}

  get stamp(): FileStamp {
    return this.file.stamp;
  }

  get container(): string {
    return this.dialect.delimiter === 9 ? 'TSV' : 'CSV';
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<SourceChunk> {
    this.resumed = 0;
    const window = new FileWindow(this.file.handle, this.first.offset);
    let at = this.first;
    let fileWarnings = this.warnings;
    let broken = 0;
    let linesLost = 0;
    let wantsMore = true;
    for (;;) {
      signal?.throwIfAborted();
      // not for each broken row: it is as much again as is kept, and would soon be the whole file
      if (wantsMore) await window.more(at.offset);
      const { records, next, stop } = this.rowsOf(window, at);
      yield { records, bytesRead: next.offset, frameProblem: null, fileWarnings };
      fileWarnings = [];
      at = next;
      if (stop === null && window.atEnd) break;
      const goesOn = stop?.kind === 'open' && !window.atEnd && window.end - at.offset <= MAX_ROW_BYTES;
      wantsMore = stop === null || goesOn;
      if (stop === null || goesOn) continue;
      const resume = await this.nextWholeRow(window, at, stop, signal);
      const range = { offset: at.offset, line: at.line, length: resume.offset - at.offset };
      if (resume.lines > 1) broken++;
      linesLost += resume.lines - 1;
      const value = await this.read(range);
      yield {
        records: [{ range, bytes: null, value: () => value }],
        bytesRead: resume.offset,
        frameProblem: null,
      };
      at = resume;
    }
    if (broken === 0) return;
    const rows =
      broken === 1 ? '1 row whose quotes do not fit takes' : `${broken} rows whose quotes do not fit take`;
    const lines = linesLost === 1 ? '1 more line along' : `${linesLost} more lines along`;
    const words = `${rows} ${lines}: where these hold rows of their own, they are in no figure. A quote inside a cell is written twice`;
    yield { records: [], bytesRead: at.offset, frameProblem: null, fileWarnings: [words] };
  }

  async read(range: RecordRange): Promise<RecordValue> {
    if (range.length > MAX_ROW_BYTES) {
      const megabytes = Math.floor(MAX_ROW_BYTES / 1e6);
      return { ok: false, reason: `longer than ${megabytes} MB, or it has a quote that is never closed` };
    }
    return this.readRow(await readExactly(this.file, range.offset, range.length), range.line);
  }

  close(): Promise<void> {
    return this.file.handle.close();
  }

  /** The whole rows that the window holds, where the first other one starts, and how that one stops. */
  private rowsOf(
    window: FileWindow,
    from: RowStart,
  ): { readonly records: SourceRecord[]; readonly next: RowStart; readonly stop: BrokenRow | null } {
    const bytes = window.from(from.offset);
    const records: SourceRecord[] = [];
    let { line } = from;
    let at = 0;
    let stop: BrokenRow | null = null;
    while (at < bytes.length) {
      const row = scanRow(bytes.subarray(at), this.dialect, window.atEnd);
      if (row.kind !== 'row') {
        stop = row;
        break;
      }
      const own = bytes.subarray(at, at + row.end);
      if (!isBlank(own)) {
        const range = { offset: from.offset + at, length: row.end, line };
        records.push({ range, bytes: null, value: () => this.readRow(own, range.line) });
      }
      line += countByte(bytes, this.dialect.newline, at, at + row.next);
      at += row.next;
    }
    return { records, next: { offset: from.offset + at, line }, stop };
  }

  /**
   * Where reading goes on behind a broken row: at the first line, below the one on which its last quote opens, that
   * begins rows with as many cells as the header; so neither a quote too few nor one too many costs the rows behind it.
   * A row of one line that is broken itself begins there, too.
   */
  private async nextWholeRow(
    window: FileWindow,
    row: RowStart,
    broken: BrokenRow,
    signal?: AbortSignal,
  ): Promise<Resume> {
    const { newline } = this.dialect;
    const held = window.from(row.offset);
    const opened = broken.quote ?? held.length;
    // A cell that breaks on the line on which it opens has most likely left the next line whole.
    const isOneLine = broken.kind === 'broken' && countByte(held, newline, opened, broken.at) === 0;
    let needed = isOneLine ? 1 : RESUME_ROWS;
    let line = row.line + countByte(held, newline, 0, opened);
    // A line that ends with another byte than most is no line to us, but may have been one to who wrote it.
    let lost = newline === LF ? loneReturns(held.subarray(0, opened)) : 0;
    let at = row.offset + opened;
    // the last line counts as one whether or not the end of the file is known already where it is read
    let isLine = false;
    let freeAt = this.resumed + STEPS_AT_ONCE;
    for (;;) {
      signal?.throwIfAborted();
      const lineEnd = window.from(at).indexOf(newline);
      if (lineEnd < 0) {
        isLine ||= at < window.end;
        if (newline === LF) lost += loneReturns(window.from(at));
        at = window.end;
        if (window.atEnd) return { offset: at, line, lines: line - row.line + (isLine ? 1 : 0) + lost };
        await window.more(at);
        continue;
      }
      if (newline === LF) lost += loneReturns(window.from(at).subarray(0, lineEnd));
      at += lineEnd + 1;
      line++;
      isLine = false;
      this.resumed += STEPS_OF_LINE;
      if (this.resumed >= freeAt) {
        await setImmediate();
        freeAt = this.resumed + STEPS_AT_ONCE;
      }
      if (await this.startsRows(window, at, needed))
        return { offset: at, line, lines: line - row.line + lost };
      needed = RESUME_ROWS;
    }
  }

  /** Whether so many rows that fit start there, or as many as there are before the file ends. */
  private async startsRows(window: FileWindow, from: number, needed: number): Promise<boolean> {
    const { dialect, names } = this;
    const most = RESUME_STEPS + RESUME_STEPS_OF_BYTE * (from - this.first.offset);
    let at = from;
    for (let fitting = 0; fitting < needed; ) {
      const held = window.from(at);
      if (held.length === 0 && window.atEnd) return fitting > 0;
      const lineEnd = held.indexOf(dialect.newline);
      const isLine = lineEnd >= 0 || window.atEnd;
      const line = lineEnd < 0 ? held : held.subarray(0, lineEnd + 1);
      const isOneLine = isLine && this.resumed >= most;
      const bytes = isOneLine ? line : held;
      const search = { mostCells: names.length, lineEnd: isLine ? line.length : held.length, steps: 0 };
      const row = scanRow(bytes, dialect, isOneLine || window.atEnd, search);
      this.resumed += search.steps;
      if (row.kind === 'row') {
        if (row.count !== names.length || isBlank(bytes.subarray(0, row.end))) return false;
        at += row.next;
        fitting++;
      } else if (isLine && row.kind === 'broken') {
        const text = lineEnd < 0 ? line : line.subarray(0, lineEnd);
        if (row.at > text.length || looseCount(text, dialect) !== names.length) return false;
        at += line.length;
        fitting++;
      } else {
        if (isOneLine || window.atEnd) return false;
        if (window.end - from > RESUME_ROW_BYTES) return false;
        await window.more(from);
      }
    }
    return true;
  }

  private readRow(bytes: Uint8Array, line: number): RecordValue {
    const raw = () => Buffer.from(bytes.subarray(0, RAW_BYTES)).toString();
    const row = scanRow(bytes, this.dialect, true);
    if (row.kind !== 'row') return { ok: false, reason: this.describeBroken(bytes, row, line), raw };
    if (row.end < bytes.length)
      return { ok: false, reason: 'the row has changed since the file was read', raw };
    const { length } = this.names;
    const cells = texts(bytes, row.cells);
    const tooMany =
      row.count > length && (row.count > MAX_CELLS || cells.slice(length).some((cell) => cell !== ''));
    if (tooMany || row.count < length) {
      return { ok: false, reason: `has ${cellCount(row.count)}, where the header has ${length}`, raw };
    }
    const value = this.valueOf(cells);
    const warnings = isUtf8(bytes) ? [] : ['holds bytes that are not UTF-8; they are shown as U+FFFD'];
    return { ok: true, value, warnings, raw };
  }

  /** A record's keys and texts, as they were before we wrote the row for a spreadsheet. */
  private valueOf(cells: readonly string[]): Record<string, string> {
    const at = this.names.indexOf(MARK_COLUMN);
    const mark = at < 0 ? null : (cells[at] ?? '');
    const isOurs = mark !== null && isMarkCell(mark);
    const texts = isOurs ? unmarkTexts(cells, mark) : cells;
    const entries = this.names.map((name, index) => [name, texts[index] ?? ''] as const);
    // fromEntries, so that a column called __proto__ is one like any other
    return Object.fromEntries(isOurs ? entries.filter((_, index) => index !== at) : entries);
  }

  private describeBroken(bytes: Uint8Array, broken: BrokenRow, line: number): string {
    const lineAt = (offset: number) => line + countByte(bytes, this.dialect.newline, 0, offset);
    const opens = `the quote that opens a cell on line ${lineAt(broken.quote ?? 0)}`;
    if (broken.kind === 'open') return `${opens} is never closed`;
    return `${opens} is closed on line ${lineAt(broken.at)} in the middle of a text; a quote inside a cell is written twice`;
  }
}

/** CRs that neither an LF nor the end follows. */
function loneReturns(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(CR); at >= 0 && at < bytes.length - 1; at = bytes.indexOf(CR, at + 1))
    if (bytes[at + 1] !== LF) count++;
  return count;
}

function texts(bytes: Uint8Array, cells: readonly number[]): string[] {
  const all: string[] = [];
  for (let i = 0; i + 1 < cells.length; i += 2) all.push(cellText(bytes, cells[i] ?? 0, cells[i + 1] ?? 0));
  return all;
}

function cellCount(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`;
}

/** Behind the byte order mark and empty lines. */
function firstRow(head: Uint8Array): RowStart {
  const bom = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const text = head.findIndex((byte, at) => at >= bom && byte !== 10 && byte !== 13 && byte !== 32);
  const offset = text < 0 ? head.length : text;
  return { offset, line: 1 + countByte(head, 10, 0, offset) };
}

function checkIsText(name: string, head: Uint8Array): void {
  const [first = 1, second = 1] = head;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (marked || (head.length > 1 && (first === 0) !== (second === 0))) {
    throw new DatasetError(`${name} is encoded in UTF-16; save it as UTF-8`);
  }
  const magic = String.fromCharCode(...head.subarray(0, 4));
  if (magic.startsWith('PK\u0003\u0004') || magic === 'PAR1' || magic.startsWith('\u001f\u008b')) {
    throw new DatasetError(`${name} is a binary file (zip, gzip or Parquet), not a table of text`);
  }
}
