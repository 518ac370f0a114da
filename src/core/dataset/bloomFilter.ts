const BITS = 22;
const MASK = (1 << BITS) - 1;

/**
 * Whether a hash may have been added: never no for one that was, and seldom yes for another (Bloom 1970, with one bit for
 * each). Half a megabyte whatever is in it, and no slower for hashes that somebody has chosen.
 */
export class BloomFilter {
  private readonly bytes = new Uint8Array((MASK + 1) >>> 3);

  add(hash: number): void {
    const bit = hash & MASK;
    this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }

  mayHave(hash: number): boolean {
    const bit = hash & MASK;
    return ((this.bytes[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}
