/** Units of a gram: with 15 % errors in at least 20 letters, one of five letters is always whole. */
export const GRAM = 5;

/** The hash of each run of five units of a text: what is looked up in the indices of many texts is hashed once. */
export function gramsOf(text: string): Int32Array {
  const grams = new Int32Array(Math.max(0, text.length - GRAM + 1));
  for (let at = 0; at < grams.length; at += 1) grams[at] = hashOf(text, at);
  return grams;
}

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
    // four to eight times as many hashes as places, so that few grams seem to stand where others do
    const bits = Math.min(20, Math.max(4, 34 - Math.clz32(count)));
    this.shift = 32 - bits;
    const heads = new Uint32Array(2 ** bits + 1);
    const places = new Uint32Array(count);
    for (let at = 0; at < count; at += 1) {
      const slot = hashOf(text, at) >>> this.shift;
      heads[slot] = (heads[slot] ?? 0) + 1;
    }
    let sum = 0;
    for (let hash = 0; hash < heads.length; hash += 1) {
      sum += heads[hash] ?? 0;
      heads[hash] = sum;
    }
    // from the end, so that the places of one hash ascend
    for (let at = count - 1; at >= 0; at -= 1) {
      const slot = hashOf(text, at) >>> this.shift;
      const head = (heads[slot] ?? 0) - 1;
      heads[slot] = head;
      places[head] = at;
    }
    this.heads = heads;
    this.places = places;
  }

  /** Ascending places of the text where a gram of this hash may stand. */
  placesOf(gram: number): Uint32Array {
    const slot = gram >>> this.shift;
    return this.places.subarray(this.heads[slot], this.heads[slot + 1]);
  }

  /**
   * Of some grams, from one and to before another, the one with the fewest places; the first that has none ends the
   * search. `looked`: how many were looked up.
   */
  rarest(
    grams: Int32Array,
    from = 0,
    to = grams.length,
  ): { readonly at: number; readonly places: Uint32Array; readonly looked: number } {
    let [best, fewest] = [from, Number.POSITIVE_INFINITY];
    let at = from;
    for (; at < to && fewest > 0; at += 1) {
      const count = this.count(grams[at] ?? 0);
      if (count < fewest) [best, fewest] = [at, count];
    }
    return { at: best, places: this.placesOf(grams[best] ?? 0), looked: at - from };
  }

  /** Whether all but `missing` of the grams may stand somewhere. `looked`: how many were looked up to tell. */
  holdsBut(missing: number, grams: Int32Array): { readonly holds: boolean; readonly looked: number } {
    let missed = 0;
    let at = 0;
    for (; at < grams.length && missed <= missing; at += 1) if (this.count(grams[at] ?? 0) === 0) missed += 1;
    return { holds: missed <= missing, looked: at };
  }

  private count(gram: number): number {
    const slot = gram >>> this.shift;
    return (this.heads[slot + 1] ?? 0) - (this.heads[slot] ?? 0);
  }
}

function hashOf(text: string, at: number): number {
  let hash = 0;
  for (let unit = at; unit < at + GRAM; unit += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(unit), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash, 0x85ebca6b);
}
