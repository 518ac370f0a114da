import { setImmediate } from 'node:timers/promises';
import type { Entry } from '../core/review/entry';
import { EntrySet } from '../core/review/entrySet';
import { inSlices } from '../core/slices';

/** Taking in so many does not hold up the thread for long. */
const HELD_AT_ONCE = 2_000;
/** Likewise, of those that are compared with what may be a megabyte. */
const COMPARED_AT_ONCE = 10;

/** Decisions that none of their reviewer's own files holds, by the reviewer's key and the file in which they stand, or stood. */
export class Unheld {
  /** By file, then by reviewer. */
  private readonly byFile = new Map<string, Map<string, EntrySet>>();
  /** Names of the files, by reviewer. */
  private readonly files = new Map<string, Set<string>>();

  /** By the names of the files. */
  of(key: string): ReadonlyMap<string, EntrySet> {
    const found = new Map<string, EntrySet>();
    for (const name of this.files.get(key) ?? []) found.set(name, this.in(name).get(key) ?? new EntrySet());
    return found;
  }

  /** By reviewer. */
  in(name: string): ReadonlyMap<string, EntrySet> {
    return this.byFile.get(name) ?? new Map();
  }

  /** Each file once for each reviewer. */
  *inFiles(): Generator<readonly [name: string, EntrySet]> {
    for (const [name, byReviewer] of this.byFile)
      for (const unheld of byReviewer.values()) yield [name, unheld];
  }

  /** Takes the place of what was known of the reviewer's in that file. */
  set(key: string, name: string, entries: EntrySet): void {
    change(this.files, key, new Set(), (names) => {
      if (entries.size > 0) names.add(name);
      else names.delete(name);
    });
    change(this.byFile, name, new Map(), (byReviewer) => {
      if (entries.size > 0) byReviewer.set(key, entries);
      else byReviewer.delete(key);
    });
  }

  /** One of the reviewer's own files holds these now. */
  async found(key: string, entries: readonly Entry[]): Promise<void> {
    if (!this.files.has(key)) return;
    for (const some of inSlices([entries], COMPARED_AT_ONCE)) {
      for (const [name, unheld] of this.of(key)) {
        for (const entry of some) unheld.delete(entry);
        this.set(key, name, unheld);
      }
      await setImmediate();
    }
  }
}

/** Nothing is held for what nothing is left of. */
function change<T extends { readonly size: number }>(
  held: Map<string, T>,
  key: string,
  none: T,
  run: (its: T) => void,
): void {
  const its = held.get(key) ?? none;
  run(its);
  if (its.size > 0) held.set(key, its);
  else held.delete(key);
}

/** In parts between which the thread is free, as the following. */
export async function setOf(entries: Iterable<Entry>): Promise<EntrySet> {
  const set = new EntrySet();
  for (const some of inSlices([entries], HELD_AT_ONCE)) {
    for (const entry of some) set.add(entry);
    await setImmediate();
  }
  return set;
}
