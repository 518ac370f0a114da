import { sameJson } from '../sameJson';
import type { Entry } from './entry';
import type { SpreadMap } from './spreadMap';

/** By what they say only where several have one id: hardly ever, and a hundred thousand maps take their time. */
type Held<T extends Entry> = T | Map<string, T>;

/**
 * Entries by what they say: of the same entry, however often it is added, one is held. Different entries with one id,
 * which only damage or malice makes, are all held, so that none hides another.
 */
export class EntrySet<T extends Entry = Entry> implements Iterable<T> {
  private readonly clashes = new Set<string>();
  private count = 0;

  /** @param byId an empty one; its order is that of the entries */
  constructor(private readonly byId: Map<string, Held<T>> | SpreadMap<Held<T>> = new Map()) {}

  get size(): number {
    return this.count;
  }

  /** Ids that several different entries have. */
  get sharedIds(): ReadonlySet<string> {
    return this.clashes;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const held of this.byId.values()) {
      if (held instanceof Map) yield* held.values();
      else yield held;
    }
  }

  withId(id: string): readonly T[] {
    const held = this.byId.get(id);
    if (held instanceof Map) return [...held.values()];
    return held ? [held] : [];
  }

  /** The one held that says the same. */
  get(entry: Entry): T | undefined {
    const held = this.byId.get(entry.id);
    if (held instanceof Map) return held.get(textOf(entry));
    return held && sameEntry(held, entry) ? held : undefined;
  }

  /** @returns false, and does nothing, when one that says the same is held. */
  add(entry: T): boolean {
    const { id } = entry;
    const held = this.byId.get(id);
    if (held instanceof Map) {
      const text = textOf(entry);
      if (held.has(text)) return false;
      held.set(text, entry);
    } else if (held === undefined) this.byId.set(id, entry);
    else if (sameEntry(held, entry)) return false;
    else {
      this.clashes.add(id);
      this.byId.set(id, new Map([held, entry].map((each) => [textOf(each), each])));
    }
    this.count++;
    return true;
  }

  /** Returns the one that was held, undefined when there was none. */
  delete(entry: Entry): T | undefined {
    const found = this.get(entry);
    if (!found) return undefined;
    this.count--;
    const held = this.byId.get(entry.id);
    if (!(held instanceof Map)) this.byId.delete(entry.id);
    else {
      held.delete(textOf(entry));
      const [left] = held.values();
      if (left && held.size === 1) {
        this.byId.set(entry.id, left);
        this.clashes.delete(entry.id);
      }
    }
    return found;
  }
}

/** Of entries that were walked over: with which one last, and what came of it. */
const compared = new WeakMap<Entry, { readonly held: Entry; readonly same: boolean }>();

/** Whether an entry says the same as one that is held. */
export function sameEntry(held: Entry, entry: Entry): boolean {
  if (held === entry) return true;
  // What differs at once need not be walked over.
  if (held.id !== entry.id || held.reviewer !== entry.reviewer || held.transcript !== entry.transcript)
    return false;
  // The same two are compared at every reading, and a line may be a megabyte.
  const known = compared.get(entry);
  if (known?.held === held) return known.same;
  const same = sameJson(held, entry);
  compared.set(entry, { held, same });
  return same;
}

/** For telling apart several that have one id. */
function textOf(entry: Entry): string {
  return JSON.stringify(entry, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
