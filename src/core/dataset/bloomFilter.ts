const BITS = 22;
const MASK = (1 << BITS) - 1;

/**
 * Whether a hash may have been added: never no for one that was, and seldom yes for another (Bloom 1970, with one bit for
 * each); of numbers below four million never. Half a megabyte whatever is in it, and no slower for hashes that somebody
 * has chosen.
 */
export class BloomFilter {
  private readonly bytes: Uint8Array;

  /** @param memory of a filter on another thread, to look into that one; what it adds is seen here a moment later */
  constructor(readonly memory = new SharedArrayBuffer((MASK + 1) >>> 3)) {
    this.bytes = new Uint8Array(memory);
  }

  add(hash: number): void {
    const bit = hash & MASK;
    this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }

  mayHave(hash: number): boolean {
    const bit = hash & MASK;
    return ((this.bytes[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}
