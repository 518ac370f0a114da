/** Entries a part, on average. */
const PART = 64;
/** The last characters of a key choose its part: ids that one maker made differ there. */
const HASHED_UNITS = 16;

/**
 * A map by names that never grows all at once. A Map of 65,536 moves everything it holds for the next one (4 ms), and
 * several that hold the same entries do so together; here one part of many is split at a time (linear hashing, Litwin
 * 1980). Keys that somebody chose so that they fall in one part make it a Map, and nothing worse.
 */
export class SpreadMap<V> {
  private readonly parts = [new Map<string, V>()];
  private count = 0;
  /** The greatest power of two that is no more than the parts. */
  private half = 1;

  get size(): number {
    return this.count;
  }

  get(key: string): V | undefined {
    return this.partOf(key).get(key);
  }

  set(key: string, value: V): this {
    const part = this.partOf(key);
    const before = part.size;
    part.set(key, value);
    this.count += part.size - before;
    if (this.count > this.parts.length * PART) this.split();
    return this;
  }

  delete(key: string): boolean {
    const isDeleted = this.partOf(key).delete(key);
    if (isDeleted) this.count--;
    return isDeleted;
  }

  /** In no order. What is there all along comes, whatever is added meanwhile: perhaps twice. */
  *values(): Generator<V> {
    for (const part of this.parts) yield* part.values();
  }

  private partOf(key: string): Map<string, V> {
    let hash = 0;
    for (let at = Math.max(0, key.length - HASHED_UNITS); at < key.length; at++)
      hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
    // Parts before the one that is split next are split already: one more bit tells their halves apart.
    const wide = hash & (2 * this.half - 1);
    return this.parts[wide < this.parts.length ? wide : wide - this.half] as Map<string, V>;
  }

  private split(): void {
    const from = this.parts[this.parts.length - this.half] as Map<string, V>;
    const split = new Map<string, V>();
    this.parts.push(split);
    for (const [key, value] of from) {
      if (this.partOf(key) !== split) continue;
      split.set(key, value);
      from.delete(key);
    }
    if (this.parts.length === 2 * this.half) this.half *= 2;
  }
}
