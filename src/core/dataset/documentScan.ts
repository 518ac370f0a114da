import { DocumentLists } from './documentLists';
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
} from './jsonBytes';
import { RecordLine } from './recordLine';
import { isSpace, RECORD_KEYS, type RecordRange, type Scanner } from './scan';

/** Brackets deeper than this are counted, not remembered. */
const MOST_KINDS = 1024;
/** Enough for each of `RECORD_KEYS`, its letters escaped or not. */
const MOST_KEY_BYTES = 72;

type Emit = (range: RecordRange) => void;

/** A line inside of a record that begins as records do. */
interface PassedLine {
  readonly offset: number;
  readonly line: number;
  /** Behind what stands before it of the record. */
  readonly end: number;
}

/**
 * One JSON document: an array of records, an object that holds one under a key such as `samples` (the first such that is
 * not empty), or else a single record. An element runs from its first byte to the comma or bracket behind it, so whatever
 * is broken stays inside its own record; where brackets or quotes do not match, the element ends at the next line that begins as the first
 * record did. Nothing but such a mismatch lets lines count: a document without one is cut by its brackets alone.
 */
export class DocumentScanner implements Scanner {
  position: number;
  private line = 1;
  private lineStart: number;
  private depth = 0;
  /** By depth, the bracket that opened it. */
  private readonly kinds = new Uint8Array(MOST_KINDS);
  private inString = false;
  private escaped = false;
  /** The last byte outside of strings that is no white space. */
  private last = 0;
  /** Depth at which elements are separated; 0 until the array of records is found, and behind it. */
  private recordDepth = 0;
  private foundDepth = 0;
  private recordsDone = false;
  private hasElements = false;
  private readonly lists = new DocumentLists();
  private rootStart = -1;
  private rootLine = 1;
  private rootEnd = -1;
  private elementStart = -1;
  private elementEnd = -1;
  private elementLine = 1;
  /** `elementEnd` when this line began. */
  private endBeforeLine = -1;
  /** The last string seen at depth 1 of a root object, as bytes: the key of what follows. */
  private key: number[] = [];
  private trailing: number | null = null;

  private readonly recordLine = new RecordLine();
  /** What no JSON has was met in this element, or behind all of them. */
  private damaged = false;
  private passed: PassedLine | null = null;
  /** Records that are whole hold lines that begin as records do: such lines tell nothing. */
  private ambiguous = false;
  /** The line from which on lines tell where records begin. */
  private byLines: number | null = null;

  constructor(start: number) {
    this.position = start;
    this.lineStart = start;
  }

  get keepFrom(): number {
    if (this.elementStart >= 0) return this.elementStart;
    if (this.foundDepth === 0 && this.rootStart >= 0) return this.rootStart;
    // a line that has begun as records do may prove to be one, of which this is the first byte
    const { isKnown, isReading, indentation } = this.recordLine;
    return isKnown && isReading ? Math.min(this.position, this.lineStart + indentation) : this.position;
  }

  push(chunk: Uint8Array, emit: Emit): void {
    const start = this.position;
    for (let i = 0; i < chunk.length; i++) {
      if (this.inString) i = this.plainEnd(chunk, i);
      const next = start + i + 1;
      this.position = next;
      this.byte(chunk[i] ?? 0, next - 1, emit);
      if (this.position !== next) return;
    }
  }

  /** The last byte from `from` on of which only the next one can mean anything: a text is mostly that. */
  private plainEnd(chunk: Uint8Array, from: number): number {
    if (this.escaped || this.elementStart < 0 || this.recordLine.isReading) return from;
    let at = from;
    for (; at + 1 < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === QUOTE || byte === BACKSLASH || byte === LF) break;
    }
    return at;
  }

  end(emit: Emit): string | null {
    if (this.elementStart >= 0 && this.passed) {
      this.lookAnew(this.passed, emit);
      return null;
    }
    const unclosed = this.elementStart >= 0 ? this.elementLine : null;
    if (unclosed !== null) this.emitElement(emit);
    else if (this.rootStart >= 0 && this.foundDepth === 0) {
      const end = this.rootEnd < 0 ? this.position : this.rootEnd;
      emit({ offset: this.rootStart, length: end - this.rootStart, line: this.rootLine });
    }
    return this.problems(unclosed).join('; ') || null;
  }

  warnings(): readonly string[] {
    return this.lists.warnings();
  }

  /** @param unclosed the line on which the record begins in which the file ends; null where it ends in none */
  private problems(unclosed: number | null): string[] {
    const problems: string[] = [];
    if (this.byLines !== null)
      problems.push(
        `its brackets or quotes do not match, so from line ${this.byLines} on records are told apart by how their lines begin`,
      );
    if (this.rootEnd < 0) problems.push(`the file ends at line ${this.line} before its JSON is closed`);
    if (unclosed !== null && unclosed < this.line)
      problems.push(
        `all from line ${unclosed} on is taken for one record: where it holds others, they are in no figure`,
      );
    if (this.trailing !== null)
      problems.push(`there is text after the end of the JSON, at line ${this.trailing}`);
    return problems;
  }

  private byte(byte: number, at: number, emit: Emit): void {
    const isRecordLine = this.recordLine.next(byte);
    if (this.inString) this.insideString(byte, at);
    else if (!isSpace(byte)) this.outsideString(byte, at, emit);
    if (this.damaged && this.passed) {
      this.lookAnew(this.passed, emit);
      return;
    }
    if (isRecordLine) this.atRecordLine(byte, at, emit);
    if (byte !== LF) return;
    this.line++;
    this.lineStart = at + 1;
    this.endBeforeLine = this.elementEnd;
    this.recordLine.beginLine();
  }

  private outsideString(byte: number, at: number, emit: Emit): void {
    if (this.rootEnd >= 0) {
      this.trailing ??= this.line;
      this.damaged = true;
      return;
    }
    if (this.rootStart < 0) {
      this.rootStart = at;
      this.rootLine = this.line;
      if (byte === OPEN_ARRAY) this.foundRecords(1);
    }
    const betweenElements = this.recordDepth > 0 && this.depth === this.recordDepth;
    if (betweenElements && (byte === COMMA || byte === CLOSE_ARRAY)) this.emitElement(emit);
    else if (betweenElements && this.elementStart < 0) {
      this.elementStart = at;
      this.elementLine = this.line;
      this.hasElements = true;
      if (byte === OPEN_OBJECT) this.recordLine.learn();
    } else if (this.lists.isPassing && this.depth === 2) this.passEntry(byte);
    this.structure(byte, at);
    if (this.elementStart >= 0) this.elementEnd = at + 1;
    this.last = byte;
  }

  private passEntry(byte: number): void {
    const begins = this.last === OPEN_ARRAY || this.last === COMMA;
    if (begins && byte !== COMMA && byte !== CLOSE_ARRAY) this.lists.passEntry();
  }

  private insideString(byte: number, at: number): void {
    if (this.elementStart >= 0) this.elementEnd = at + 1;
    const isKey = this.depth === 1 && this.recordDepth === 0;
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) {
      this.inString = false;
      return;
    } else if (byte === LF) this.damaged = true;
    if (isKey && this.key.length < MOST_KEY_BYTES) this.key.push(byte);
  }

  private structure(byte: number, at: number): void {
    if (byte === QUOTE) {
      this.inString = true;
      if (this.depth === 1 && this.recordDepth === 0) this.key = [];
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.open(byte);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.close(byte, at);
    else if (byte === COLON && this.depth === this.recordDepth + 1) this.recordLine.colon();
  }

  private open(byte: number): void {
    const { depth, last } = this;
    const fits =
      this.kinds[depth] === OPEN_OBJECT
        ? last === COLON
        : last === COMMA || last === OPEN_ARRAY || depth === 0;
    if (!fits && depth < MOST_KINDS) this.damaged = true;
    this.depth++;
    if (this.depth < MOST_KINDS) this.kinds[this.depth] = byte;
    if (byte === OPEN_ARRAY && depth === 1 && this.recordDepth === 0) this.openList(keyText(this.key));
  }

  private openList(key: string): void {
    if (!RECORD_KEYS.has(key)) return;
    if (this.recordsDone) this.lists.pass(key);
    else {
      this.lists.take(key);
      this.foundRecords(2);
    }
  }

  private close(byte: number, at: number): void {
    const opener = byte === CLOSE_ARRAY ? OPEN_ARRAY : OPEN_OBJECT;
    if (this.depth < MOST_KINDS && this.kinds[this.depth] !== opener) {
      this.damaged = true;
      // Inside of a record it closes whatever is open, but it must not end the list of records.
      if (this.depth <= this.recordDepth) return;
    }
    if (this.recordDepth > 0 && this.depth === this.recordDepth) {
      this.recordDepth = 0;
      this.recordsDone = this.hasElements;
      if (!this.hasElements) this.lists.tookNone();
    }
    this.depth--;
    if (this.depth < 2) this.lists.endPassed();
    if (this.depth === 0) this.rootEnd = at + 1;
  }

  private foundRecords(depth: number): void {
    this.recordDepth = depth;
    this.foundDepth = depth;
  }

  /** This line begins as records do, up to this byte. */
  private atRecordLine(byte: number, at: number, emit: Emit): void {
    const start = this.lineStart + this.recordLine.indentation;
    if (this.elementStart === start || this.ambiguous || this.foundDepth === 0) return;
    const isOpen = this.elementStart >= 0;
    if (this.damaged || (isOpen && this.byLines !== null)) {
      this.emitUpTo(this.endBeforeLine, emit);
      this.restart(this.line);
      this.depth++;
      this.kinds[this.depth] = OPEN_OBJECT;
      this.elementStart = start;
      this.elementLine = this.line;
      this.elementEnd = at + 1;
      this.last = byte === LF ? OPEN_OBJECT : COLON;
    } else if (isOpen) {
      this.passed ??= { offset: this.lineStart, line: this.line, end: this.endBeforeLine };
    }
  }

  /** Goes back to a line that was passed over, now that lines count. */
  private lookAnew({ offset, line, end }: PassedLine, emit: Emit): void {
    this.emitUpTo(end, emit);
    this.restart(line);
    this.last = COMMA;
    this.position = offset;
    this.line = line;
    this.lineStart = offset;
    this.recordLine.beginLine();
  }

  /** Stands between two records, wherever the brackets say that it is. */
  private restart(line: number): void {
    this.byLines ??= line;
    this.lists.takeBack();
    this.recordDepth = this.foundDepth;
    this.recordsDone = false;
    this.rootEnd = -1;
    this.depth = this.foundDepth;
    this.kinds.set(this.foundDepth === 1 ? [0, OPEN_ARRAY] : [0, OPEN_OBJECT, OPEN_ARRAY]);
    this.inString = false;
    this.escaped = false;
  }

  private emitElement(emit: Emit): void {
    if (this.passed) this.ambiguous = true;
    if (this.elementStart >= 0) this.emitUpTo(this.elementEnd, emit);
  }

  private emitUpTo(end: number, emit: Emit): void {
    if (this.elementStart >= 0)
      emit({ offset: this.elementStart, length: end - this.elementStart, line: this.elementLine });
    this.elementStart = -1;
    this.damaged = false;
    this.passed = null;
  }
}

/** A key as JSON means it: one may be written with escapes. */
function keyText(bytes: readonly number[]): string {
  const text = String.fromCharCode(...bytes);
  if (!text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text; // cut short, or none: not one of ours
  }
}
