import { RecordError } from './format';
import type { Scope } from './scope';

/** Messages, verdicts or quotes of one record: more than any has, and what a profile may make of one by naming it often. */
const MOST_ENTRIES = 100_000;
/** UTF-16 units of its messages, likewise: a text may be named a thousand times. */
const MOST_UNITS = 2 ** 26;

/** What the rules of a profile may read of one record, over all its arms. */
export class Entries {
  private left = MOST_ENTRIES;
  private unitsLeft = MOST_UNITS;

  beginRecord(): void {
    this.left = MOST_ENTRIES;
    this.unitsLeft = MOST_UNITS;
  }

  /** More text was read. @throws RecordError when it has become too much. */
  addText(units: number): void {
    this.unitsLeft -= units;
    if (this.unitsLeft < 0)
      throw new RecordError(`the profile's rules read more than ${MOST_UNITS} characters of messages of it`);
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
