/**
 * The decisions of all reviewers: entries that are on disk, entries that wait to be saved, and what they come
 * to for each transcript. The only writer of that state; everything else hears of changes as Deltas.
 */
import { inSlices } from '../slices';
import { encode } from './codec';
import { ENTRY_VERSION, type Entry } from './entry';
import { fold, NO_REVIEW } from './fold';
import type { TranscriptReview } from './state';

/** Entries that are taken in at once, a few ms of work. */
const SLICE = 256;

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

export class ReviewLog {
  private saved = new Map<string, Entry>();
  private unsaved = new Map<string, Entry>();
  /** Ids of entries that were ever handed to a writer: they may be on disk whatever became of the write. */
  private readonly handedOver = new Set<string>();
  /** Saved and unsaved entries of each transcript, by id. */
  private readonly entries = new Map<string, Map<string, Entry>>();
  private readonly hashes = new Map<string, string>();
  private newest: string | null = null;
  /** Only transcripts on which a decision stands. */
  private readonly reviews = new Map<string, TranscriptReview>();

  constructor(private readonly options: ReviewLogOptions) {}

  /** What stands on a transcript; an empty review when nothing does. */
  review(transcript: string): TranscriptReview {
    return this.reviews.get(transcript) ?? NO_REVIEW;
  }

  /** Ids of the transcripts on which any decision stands, stale ones included. */
  reviewedTranscripts(): Iterable<string> {
    return this.reviews.keys();
  }

  /** How many those are. */
  get reviewedCount(): number {
    return this.reviews.size;
  }

  /** Everyone with an entry, in alphabetical order. Walks all entries. */
  reviewers(): readonly string[] {
    const names = new Set<string>();
    for (const entry of this.saved.values()) names.add(entry.reviewer);
    for (const entry of this.unsaved.values()) names.add(entry.reviewer);
    return [...names].sort();
  }

  /** Entries that are not known to be on disk, oldest first: what a backup holds. */
  pending(): readonly Entry[] {
    return [...this.unsaved.values()];
  }

  /** Adds a new decision, unsaved. */
  apply(entry: Entry): { readonly edit: Edit; readonly delta: Delta } {
    const delta = this.changeOne(entry.transcript, () => this.addUnsaved(entry));
    return { edit: { entry, chain: [entry] }, delta };
  }

  /** Whether the decision is made: neither undone nor dropped by `discardPending`. */
  isDone(edit: Edit): boolean {
    return this.chainOf(edit).length % 2 === 1;
  }

  /**
   * Undoes the edit if it is done, else redoes it. An entry that only we know is taken out again; one that is
   * or may be on disk is never removed, so its retraction is added.
   */
  flip(edit: Edit): Delta {
    const chain = this.chainOf(edit);
    const last = chain.at(-1);
    return this.changeOne(edit.entry.transcript, () => {
      if (last && this.unsaved.has(last.id) && !this.handedOver.has(last.id)) {
        this.removeUnsaved(last);
        edit.chain = chain.slice(0, -1);
      } else {
        const next = last ? this.retractionOf(last) : edit.entry;
        this.addUnsaved(next);
        edit.chain = [...chain, next];
      }
    });
  }

  /**
   * The entries to write now. From here on they are treated as possibly on disk, so an undo while the write
   * runs, or after it failed half-way, retracts them. Call `markSaved` when the write succeeded, nothing when
   * it failed: they stay pending.
   */
  beginSave(): readonly Entry[] {
    for (const id of this.unsaved.keys()) this.handedOver.add(id);
    return this.pending();
  }

  /** These entries are on disk now. Deltas only for those that were not in the log before. */
  markSaved(entries: Iterable<Entry>): readonly Delta[] {
    return this.change((touch) => {
      for (const entry of entries) {
        if (this.saved.has(entry.id)) continue;
        if (!this.unsaved.has(entry.id)) touch(entry.transcript);
        this.addSaved(entry);
      }
    });
  }

  /**
   * Replaces all that is known of the disk, when it was read at the beginning or again. Pending entries that
   * are found there are pending no longer. Deltas for the transcripts whose entries differ.
   */
  setSaved(entries: Iterable<Entry>): readonly Delta[] {
    return [...this.setSavedInSlices(entries, Number.POSITIVE_INFINITY)].flat();
  }

  /**
   * The same in steps between which anything may be done to the log but saving: each is a whole change of its own, so
   * that what stands on a transcript is always what its entries come to. Each step gives its deltas; some have none.
   * @param size entries to a step
   */
  *setSavedInSlices(entries: Iterable<Entry>, size = SLICE): Generator<readonly Delta[]> {
    const next = new Map<string, Entry>();
    let taken = 0;
    for (const entry of entries) {
      if (!next.has(entry.id)) next.set(entry.id, entry);
      if (++taken % size === 0) yield [];
    }
    // What is on disk first, so that an entry is gone only once all others are there.
    for (const ids of inSlices([next.keys(), [...this.saved.keys()]], size)) {
      yield this.change((touch) => {
        for (const id of ids) this.setSavedOne(id, next.get(id), touch);
      });
    }
  }

  /** Takes unsaved entries over from a backup; those that reached the disk after all are left out. */
  restore(entries: Iterable<Entry>): readonly Delta[] {
    return this.change((touch) => {
      for (const entry of entries) {
        if (this.knows(entry.id)) continue;
        touch(entry.transcript);
        this.addUnsaved(entry);
      }
    });
  }

  /** Drops all unsaved entries (revert). */
  discardPending(): readonly Delta[] {
    return this.change((touch) => {
      for (const entry of this.pending()) {
        touch(entry.transcript);
        this.removeUnsaved(entry);
      }
    });
  }

  /**
   * Tells the hash of a transcript's present content. Entries made on another content become stale.
   * null when that changes for none of its entries.
   */
  setHash(transcript: string, hash: string): Delta | null {
    const known = this.hashes.get(transcript);
    this.hashes.set(transcript, hash);
    const entries = this.entries.get(transcript);
    if (known === hash || !entries) return null;
    for (const entry of entries.values()) {
      const wasStale = known !== undefined && entry.hash !== known;
      if (wasStale !== (entry.hash !== hash)) return this.changeOne(transcript, () => {});
    }
    return null;
  }

  /** The greatest id of any entry, to make greater ones; null for an empty log. */
  newestId(): string | null {
    return this.newest;
  }

  /** Entries that were discarded (revert) or vanished from disk since have left the chain. */
  private chainOf(edit: Edit): readonly Entry[] {
    return edit.chain.slice(0, edit.chain.findLastIndex((entry) => this.knows(entry.id)) + 1);
  }

  private setSavedOne(id: string, entry: Entry | undefined, touch: (transcript: string) => void): void {
    const saved = this.saved.get(id);
    if (saved && same(saved, entry)) return;
    if (saved) {
      touch(saved.transcript);
      this.saved.delete(id);
      this.forget(saved);
    }
    if (!entry) return;
    const waiting = this.unsaved.get(id);
    if (!same(entry, waiting)) {
      touch(entry.transcript);
      if (waiting) touch(waiting.transcript);
    }
    this.addSaved(entry);
  }

  private knows(id: string): boolean {
    return this.saved.has(id) || this.unsaved.has(id);
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
    this.unsaved.set(entry.id, entry);
    this.remember(entry);
  }

  private removeUnsaved(entry: Entry): void {
    this.unsaved.delete(entry.id);
    this.forget(entry);
  }

  private addSaved(entry: Entry): void {
    const waiting = this.unsaved.get(entry.id);
    if (waiting) this.removeUnsaved(waiting);
    this.saved.set(entry.id, entry);
    this.remember(entry);
  }

  private remember(entry: Entry): void {
    if (this.newest === null || entry.id > this.newest) this.newest = entry.id;
    const known = this.entries.get(entry.transcript);
    if (known) known.set(entry.id, entry);
    else this.entries.set(entry.transcript, new Map([[entry.id, entry]]));
  }

  private forget(entry: Entry): void {
    const known = this.entries.get(entry.transcript);
    known?.delete(entry.id);
    if (known?.size === 0) this.entries.delete(entry.transcript);
  }

  private changeOne(transcript: string, run: () => void): Delta {
    const before = this.review(transcript);
    run();
    return { transcript, before, after: this.refold(transcript) };
  }

  /** Runs a change to the entries of any number of transcripts and folds those that it touched once. */
  private change(run: (touch: (transcript: string) => void) => void): readonly Delta[] {
    const touched = new Map<string, TranscriptReview>();
    run((transcript) => {
      if (!touched.has(transcript)) touched.set(transcript, this.review(transcript));
    });
    return [...touched].map(([transcript, before]) => ({
      transcript,
      before,
      after: this.refold(transcript),
    }));
  }

  private refold(transcript: string): TranscriptReview {
    const review = fold(this.entries.get(transcript)?.values() ?? [], this.hashes.get(transcript));
    if (review === NO_REVIEW) this.reviews.delete(transcript);
    else this.reviews.set(transcript, review);
    return review;
  }
}

function same(a: Entry, b: Entry | undefined): boolean {
  return a === b || (b !== undefined && encode(a) === encode(b));
}
