import { decodeTime, monotonicFactory } from 'ulid';

/**
 * Ids of entries, each greater than every one in the log: entries are folded in the order of their ids, so a clock
 * that was set back (or a colleague's that runs ahead) must not put a new decision behind an old one.
 */
export class EntryIds {
  private readonly make = monotonicFactory();

  /** @param newest the greatest id in the log, null for an empty one. */
  next(newest: string | null): string {
    const floor = newest === null ? 0 : decodeTime(newest) + 1;
    return this.make(Math.max(Date.now(), floor));
  }
}
