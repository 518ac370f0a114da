/** Where a span's evidence stands, and how surely. */

/**
 * How a place was found. `exact`: the text is the quote. `normalised`: it is, but for case, white space, quote
 * marks, dashes or punctuation. `approximate`: it nearly is. `stitched`: the quote is put together from several
 * places. `offsets`: stated without a quote. `moved`: by the quote, which is not where the span says.
 * `ambiguous`: the first of several places of the quote. `not-found` and `out-of-range`: no place. `not-sought`: none
 * known, since to look for the quotes of this transcript takes too long.
 */
export type AnchorStatus =
  | 'exact'
  | 'normalised'
  | 'approximate'
  | 'stitched'
  | 'offsets'
  | 'moved'
  | 'ambiguous'
  | 'not-found'
  | 'not-sought'
  | 'out-of-range';

/** UTF-16 units of one message's content, `end` exclusive, never empty. */
export interface Place {
  readonly message: number;
  readonly start: number;
  readonly end: number;
}

/** Where evidence was found, whatever its span is called. */
export interface Found {
  /** In one message, ascending and apart; empty when there is none. */
  readonly places: readonly Place[];
  readonly status: AnchorStatus;
  /** Share of the quote's letters that stand at the places, 1 for all; null where no quote was found. */
  readonly quality: number | null;
  /** Why the span is not simply where it says it is. */
  readonly why: string | null;
}

/** e.g. "93 %"; never rounded up, so that only what is all there reads 100 %. */
export function percent(quality: number): string {
  return `${Math.floor(quality * 100 + 1e-9)} %`;
}
