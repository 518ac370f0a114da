import { SeenBytes } from './skimAgain';
import { afterSpace, BACKSLASH, COLON, NOWHERE, QUOTE } from './skimJson';

const LONGEST_KEY = 16;
/** An object with more members has several look for their key in one place. */
const MOST_PLACES = 64;

/** Reads the keys of objects, of which it knows a few. No two of these may have the same length and first byte. */
export class KeyReader {
  /** What the key read last stands for; 0 for one that is not known. */
  member = 0;
  private readonly keys: (Uint8Array | undefined)[] = [];
  private readonly members: number[] = [];
  /** The key last read at each place in an object. */
  private readonly expected = Array.from({ length: MOST_PLACES }, () => new SeenBytes());

  constructor(members: ReadonlyMap<string, number>) {
    for (const [name, member] of members) {
      const key = new TextEncoder().encode(name);
      const slot = slotOf(key[0] ?? 0, key.length);
      this.keys[slot] = key;
      this.members[slot] = member;
    }
  }

  /**
   * Reads a key, as `member`, from the brace or comma at `at`, which is before the member at `place` in its object. Returns
   * the first byte of the value, or NOWHERE where there is no key, or one with escapes.
   */
  read(bytes: Uint8Array, view: DataView, at: number, to: number, place: number): number {
    const expected = this.expected[place % MOST_PLACES];
    const known = expected?.lengthAt(view, at, to) ?? 0;
    if (expected !== undefined && known > 0) {
      this.member = expected.meaning;
      return at + known;
    }
    const quote = afterSpace(bytes, at + 1, to);
    const end = endOfKey(bytes, quote, to);
    if (end < 0) return NOWHERE;
    const colon = afterSpace(bytes, end + 1, to);
    if (bytes[colon] !== COLON) return NOWHERE;
    const value = afterSpace(bytes, colon + 1, to);
    this.member = this.find(bytes, quote + 1, end);
    expected?.set(view, at, value, this.member);
    return value;
  }

  private find(bytes: Uint8Array, start: number, end: number): number {
    if (end - start > LONGEST_KEY) return 0;
    const slot = slotOf(bytes[start] ?? 0, end - start);
    const key = this.keys[slot];
    if (key === undefined) return 0;
    for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return 0;
    return this.members[slot] ?? 0;
  }
}

const slotOf = (first: number, length: number): number => (length << 5) | (first & 31);

function endOfKey(bytes: Uint8Array, at: number, to: number): number {
  if (bytes[at] !== QUOTE) return NOWHERE;
  for (let i = at + 1; i < to; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH) return NOWHERE;
  }
  return NOWHERE;
}
