type TypedArray = Float64Array | Uint32Array | Uint16Array | Uint8Array | Int32Array;

/** A typed array that grows by doubling. */
export class Growable<A extends TypedArray> {
  private data: A;
  private used = 0;

  constructor(private readonly make: new (length: number) => A) {
    this.data = new make(1024);
  }

  get length(): number {
    return this.used;
  }

  /** The values so far, without a copy; valid until the next push. */
  get values(): A {
    return this.data.subarray(0, this.used) as A;
  }

  push(values: ArrayLike<number>): void {
    const needed = this.used + values.length;
    if (needed > this.data.length) {
      const larger = new this.make(Math.max(needed, this.data.length * 2));
      larger.set(this.data.subarray(0, this.used));
      this.data = larger;
    }
    this.data.set(values, this.used);
    this.used = needed;
  }

  /** Gives back the room that no more values will need. */
  trim(): void {
    this.data = this.data.slice(0, this.used) as A;
  }

  /** @throws RangeError outside 0 … length - 1. */
  at(index: number): number {
    const value = index < this.used ? this.data[index] : undefined;
    if (value === undefined) throw new RangeError(`index ${index} is outside 0 … ${this.used - 1}`);
    return value;
  }
}
