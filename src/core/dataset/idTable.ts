import { Chains } from './chains';
import { withRoom } from './growable';

const NONE = -1;
const LAST_ASCII = 0x7f;
/** ignoreBOM: an id may begin with U+FEFF, and is another one without it. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
const HASH_START = 0x811c9dc5;

/** FNV-1a, one byte on; begin with `hashStart()`. */
export const hashByte = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);
export const hashStart = (): number => HASH_START | 0;

/**
 * Ids as one pool of UTF-8 with a hash table of indices over it: a million ids cost what their bytes do, not a million
 * strings. FNV-1a hashes, which are quick, and which anybody can make alike, whatever the hash begins with: of that it keeps
 * apart no more than the lowest byte. Where that was done, each id would be compared with all others, so that those for
 * which a bucket has no room are found as strings instead, whose hashes in a Map nobody can foresee.
 */
export class IdTable {
  private readonly chains = new Chains();
  private pool = new Uint8Array(1024);
  private ends = new Uint32Array(64);
  /** By their strings, those that were added where a bucket was crowded. */
  private readonly apart = new Map<string, number>();

  get length(): number {
    return this.chains.length;
  }

  /** `ids`: the bytes of all new ids in a row; `ends`: where each ends, counted from the first of them. */
  push(ids: Uint8Array, ends: Uint32Array): void {
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i] ?? start;
      this.add(ids, start, end, hashOf(ids, start, end));
      start = end;
    }
  }

  /** Adds bytes[start, end), of which `hash` is the hash; whether it is there already is not asked. */
  add(bytes: Uint8Array, start: number, end: number, hash: number): void {
    const index = this.chains.length;
    if (index === this.ends.length) this.ends = withRoom(this.ends, index + 1);
    const before = this.start(index);
    const after = before + end - start;
    if (after > this.pool.length) this.pool = withRoom(this.pool, after);
    for (let i = start, to = before; i < end; i++, to++) this.pool[to] = bytes[i] ?? 0;
    this.ends[index] = after;
    if (this.chains.isCrowded(hash)) {
      this.chains.addApart(hash);
      this.apart.set(DECODER.decode(bytes.subarray(start, end)), index);
    } else this.chains.add(hash);
  }

  /** Gives back the room that no more ids will need, one array a step. */
  *trim(): Generator<void> {
    this.pool = this.pool.slice(0, this.start(this.length));
    yield;
    this.ends = this.ends.slice(0, this.length);
    yield;
    yield* this.chains.trim();
  }

  /** @throws RangeError outside 0 … length - 1. */
  id(index: number): string {
    return DECODER.decode(this.pool.subarray(this.start(index), this.endOf(index)));
  }

  /** How long an id is. @throws RangeError outside 0 … length - 1. */
  bytes(index: number): number {
    return this.endOf(index) - this.start(index);
  }

  /** `idHash` of the id: of several with the same, each may be meant. @throws RangeError outside 0 … length - 1. */
  hash(index: number): number {
    if (index < 0 || index >= this.length)
      throw new RangeError(`index ${index} is outside 0 … ${this.length - 1}`);
    return this.chains.hash(index);
  }

  /** -1 when there is none. */
  indexOf(id: string): number {
    const wanted = bytesOf(id);
    return this.find(wanted, 0, wanted.length, hashOf(wanted));
  }

  /** The index of the id bytes[start, end), of which `hash` is the hash; -1 when there is none. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const { chains, apart } = this;
    let index = chains.first(hash);
    while (index !== NONE && !(chains.hash(index) === hash && this.equals(index, bytes, start, end)))
      index = chains.next(index);
    if (index !== NONE || apart.size === 0) return index;
    return apart.get(DECODER.decode(bytes.subarray(start, end))) ?? NONE;
  }

  /** A copy of the ids from `first` on, in the shape that `push` takes. */
  since(first: number): { readonly ids: Uint8Array; readonly ends: Uint32Array } {
    const start = this.start(first);
    const ends = this.ends.slice(first, this.length);
    return { ids: this.pool.slice(start, this.start(this.length)), ends: ends.map((end) => end - start) };
  }

  private endOf(index: number): number {
    const end = index < this.length ? this.ends[index] : undefined;
    if (end === undefined) throw new RangeError(`index ${index} is outside 0 … ${this.length - 1}`);
    return end;
  }

  private start(index: number): number {
    return index === 0 ? 0 : (this.ends[index - 1] ?? 0);
  }

  private equals(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.start(index);
    if (this.start(index + 1) - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.pool[from + i - start] !== bytes[i]) return false;
    return true;
  }
}

/** The hash under which an id is found. */
export function idHash(id: string): number {
  return hashOf(bytesOf(id));
}

/** UTF-8. An encoder takes ten times as long for an id of a few letters as these do. */
export function bytesOf(id: string): Uint8Array {
  const bytes = new Uint8Array(id.length);
  for (let i = 0; i < id.length; i++) {
    const unit = id.charCodeAt(i);
    if (unit > LAST_ASCII) return new TextEncoder().encode(id);
    bytes[i] = unit;
  }
  return bytes;
}

/** The hash that `find` and `add` take of bytes[start, end). */
export function hashOf(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let hash = hashStart();
  for (let i = start; i < end; i++) hash = hashByte(hash, bytes[i] ?? 0);
  return hash;
}
