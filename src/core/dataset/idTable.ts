import { Growable } from './growable';

const NONE = -1;
const HASH_START = 0x811c9dc5;

/** FNV-1a, one byte on; begin with `hashStart()`. */
export const hashByte = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);
export const hashStart = (): number => HASH_START | 0;

/**
 * Ids as one pool of UTF-8 with a hash table of indices over it: a million ids cost what their bytes do, not a million
 * strings. Chains under buckets that are split one at a time, with each id that is added (Litwin 1980, "Linear hashing"),
 * so that no id ever waits until all others have found a new place. FNV-1a hashes.
 */
export class IdTable {
  private readonly pool = new Growable(Uint8Array);
  private readonly ends = new Growable(Uint32Array);
  private readonly hashes = new Growable(Int32Array);
  /** By bucket, the id added last; and by id, the one before it in its bucket. */
  private readonly heads = new Growable(Int32Array);
  private readonly earlier = new Growable(Int32Array);
  /** One less than the smallest power of two that is no smaller than the number of buckets. */
  private mask = 0;

  get length(): number {
    return this.ends.length;
  }

  /** `ids`: the bytes of all new ids in a row; `ends`: where each ends, counted from the first of them. */
  push(ids: Uint8Array, ends: Uint32Array): void {
    const before = this.pool.length;
    this.pool.push(ids);
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i] ?? start;
      this.ends.add(before + end);
      this.link(hashOf(ids, start, end));
      start = end;
    }
  }

  /** Adds bytes[start, end), of which `hash` is the hash; whether it is there already is not asked. */
  add(bytes: Uint8Array, start: number, end: number, hash: number): void {
    for (let i = start; i < end; i++) this.pool.add(bytes[i] ?? 0);
    this.ends.add(this.pool.length);
    this.link(hash);
  }

  /** Gives back the room that no more ids will need. */
  trim(): void {
    for (const column of [this.hashes, this.heads, this.earlier]) column.trim();
    this.pool.trim();
    this.ends.trim();
  }

  id(index: number): string {
    // ignoreBOM: an id may begin with U+FEFF, and is another one without it
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
      this.pool.slice(this.start(index), this.ends.at(index)),
    );
  }

  /** -1 when there is none. */
  indexOf(id: string): number {
    const wanted = new TextEncoder().encode(id);
    return this.find(wanted, 0, wanted.length, hashOf(wanted));
  }

  /** The index of the id bytes[start, end), of which `hash` is the hash; -1 when there is none. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    if (this.heads.length === 0) return NONE;
    for (let index = this.heads.at(this.bucket(hash)); index !== NONE; index = this.earlier.at(index)) {
      if (this.hashes.at(index) === hash && this.equals(index, bytes, start, end)) return index;
    }
    return NONE;
  }

  /** The ids from `first` on, in the shape that `push` takes. */
  since(first: number): { readonly ids: Uint8Array; readonly ends: Uint32Array } {
    if (first === this.length) return { ids: new Uint8Array(0), ends: new Uint32Array(0) };
    const start = this.start(first);
    return { ids: this.pool.slice(start), ends: this.ends.slice(first).map((end) => end - start) };
  }

  private start(index: number): number {
    return index === 0 ? 0 : this.ends.at(index - 1);
  }

  private equals(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.start(index);
    if (this.ends.at(index) - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.pool.at(from + i - start) !== bytes[i]) return false;
    return true;
  }

  /** Puts the id added last into its bucket, and one bucket's ids into two, so that there is one bucket for each id. */
  private link(hash: number): void {
    this.hashes.add(hash);
    this.earlier.add(NONE);
    this.split();
    this.chain(this.hashes.length - 1, this.bucket(hash));
  }

  private split(): void {
    const added = this.heads.length;
    this.heads.add(NONE);
    if (added === 0) return;
    if (added > this.mask) this.mask = this.mask * 2 + 1;
    const old = added & (this.mask >>> 1);
    let index = this.heads.at(old);
    this.heads.set(old, NONE);
    while (index !== NONE) {
      const next = this.earlier.at(index);
      this.chain(index, this.bucket(this.hashes.at(index)));
      index = next;
    }
  }

  private chain(index: number, bucket: number): void {
    this.earlier.set(index, this.heads.at(bucket));
    this.heads.set(bucket, index);
  }

  private bucket(hash: number): number {
    const bucket = hash & this.mask;
    return bucket < this.heads.length ? bucket : bucket & (this.mask >>> 1);
  }
}

/** The hash that `find` and `add` take of bytes[start, end). */
export function hashOf(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let hash = hashStart();
  for (let i = start; i < end; i++) hash = hashByte(hash, bytes[i] ?? 0);
  return hash;
}
