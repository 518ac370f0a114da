/**
 * Finds where records begin and end in a stream of bytes, without decoding them. Both scanners are pushed chunk after
 * chunk and emit byte ranges; who pushes keeps the bytes from `keepFrom` on, so that a record may cross chunks.
 */
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  LF,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
} from './jsonBytes';

export interface RecordRange {
  /** Byte offset in the file. */
  readonly offset: number;
  readonly length: number;
  /** 1-based line on which the record begins. */
  readonly line: number;
}

export interface Scanner {
  /** First byte that is still needed. */
  readonly keepFrom: number;
  /** The byte to push next: mostly the one behind what was pushed; an earlier one where it has to look anew. */
  readonly position: number;
  push(chunk: Uint8Array, emit: (range: RecordRange) => void): void;
  /**
   * End of the file, unless `position` stands before it then. Returns what is wrong with the file's frame, in words, or
   * null.
   */
  end(emit: (range: RecordRange) => void): string | null;
  /** What is passed over though it may hold records, in words, once the end has been told. */
  warnings(): readonly string[];
}

/** What a document may have on the line before an object, and on the line behind it. */
const MAY_PRECEDE: ReadonlySet<number> = new Set([COMMA, COLON, OPEN_ARRAY]);
const MAY_FOLLOW: ReadonlySet<number> = new Set([COMMA, CLOSE_ARRAY, CLOSE_OBJECT]);

/** Arrays of records inside an object at the top of a JSON file. */
export const RECORD_KEYS: ReadonlySet<string> = new Set([
  'samples',
  'transcripts',
  'records',
  'data',
  'rows',
  'results',
  'items',
]);

/** JSON's white space, and the two that text files have besides. */
export const isSpace = (byte: number): boolean =>
  byte <= SPACE && (byte === SPACE || (byte >= 9 && byte <= 13));

/** One record a line. Blank lines are no records; CRLF's CR is left to the JSON parser, for which it is white space. */
export class LineScanner implements Scanner {
  position: number;
  private lineStart: number;
  private line = 1;
  /** Only white space seen on this line so far. */
  private blank = true;

  constructor(start: number) {
    this.position = start;
    this.lineStart = start;
  }

  get keepFrom(): number {
    return this.lineStart;
  }

  push(chunk: Uint8Array, emit: (range: RecordRange) => void): void {
    let from = 0;
    while (from < chunk.length) {
      const newline = chunk.indexOf(LF, from);
      const to = newline < 0 ? chunk.length : newline;
      for (let i = from; this.blank && i < to; i++) this.blank = isSpace(chunk[i] ?? SPACE);
      if (newline < 0) break;
      this.finish(this.position + newline, emit);
      this.lineStart = this.position + newline + 1;
      this.line++;
      this.blank = true;
      from = newline + 1;
    }
    this.position += chunk.length;
  }

  end(emit: (range: RecordRange) => void): string | null {
    this.finish(this.position, emit);
    return null;
  }

  warnings(): readonly string[] {
    return [];
  }

  private finish(end: number, emit: (range: RecordRange) => void): void {
    if (!this.blank) emit({ offset: this.lineStart, length: end - this.lineStart, line: this.line });
  }
}

export type Layout = 'lines' | 'document';

/**
 * Lines or one document? Decided from the first bytes and, where these leave it open, from the name. An object that
 * closes on its own line and is followed by another is JSONL whatever the file is called, and however its first line
 * is broken.
 */
export function detectLayout(head: Uint8Array, wholeFile: boolean, fileName: string): Layout {
  if (holdsRecordLines(head, wholeFile && !/\.json$/i.test(fileName))) return 'lines';
  const first = head.findIndex((byte) => !isSpace(byte));
  if (head[first] === OPEN_ARRAY) return 'document';
  if (head[first] !== OPEN_OBJECT) return /\.json$/i.test(fileName) ? 'document' : 'lines';
  let depth = 0;
  let inString = false;
  for (let i = first; i < head.length; i++) {
    const byte = head[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
      else if (byte === LF) return 'lines'; // a raw newline inside a string: a broken line, not a document
    } else if (byte === QUOTE) inString = true;
    else if (byte === LF)
      return 'document'; // an object that spans lines
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth--;
      if (depth > 0) continue;
      const rest = head.subarray(i + 1).findIndex((next) => !isSpace(next));
      if (rest >= 0) return 'lines';
      return wholeFile && /\.json$/i.test(fileName) ? 'document' : wholeFile ? lonely(head) : 'lines';
    }
  }
  return /\.json$/i.test(fileName) ? 'document' : 'lines';
}

/**
 * Whether an object with a line to itself stands where a JSON document would want a comma or a bracket before or behind
 * it (the end of the file, too, is such a place where `endCounts`).
 */
function holdsRecordLines(head: Uint8Array, endCounts: boolean): boolean {
  let before: { readonly isObject: boolean; readonly last: number } | null = null;
  let several = false;
  for (let from = 0; from < head.length; ) {
    const newline = head.indexOf(LF, from);
    const line = head.subarray(from, newline < 0 ? head.length : newline);
    from += line.length + 1;
    const start = line.findIndex((byte) => !isSpace(byte));
    if (start < 0) continue;
    const isObject = isWholeObject(line.subarray(start));
    if (before?.isObject && !MAY_FOLLOW.has(line[start] ?? 0)) return true;
    if (before && isObject && !MAY_PRECEDE.has(before.last)) return true;
    several = before !== null;
    before = { isObject, last: line.findLast((byte) => !isSpace(byte)) ?? 0 };
  }
  return endCounts && several && before?.isObject === true;
}

function isWholeObject(line: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < line.length; i++) {
    const byte = line[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (--depth === 0) return line[0] === OPEN_OBJECT && line.subarray(i + 1).every(isSpace);
    }
  }
  return false;
}

/** A .jsonl file that holds one object: one record, unless that object is a list of records itself. */
function lonely(head: Uint8Array): Layout {
  const start = new TextDecoder().decode(head.subarray(0, 64));
  const key = /^\W*"(\w+)"\s*:\s*\[/.exec(start)?.[1];
  return key !== undefined && RECORD_KEYS.has(key) ? 'document' : 'lines';
}
