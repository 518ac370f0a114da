import { RecordError } from './format';
import type { Scope } from './scope';

/** Messages, verdicts or quotes of one record: more than any has, and what a profile may make of one by naming it often. */
const MOST_ENTRIES = 100_000;
/** UTF-16 units of what all rules but one read: a text of any length may be read once, and not a thousand times. */
const MOST_UNITS = 2 ** 25;

/** What the rules of a profile may read of one record, over all its arms. */
export class Entries {
  private left = MOST_ENTRIES;
  private units = 0;
  private longest = 0;

  beginRecord(): void {
    this.left = MOST_ENTRIES;
    this.units = 0;
    this.longest = 0;
  }

  /** Nothing more is read of this record. */
  get areSpent(): boolean {
    return this.left < 0 || this.units - this.longest > MOST_UNITS;
  }

  /** The text that one rule has read. @throws RecordError when all together have become too much. */
  addText(units: number): void {
    this.units += units;
    this.longest = Math.max(this.longest, units);
    if (this.areSpent)
      throw new RecordError(
        `the profile's rules read more than ${MOST_UNITS} characters of it beside the longest text`,
      );
  }

  /** All that several rules read. @throws RecordError when it has become too much. */
  of<T>(readers: readonly ((scope: Scope) => readonly T[])[], scope: Scope): T[] {
    const all: T[] = [];
    for (const read of readers) {
      const some = read(scope);
      this.left -= some.length;
      if (this.left < 0)
        throw new RecordError(
          `the profile's rules read more than ${MOST_ENTRIES} messages, verdicts and quotes of it`,
        );
      for (const one of some) all.push(one);
    }
    return all;
  }
}
