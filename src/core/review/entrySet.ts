import { encode } from './codec';
import type { Entry } from './entry';

/**
 * Entries by what they say: of the same entry, however often it is added, one is held. Different entries with one id,
 * which only damage or malice makes, are all held, so that none hides another.
 */
export class EntrySet implements Iterable<Entry> {
  private readonly byId = new Map<string, readonly Entry[]>();
  private readonly clashes = new Set<string>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Ids that several different entries have. */
  get sharedIds(): ReadonlySet<string> {
    return this.clashes;
  }

  *[Symbol.iterator](): Iterator<Entry> {
    for (const held of this.byId.values()) yield* held;
  }

  withId(id: string): readonly Entry[] {
    return this.byId.get(id) ?? [];
  }

  /** The one held that says the same. */
  get(entry: Entry): Entry | undefined {
    return this.withId(entry.id).find((held) => sameEntry(held, entry));
  }

  /** Does nothing when one that says the same is held. */
  add(entry: Entry): void {
    if (this.get(entry)) return;
    this.put(entry.id, [...this.withId(entry.id), entry]);
    this.count++;
  }

  /** Returns the one that was held, undefined when there was none. */
  delete(entry: Entry): Entry | undefined {
    const held = this.get(entry);
    if (!held) return undefined;
    const others = this.withId(entry.id).filter((other) => other !== held);
    this.put(entry.id, others);
    this.count--;
    return held;
  }

  private put(id: string, entries: readonly Entry[]): void {
    if (entries.length === 0) this.byId.delete(id);
    else this.byId.set(id, entries);
    if (entries.length > 1) this.clashes.add(id);
    else this.clashes.delete(id);
  }
}

export function sameEntry(a: Entry, b: Entry): boolean {
  if (a === b) return true;
  // Files may hold thousands of entries with one id: what differs at once need not be encoded.
  if (a.id !== b.id || a.reviewer !== b.reviewer || a.transcript !== b.transcript) return false;
  // What is read has its keys in the order of the schema, what was just made in that of its maker.
  return encode(a) === encode(b) || inOneOrder(a) === inOneOrder(b);
}

function inOneOrder(entry: Entry): string {
  return JSON.stringify(entry, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
