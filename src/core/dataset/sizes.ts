import { Growable } from './growable';

/** How many there are of each of many kinds, which are numbered from 0. */
export class Sizes {
  private readonly sizes = new Growable(Uint32Array);
  private filledKinds = 0;
  private all = 0;
  private changes = 0;

  /** Kinds up to the last that was counted, those of which nothing is left included. */
  get kinds(): number {
    return this.sizes.length;
  }

  /** Kinds of which there is something. */
  get filled(): number {
    return this.filledKinds;
  }

  /** Over all kinds. */
  get total(): number {
    return this.all;
  }

  /** Another number each time that there is something of a kind more, or of a kind less. */
  get version(): number {
    return this.changes;
  }

  of(kind: number): number {
    return kind < this.kinds ? this.sizes.at(kind) : 0;
  }

  add(kind: number, sign: 1 | -1): void {
    while (this.kinds <= kind) this.sizes.add(0);
    const size = this.sizes.at(kind) + sign;
    this.sizes.set(kind, size);
    this.all += sign;
    if (size !== (sign === 1 ? 1 : 0)) return;
    this.filledKinds += sign;
    this.changes++;
  }
}
