import { withRoom } from './growable';
import { hashByte, hashOf, hashStart } from './idTable';
import { BACKSLASH, QUOTE, SPACE } from './jsonBytes';
import { NOWHERE } from './skimJson';

const NONE = -1;

/** Slots of a hash table by open addressing (Knuth 1973, vol. 3, 6.4): numbers from 0 up, at most half full. */
class Slots {
  private slots = new Int32Array(256).fill(NONE);

  home(hash: number): number {
    return (hash ^ (hash >>> 15)) & (this.slots.length - 1);
  }

  next(slot: number): number {
    return (slot + 1) & (this.slots.length - 1);
  }

  /** -1 for an empty one. */
  at(slot: number): number {
    return this.slots[slot] ?? NONE;
  }

  /** Puts the next number into an empty slot. `hashes`: of all numbers, it included. */
  put(slot: number, number: number, hashes: Int32Array): void {
    this.slots[slot] = number;
    if ((number + 1) * 2 <= this.slots.length) return;
    this.slots = new Int32Array(this.slots.length * 2).fill(NONE);
    for (let i = 0; i <= number; i++) {
      let free = this.home(hashes[i] ?? 0);
      while (this.at(free) !== NONE) free = this.next(free);
      this.slots[free] = i;
    }
  }
}

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
  private readonly slots = new Slots();
  private readonly keys: Uint8Array[] = [];
  private readonly texts: string[] = [];
  private hashes = new Int32Array(64);

  /** The number of bytes[start, end), of which `hash` is the hash (`hashOf`); -1 when they are not UTF-8. */
  number(bytes: Uint8Array, start: number, end: number, hash: number): number {
    let slot = this.slots.home(hash);
    for (let number = this.slots.at(slot); number !== NONE; number = this.slots.at(slot)) {
      const key = this.keys[number];
      if (key !== undefined && this.hashes[number] === hash && equal(key, bytes, start, end)) return number;
      slot = this.slots.next(slot);
    }
    const text = decodeUtf8(bytes.subarray(start, end));
    if (text === null) return NONE;
    const number = this.keys.push(Uint8Array.prototype.slice.call(bytes, start, end)) - 1;
    this.texts.push(text);
    this.hashes = withRoom(this.hashes, number + 1);
    this.hashes[number] = hash;
    this.slots.put(slot, number, this.hashes);
    return number;
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
    return this.texts[number] ?? '';
  }
}

/** Numbers for pairs of numbers, from 0 up; and what stands for each pair elsewhere, once that is known. */
export class Pairs {
  private readonly slots = new Slots();
  private count = 0;
  private lefts = new Uint32Array(64);
  private rights = new Uint32Array(64);
  private hashes = new Int32Array(64);
  private meanings = new Int32Array(64);

  number(left: number, right: number): number {
    const hash = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca6b);
    let slot = this.slots.home(hash);
    for (let pair = this.slots.at(slot); pair !== NONE; pair = this.slots.at(slot)) {
      if (this.lefts[pair] === left && this.rights[pair] === right) return pair;
      slot = this.slots.next(slot);
    }
    const pair = this.count++;
    if (pair === this.lefts.length) {
      this.lefts = withRoom(this.lefts, pair + 1);
      this.rights = withRoom(this.rights, pair + 1);
      this.hashes = withRoom(this.hashes, pair + 1);
      this.meanings = withRoom(this.meanings, pair + 1);
    }
    this.lefts[pair] = left;
    this.rights[pair] = right;
    this.hashes[pair] = hash;
    this.meanings[pair] = NONE;
    this.slots.put(slot, pair, this.hashes);
    return pair;
  }

  left(pair: number): number {
    return this.lefts[pair] ?? NONE;
  }

  right(pair: number): number {
    return this.rights[pair] ?? NONE;
  }

  /** -1 until it is set. */
  meaning(pair: number): number {
    return this.meanings[pair] ?? NONE;
  }

  setMeaning(pair: number, meaning: number): void {
    this.meanings[pair] = meaning;
  }
}

function equal(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false;
  return true;
}

/** null when they are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
