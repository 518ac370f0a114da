/**
 * The decisions of all reviewers: entries that are on disk, entries that wait to be saved, and what they come
 * to for each transcript. The only writer of that state; everything else hears of changes as Deltas.
 */
import { MAX_OVER, whyNotKept } from './codec';
import { ENTRY_VERSION, type Entry } from './entry';
import { EntrySet } from './entrySet';
import { Folding, fold, NO_REVIEW, replacedBy } from './fold';
import { SpreadMap } from './spreadMap';
import type { LabelDecision, TranscriptReview } from './state';

/** Entries on one transcript and ids that they name, from which on folding all with every decision would be too much. */
const MANY = 1_000;
/** The same, with every part of a file: each part may have one on each of hundreds of transcripts. */
const SOME_ENTRIES = 32;

export interface Delta {
  readonly transcript: string;
  readonly before: TranscriptReview;
  readonly after: TranscriptReview;
}

/**
 * A decision that can be undone and redone any number of times.
 * `chain` is the entry, its retraction, the retraction of that … as far as they stand in the log, so the
 * decision is done when the chain's length is odd. Only ReviewLog changes it.
 */
export interface Edit {
  readonly entry: Entry;
  chain: readonly Entry[];
}

export interface ReviewLogOptions {
  /** Makes ULIDs, each greater than the one before (`monotonicFactory` of the package ulid). */
  readonly newId: () => string;
  readonly now: () => Date;
}

/** Hears which entries are unsaved, one by one: a journal need not be told of all of them at each decision. */
export interface UnsavedListener {
  added(entry: Entry): void;
  /** It is on disk. */
  saved(entry: Entry): void;
  /** It is not made any more: undone, reverted, or saved in a copy only. */
  dropped(entry: Entry): void;
  /** A decision is about to be undone or redone; whether somebody else has what is unsaved can be told with `share` now. */
  flipping?(): void;
}

/** What is known of one transcript. */
interface TranscriptLog {
  readonly transcript: string;
  /** Saved and unsaved; a set only where there are several, null where there are none. */
  entries: Entry | Set<Entry> | null;
  /** Of its present content; null while nobody has told. */
  hash: string | null;
  /**
   * What stood when it was folded last; null where that is one entry, as on most transcripts: it is folded as quickly as it
   * is looked up, and a hundred thousand reviews would take as much memory as the entries.
   */
  review: TranscriptReview | null;
}

/** Is told of a transcript before its entries change, and gives what is known of it. */
type Touch = (transcript: string) => TranscriptLog;

/** What differs on disk from what was read before. */
export interface SavedChange {
  readonly added: readonly Entry[];
  readonly removed: readonly Entry[];
}

export class ReviewLog {
  private readonly saved = new EntrySet<Entry>(new SpreadMap());
  private readonly unsaved = new EntrySet();
  /** Entries that were made here, not read or restored. */
  private readonly made = new WeakSet<Entry>();
  /** Of those, what was not taken over: this is where it is undone, and done again. */
  private readonly decidedHere = new WeakSet<Entry>();
  /** Of what was made here, what was on disk and was found there no more. */
  private readonly vanished = new EntrySet();
  /**
   * Ids of unsaved entries that were undone or discarded here, and not done again: nobody's backup may bring them back.
   * With when (ms since 1970), as another window may hold later what was taken over from it; what was decided here is
   * dropped for good (Infinity).
   */
  private readonly dropped = new Map<string, number>();
  /** Ids of entries that were ever handed to a writer, or to another window: they may be on disk whatever became of it. */
  private readonly handedOver = new Set<string>();
  /**
   * Unsaved entries that were handed to a writer which has not said yet that they are on disk, or never will. A reading may
   * find them in the file all the same, where the disk has nothing so far: with whether one has.
   */
  private readonly beingWritten = new Map<Entry, boolean>();
  /** By transcript: in one map, since each look into it costs more than all else that is done with a decision. */
  private readonly transcripts = new SpreadMap<TranscriptLog>();
  /** Transcripts on which a decision stands. */
  private reviewed = 0;
  private mostOnOne = 0;
  private readonly listeners = new Set<UnsavedListener>();
  /** Of transcripts with many entries. */
  private readonly foldings = new Map<string, Folding>();
  /** Likewise: how many they were when they were folded last. */
  private readonly folded = new Map<string, number>();
  /** Transcripts with many entries whose change was not folded yet. */
  private readonly postponed = new Set<string>();

  constructor(private readonly options: ReviewLogOptions) {}

  /** What stands on a transcript; an empty review when nothing does. */
  review(transcript: string): TranscriptReview {
    const own = this.transcripts.get(transcript);
    return own ? this.reviewIn(own) : NO_REVIEW;
  }

  /** What would stand on a transcript had nothing been made here. */
  reviewBefore(transcript: string): TranscriptReview {
    const own = this.transcripts.get(transcript);
    const all = [...entriesIn(own)];
    const hash = own?.hash ?? undefined;
    const folding = this.foldings.get(transcript);
    if (!folding)
      return fold(
        all.filter((entry) => !this.made.has(entry)),
        hash,
      );
    const made = all.filter((entry) => this.made.has(entry));
    for (const entry of made) folding.delete(entry);
    const before = folding.review(hash);
    for (const entry of made) folding.add(entry);
    return before;
  }

  /** The labels of what stood on a transcript earlier; what was decided on another text than the present one is stale. */
  onPresentText(transcript: string, { labels }: TranscriptReview): TranscriptReview {
    const own = this.transcripts.get(transcript);
    const hash = own?.hash ?? null;
    if (hash === null || labels.size === 0) return { ...NO_REVIEW, labels };
    const madeOn = new Map([...entriesIn(own)].map((entry) => [`${entry.id} ${entry.reviewer}`, entry.hash]));
    const seen = (decision: LabelDecision) => {
      const its = madeOn.get(`${decision.entry} ${decision.reviewer}`);
      return its === undefined ? decision : { ...decision, stale: its !== hash };
    };
    return {
      ...NO_REVIEW,
      labels: new Map([...labels].map(([label, decisions]) => [label, decisions.map(seen)])),
    };
  }

  /**
   * Ids of the transcripts on which any decision stands, stale ones included. While decisions are made or read meanwhile,
   * one may come twice; none is left out that stood all along.
   */
  *reviewedTranscripts(): Generator<string> {
    for (const { transcript, review } of this.transcripts.values())
      if (review !== NO_REVIEW) yield transcript;
  }

  /** How many those are. */
  get reviewedCount(): number {
    return this.reviewed;
  }

  /** Entries on a transcript, those that are retracted or replaced included. */
  countOn(transcript: string): number {
    return countIn(this.transcripts.get(transcript));
  }

  /** On no transcript are there more, nor were there before. */
  get most(): number {
    return this.mostOnOne;
  }

  /** Ids that several different entries on disk have. */
  sharedIds(): readonly string[] {
    return [...this.saved.sharedIds];
  }

  /** Whose entries have this id, as they spell their names. */
  reviewersOf(id: string): readonly string[] {
    return [...new Set(this.saved.withId(id).map(({ reviewer }) => reviewer))];
  }

  /** What was made here and saved, and is not on disk any more: the file was removed, or an older one put in its place. */
  lost(): readonly Entry[] {
    for (const entry of this.vanished) if (this.knows(entry)) this.vanished.delete(entry);
    return [...this.vanished];
  }

  /** Entries that are not known to be on disk, oldest first: what a backup holds. */
  pending(): readonly Entry[] {
    return [...this.unsaved];
  }

  /** Any entry is not known to be on disk. */
  get hasPending(): boolean {
    return this.pendingCount > 0;
  }

  /** Whether an entry with this id is not known to be on disk. */
  isPending(id: string): boolean {
    return this.unsaved.withId(id).length > 0;
  }

  get pendingCount(): number {
    return this.unsaved.size;
  }

  /** Returns a function that ends the subscription. */
  onUnsaved(listener: UnsavedListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Adds a new decision, unsaved, which from here on names the entries that it replaces.
   * @param withUnnamed as of `replacedBy`
   * @throws RangeError in words when it is so large that, once written, it would not be read again.
   */
  apply(decision: Entry, withUnnamed = true): { readonly edit: Edit; readonly delta: Delta } {
    const entry = this.overOthers(decision, withUnnamed);
    const excess = whyNotKept(entry);
    if (excess !== null) throw new RangeError(`this decision cannot be kept: it would be ${excess}`);
    this.made.add(entry);
    this.decidedHere.add(entry);
    const delta = this.changeOne(entry.transcript, () => this.addUnsaved(entry));
    return { edit: { entry, chain: [entry] }, delta };
  }

  /** Whether the decision is made: neither undone nor dropped by `discardPending`. */
  isDone(edit: Edit): boolean {
    return this.chainOf(edit).length % 2 === 1;
  }

  /**
   * Undoes the edit, also where its entry was saved and is not on disk any more: another branch or a backup may bring it
   * back, and it must not count again then. null when there is nothing to undo.
   */
  undo(edit: Edit): Delta | null {
    if (this.isDone(edit)) return this.flipped(edit);
    const last = edit.chain.at(-1);
    if (edit.chain.length % 2 === 0 || !last || !this.vanished.get(last)) return null;
    return this.changeOne(last.transcript, () => this.lengthen(edit, edit.chain, this.retractionOf(last)));
  }

  /** Does the edit again. null when it is done. */
  redo(edit: Edit): Delta | null {
    return this.isDone(edit) ? null : this.flipped(edit);
  }

  /**
   * The entries to write now. From here on they are treated as possibly on disk, so an undo while the write
   * runs, or after it failed half-way, retracts them. Call `markSaved` when the write succeeded, nothing when
   * it failed: they stay pending.
   */
  beginSave(): readonly Entry[] {
    const entries = this.pending();
    for (const entry of entries) {
      this.handedOver.add(entry.id);
      if (!this.beingWritten.has(entry)) this.beingWritten.set(entry, false);
    }
    return entries;
  }

  /** Somebody else has what is unsaved here now, and may save it: as with what was handed to a writer, an undo retracts it. */
  share(): void {
    for (const { id } of this.unsaved) this.handedOver.add(id);
  }

  /** These entries are on disk now. Deltas only for those that were not in the log before. */
  markSaved(entries: Iterable<Entry>): readonly Delta[] {
    return this.change((touch) => {
      for (const entry of entries) {
        this.addSaved(entry, touch);
      }
    });
  }

  /**
   * Takes in what differs on disk. Pending entries that are found there are pending no longer, but for those that a writer
   * has not said to be on disk. Deltas for the transcripts whose entries differ; those with many entries may wait for
   * `foldPostponed`, which has to follow.
   */
  changeSaved({ added, removed }: SavedChange): readonly Delta[] {
    const touched = this.touchedBy((touch) => {
      for (const entry of removed) {
        this.isFound(entry, false);
        const held = this.saved.delete(entry);
        if (!held) continue;
        if (this.made.has(held)) this.vanished.add(held);
        touch(held.transcript);
        this.forget(held);
      }
      for (const entry of added) if (!this.isFound(entry, true)) this.addSaved(entry, touch);
    });
    const now: TranscriptLog[] = [];
    for (const own of touched) {
      if (this.isTooSoon(own)) this.postponed.add(own.transcript);
      else now.push(own);
    }
    return now.map((own) => this.refolded(own));
  }

  /** Folds one of the transcripts that `changeSaved` has left for later; null when there is none any more. */
  foldPostponed(): Delta | null {
    const [transcript] = this.postponed;
    return transcript === undefined ? null : this.refolded(this.logOf(transcript));
  }

  /**
   * Takes unsaved entries over from a backup; those that reached the disk after all, or were dropped here meanwhile, are left
   * out.
   * @param asMade they count as made here
   * @param since in ms since 1970: it is known that they stand in spite of whatever was dropped before, but for what was
   * decided here
   */
  restore(entries: Iterable<Entry>, asMade = false, since = Number.NEGATIVE_INFINITY): readonly Delta[] {
    return this.change((touch) => {
      for (const entry of entries) {
        const dropped = this.dropped.get(entry.id);
        if (this.knows(entry) || (dropped !== undefined && dropped >= since)) continue;
        if (asMade) this.made.add(entry);
        touch(entry.transcript);
        this.addUnsaved(entry);
      }
    });
  }

  /** Drops unsaved entries: all of them (revert), or those that were saved elsewhere (Save As). */
  discardPending(entries = this.pending()): readonly Delta[] {
    return this.change((touch) => {
      for (const entry of entries) {
        const held = this.unsaved.get(entry);
        if (!held) continue;
        touch(entry.transcript);
        // It stands in the file, whatever became of the writing.
        if (this.beingWritten.get(held)) this.addSaved(held, touch);
        else this.removeUnsaved(held, 'dropped');
      }
    });
  }

  /**
   * Tells the hash of a transcript's present content. Entries made on another content become stale.
   * null when that changes for none of its entries.
   */
  setHash(transcript: string, hash: string): Delta | null {
    const own = this.logOf(transcript);
    const known = own.hash;
    if (known === hash) return null;
    const isChange = (entry: Entry) => (known !== null && entry.hash !== known) !== (entry.hash !== hash);
    for (const entry of entriesIn(own)) {
      if (isChange(entry)) return this.changeOne(transcript, () => (own.hash = hash));
    }
    own.hash = hash;
    return null;
  }

  /**
   * Undoes the edit if it is done, else redoes it. An entry that only we know is taken out again; one that is
   * or may be on disk is never removed, so its retraction is added.
   */
  private flipped(edit: Edit): Delta {
    for (const listener of this.listeners) listener.flipping?.();
    const chain = this.chainOf(edit);
    const last = chain.at(-1);
    return this.changeOne(edit.entry.transcript, () => {
      if (last && this.unsaved.get(last) && !this.handedOver.has(last.id)) {
        this.removeUnsaved(last, 'dropped');
        edit.chain = chain.slice(0, -1);
      } else {
        this.lengthen(edit, chain, last ? this.retractionOf(last) : edit.entry);
      }
    });
  }

  private lengthen(edit: Edit, chain: readonly Entry[], next: Entry): void {
    this.made.add(next);
    this.decidedHere.add(next);
    this.addUnsaved(next);
    edit.chain = [...chain, next];
  }

  /** Entries that were discarded (revert) or vanished from disk since have left the chain. */
  private chainOf(edit: Edit): readonly Entry[] {
    return edit.chain.slice(0, edit.chain.findLastIndex((entry) => this.knows(entry)) + 1);
  }

  private knows(entry: Entry): boolean {
    return this.saved.get(entry) !== undefined || this.unsaved.get(entry) !== undefined;
  }

  private overOthers(decision: Entry, withUnnamed: boolean): Entry {
    if (decision.action === 'retract') return decision;
    const folding = this.foldings.get(decision.transcript);
    const known = folding ? this.unsaved : entriesIn(this.transcripts.get(decision.transcript));
    const unsaved = [...known].filter(
      (entry) => entry.transcript === decision.transcript && this.unsaved.get(entry) === entry,
    );
    const over =
      folding?.replacedBy(decision, unsaved, withUnnamed) ??
      replacedBy(decision, known, unsaved, withUnnamed);
    return over.size === 0 ? decision : { ...decision, over: [...over].sort().slice(-MAX_OVER) };
  }

  private retractionOf(entry: Entry): Entry {
    return {
      v: ENTRY_VERSION,
      id: this.options.newId(),
      at: this.options.now().toISOString(),
      reviewer: entry.reviewer,
      transcript: entry.transcript,
      hash: entry.hash,
      target: { entry: entry.id },
      action: 'retract',
      value: null,
      saw: {},
      blind: false,
      draw: null,
      note: null,
    };
  }

  private addUnsaved(entry: Entry): void {
    if (this.knows(entry)) return;
    this.dropped.delete(entry.id);
    this.unsaved.add(entry);
    this.remember(entry);
    for (const listener of this.listeners) listener.added(entry);
  }

  private removeUnsaved(entry: Entry, what: 'saved' | 'dropped'): void {
    const held = this.unsaved.delete(entry);
    if (!held) return;
    this.beingWritten.delete(held);
    this.forget(held);
    const at = this.decidedHere.has(held) ? Number.POSITIVE_INFINITY : this.options.now().getTime();
    if (what === 'dropped') this.dropped.set(held.id, at);
    for (const listener of this.listeners) listener[what](held);
  }

  private addSaved(entry: Entry, touch: Touch): void {
    const unsaved = this.unsaved.get(entry);
    // The one that was made here stays the one that is known: what becomes of it is told.
    const held = unsaved ?? this.vanished.delete(entry) ?? entry;
    if (!this.saved.add(held)) return;
    this.dropped.delete(held.id);
    const own = unsaved ? this.logOf(entry.transcript) : touch(entry.transcript);
    this.removeUnsaved(held, 'saved');
    this.remember(held, own);
  }

  /** Takes down that an entry was, or was not, found in the file, if a writer has still to say that it is on disk. */
  private isFound(entry: Entry, isThere: boolean): boolean {
    const held = this.unsaved.get(entry);
    if (!held || !this.beingWritten.has(held)) return false;
    this.beingWritten.set(held, isThere);
    return true;
  }

  private logOf(transcript: string): TranscriptLog {
    const known = this.transcripts.get(transcript);
    if (known) return known;
    const own: TranscriptLog = { transcript, entries: null, hash: null, review: NO_REVIEW };
    this.transcripts.set(transcript, own);
    return own;
  }

  private remember(entry: Entry, own = this.logOf(entry.transcript)): void {
    this.foldings.get(entry.transcript)?.add(entry);
    const { entries } = own;
    if (entries instanceof Set) entries.add(entry);
    else if (entries === null) own.entries = entry;
    else if (entries !== entry) own.entries = new Set([entries, entry]);
    this.mostOnOne = Math.max(this.mostOnOne, countIn(own));
  }

  /** Whoever takes the last one away folds the transcript anew, after which nothing may be known of it. */
  private forget(entry: Entry): void {
    this.foldings.get(entry.transcript)?.delete(entry);
    const own = this.logOf(entry.transcript);
    const { entries } = own;
    if (entries instanceof Set) entries.delete(entry);
    if (entries === entry || (entries instanceof Set && entries.size === 0)) own.entries = null;
  }

  /** A file that is read in parts would else have all entries folded with each: as often as they have grown by half is enough. */
  private isTooSoon(own: TranscriptLog): boolean {
    const count = countIn(own);
    const before = this.folded.get(own.transcript) ?? 0;
    return count > SOME_ENTRIES && Math.abs(count - before) < before / 2;
  }

  private changeOne(transcript: string, run: () => void): Delta {
    const own = this.beforeChange(transcript);
    run();
    return this.refolded(own);
  }

  /** Runs a change to the entries of any number of transcripts and folds those that it touched once. */
  private change(run: (touch: Touch) => void): readonly Delta[] {
    return [...this.touchedBy(run)].map((own) => this.refolded(own));
  }

  private touchedBy(run: (touch: Touch) => void): ReadonlySet<TranscriptLog> {
    const touched = new Set<TranscriptLog>();
    run((transcript) => {
      const own = this.beforeChange(transcript);
      touched.add(own);
      return own;
    });
    return touched;
  }

  /** What is known of a transcript whose entries are about to change, with what stands on it. */
  private beforeChange(transcript: string): TranscriptLog {
    const own = this.logOf(transcript);
    own.review = this.reviewIn(own);
    return own;
  }

  private reviewIn(own: TranscriptLog): TranscriptReview {
    return own.review ?? fold(entriesIn(own), own.hash ?? undefined);
  }

  private refolded(own: TranscriptLog): Delta {
    const { transcript } = own;
    const before = this.reviewIn(own);
    this.postponed.delete(transcript);
    const after = this.foldOf(own);
    own.review = after !== NO_REVIEW && countIn(own) === 1 ? null : after;
    this.reviewed += Number(after !== NO_REVIEW) - Number(before !== NO_REVIEW);
    if (own.entries === null && own.hash === null) this.transcripts.delete(transcript);
    return { transcript, before, after };
  }

  private foldOf(own: TranscriptLog): TranscriptReview {
    const { transcript } = own;
    const known = entriesIn(own);
    const hash = own.hash ?? undefined;
    const count = countIn(own);
    if (count > SOME_ENTRIES) this.folded.set(transcript, count);
    else this.folded.delete(transcript);
    if (!areMany(known)) {
      this.foldings.delete(transcript);
      return fold(known, hash);
    }
    const folding = this.foldings.get(transcript) ?? new Folding(known);
    this.foldings.set(transcript, folding);
    return folding.review(hash);
  }
}

function entriesIn(own: TranscriptLog | undefined): Iterable<Entry> {
  const entries = own?.entries ?? [];
  return entries instanceof Set || Array.isArray(entries) ? entries : [entries];
}

function countIn(own: TranscriptLog | undefined): number {
  const entries = own?.entries ?? null;
  if (entries === null) return 0;
  return entries instanceof Set ? entries.size : 1;
}

function areMany(entries: Iterable<Entry>): boolean {
  let left = MANY;
  for (const { over } of entries) {
    left -= 1 + (over?.length ?? 0);
    if (left < 0) return true;
  }
  return false;
}
