/** The counts that every figure of the gap is computed from, updated one transcript at a time. */
import { withRoom } from '../dataset/growable';
import type { Condition } from '../dataset/model';
import { Pairs } from '../dataset/pairs';

/** What the metrics need to know of one transcript, as its classifiers left it. */
export interface TranscriptFacts {
  /** Which setting x variant x prefix arm; groups are numbered from 0. */
  readonly group: number;
  /** null: in no arm. */
  readonly condition: Condition | null;
  readonly complied: boolean | null;
  /** What classifiers of alignment faking said, by their place in the dataset's order; the others said nothing. */
  readonly alignmentFaking: ReadonlyMap<number, boolean | null>;
}

/** What one transcript adds to the counts. */
export interface Contribution extends TranscriptFacts {
  /** Alignment faking according to every other classifier: a person's decision, or null. */
  readonly otherwise: boolean | null;
}

/** Condition x alignment faking x complied, three values each. */
const CELLS = 27;

const CONDITION_INDEX = { training: 0, unmonitored: 1, none: 2 } as const;

function ternary(value: boolean | null): number {
  return value === null ? 2 : value ? 0 : 1;
}

function cell(
  condition: Condition | null,
  alignmentFaking: boolean | null,
  complied: boolean | null,
): number {
  return (CONDITION_INDEX[condition ?? 'none'] * 3 + ternary(alignmentFaking)) * 3 + ternary(complied);
}

/** How many transcripts have which values, as one classifier of alignment faking sees them or several together. */
export class CellCounts {
  constructor(
    private readonly cells: readonly number[],
    /** Over how many classifiers they are summed. */
    readonly over: number,
  ) {}

  count(condition: Condition | null, alignmentFaking: boolean | null, complied: boolean | null): number {
    return this.cells[cell(condition, alignmentFaking, complied)] ?? 0;
  }

  /** Both together (1), or these without the others (-1), as the same classifiers see them. */
  with({ cells }: CellCounts, sign: 1 | -1): CellCounts {
    return new CellCounts(
      this.cells.map((count, at) => count + sign * (cells[at] ?? 0)),
      this.over,
    );
  }
}

/** What the figures of a group are computed from. */
export interface CountsReader {
  /**
   * How many transcripts of a group have which values, summed over what these classifiers see; none of a group that was
   * never seen.
   *
   * @param chosen indices of classifiers of alignment faking, each once; empty for one that said nothing
   */
  sum(group: number, chosen: ReadonlySet<number>): CellCounts;
}

/** The place of what a classifier sees that says nothing; those of the others' differences follow. */
const SILENT = 0;
const placeOf = (classifier: number) => classifier + 1;
const NONE = -1;

function at(values: Int32Array | Uint32Array | Uint8Array, index: number): number {
  return values[index] ?? NONE;
}

/**
 * Integer counts for each group, as each classifier sees it: [condition][alignment faking: yes, no, null][complied: yes,
 * no, null].
 *
 * What a classifier sees that says nothing is counted once: no verdicts, only what people decided. Of every other only
 * the difference is kept. So a classifier that first turns up late is right about every earlier transcript, without
 * looking at any again; a transcript takes as long as it has verdicts, however many classifiers there are; and a hundred
 * of which each speaks in one setting take no more room, and no longer to be summed, than one that speaks in a hundred.
 *
 * All in a few typed arrays: there may be as many groups as transcripts, and an object for each would take ten times the
 * room.
 */
export class GapCounts implements CountsReader {
  /** Group and place. */
  readonly #pairs = new Pairs();
  // By pair. All of different lengths at first, so that no two have to be doubled at once.
  /** The first of its cells that were ever counted in, of which most pairs have one or two. */
  #firsts = new Int32Array(64);
  /** Another pair of the same group. They begin at the group's SILENT one, which knows how many they are. */
  #next = new Int32Array(72);
  #differences = new Uint32Array(80);
  // By cell.
  #length = 0;
  #cells = new Uint8Array(128);
  #counts = new Int32Array(144);
  /** Another cell of the same pair. */
  #others = new Int32Array(160);

  /**
   * Adds a transcript (+1) or takes one away (-1); O(its verdicts), whatever the dataset's size.
   * A contribution that is taken away must equal one that was added, but for values equal to `otherwise`.
   */
  add(contribution: Contribution, sign: 1 | -1): void {
    const { group, condition, complied, alignmentFaking, otherwise } = contribution;
    const silent = this.#pair(group, SILENT);
    const unheard = cell(condition, otherwise, complied);
    this.#addTo(silent, unheard, sign);
    for (const [classifier, value] of alignmentFaking) {
      if (value === otherwise) continue;
      const difference = this.#difference(silent, group, classifier);
      this.#addTo(difference, cell(condition, value, complied), sign);
      this.#addTo(difference, unheard, sign === 1 ? -1 : 1);
    }
  }

  sum(group: number, chosen: ReadonlySet<number>): CellCounts {
    const cells = new Array<number>(CELLS).fill(0);
    const over = Math.max(1, chosen.size);
    const silent = this.#pairs.find(group, SILENT);
    if (silent === NONE) return new CellCounts(cells, over);
    const add = (pair: number, times: number) => {
      for (let each = at(this.#firsts, pair); each !== NONE; each = at(this.#others, each)) {
        const place = at(this.#cells, each);
        cells[place] = (cells[place] ?? 0) + times * at(this.#counts, each);
      }
    };
    add(silent, over);
    // whichever are fewer: of thousands of groups each has a few of thousands of classifiers
    if (chosen.size < at(this.#differences, silent)) {
      for (const classifier of chosen) {
        const pair = this.#pairs.find(group, placeOf(classifier));
        if (pair !== NONE) add(pair, 1);
      }
    } else {
      for (let pair = at(this.#next, silent); pair !== NONE; pair = at(this.#next, pair))
        if (chosen.has(this.#pairs.right(pair) - 1)) add(pair, 1);
    }
    return new CellCounts(cells, over);
  }

  #difference(silent: number, group: number, classifier: number): number {
    const known = this.#pairs.length;
    const pair = this.#pair(group, placeOf(classifier));
    if (pair === known) {
      this.#next[pair] = at(this.#next, silent);
      this.#next[silent] = pair;
      this.#differences[silent] = at(this.#differences, silent) + 1;
    }
    return pair;
  }

  #pair(group: number, place: number): number {
    const known = this.#pairs.length;
    const pair = this.#pairs.number(group, place);
    if (pair === known) {
      this.#firsts = withRoom(this.#firsts, pair + 1);
      this.#next = withRoom(this.#next, pair + 1);
      this.#differences = withRoom(this.#differences, pair + 1);
      this.#firsts[pair] = NONE;
      this.#next[pair] = NONE;
    }
    return pair;
  }

  #addTo(pair: number, place: number, sign: 1 | -1): void {
    const first = at(this.#firsts, pair);
    for (let each = first; each !== NONE; each = at(this.#others, each)) {
      if (this.#cells[each] !== place) continue;
      this.#counts[each] = at(this.#counts, each) + sign;
      return;
    }
    const added = this.#length++;
    this.#cells = withRoom(this.#cells, added + 1);
    this.#counts = withRoom(this.#counts, added + 1);
    this.#others = withRoom(this.#others, added + 1);
    this.#firsts[pair] = added;
    this.#cells[added] = place;
    this.#counts[added] = sign;
    this.#others[added] = first;
  }
}

/** Counts that are kept apart, read as one: some of them added, others taken away. */
export class CombinedCounts implements CountsReader {
  constructor(
    private readonly first: GapCounts,
    private readonly others: readonly (readonly [GapCounts, 1 | -1])[],
  ) {}

  sum(group: number, chosen: ReadonlySet<number>): CellCounts {
    return this.others.reduce(
      (sum, [counts, sign]) => sum.with(counts.sum(group, chosen), sign),
      this.first.sum(group, chosen),
    );
  }
}
