/** The counts that every figure of the gap is computed from, updated one transcript at a time. */
import type { Condition } from '../dataset/model';

/** What the metrics need to know of one transcript, as its classifiers left it. */
export interface TranscriptFacts {
  /** Which setting x variant x prefix arm; groups are numbered from 0. */
  readonly group: number;
  /** null: in no arm. */
  readonly condition: Condition | null;
  readonly complied: boolean | null;
  /**
   * One value for each classifier of alignment faking, in the dataset's order. May be shorter than the
   * dataset's list: classifiers beyond its end said nothing about this transcript.
   */
  readonly alignmentFaking: readonly (boolean | null)[];
}

/** What one transcript adds to the counts. */
export interface Contribution extends TranscriptFacts {
  /** Alignment faking according to every classifier beyond the list: a person's decision, or null. */
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
  /** By classifier, for those that said something in this group. */
  readonly classifiers: Map<number, number[]>;
}

const zeros = (): number[] => new Array<number>(CELLS).fill(0);

function addTo(cells: number[], at: number, sign: 1 | -1): void {
  cells[at] = (cells[at] ?? 0) + sign;
}

/**
 * Integer counts for each group, as each classifier sees it: [condition][alignment faking: yes, no, null][complied: yes,
 * no, null].
 *
 * All classifiers that said nothing in a group see the same, so that is counted once: no verdicts, only what people
 * decided. A classifier that first turns up late starts as a copy of it and is right about every earlier transcript,
 * without looking at any again; and a hundred classifiers of which each speaks in one setting take no more room, and no
 * longer to be summed, than one that speaks in a hundred.
 */
export class GapCounts {
  readonly #groups = new Map<number, GroupCounts>();

  /**
   * Adds a transcript (+1) or takes one away (-1); O(classifiers), whatever the dataset's size.
   * A contribution that is taken away must equal one that was added, except that its list may have grown by
   * values equal to `otherwise`.
   */
  add(contribution: Contribution, sign: 1 | -1): void {
    const { condition, complied, alignmentFaking, otherwise } = contribution;
    const { silent, classifiers } = this.#group(contribution.group);
    for (let classifier = 0; classifier < alignmentFaking.length; classifier++)
      if (alignmentFaking[classifier] !== otherwise && !classifiers.has(classifier))
        classifiers.set(classifier, [...silent]);
    addTo(silent, cell(condition, otherwise, complied), sign);
    for (const [classifier, cells] of classifiers) {
      const listed = alignmentFaking[classifier];
      addTo(cells, cell(condition, listed === undefined ? otherwise : listed, complied), sign);
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
    const cells = zeros();
    let silent = over;
    for (const classifier of chosen) {
      const own = counts.classifiers.get(classifier);
      if (!own) continue;
      silent--;
      for (let at = 0; at < CELLS; at++) cells[at] = (cells[at] ?? 0) + (own[at] ?? 0);
    }
    for (let at = 0; at < CELLS; at++) cells[at] = (cells[at] ?? 0) + silent * (counts.silent[at] ?? 0);
    return new CellCounts(cells, over);
  }

  /** A copy that later additions to either one do not touch. */
  clone(): GapCounts {
    const copy = new GapCounts();
    for (const [group, { silent, classifiers }] of this.#groups) {
      const own = new Map<number, number[]>();
      for (const [classifier, cells] of classifiers) own.set(classifier, [...cells]);
      copy.#groups.set(group, { silent: [...silent], classifiers: own });
    }
    return copy;
  }

  #group(group: number): GroupCounts {
    const known = this.#groups.get(group);
    if (known) return known;
    const made = { silent: zeros(), classifiers: new Map() };
    this.#groups.set(group, made);
    return made;
  }
}
