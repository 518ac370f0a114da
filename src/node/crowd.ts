/** Of very many decisions on one transcript some count: what they come to is made out anew with every decision on it. */
import { setImmediate } from 'node:timers/promises';
import type { Entry } from '../core/review/entry';
import { SpreadMap } from '../core/review/spreadMap';
import { inSlices } from '../core/slices';

/**
 * Decisions in one file on one transcript: far more than anybody makes, and a file that somebody made up must not make
 * deciding slow. The last ones count, so that whoever has so many can still decide.
 */
export const MAX_ON_TRANSCRIPT = 10_000;
/** Likewise, of all files together: those count that are read first, which are one's own and then the small ones. */
export const MAX_TOGETHER = 50_000;
/** Looking at so many does not hold up the thread for long. */
const AT_ONCE = 2_000;

/** How many decisions count already. */
export interface Counted {
  /** On no transcript are there more. */
  readonly most: number;
  countOn(transcript: string): number;
}

export interface Uncrowded {
  readonly last: readonly Entry[];
  /** The others. */
  readonly left: readonly Entry[];
}

/**
 * Of the entries of a file on each transcript so many that stand last. In parts between which the thread is free.
 * @param known of those that count already, the file's own
 */
export async function lastOnEach(
  entries: readonly Entry[],
  known: readonly Entry[],
  counted: Counted,
): Promise<Uncrowded> {
  if (entries.length <= Math.min(MAX_ON_TRANSCRIPT, MAX_TOGETHER - counted.most))
    return { last: entries, left: [] };
  const [counts, before] = [await countsOf(entries), await countsOf(known)];
  const excess = new Map<string, number>();
  for (const some of inSlices([counts.values()], AT_ONCE)) {
    for (const { transcript, count } of some) {
      const own = before.get(transcript)?.count ?? 0;
      const room = Math.max(0, MAX_TOGETHER - counted.countOn(transcript)) + own;
      const more = count - Math.min(MAX_ON_TRANSCRIPT, room);
      if (more > 0) excess.set(transcript, more);
    }
    await setImmediate();
  }
  if (excess.size === 0) return { last: entries, left: [] };
  const [last, left]: [Entry[], Entry[]] = [[], []];
  for (const some of inSlices([entries], AT_ONCE)) {
    for (const entry of some) {
      const more = excess.get(entry.transcript) ?? 0;
      if (more > 0) excess.set(entry.transcript, more - 1);
      (more > 0 ? left : last).push(entry);
    }
    await setImmediate();
  }
  return { last, left };
}

interface CountOn {
  readonly transcript: string;
  count: number;
}

async function countsOf(entries: readonly Entry[]): Promise<SpreadMap<CountOn>> {
  const counts = new SpreadMap<CountOn>();
  for (const some of inSlices([entries], AT_ONCE)) {
    for (const { transcript } of some) {
      const own = counts.get(transcript);
      if (own) own.count++;
      else counts.set(transcript, { transcript, count: 1 });
    }
    await setImmediate();
  }
  return counts;
}
