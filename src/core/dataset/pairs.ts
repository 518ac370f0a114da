import { Chains } from './chains';
import { withRoom } from './growable';

const NONE = -1;

/** Numbers for pairs of numbers, from 0 up; and what stands for each pair elsewhere, once that is known. */
export class Pairs {
  private readonly chains = new Chains();
  private lefts = new Uint32Array(64);
  private rights = new Uint32Array(72);
  private meanings = new Int32Array(88);

  get length(): number {
    return this.chains.length;
  }

  /** The pair's number; the next one, `length`, where it is new. */
  number(left: number, right: number): number {
    const known = this.find(left, right);
    if (known !== NONE) return known;
    const pair = this.chains.add(hashOf(left, right));
    if (pair === this.lefts.length) this.lefts = withRoom(this.lefts, pair + 1);
    if (pair === this.rights.length) this.rights = withRoom(this.rights, pair + 1);
    if (pair === this.meanings.length) this.meanings = withRoom(this.meanings, pair + 1);
    this.lefts[pair] = left;
    this.rights[pair] = right;
    this.meanings[pair] = NONE;
    return pair;
  }

  /** The pair's number; -1 where it has none. */
  find(left: number, right: number): number {
    let pair = this.chains.first(hashOf(left, right));
    while (pair !== NONE && !(this.lefts[pair] === left && this.rights[pair] === right))
      pair = this.chains.next(pair);
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

/** Odd, and others each time: who makes a dataset cannot choose pairs that all fall into one bucket. */
const LEFT = randomOdd();
const RIGHT = randomOdd();

function randomOdd(): number {
  return (Math.random() * 2 ** 32) | 1;
}

/** Multilinear (Carter and Wegman 1979), then mixed: buckets are told apart by the lowest bits. */
function hashOf(left: number, right: number): number {
  const sum = Math.imul(left, LEFT) + Math.imul(right, RIGHT);
  const mixed = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
