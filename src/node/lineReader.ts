import { MAX_LINE_BYTES } from '../core/review/codec';

const LINE_FEED = 0x0a;

type LineKind = 'whole' | 'unfinished' | 'too long';

/**
 * Cuts bytes of a log of decisions into lines of text, without their line feeds. Of a line that is longer than any decision
 * only the beginning is given.
 */
export class LineReader {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Of the line that has begun, in pieces. */
  private begun: Uint8Array[] = [];
  private length = 0;

  constructor(private readonly visit: (text: string, kind: LineKind, bytes: number) => void) {}

  /** Bytes of the line that has begun. */
  get pending(): number {
    return this.length;
  }

  /** @param bytes are not kept */
  push(bytes: Uint8Array): void {
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      this.add(bytes.subarray(from, at));
      this.emit('whole');
      from = at + 1;
    }
    // A copy: "slice" makes none of a Buffer.
    this.add(new Uint8Array(bytes.subarray(from)));
  }

  /** The last line may lack its line feed. */
  end(): void {
    if (this.length > 0) this.emit('unfinished');
  }

  private add(bytes: Uint8Array): void {
    if (this.length <= MAX_LINE_BYTES) this.begun.push(bytes);
    this.length += bytes.length;
  }

  private emit(kind: LineKind): void {
    const isTooLong = this.length > MAX_LINE_BYTES;
    const [first, ...more] = this.begun;
    const text = this.decoder.decode(more.length === 0 ? first : Buffer.concat(this.begun));
    this.visit(text, isTooLong ? 'too long' : kind, this.length);
    this.begun = [];
    this.length = 0;
  }
}
