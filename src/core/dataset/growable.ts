export type TypedArray = Float64Array | Uint32Array | Uint16Array | Uint8Array | Int32Array;

const FIRST_PAGE = 256;
const PAGE_BITS = 16;
const PAGE = 1 << PAGE_BITS;

/**
 * A typed array that grows by pages: nothing that is there is copied when it becomes larger, so that no push takes long
 * however many values there are. Only the first page doubles, for what stays small.
 */
export class Growable<A extends TypedArray> {
  private readonly pages: A[] = [];
  private last: A;
  /** Values in `last`. */
  private filled = 0;
  private used = 0;

  constructor(private readonly make: new (length: number) => A) {
    this.last = new make(FIRST_PAGE);
    this.pages.push(this.last);
  }

  get length(): number {
    return this.used;
  }

  add(value: number): void {
    if (this.filled === this.last.length) this.grow();
    this.last[this.filled++] = value;
    this.used++;
  }

  push(values: TypedArray): void {
    for (let from = 0; from < values.length; ) {
      if (this.filled === this.last.length) this.grow();
      const to = Math.min(values.length, from + this.last.length - this.filled);
      this.last.set(values.subarray(from, to), this.filled);
      this.filled += to - from;
      this.used += to - from;
      from = to;
    }
  }

  /** Gives back the room that no more values will need. */
  trim(): void {
    this.replaceLast(this.last.slice(0, this.filled) as A);
  }

  /** @throws RangeError outside 0 … length - 1. */
  at(index: number): number {
    const value = index < this.used ? this.pages[index >>> PAGE_BITS]?.[index & (PAGE - 1)] : undefined;
    if (value === undefined) throw new RangeError(`index ${index} is outside 0 … ${this.used - 1}`);
    return value;
  }

  /** @throws RangeError outside 0 … length - 1. */
  set(index: number, value: number): void {
    const page = index < this.used ? this.pages[index >>> PAGE_BITS] : undefined;
    if (page === undefined) throw new RangeError(`index ${index} is outside 0 … ${this.used - 1}`);
    page[index & (PAGE - 1)] = value;
  }

  private grow(): void {
    if (this.last.length < PAGE) {
      const larger = new this.make(Math.min(PAGE, Math.max(FIRST_PAGE, this.last.length * 2)));
      larger.set(this.last);
      this.replaceLast(larger);
    } else {
      this.last = new this.make(PAGE);
      this.filled = 0;
      this.pages.push(this.last);
    }
  }

  private replaceLast(page: A): void {
    this.pages[this.pages.length - 1] = page;
    this.last = page;
  }
}

/**
 * The array, or where it is shorter than `length` a longer one that begins with the same values. Doubles: for what is
 * written value by value, at a speed that pages do not have.
 */
export function withRoom<A extends TypedArray>(array: A, length: number): A {
  if (length <= array.length) return array;
  const make = array.constructor as new (length: number) => A;
  const larger = new make(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}
