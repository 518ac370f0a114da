import { withRoom } from './growable';

/** How many there are of each of many kinds, which are numbered from 0. */
export class Sizes {
  private sizes = new Uint32Array(64);
  private known = 0;
  private filledKinds = 0;
  private all = 0;
  private changes = 0;

  /** Kinds up to the last that was counted, those of which nothing is left included. */
  get kinds(): number {
    return this.known;
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
    return this.sizes[kind] ?? 0;
  }

  add(kind: number, sign: 1 | -1): void {
    if (kind >= this.known) {
      this.known = kind + 1;
      this.sizes = withRoom(this.sizes, this.known);
    }
    const size = this.of(kind) + sign;
    this.sizes[kind] = size;
    this.all += sign;
    if (size !== (sign === 1 ? 1 : 0)) return;
    this.filledKinds += sign;
    this.changes++;
  }
}
