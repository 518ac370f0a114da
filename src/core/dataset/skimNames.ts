import { hashByte, hashOf, hashStart, IdTable } from './idTable';
import { BACKSLASH, QUOTE, SPACE } from './jsonBytes';
import { NOWHERE } from './skimJson';

const NONE = -1;

/** Reads strings that stand in JSON as they are: without escapes, and without what would have to be escaped. */
export class PlainString {
  /** Of the string read last, as `hashOf` has it. */
  hash = 0;
  isAscii = true;

  /** The quote that ends the string of which `at` is the first byte; NOWHERE where it is none of these. */
  read(bytes: Uint8Array, at: number, to: number): number {
    let hash = hashStart();
    let all = 0;
    for (let i = at; i < to; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === QUOTE) {
        this.hash = hash;
        this.isAscii = all < 128;
        return i;
      }
      if (byte === BACKSLASH || byte < SPACE) return NOWHERE;
      hash = hashByte(hash, byte);
      all |= byte;
    }
    return NOWHERE;
  }
}

/** Numbers for strings that are met as bytes again and again: each is decoded once. */
export class Names {
  /** The number of the string that `read` met last. */
  met = NONE;
  private readonly plain = new PlainString();
  /** There may be as many as records. */
  private readonly table = new IdTable();

  /** The number of bytes[start, end), of which `hash` is the hash (`hashOf`); -1 when they are not UTF-8. */
  number(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const known = this.table.find(bytes, start, end, hash);
    if (known >= 0 || decodeUtf8(bytes.subarray(start, end)) === null) return known;
    this.table.add(bytes, start, end, hash);
    return this.table.length - 1;
  }

  /**
   * Reads the string of which `at` is the opening quote, as `met`. Returns the byte behind it, or NOWHERE where it is no
   * string, empty, or not written as it reads.
   */
  read(bytes: Uint8Array, at: number, to: number): number {
    if (bytes[at] !== QUOTE) return NOWHERE;
    const end = this.plain.read(bytes, at + 1, to);
    if (end <= at + 1) return NOWHERE;
    this.met = this.number(bytes, at + 1, end, this.plain.hash);
    return this.met < 0 ? NOWHERE : end + 1;
  }

  numberOf(text: string): number {
    const bytes = new TextEncoder().encode(text);
    return this.number(bytes, 0, bytes.length, hashOf(bytes));
  }

  text(number: number): string {
    return this.table.id(number);
  }
}

/** null when they are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
