import { placeId } from '../formats/format';
import { hashOf } from './idTable';
import type { NumberedRow } from './indexBatch';
import { afterSpace, BACKSLASH, COLON, NOWHERE, QUOTE } from './skimJson';

/** The id of records without one: file name and line, as `placeId` has it. */
export class PlaceId {
  private file: string | null = null;
  private bytes = new Uint8Array(0);
  private prefix = 0;

  write(file: string, row: NumberedRow): void {
    if (file !== this.file) {
      const prefix = new TextEncoder().encode(placeId({ file, line: 0, ordinal: 0 }, false));
      this.file = file;
      this.prefix = prefix.length - 1;
      this.bytes = new Uint8Array(prefix.length + 20);
      this.bytes.set(prefix);
    }
    const line = String(row.line);
    for (let i = 0; i < line.length; i++) this.bytes[this.prefix + i] = line.charCodeAt(i);
    row.idBytes = this.bytes;
    row.idStart = 0;
    row.idEnd = this.prefix + line.length;
    row.idHash = hashOf(this.bytes, 0, row.idEnd);
  }
}

/** Finds which of a few keys stands in the bytes. No two of them may have the same length and first byte. */
export class Keys {
  private readonly keys: (Uint8Array | undefined)[] = [];
  private readonly members: number[] = [];

  constructor(members: ReadonlyMap<string, number>) {
    for (const [name, member] of members) {
      const key = new TextEncoder().encode(name);
      const slot = slotOf(key[0] ?? 0, key.length);
      this.keys[slot] = key;
      this.members[slot] = member;
    }
  }

  /** The member of the key bytes[start, end), 0 for any other. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (end - start > LONGEST_KEY) return 0;
    const slot = slotOf(bytes[start] ?? 0, end - start);
    const key = this.keys[slot];
    if (key === undefined) return 0;
    for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return 0;
    return this.members[slot] ?? 0;
  }
}

const LONGEST_KEY = 16;
const slotOf = (first: number, length: number): number => (length << 5) | (first & 31);

/** The quote that ends the key of which `at` is the first quote; NOWHERE where that is no key, or has escapes. */
export function endOfKey(bytes: Uint8Array, at: number, to: number): number {
  if (bytes[at] !== QUOTE) return NOWHERE;
  for (let i = at + 1; i < to; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH) return NOWHERE;
  }
  return NOWHERE;
}

/** Where the value begins behind a key that ends before `at`. */
export function afterColon(bytes: Uint8Array, at: number, to: number): number {
  const colon = afterSpace(bytes, at, to);
  return bytes[colon] === COLON ? afterSpace(bytes, colon + 1, to) : NOWHERE;
}
