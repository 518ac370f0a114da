import { hashOf, IdTable } from './idTable';
import { BACKSLASH, COLON, QUOTE } from './jsonBytes';
import { SeenBytes } from './skimAgain';
import { afterSpace, NOWHERE } from './skimJson';

/** An object with more members has several look for their key in one place. */
const MOST_PLACES = 64;

/** Reads the keys of objects, of which it knows a few. */
export class KeyReader {
  /** What the key read last stands for; 0 for one that is not known. */
  member = 0;
  private readonly keys = new IdTable();
  private readonly members: number[] = [];
  /** The key last read at each place in an object. */
  private readonly expected = Array.from({ length: MOST_PLACES }, () => new SeenBytes());

  /** @param members for each key what it stands for, not 0. */
  constructor(members: ReadonlyMap<string, number>) {
    for (const [name, member] of members) {
      const key = new TextEncoder().encode(name);
      this.keys.add(key, 0, key.length, hashOf(key));
      this.members.push(member);
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
    const key = this.keys.find(bytes, quote + 1, end, hashOf(bytes, quote + 1, end));
    this.member = this.members[key] ?? 0;
    expected?.set(view, at, value, this.member);
    return value;
  }
}

function endOfKey(bytes: Uint8Array, at: number, to: number): number {
  if (bytes[at] !== QUOTE) return NOWHERE;
  for (let i = at + 1; i < to; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH) return NOWHERE;
  }
  return NOWHERE;
}
