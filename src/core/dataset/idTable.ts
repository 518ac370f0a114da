import { Growable } from './growable';

const EMPTY = -1;

/**
 * Ids as one pool of UTF-8 with a hash table of indices over it: a million ids cost what their bytes do, not a million
 * strings. Open addressing with linear probing (Knuth 1973, vol. 3, 6.4), FNV-1a hashes.
 */
export class IdTable {
  private readonly pool = new Growable(Uint8Array);
  private readonly ends = new Growable(Uint32Array);
  private slots = new Int32Array(2048).fill(EMPTY);

  /** `ids`: the bytes of all new ids in a row; `ends`: where each ends, counted from the first of them. */
  push(ids: Uint8Array, ends: Uint32Array): void {
    const before = this.pool.length;
    const first = this.ends.length;
    this.pool.push(ids);
    this.ends.push(ends.map((end) => end + before));
    if (this.ends.length * 2 > this.slots.length) this.rehash();
    else this.insertFrom(first);
  }

  /** Gives back the room that no more ids will need. */
  trim(): void {
    this.pool.trim();
    this.ends.trim();
  }

  id(index: number): string {
    // ignoreBOM: an id may begin with U+FEFF, and is another one without it
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytes(index));
  }

  /** -1 when there is none. */
  indexOf(id: string): number {
    const wanted = new TextEncoder().encode(id);
    for (let slot = this.home(wanted); ; slot = this.next(slot)) {
      const index = this.slots[slot] ?? EMPTY;
      if (index === EMPTY) return -1;
      if (equal(this.bytes(index), wanted)) return index;
    }
  }

  private bytes(index: number): Uint8Array {
    return this.pool.values.subarray(index === 0 ? 0 : this.ends.at(index - 1), this.ends.at(index));
  }

  /** Without a view for each id: growing the table at a million of them must not take a tenth of a second. */
  private insertFrom(first: number): void {
    const [pool, ends] = [this.pool.values, this.ends.values];
    for (let index = first; index < ends.length; index++) {
      let slot = this.home(pool, index === 0 ? 0 : (ends[index - 1] ?? 0), ends[index] ?? 0);
      while (this.slots[slot] !== EMPTY) slot = this.next(slot);
      this.slots[slot] = index;
    }
  }

  private rehash(): void {
    let size = this.slots.length;
    while (this.ends.length * 2 > size) size *= 2;
    this.slots = new Int32Array(size).fill(EMPTY);
    this.insertFrom(0);
  }

  private home(bytes: Uint8Array, start = 0, end = bytes.length): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
    return (hash >>> 0) & (this.slots.length - 1);
  }

  private next(slot: number): number {
    return (slot + 1) & (this.slots.length - 1);
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
