import { Growable } from './growable';
import { hashOf, IdTable } from './idTable';

const NONE = -1;

/** Numbers for strings that are met as bytes again and again: each is decoded once. */
export class Names {
  private readonly table = new IdTable();
  private readonly texts: string[] = [];

  /** The number of bytes[start, end), of which `hash` is the hash; -1 when they are not UTF-8. */
  number(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const known = this.table.find(bytes, start, end, hash);
    if (known >= 0) return known;
    const text = decodeUtf8(bytes.subarray(start, end));
    if (text === null) return NONE;
    this.table.add(bytes, start, end, hash);
    return this.texts.push(text) - 1;
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
  private readonly lefts = new Growable(Uint32Array);
  private readonly rights = new Growable(Uint32Array);
  private readonly meanings = new Growable(Int32Array);
  private slots = new Int32Array(256).fill(NONE);

  number(left: number, right: number): number {
    let slot = this.home(left, right);
    for (let pair = this.slots[slot] ?? NONE; pair !== NONE; pair = this.slots[slot] ?? NONE) {
      if (this.lefts.at(pair) === left && this.rights.at(pair) === right) return pair;
      slot = (slot + 1) & (this.slots.length - 1);
    }
    this.slots[slot] = this.lefts.length;
    this.lefts.add(left);
    this.rights.add(right);
    this.meanings.add(NONE);
    if (this.lefts.length * 2 > this.slots.length) this.rehash();
    return this.lefts.length - 1;
  }

  left(pair: number): number {
    return this.lefts.at(pair);
  }

  right(pair: number): number {
    return this.rights.at(pair);
  }

  /** -1 until it is set. */
  meaning(pair: number): number {
    return this.meanings.at(pair);
  }

  setMeaning(pair: number, meaning: number): void {
    this.meanings.set(pair, meaning);
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(NONE);
    for (let pair = 0; pair < this.lefts.length; pair++) {
      let slot = this.home(this.lefts.at(pair), this.rights.at(pair));
      while (this.slots[slot] !== NONE) slot = (slot + 1) & (this.slots.length - 1);
      this.slots[slot] = pair;
    }
  }

  private home(left: number, right: number): number {
    const hash = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca6b);
    return (hash ^ (hash >>> 15)) & (this.slots.length - 1);
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
