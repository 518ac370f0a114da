/** From all entries on one transcript to what stands. Depends on the set of entries only, not on their order. */
import { encode } from './codec';
import type { Entry } from './entry';
import { reviewerKey } from './reviewerKey';
import type { LabelDecision, NoteDecision, SpanDecision, TextRange, TranscriptReview } from './state';

type Decision = Exclude<Entry, { action: 'retract' }>;
type Retraction = Extract<Entry, { action: 'retract' }>;
type SpanAction = Exclude<Decision, { action: 'label' | 'note' }>;

export const NO_REVIEW: TranscriptReview = { labels: new Map(), spans: new Map(), notes: [] };
/** One for all: most of a hundred thousand transcripts have only a label that is decided on. */
const { spans: NO_SPANS, notes: NO_NOTES } = NO_REVIEW;

/**
 * Each reviewer has one slot for each label, span, added span and note; of the live entries in it, the last one fills
 * it. Decisions within a list are in order of their ids.
 *
 * The last one is that which no other live entry of the slot replaces (`over`), directly or through others: so a clock
 * that is wrong orders nothing wrongly. Only where several are left, made without knowing of each other (on two
 * machines, or by versions that did not write `over`), does the greater ULID count.
 *
 * An entry is live unless a live retraction by the same reviewer names it.
 *
 * @param hash of the transcript's present content; undefined while unknown, when nothing is stale yet.
 */
export function fold(entries: Iterable<Entry>, hash: string | undefined): TranscriptReview {
  const labels = new Map<string, LabelDecision[]>();
  const spans = new Map<string, SpanDecision[]>();
  const notes: NoteDecision[] = [];
  for (const entry of standing(entries)) {
    const by = {
      reviewer: entry.reviewer,
      entry: entry.id,
      at: entry.at,
      stale: hash !== undefined && entry.hash !== hash,
    };
    if (entry.action === 'label') {
      if (entry.value !== null) append(labels, entry.target.label, { ...by, answer: entry.value });
    } else if (entry.action === 'note') {
      if (entry.note !== '') notes.push({ ...by, text: entry.note });
    } else if (entry.action !== 'clear') {
      append(spans, entry.target.span, { ...by, action: entry.action, ...labelAndRange(entry) });
    }
  }
  if (labels.size === 0 && spans.size === 0 && notes.length === 0) return NO_REVIEW;
  return {
    labels,
    spans: spans.size === 0 ? NO_SPANS : spans,
    notes: notes.length === 0 ? NO_NOTES : notes,
  };
}

/**
 * Ids that a new decision replaces: of all entries in its slot, retracted ones included since they may be redone, those
 * that none of the others replaces.
 */
export function replacedBy(decision: Decision, entries: Iterable<Entry>): readonly string[] {
  const slot = slotOf(decision);
  const inSlot = [...entries].filter(
    (entry): entry is Decision =>
      entry.action !== 'retract' && entry.id !== decision.id && slotOf(entry) === slot,
  );
  return notReplaced(inSlot, inSlot).map(({ id }) => id);
}

/** What fills each slot, oldest first. */
function standing(entries: Iterable<Entry>): readonly Decision[] {
  const [first, second] = entries;
  if (first && !second) return first.action === 'retract' ? [] : [first];
  const slots = new Map<string, Decision[]>();
  const retractions: Retraction[] = [];
  for (const entry of entries) {
    if (entry.action === 'retract') retractions.push(entry);
    else append(slots, slotOf(entry), entry);
  }
  const taken = retracted(retractions);
  const found: Decision[] = [];
  for (const inSlot of slots.values()) {
    const live = inSlot.filter((entry) => !taken.has(keyOf(entry, entry.id)));
    const [last] = notReplaced(live, inSlot).sort(newestFirst);
    if (last) found.push(last);
  }
  return found.sort((a, b) => newestFirst(b, a));
}

/**
 * Those of `entries` that no other one of them replaces, directly or through `all`. Where they replace each other in a
 * circle, which no writer makes, all of them. Each id is followed once, since hostile files may hold thousands of entries
 * with one id, and each may name thousands; its own id replaces nothing.
 */
function notReplaced(entries: readonly Decision[], all: readonly Decision[]): Decision[] {
  if (entries.length < 2) return [...entries];
  const byId = new Map<string, Decision[]>();
  for (const entry of all) append(byId, entry.id, entry);
  const replaced = new Set<string>();
  const toFollow = [...entries];
  for (let entry = toFollow.pop(); entry; entry = toFollow.pop()) {
    for (const id of entry.over ?? []) {
      if (id === entry.id || replaced.has(id)) continue;
      replaced.add(id);
      for (const older of byId.get(id) ?? []) toFollow.push(older);
    }
  }
  const left = entries.filter((entry) => !replaced.has(entry.id));
  return left.length > 0 ? left : [...entries];
}

/**
 * Which entries are taken back, as `keyOf` names them. A retraction may be retracted in turn (undo, redo, undo): each
 * is settled once all that name it are. Those that retract each other in a circle, which no writer makes, are never
 * settled, and take nothing back.
 */
function retracted(retractions: readonly Retraction[]): ReadonlySet<string> {
  const named = new Map<string, string[]>();
  const unsettled = new Map<string, number>();
  for (const each of retractions) {
    const target = keyOf(each, each.target.entry);
    append(named, keyOf(each, each.id), target);
    unsettled.set(target, (unsettled.get(target) ?? 0) + 1);
  }
  const taken = new Set<string>();
  const settled = [...named.keys()].filter((key) => !unsettled.has(key));
  for (let key = settled.pop(); key !== undefined; key = settled.pop()) {
    for (const target of named.get(key) ?? []) {
      if (!taken.has(key)) taken.add(target);
      const left = (unsettled.get(target) ?? 0) - 1;
      unsettled.set(target, left);
      if (left === 0) settled.push(target);
    }
  }
  return taken;
}

/** An entry is named by its id, and heard by its own reviewer only. */
function keyOf({ reviewer }: Entry, id: string): string {
  // An id has a fixed length, so the two parts cannot run into each other.
  return id + reviewerKey(reviewer);
}

function slotOf(entry: Decision): string {
  return JSON.stringify([reviewerKey(entry.reviewer), ...targetOf(entry)]);
}

function targetOf(entry: Decision): readonly string[] {
  switch (entry.action) {
    case 'label':
      return ['label', entry.target.label];
    case 'note':
      return ['note'];
    // A slot of its own: what its author says of the span later must not take its place in the text away.
    case 'add':
      return ['add', entry.target.span];
    default:
      return ['span', entry.target.span];
  }
}

/** Of different entries with one id, which only hostile files hold (thousands, perhaps), the name or the text decides. */
function newestFirst(a: Entry, b: Entry): number {
  if (a.id !== b.id) return a.id < b.id ? 1 : -1;
  if (a.reviewer !== b.reviewer) return a.reviewer < b.reviewer ? 1 : -1;
  const [textOfA, textOfB] = [encode(a), encode(b)];
  return textOfA < textOfB ? 1 : textOfA > textOfB ? -1 : 0;
}

function labelAndRange(entry: SpanAction): { label: string | null; range: TextRange | null } {
  switch (entry.action) {
    case 'add':
      return { label: entry.value.label, range: rangeOf(entry.value) };
    case 'rebound':
      return { label: null, range: rangeOf(entry.value) };
    case 'relabel':
      return { label: entry.value.label, range: null };
    default:
      return { label: null, range: null };
  }
}

function rangeOf({ message, start, end, quote }: TextRange): TextRange {
  return { message, start, end, quote };
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
