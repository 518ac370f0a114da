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

/** Cells of one slot: condition x alignment faking x complied, three values each. */
const SLOT = 27;

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

/**
 * Integer counts for each group: [slot][condition][alignment faking: yes, no, null][complied: yes, no, null].
 *
 * Slot 0 counts alignment faking as a classifier would that nobody has seen yet: no verdicts, only what people
 * decided. Slot k + 1 is classifier k. So a classifier that first turns up late in a file starts as a copy of
 * slot 0 and is right about every earlier transcript, without looking at any again; and a dataset without
 * such a classifier has slot 0.
 */
export class GapCounts {
  readonly #groups = new Map<number, Int32Array>();

  /**
   * Adds a transcript (+1) or takes one away (-1); O(classifiers), whatever the dataset's size.
   * A contribution that is taken away must equal one that was added, except that its list may have grown by
   * values equal to `otherwise`.
   */
  add(contribution: Contribution, sign: 1 | -1): void {
    const { group, condition, complied, alignmentFaking, otherwise } = contribution;
    const cells = this.#cells(group, alignmentFaking.length);
    for (let slot = 0; slot * SLOT < cells.length; slot++) {
      const listed = alignmentFaking[slot - 1];
      const at = slot * SLOT + cell(condition, listed === undefined ? otherwise : listed, complied);
      cells[at] = (cells[at] ?? 0) + sign;
    }
  }

  /**
   * How many transcripts of a group have these values; 0 for a group that was never seen.
   *
   * @param classifier index of the classifier whose alignment-faking values are meant; null for none of them
   */
  count(
    group: number,
    classifier: number | null,
    condition: Condition | null,
    alignmentFaking: boolean | null,
    complied: boolean | null,
  ): number {
    const cells = this.#groups.get(group);
    if (cells === undefined) return 0;
    const start = classifier === null ? 0 : (classifier + 1) * SLOT;
    return cells[(start < cells.length ? start : 0) + cell(condition, alignmentFaking, complied)] ?? 0;
  }

  /** A copy that later additions to either one do not touch. */
  clone(): GapCounts {
    const copy = new GapCounts();
    for (const [group, cells] of this.#groups) copy.#groups.set(group, cells.slice());
    return copy;
  }

  /** The group's cells, with slots for at least so many classifiers. */
  #cells(group: number, classifiers: number): Int32Array {
    const cells = this.#groups.get(group) ?? new Int32Array();
    const wanted = (classifiers + 1) * SLOT;
    if (cells.length >= wanted) return cells;
    const grown = new Int32Array(wanted);
    grown.set(cells);
    for (let start = cells.length; start < wanted; start += SLOT) grown.copyWithin(start, 0, SLOT);
    this.#groups.set(group, grown);
    return grown;
  }
}
