import { encode } from './codec';
import type { Entry } from './entry';

/**
 * Entries by what they say: of the same entry, however often it is added, one is held. Different entries with one id,
 * which only damage or malice makes, are all held, so that none hides another.
 */
export class EntrySet implements Iterable<Entry> {
  /** A list only where several have one id: hardly ever, and a hundred thousand lists take their time. */
  private readonly byId = new Map<string, Entry | readonly Entry[]>();
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
    for (const held of this.byId.values()) yield* listOf(held);
  }

  withId(id: string): readonly Entry[] {
    return listOf(this.byId.get(id));
  }

  /** The one held that says the same. */
  get(entry: Entry): Entry | undefined {
    const held = this.byId.get(entry.id);
    if (held === entry || held === undefined) return held;
    return listOf(held).find((each) => sameEntry(each, entry));
  }

  /** Does nothing when one that says the same is held. */
  add(entry: Entry): void {
    if (this.get(entry)) return;
    this.count++;
    if (this.byId.has(entry.id)) this.put(entry.id, [...this.withId(entry.id), entry]);
    else this.byId.set(entry.id, entry);
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
    const [first] = entries;
    if (first === undefined) this.byId.delete(id);
    else this.byId.set(id, entries.length === 1 ? first : entries);
    if (entries.length > 1) this.clashes.add(id);
    else this.clashes.delete(id);
  }
}

function listOf(held: Entry | readonly Entry[] | undefined): readonly Entry[] {
  if (held === undefined) return [];
  return isList(held) ? held : [held];
}

/** `Array.isArray` tells nothing about lists that are read-only. */
function isList(held: Entry | readonly Entry[]): held is readonly Entry[] {
  return Array.isArray(held);
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
