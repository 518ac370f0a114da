/** From all entries on one transcript to what stands. Depends on the set of entries only, not on their order. */
import { encode } from './codec';
import type { Entry } from './entry';
import { EntrySet } from './entrySet';
import { reviewerKey } from './reviewerKey';
import { SpreadMap } from './spreadMap';
import type { Answer, LabelDecision, NoteDecision, SpanDecision, TextRange, TranscriptReview } from './state';

type Decision = Exclude<Entry, { action: 'retract' }>;
type Retraction = Extract<Entry, { action: 'retract' }>;
type SpanAction = Exclude<Decision, { action: 'label' | 'note' }>;

export const NO_REVIEW: TranscriptReview = { labels: new Map(), spans: new Map(), notes: [] };
/** One for all: most of a hundred thousand transcripts have only a label that is decided on. */
const { spans: NO_SPANS, notes: NO_NOTES } = NO_REVIEW;
const NONE: ReadonlySet<string> = new Set();

/**
 * Each reviewer has one slot for each label, span, added span and note; of the live entries in it, the last one fills it (of
 * spans of one id that several reviewers added, the last on each). Decisions within a list are in order of their ids.
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
  const [first, second] = entries;
  // As of most transcripts that anybody has decided on.
  if (first && !second) return reviewOf(first.action === 'retract' ? [] : [standingOf([first], hash)]);
  return new Folding(entries).review(hash);
}

/** What stands on one target: decisions that say something, oldest first; null for nothing. */
type Standing = { readonly first: Decision } & (
  | { readonly on: 'label'; readonly label: string; readonly decisions: readonly LabelDecision[] }
  | { readonly on: 'span'; readonly span: string; readonly decisions: readonly SpanDecision[] }
  | { readonly on: 'note'; readonly decisions: readonly NoteDecision[] }
);

/** What one reviewer has decided on one target. What comes or goes costs as much as it names, however many there are. */
class Slot {
  /** Those that fill it, as of the last look: one, but for spans of several authors. */
  lasts: readonly Decision[] = [];
  isChanged = true;
  private readonly entries = new EntrySet<Decision>();
  private readonly unreplaced = new Set<Decision>();
  /** How many entries say that they replace it; by id. */
  private readonly replacing = new SpreadMap<number>();

  /** @param key see `reviewerKey` */
  constructor(readonly key: string) {}

  get isEmpty(): boolean {
    return this.entries.size === 0;
  }

  add(entry: Decision): void {
    if (this.entries.get(entry)) return;
    this.entries.add(entry);
    for (const id of othersReplacedBy(entry)) {
      const count = this.replacing.get(id) ?? 0;
      this.replacing.set(id, count + 1);
      if (count === 0) for (const older of this.entries.withId(id)) this.unreplaced.delete(older);
    }
    if (this.replacing.get(entry.id) === undefined) this.unreplaced.add(entry);
  }

  delete(entry: Decision): void {
    const held = this.entries.delete(entry);
    if (!held) return;
    this.unreplaced.delete(held);
    for (const id of othersReplacedBy(held)) {
      const count = this.replacing.get(id) ?? 0;
      if (count > 1) this.replacing.set(id, count - 1);
      else {
        this.replacing.delete(id);
        for (const older of this.entries.withId(id)) this.unreplaced.add(older);
      }
    }
  }

  /** The last ones that are live, when those of the reviewer's entries are taken back that have the ids `taken`. */
  lastsWithout(taken: ReadonlySet<string>): readonly Decision[] {
    if (taken.size === 0) return newestOfEach(this.heads());
    const all = [...this.entries];
    const live = all.filter(({ id }) => !taken.has(id));
    return newestOfEach(notReplaced(live, all));
  }

  /** Of `replacedBy`. */
  replacedByNew(decision: Decision, unsaved: Iterable<Decision>, withUnnamed: boolean): ReadonlySet<string> {
    const author = authorIn(decision);
    const isMeant = (entry: Decision) => {
      const other = authorIn(entry);
      return other === author || (other === null && withUnnamed);
    };
    const heads = () => idsOf([...this.heads()].filter(isMeant));
    const ids = new Set(heads());
    const held = [...unsaved].filter((entry) => this.entries.get(entry));
    for (const entry of held) this.delete(entry);
    for (const id of heads()) ids.add(id);
    for (const entry of held) this.add(entry);
    return ids;
  }

  /** Those that no other one replaces, taken back or not. Where they replace each other in a circle, all of them. */
  private heads(): Iterable<Decision> {
    return this.unreplaced.size > 0 ? this.unreplaced : this.entries;
  }
}

/**
 * `fold` of entries that come and go: it looks again only at the slots that they are in. A colleague may have a hundred
 * thousand on one transcript, on one label even, and a decision must not cost more for that.
 */
export class Folding {
  /** By target, and by `slotOf`. */
  private readonly targets = new Map<string, Map<string, Slot>>();
  private readonly retractions = new Map<string, Set<Retraction>>();
  /** Entries that are taken back, as `nameOf` names them; by key of the reviewer. */
  private readonly taken = new Map<string, ReadonlySet<string>>();
  /** By target, in order of the first decision on each. */
  private standing = new Map<string, Standing>();
  private readonly changed = new Set<string>();
  private readonly changedReviewers = new Set<string>();
  private hash: string | undefined;

  constructor(entries: Iterable<Entry>) {
    for (const entry of entries) this.add(entry);
  }

  add(entry: Entry): void {
    if (entry.action === 'retract') addTo(this.retractions, this.touchReviewer(entry), entry);
    else this.touch(entry).add(entry);
  }

  delete(entry: Entry): void {
    if (entry.action === 'retract') this.retractions.get(this.touchReviewer(entry))?.delete(entry);
    else this.touch(entry).delete(entry);
  }

  /** As of `replacedBy`. */
  replacedBy(decision: Decision, unsaved: Iterable<Entry>, withUnnamed = true): ReadonlySet<string> {
    const slot = this.targets.get(targetOf(decision))?.get(slotOf(decision));
    return slot?.replacedByNew(decision, inSlotOf(decision, unsaved), withUnnamed) ?? new Set();
  }

  /** As of `fold`. */
  review(hash: string | undefined): TranscriptReview {
    this.settleRetractions();
    if (hash !== this.hash) for (const target of this.targets.keys()) this.changed.add(target);
    this.hash = hash;
    for (const target of this.changed) {
      const standing = this.standingOn(target);
      if (standing) this.standing.set(target, standing);
      else this.standing.delete(target);
    }
    if (this.changed.size > 0 && !isInOrder(this.standing.values()))
      this.standing = new Map([...this.standing].sort(([, a], [, b]) => newestFirst(b.first, a.first)));
    this.changed.clear();
    return reviewOf(this.standing.values());
  }

  private standingOn(target: string): Standing | null {
    const slots = this.targets.get(target) ?? new Map<string, Slot>();
    const found: Decision[] = [];
    for (const [name, slot] of slots) {
      if (slot.isChanged) slot.lasts = slot.lastsWithout(this.taken.get(slot.key) ?? NONE);
      slot.isChanged = false;
      for (const last of slot.lasts) found.push(last);
      if (slot.isEmpty) slots.delete(name);
    }
    if (slots.size === 0) this.targets.delete(target);
    return standingOf(
      found.sort((a, b) => newestFirst(b, a)),
      this.hash,
    );
  }

  /** A retraction is heard by its own reviewer's entries only. */
  private settleRetractions(): void {
    if (this.changedReviewers.size === 0) return;
    for (const key of this.changedReviewers) {
      const retractions = [...(this.retractions.get(key) ?? [])];
      if (retractions.length === 0) this.retractions.delete(key);
      this.taken.set(key, retracted(retractions));
    }
    for (const [target, slots] of this.targets)
      for (const slot of slots.values()) {
        if (!this.changedReviewers.has(slot.key)) continue;
        slot.isChanged = true;
        this.changed.add(target);
      }
    this.changedReviewers.clear();
  }

  private touch(entry: Decision): Slot {
    const target = targetOf(entry);
    this.changed.add(target);
    const slots = this.targets.get(target) ?? new Map<string, Slot>();
    this.targets.set(target, slots);
    const name = slotOf(entry);
    const slot = slots.get(name) ?? new Slot(reviewerKey(entry.reviewer));
    slots.set(name, slot);
    slot.isChanged = true;
    return slot;
  }

  private touchReviewer({ reviewer }: Retraction): string {
    const key = reviewerKey(reviewer);
    this.changedReviewers.add(key);
    return key;
  }
}

/**
 * Ids that a new decision replaces: of all entries in its slot, retracted ones included since they may be redone, those
 * that none of the others replaces; and the same without what is unsaved, which may be undone, when nothing would lead to
 * those on disk any more. On spans, those that are about another author's are left alone.
 * @param withUnnamed what names no author, as earlier versions wrote it, is about the same span
 */
export function replacedBy(
  decision: Decision,
  entries: Iterable<Entry>,
  unsaved: Iterable<Entry>,
  withUnnamed = true,
): ReadonlySet<string> {
  const slot = new Slot(reviewerKey(decision.reviewer));
  for (const entry of inSlotOf(decision, entries)) slot.add(entry);
  return slot.replacedByNew(decision, inSlotOf(decision, unsaved), withUnnamed);
}

function* inSlotOf(decision: Decision, entries: Iterable<Entry>): Iterable<Decision> {
  const [target, slot] = [targetOf(decision), slotOf(decision)];
  for (const entry of entries)
    if (entry.action !== 'retract' && targetOf(entry) === target && slotOf(entry) === slot) yield entry;
}

/** Its own id replaces nothing. */
function othersReplacedBy({ id, over = [] }: Decision): Iterable<string> {
  return new Set(over.filter((each) => each !== id));
}

function idsOf(entries: Iterable<Entry>): readonly string[] {
  return Array.from(entries, ({ id }) => id);
}

function standingOf(decisions: readonly Decision[], hash: string | undefined): Standing | null {
  const said = decisions.filter(saysSomething);
  const [first] = said;
  if (!first) return null;
  const made = <T extends Decision, R>(more: (entry: T) => R) =>
    said.map((entry) => ({
      reviewer: entry.reviewer,
      entry: entry.id,
      at: entry.at,
      stale: hash !== undefined && entry.hash !== hash,
      ...more(entry as T), // all are on one target
    }));
  if (first.action === 'label') {
    const decisions = made((entry: typeof first) => ({ answer: entry.value as Answer }));
    return { first, on: 'label', label: first.target.label, decisions };
  }
  if (first.action === 'note')
    return { first, on: 'note', decisions: made((entry: typeof first) => ({ text: entry.note })) };
  const onSpan = made((entry: SpanAction) => ({
    action: entry.action as SpanDecision['action'],
    of: entry.target.of ?? null,
    ...labelAndRange(entry),
  }));
  return { first, on: 'span', span: first.target.span, decisions: onSpan };
}

/** An answer, a note or a mark that was taken away fills its slot with nothing. */
function saysSomething(entry: Decision): boolean {
  if (entry.action === 'label') return entry.value !== null;
  return entry.action === 'note' ? entry.note !== '' : entry.action !== 'clear';
}

function reviewOf(targets: Iterable<Standing | null>): TranscriptReview {
  const labels = new Map<string, readonly LabelDecision[]>();
  const spans = new Map<string, readonly SpanDecision[]>();
  let notes: readonly NoteDecision[] = NO_NOTES;
  for (const standing of targets) {
    if (standing?.on === 'label') labels.set(standing.label, standing.decisions);
    else if (standing?.on === 'span') spans.set(standing.span, standing.decisions);
    else if (standing) notes = standing.decisions;
  }
  if (labels.size === 0 && spans.size === 0 && notes.length === 0) return NO_REVIEW;
  return { labels, spans: spans.size === 0 ? NO_SPANS : spans, notes };
}

function isInOrder(targets: Iterable<Standing>): boolean {
  let before: Decision | null = null;
  for (const { first } of targets) {
    if (before && newestFirst(before, first) < 0) return false;
    before = first;
  }
  return true;
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
 * Ids of the entries that one reviewer has taken back. A retraction may be retracted in turn (undo, redo, undo): each is
 * settled once all that name it are. Those that retract each other in a circle, which no writer makes, are never settled,
 * and take nothing back.
 */
function retracted(retractions: readonly Retraction[]): ReadonlySet<string> {
  const named = new Map<string, string[]>();
  const unsettled = new Map<string, number>();
  for (const { id, target } of retractions) {
    append(named, id, target.entry);
    unsettled.set(target.entry, (unsettled.get(target.entry) ?? 0) + 1);
  }
  const taken = new Set<string>();
  const settled = [...named.keys()].filter((id) => !unsettled.has(id));
  for (let id = settled.pop(); id !== undefined; id = settled.pop()) {
    for (const target of named.get(id) ?? []) {
      if (!taken.has(id)) taken.add(target);
      const left = (unsettled.get(target) ?? 0) - 1;
      unsettled.set(target, left);
      if (left === 0) settled.push(target);
    }
  }
  return taken;
}

/** Of entries on one target. A slot of its own for what a reviewer added: what its author says of it later must not take its place in the text away. */
function slotOf(entry: Decision): string {
  return `${entry.action === 'add' ? 'adds' : 'says'} ${reviewerKey(entry.reviewer)}`;
}

/** Whose span is meant: others may have added one under the same id. null for that of the dataset, and where none is named. */
function authorIn(entry: Decision): string | null {
  // Of a target of another kind `of` is a key like any that we do not know, and may be anything.
  const of = entry.action === 'label' || entry.action === 'note' ? undefined : entry.target.of;
  return of === undefined ? null : reviewerKey(of);
}

/** Authors of spans of one id on which one reviewer has decided: more than one is malice already. */
const MOST_AUTHORS = 100;

/** The newest on the span of each author; of very many the newest. */
function newestOfEach(entries: Iterable<Decision>): readonly Decision[] {
  const newest = new Map<string | null, Decision>();
  for (const entry of entries) {
    const author = authorIn(entry);
    const other = newest.get(author);
    if (!other || newestFirst(entry, other) < 0) newest.set(author, entry);
  }
  const all = [...newest.values()];
  return all.length > MOST_AUTHORS ? all.sort(newestFirst).slice(0, MOST_AUTHORS) : all;
}

function targetOf(entry: Decision): string {
  if (entry.action === 'label') return `label ${entry.target.label}`;
  return entry.action === 'note' ? 'note' : `span ${entry.target.span}`;
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

function addTo<T>(sets: Map<string, Set<T>>, key: string, item: T): void {
  const set = sets.get(key);
  if (set) set.add(item);
  else sets.set(key, new Set([item]));
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
