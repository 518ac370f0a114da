/** Units of a gram: with 15 % errors in at least 20 letters, one of five letters is always whole. */
export const GRAM = 5;

/**
 * Where each run of five units stands in a text: positions sorted by a hash of the run. Built in two passes over the
 * text, with 8 bytes a unit. A lookup may name a few places too many, never one too few.
 */
export class GramIndex {
  /** Of the places of hash h: from heads[h] to before heads[h + 1] in `places`. */
  private readonly heads: Uint32Array;
  private readonly places: Uint32Array;
  private readonly shift: number;

  constructor(text: string) {
    const count = Math.max(0, text.length - GRAM + 1);
    const bits = Math.min(20, Math.max(4, 32 - Math.clz32(count)));
    this.shift = 32 - bits;
    const heads = new Uint32Array(2 ** bits + 1);
    const places = new Uint32Array(count);
    for (let at = 0; at < count; at += 1) heads[this.hash(text, at)] = (heads[this.hash(text, at)] ?? 0) + 1;
    let sum = 0;
    for (let hash = 0; hash < heads.length; hash += 1) {
      sum += heads[hash] ?? 0;
      heads[hash] = sum;
    }
    // from the end, so that the places of one hash ascend
    for (let at = count - 1; at >= 0; at -= 1) {
      const hash = this.hash(text, at);
      const head = (heads[hash] ?? 0) - 1;
      heads[hash] = head;
      places[head] = at;
    }
    this.heads = heads;
    this.places = places;
  }

  /** Ascending places of the text where the five units of `needle` from `at` on may stand. */
  placesOf(needle: string, at: number): Uint32Array {
    const hash = this.hash(needle, at);
    return this.places.subarray(this.heads[hash], this.heads[hash + 1]);
  }

  /** Of the grams of `needle` between `from` and `to` the one with the fewest places. */
  rarest(needle: string, from: number, to: number): { readonly at: number; readonly places: Uint32Array } {
    let best = { at: from, places: this.placesOf(needle, from) };
    for (let at = from + 1; at + GRAM <= to; at += 1) {
      const places = this.placesOf(needle, at);
      if (places.length < best.places.length) best = { at, places };
    }
    return best;
  }

  private hash(text: string, at: number): number {
    let hash = 0;
    for (let unit = at; unit < at + GRAM; unit += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(unit), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return Math.imul(hash, 0x85ebca6b) >>> this.shift;
  }
}
