/** Finds where a text nearly says what a quote says. */
import search from 'approx-string-match';
import { GRAM, GramIndex, gramsOf } from './grams';
import type { NormalisedText } from './normalise';
import { type Effort, mayBeginBefore, TOUCHED } from './search';

/** A shorter quote is like too many places by chance. */
export const SHORTEST_ALIKE = 20;
/** Longer quotes are put together from pieces: matching them as a whole takes the square of their length. */
const LONGEST_ALIKE = 512;
/** Letters of the quote that may be wrong, missing or too many. */
export const MOST_ERRORS = 0.15;

/** Letters of the text that are compared with one quote, in the places that share most with it. */
const LOOKED_AT = 65_536;
/** Places of grams that are counted for one quote; the most common grams are left out beyond this. */
const COUNTED = 1_000_000;
/** Places of a needle's rarest gram that are compared before the answer is left to a search. */
const COMPARED = 1_000;

/** Of `Effort`, to compare a letter with a needle of which 32 may be wrong, which takes about 25 ns. */
const PER_LETTER = 2.5;
/** Likewise, to look for a letter at one place of the needle, as the matcher does first for each letter that the needle has. */
const PER_MASK = 0.15;

/** Letters that are looked for, in one text after the other. */
export class Needle {
  private hashed: Int32Array | null = null;

  constructor(readonly text: string) {}

  get grams(): Int32Array {
    this.hashed ??= gramsOf(this.text);
    return this.hashed;
  }

  /** Letters that may be wrong, missing or too many where the text is like it. */
  get mostErrors(): number {
    return Math.floor(this.text.length * MOST_ERRORS);
  }

  /** A text of fewer letters is nowhere like it. */
  get leastLetters(): number {
    const { length } = this.text;
    return length < SHORTEST_ALIKE || length > LONGEST_ALIKE
      ? Number.POSITIVE_INFINITY
      : length - this.mostErrors;
  }
}

/** The letters of one message, and where each five of them stand. */
export class Letters {
  readonly grams: GramIndex;

  constructor(readonly normalised: NormalisedText) {
    this.grams = new GramIndex(normalised.text);
  }

  get text(): string {
    return this.normalised.text;
  }

  /** Whether `needle` stands in the letters anywhere; true for a needle that is too short for its grams to tell. */
  mayHold({ text, grams }: Needle, effort: Effort): boolean {
    if (grams.length === 0) return true;
    const { at, places, looked } = this.grams.rarest(grams);
    effort.spend(TOUCHED + looked + Math.min(places.length, COMPARED));
    return places.length > COMPARED || mayBeginBefore(this.text, text, places, at, effort);
  }

  /** Whether all but `missing` grams of the needle may stand in the letters. */
  holdsBut(missing: number, { grams }: Needle, effort: Effort): boolean {
    const { holds, looked } = this.grams.holdsBut(missing, grams);
    effort.spend(TOUCHED + looked);
    return holds;
  }
}

export interface Alike {
  /** In the letters. */
  readonly start: number;
  readonly end: number;
  /** Letters that are wrong, missing or too many, of those of the quote (Levenshtein's distance, 1965). */
  readonly errors: number;
}

/**
 * The places most like `needle`, all with the same number of errors, in order; none when every place has more than
 * 15 % errors. Which places are worth comparing is decided by the grams that they share with the needle: every place
 * with k errors shares all but 5k of them (the q-gram lemma: Jokinen and Ukkonen 1991). The comparison is Myers's
 * (1999), by approx-string-match.
 */
export function alike(letters: Letters, needle: Needle, effort: Effort): Alike[] {
  if (letters.text.length < needle.leastLetters || effort.spent) return [];
  const { length } = needle.text;
  let most = needle.mostErrors;
  if (!letters.holdsBut(GRAM * most, needle, effort)) return [];
  const alphabet = new Set(needle.text).size;
  let best: Alike[] = [];
  for (const [from, to] of windows(letters, needle, most, effort)) {
    const found = search(letters.text.slice(from, to), needle.text, most);
    // for each end that it reports the matcher goes over the needle once more
    const blocks = Math.ceil(most / 32) + 1;
    const compared = blocks * (to - from + found.length * (length + most));
    const masks = (1 + found.length) * alphabet * length;
    if (!effort.spend(500 + PER_LETTER * compared + PER_MASK * masks)) return [];
    const errors = found[0]?.errors;
    if (errors === undefined) continue;
    if (errors < most) best = [];
    most = errors;
    for (const { start, end } of found) best.push({ start: start + from, end: end + from, errors });
  }
  return apart(letters.normalised, best);
}

/** Ranges of the letters, in order and apart, that hold every place with at most `errors` errors. */
function windows(letters: Letters, needle: Needle, errors: number, effort: Effort): [number, number][] {
  const { grams, text } = letters;
  const { length } = needle.text;
  if (!effort.spend(10 * length)) return [];
  const byPlaces = Array.from(needle.grams, (gram, at) => ({ at, places: grams.placesOf(gram) })).sort(
    (a, b) => a.places.length - b.places.length,
  );

  // a place's diagonal is where the needle would begin; errors move it by one each
  const width = 2 * errors + 1;
  const counts = new Uint32Array(Math.ceil((text.length + length) / width) + 1);
  let shared = byPlaces.length - GRAM * errors;
  let counted = 0;
  for (const { at, places } of byPlaces) {
    if (counted + places.length > COUNTED) {
      shared -= 1;
      continue;
    }
    counted += places.length;
    for (const place of places) {
      const band = Math.floor((place - at + length) / width);
      counts[band] = (counts[band] ?? 0) + 1;
    }
  }
  if (!effort.spend((counted + counts.length) / 2)) return [];

  // of two bands together, which a place may stand across
  for (let band = 0; band + 1 < counts.length; band += 1)
    counts[band] = (counts[band] ?? 0) + (counts[band + 1] ?? 0);
  const size = 2 * width + length + 2 * errors;
  const ranges: [number, number][] = [];
  for (const band of greatest(counts.subarray(0, -1), Math.ceil(LOOKED_AT / size), Math.max(1, shared))) {
    const from = Math.max(0, band * width - length - errors);
    const to = Math.min(text.length, from + size + errors);
    const last = ranges.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else ranges.push([from, to]);
  }
  return ranges;
}

/** Where the greatest so many numbers stand, in order; of equal ones the first. None is less than `least`. */
function greatest(numbers: Uint32Array, most: number, least: number): readonly number[] {
  const highest = numbers.reduce((max, number) => Math.max(max, number), 0);
  const times = new Uint32Array(highest + 1);
  for (const number of numbers) times[number] = (times[number] ?? 0) + 1;
  let [from, left] = [highest + 1, most];
  while (from > least && left >= (times[from - 1] ?? 0)) left -= times[--from] ?? 0;
  const found: number[] = [];
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at] ?? 0;
    if (number >= from) found.push(at);
    else if (number === from - 1 && number >= least && left > 0) {
      found.push(at);
      left -= 1;
    }
  }
  return found;
}

/** One of each group of overlapping matches: the one that best keeps words whole, then the longest. */
function apart(letters: NormalisedText, matches: readonly Alike[]): Alike[] {
  const rank = ({ start, end }: Alike) =>
    Number(letters.isWordBorder(start)) +
    Number(letters.isWordBorder(end)) +
    (end - start) / letters.text.length / 2;
  const groups: { best: Alike; end: number }[] = [];
  for (const match of [...matches].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (match.start >= match.end) continue;
    const group = groups.at(-1);
    if (!group || match.start >= group.end) groups.push({ best: match, end: match.end });
    else {
      group.end = Math.max(group.end, match.end);
      if (rank(match) > rank(group.best)) group.best = match;
    }
  }
  return groups.map(({ best }) => ({ ...best, ...letters.whole(best.start, best.end) }));
}
