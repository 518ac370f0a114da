import { withRoom } from './growable';

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

/** Numbers for pairs of numbers, from 0 up; and what stands for each pair elsewhere, once that is known. */
export class Pairs {
  private readonly slots = new Slots();
  private count = 0;
  private lefts = new Uint32Array(64);
  private rights = new Uint32Array(64);
  private hashes = new Int32Array(64);
  private meanings = new Int32Array(64);

  get length(): number {
    return this.count;
  }

  /** The pair's number; the next one, `length`, where it is new. */
  number(left: number, right: number): number {
    const hash = hashOf(left, right);
    const slot = this.slotOf(left, right, hash);
    const known = this.slots.at(slot);
    if (known !== NONE) return known;
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

  /** The pair's number; -1 where it has none. */
  find(left: number, right: number): number {
    return this.slots.at(this.slotOf(left, right, hashOf(left, right)));
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

  /** Where the pair stands, or would. */
  private slotOf(left: number, right: number, hash: number): number {
    let slot = this.slots.home(hash);
    for (let pair = this.slots.at(slot); pair !== NONE; pair = this.slots.at(slot)) {
      if (this.lefts[pair] === left && this.rights[pair] === right) return slot;
      slot = this.slots.next(slot);
    }
    return slot;
  }
}

const hashOf = (left: number, right: number) => Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca6b);
