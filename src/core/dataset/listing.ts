import { Sizes } from './sizes';

/**
 * So many settings, variants, prefix arms, rows or classifiers are listed in a view or a table; the others are counted.
 * More than anyone reads, and few enough for a view to draw all at once: each is an option of a menu and a row of ten
 * cells, which take a millisecond.
 */
export const MOST_LISTED = 200;
/** What the names of all that is listed may come to, in UTF-16 units: they go to a view as a whole. */
const MOST_UNITS = 1 << 19;

/**
 * Counts the transcripts of each of many kinds, and says which kinds to list: all, where they are few; else those of most
 * transcripts, and of as many those that appear first.
 *
 * While transcripts come in, these are chosen anew only each time that there are twice as many, so that reading a dataset
 * takes work in proportion to it however many kinds it has; `settle` makes the choice that stands.
 */
export class Listing {
  private readonly sizes = new Sizes();
  private listed: readonly number[] = [];
  /** The version of `sizes` as of which `listed` stands, and their total when the kinds were last chosen. */
  private version = 0;
  private chosenOf = 0;
  private isDue = false;

  /** @param units length of a kind's name, in UTF-16 units */
  constructor(private readonly units: (kind: number) => number) {}

  /** A transcript of the kind has come (1), or turned out to be none (-1). */
  count(kind: number, sign: 1 | -1): void {
    this.sizes.add(kind, sign);
  }

  /** No more transcripts are on their way: the kinds are chosen by all of them. */
  settle(): void {
    this.isDue = true;
  }

  /** The kinds that are listed, those of most transcripts first; the same array until they change. */
  get kinds(): readonly number[] {
    const { sizes } = this;
    if (sizes.version === this.version && !this.isDue) return this.listed;
    const anew = this.isDue || sizes.kinds <= MOST_LISTED || sizes.total >= 2 * this.chosenOf;
    const kinds = anew ? this.choose() : this.listed.filter((kind) => sizes.of(kind) > 0);
    this.version = sizes.version;
    this.isDue = false;
    const same = kinds.length === this.listed.length && kinds.every((kind, at) => kind === this.listed[at]);
    if (!same) this.listed = kinds;
    return this.listed;
  }

  /** Transcripts of a kind, listed or not. */
  sizeOf(kind: number): number {
    return this.sizes.of(kind);
  }

  /** How many more kinds have transcripts. */
  get more(): number {
    return this.sizes.filled - this.kinds.length;
  }

  /** Transcripts of those. */
  get moreTranscripts(): number {
    return this.kinds.reduce((left, kind) => left - this.sizes.of(kind), this.sizes.total);
  }

  private choose(): readonly number[] {
    this.chosenOf = this.sizes.total;
    return withinRoom(largestOf(this.sizes, MOST_LISTED), this.units);
  }
}

/** The first of a list, as many as are listed and as their names have room for; one at least. */
export function withinRoom<T>(all: readonly T[], unitsOf: (each: T) => number): readonly T[] {
  const first = all.slice(0, MOST_LISTED);
  let units = 0;
  const end = first.findIndex((each, at) => {
    units += unitsOf(each);
    return at > 0 && units > MOST_UNITS;
  });
  return end < 0 ? first : first.slice(0, end);
}

/** In one pass that sorts only what may be among them. */
function largestOf(sizes: Sizes, most: number): number[] {
  const kept: number[] = [];
  let least = 0;
  const cut = () => {
    kept.sort((a, b) => sizes.of(b) - sizes.of(a) || a - b);
    kept.length = Math.min(kept.length, most);
    if (kept.length === most) least = sizes.of(kept[most - 1] ?? 0);
  };
  for (let kind = 0; kind < sizes.kinds; kind++) {
    // of as many, one that comes later is none of them
    if (sizes.of(kind) > least) kept.push(kind);
    if (kept.length === 2 * most) cut();
  }
  cut();
  return kept;
}
