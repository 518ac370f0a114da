import { withRoom } from './growable';

const NONE = -1;
/** So many numbers do not fall into one bucket by chance. */
const MOST_IN_BUCKET = 64;

/**
 * A hash table of numbers from 0 up, of which only the hashes are known here: chains under buckets that are split one at a
 * time, with each number that is added (Litwin 1980, "Linear hashing"), so that none ever waits until all others have
 * found a new place.
 */
export class Chains {
  private count = 0;
  // All of different lengths at first, so that no two have to be doubled at once.
  private hashes = new Int32Array(80);
  /** By bucket, the number added last; and by number, the one before it in its bucket. As many buckets as numbers. */
  private heads = new Int32Array(96);
  private earlier = new Int32Array(112);
  /** One less than the smallest power of two that is no smaller than the number of buckets. */
  private mask = 0;

  get length(): number {
    return this.count;
  }

  /** Adds the next number, which is returned. */
  add(hash: number): number {
    const added = this.addApart(hash);
    this.chain(added, this.bucket(hash));
    return added;
  }

  /** Whether so many numbers are where one with this hash belongs that it had better be added apart. */
  isCrowded(hash: number): boolean {
    let number = this.first(hash);
    for (let rank = 1; number !== NONE && rank < MOST_IN_BUCKET; rank++) number = this.next(number);
    return number !== NONE;
  }

  /** Adds the next number, which is returned, to no chain: whoever adds it finds it otherwise. */
  addApart(hash: number): number {
    const added = this.count++;
    if (added === this.hashes.length) this.hashes = withRoom(this.hashes, added + 1);
    if (added === this.heads.length) this.heads = withRoom(this.heads, added + 1);
    if (added === this.earlier.length) this.earlier = withRoom(this.earlier, added + 1);
    this.hashes[added] = hash;
    this.split(added);
    return added;
  }

  /** The first number that may have this hash, and then the `next`; -1 where there is none. */
  first(hash: number): number {
    return this.count === 0 ? NONE : (this.heads[this.bucket(hash)] ?? NONE);
  }

  next(number: number): number {
    return this.earlier[number] ?? NONE;
  }

  hash(number: number): number {
    return this.hashes[number] ?? 0;
  }

  /** Gives back the room that no more numbers will need, one array a step. */
  *trim(): Generator<void> {
    this.hashes = this.hashes.slice(0, this.count);
    yield;
    this.heads = this.heads.slice(0, this.count);
    yield;
    this.earlier = this.earlier.slice(0, this.count);
    yield;
  }

  /** Adds a bucket: of the numbers of one that was there, those go into it that belong there now that there is one more. */
  private split(added: number): void {
    this.heads[added] = NONE;
    if (added > this.mask) this.mask = this.mask * 2 + 1;
    if (added === 0) return;
    const old = added & (this.mask >>> 1);
    let number = this.heads[old] ?? NONE;
    this.heads[old] = NONE;
    while (number !== NONE) {
      const next = this.earlier[number] ?? NONE;
      this.chain(number, this.bucket(this.hashes[number] ?? 0));
      number = next;
    }
  }

  private chain(number: number, bucket: number): void {
    this.earlier[number] = this.heads[bucket] ?? NONE;
    this.heads[bucket] = number;
  }

  private bucket(hash: number): number {
    const bucket = hash & this.mask;
    return bucket < this.count ? bucket : bucket & (this.mask >>> 1);
  }
}
