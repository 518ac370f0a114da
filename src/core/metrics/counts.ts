/** The counts that every figure of the gap is computed from, updated one transcript at a time. */
import type { Condition } from '../dataset/model';

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
}

interface GroupCounts {
  /** Alignment faking as a classifier would that said nothing: what people decided. */
  readonly silent: number[];
  /** By classifier, for those that said something in this group: how its counts differ from `silent`. */
  readonly differences: Map<number, number[]>;
}

const zeros = (): number[] => new Array<number>(CELLS).fill(0);

function addTo(cells: number[], at: number, sign: 1 | -1): void {
  cells[at] = (cells[at] ?? 0) + sign;
}

/**
 * Integer counts for each group, as each classifier sees it: [condition][alignment faking: yes, no, null][complied: yes,
 * no, null].
 *
 * What a classifier sees that says nothing is counted once: no verdicts, only what people decided. Of every other only
 * the difference is kept. So a classifier that first turns up late is right about every earlier transcript, without
 * looking at any again; a transcript takes as long as it has verdicts, however many classifiers there are; and a hundred
 * of which each speaks in one setting take no more room, and no longer to be summed, than one that speaks in a hundred.
 */
export class GapCounts {
  readonly #groups = new Map<number, GroupCounts>();

  /**
   * Adds a transcript (+1) or takes one away (-1); O(its verdicts), whatever the dataset's size.
   * A contribution that is taken away must equal one that was added, but for values equal to `otherwise`.
   */
  add(contribution: Contribution, sign: 1 | -1): void {
    const { condition, complied, alignmentFaking, otherwise } = contribution;
    const { silent, differences } = this.#group(contribution.group);
    const unheard = cell(condition, otherwise, complied);
    addTo(silent, unheard, sign);
    for (const [classifier, value] of alignmentFaking) {
      if (value === otherwise) continue;
      let difference = differences.get(classifier);
      if (!difference) {
        difference = zeros();
        differences.set(classifier, difference);
      }
      addTo(difference, cell(condition, value, complied), sign);
      addTo(difference, unheard, sign === 1 ? -1 : 1);
    }
  }

  /**
   * How many transcripts of a group have which values, summed over what these classifiers see; none of a group that was
   * never seen.
   *
   * @param chosen indices of classifiers of alignment faking, each once; empty for one that said nothing
   */
  sum(group: number, chosen: ReadonlySet<number>): CellCounts {
    const counts = this.#groups.get(group);
    const over = Math.max(1, chosen.size);
    if (!counts) return new CellCounts(zeros(), over);
    const { silent, differences } = counts;
    const cells = silent.map((count) => over * count);
    const add = (difference: readonly number[] | undefined) =>
      difference?.forEach((count, at) => {
        cells[at] = (cells[at] ?? 0) + count;
      });
    // whichever are fewer: of thousands of groups each has a few of thousands of classifiers
    if (chosen.size < differences.size) for (const classifier of chosen) add(differences.get(classifier));
    else for (const [classifier, difference] of differences) if (chosen.has(classifier)) add(difference);
    return new CellCounts(cells, over);
  }

  /** A copy that later additions to either one do not touch. */
  clone(): GapCounts {
    const copy = new GapCounts();
    for (const [group, { silent, differences }] of this.#groups) {
      const own = new Map<number, number[]>();
      for (const [classifier, difference] of differences) own.set(classifier, [...difference]);
      copy.#groups.set(group, { silent: [...silent], differences: own });
    }
    return copy;
  }

  #group(group: number): GroupCounts {
    const known = this.#groups.get(group);
    if (known) return known;
    const made = { silent: zeros(), differences: new Map() };
    this.#groups.set(group, made);
    return made;
  }
}
