/** What is longer than this up to its first key tells nothing. */
const MOST_BYTES = 256;
const LF = 10;
const OPEN_OBJECT = 123;

/**
 * Recognises lines that begin as the first record of a document did: its indentation, its brace, and what stands behind
 * that up to the colon of the first key, or to the end of the line. Learned once, compared byte by byte.
 */
export class RecordLine {
  private pattern: readonly number[] = [];
  /** What may become the pattern, while the first record is being read. */
  private draft: number[] | null = null;
  /** White space with which this line begins, as far as it may be needed. */
  private space: number[] = [];
  private isSpace = true;
  /** Bytes of this line that agree with the pattern; -1 when one did not. */
  private agree = 0;

  get isKnown(): boolean {
    return this.pattern.length > 0;
  }

  /** The next byte matters to it. */
  get isReading(): boolean {
    return this.draft !== null || this.agree >= 0;
  }

  /** Bytes of white space before the brace. */
  get indentation(): number {
    return this.pattern.indexOf(OPEN_OBJECT);
  }

  /** The next byte, which is the first of a line after `beginLine`; true when with it the line begins as a record does. */
  next(byte: number): boolean {
    if (this.isKnown) return this.compare(byte);
    if (this.draft) this.add(this.draft, byte);
    else if (this.isSpace && byte <= 32 && this.space.length < MOST_BYTES) this.space.push(byte);
    else this.isSpace = false;
    return false;
  }

  beginLine(): void {
    this.agree = 0;
    this.space = [];
    this.isSpace = true;
  }

  /** The byte just given is the brace of a record, of which the beginning is to be learned. */
  learn(): void {
    if (!this.isKnown) this.draft = [...this.space, OPEN_OBJECT];
  }

  /** The byte just given is the colon behind the record's first key. */
  colon(): void {
    if (!this.draft) return;
    this.pattern = this.draft;
    this.draft = null;
    this.agree = -1;
  }

  private add(draft: number[], byte: number): void {
    draft.push(byte);
    if (byte === LF) {
      const text = draft.slice(draft.indexOf(OPEN_OBJECT) + 1);
      if (text.every((one) => one <= 32)) this.pattern = draft;
    }
    if (byte === LF || draft.length > MOST_BYTES) this.draft = null;
  }

  private compare(byte: number): boolean {
    if (this.agree < 0) return false;
    this.agree = byte === this.pattern[this.agree] ? this.agree + 1 : -1;
    if (this.agree < this.pattern.length) return false;
    this.agree = -1;
    return true;
  }
}
