import { setImmediate } from 'node:timers/promises';
import { BloomFilter } from '../core/dataset/bloomFilter';
import { DatasetFacts } from '../core/dataset/facts';
import { idHash } from '../core/dataset/idTable';
import type { Problem } from '../core/dataset/model';
import type { Profile } from '../core/formats/profile';
import { MetricsTracker } from '../core/metrics/tracker';
import { NO_REVIEW } from '../core/review/fold';
import { type Delta, ReviewLog, type ReviewLogOptions, type SavedChange } from '../core/review/log';
import { adjudicate } from '../core/review/resolve';
import type { DecisionsPhase, TranscriptReview } from '../core/review/state';
import { type ReviewStatus, reviewStatus } from '../core/review/status';
import { inSlices } from '../core/slices';
import { type BesideFolder, pathOf } from './besideFiles';
import { Dataset, type IndexListener } from './dataset';
import { readProfile } from './profileFile';
import { ReviewFiles } from './reviewFiles';
import { problemOf, type ReadOptions } from './reviewReading';
import { reviewFolder } from './reviewStore';
import type { RunIndex } from './runIndex';

/** Transcripts that are seen to before the thread is let go, a few ms of work. */
const SLICE = 256;
/** Texts that are compared before whoever waits for something else can go on. */
const TEXTS_AT_ONCE = 32;
/** Ids that different decisions have, which only damage or malice makes: so many are listed, the rest is counted. */
const MAX_SHARED_LISTED = 1_000;
const MAX_NAMES_LISTED = 10;

export interface AuditOptions extends ReviewLogOptions {
  readonly path: string;
  /** Where the reviewers' files are. */
  readonly reviewFolder: BesideFolder;
  readonly run: RunIndex;
  /** What its records mean; without it, what is kept beside the dataset, else what the reader finds by looking. */
  readonly profile?: Profile;
  /** Folder in which indexes are kept for the next time. */
  readonly cache?: string | undefined;
}

/** What changed: the list grew, some transcripts' decisions did, or everything may have. */
export type AuditChange =
  | { readonly type: 'grown'; readonly first: number }
  | { readonly type: 'reviewed'; readonly indices: readonly number[] }
  /** The check of skimmed records has come further, and found these to be bad. */
  | { readonly type: 'checked'; readonly bad: readonly number[] }
  | { readonly type: 'reset' };

/** Totals over all decisions, for the status line. */
export interface AuditTotals {
  /** Transcripts on whose text as it is somebody decided. */
  readonly reviewed: number;
  readonly overrides: number;
  readonly stale: number;
  /** Ids that decisions name and the dataset does not hold. */
  readonly orphans: number;
}

/** One reading of the dataset, from the start. */
interface Reading {
  readonly dataset: Dataset;
  readonly facts: DatasetFacts;
  readonly tracker: MetricsTracker;
  /** Numbers of the records that people decided on, or did; the check looks here whose texts to hash. */
  readonly decided: BloomFilter;
  /** Ids of transcripts whose text was compared with the one that people decided on. */
  readonly verified: Set<string>;
  /** Those on which decisions stand, and whose text was not. */
  readonly unverified: Set<string>;
  /** It is done, and the session's changes are counted. */
  isBegun: boolean;
  /** Of `since`, those whose change is still to be counted. */
  readonly uncounted: Set<string>;
  /** Ids of transcripts that turned up since then, with decisions that were there before them. */
  readonly late: Set<string>;
  /** Another one follows. */
  isLeft: boolean;
}

/**
 * A dataset, the decisions on it, and the metrics that follow both. The one place where the three meet: a change of a
 * decision goes through `follow`, which keeps the status of each transcript, the totals and the tracker in step.
 */
export class Audit {
  readonly log: ReviewLog;
  /** The decisions on disk. */
  reviews: ReviewFiles;
  reviewProblems: readonly Problem[] = [];
  private current: Reading;
  /** The file was seen to grow: a line that is being written is left for later. */
  private live = false;
  private profileFolder: BesideFolder;
  /** Of the decisions on disk. */
  private firstReading: 'to come' | 'under way' | 'done' = 'to come';
  /** Ids of transcripts on which decisions were made before the session began: while the dataset was read first. */
  private early: Set<string> | null = new Set();
  /** What stood on transcripts as the session began, however often they are read: those on which something changed since. */
  private readonly since = new Map<string, TranscriptReview>();
  /** Comparisons of texts that have not ended. */
  private comparisons = 0;
  private readonly status = new Map<number, ReviewStatus>();
  /** Over all of `status`, kept in step with it: asked for at every decision. */
  private counted = { reviewed: 0, overrides: 0, stale: 0 };
  /** Transcripts of the dataset on which any decision stands, notes included. */
  private located = 0;
  /**
   * Hashes of the ids on which decisions stand or stood: new transcripts are looked up here, so that opening costs no
   * walk over all decisions for each batch, and no string for each transcript.
   */
  private readonly decidedHashes = new BloomFilter();
  private closed = false;
  private readonly listeners = new Set<(change: AuditChange) => void>();

  constructor(private readonly options: AuditOptions) {
    this.log = new ReviewLog(options);
    this.reviews = new ReviewFiles(options.reviewFolder, this.log);
    this.profileFolder = reviewFolder(options.path);
    this.current = this.fresh();
  }

  get dataset(): Dataset {
    return this.current.dataset;
  }

  get facts(): DatasetFacts {
    return this.current.facts;
  }

  get tracker(): MetricsTracker {
    return this.current.tracker;
  }

  get totals(): AuditTotals {
    return { ...this.counted, orphans: this.log.reviewedCount - this.located };
  }

  /** How far the decisions on disk are taken in; until they are `known`, figures count those so far. */
  get decisions(): DecisionsPhase {
    if (this.firstReading !== 'done') return 'being read';
    const { dataset, isBegun } = this.current;
    const isChecked = isBegun || dataset.phase === 'indexing' || this.log.reviewedCount === 0;
    return this.comparisons > 0 || !isChecked ? 'being compared' : 'known';
  }

  /** null where nobody decided anything. */
  statusOf(index: number): ReviewStatus | null {
    return this.status.get(index) ?? null;
  }

  /** Returns a function that ends the subscription. */
  onChange(listener: (change: AuditChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Closes the dataset's files; nothing can be read any more. */
  dispose(): void {
    this.closed = true;
    this.dataset.dispose();
  }

  /** Reads the saved decisions and indexes the dataset, from the start. Never rejects: see `dataset.phase`. */
  async load(signal: AbortSignal): Promise<void> {
    await this.readReviews();
    this.begin();
    await this.index(signal);
  }

  /** `begin` follows: 100,000 texts need not be compared any more, which whoever waits for `index` would wait for. */
  leave(): void {
    this.current.isLeft = true;
  }

  /** Starts over with nothing but the decisions, saved and unsaved; `index` follows. */
  begin(): void {
    this.current.dataset.dispose();
    this.current = this.fresh();
    this.status.clear();
    this.counted = { reviewed: 0, overrides: 0, stale: 0 };
    this.located = 0;
    for (const { transcript } of this.log.pending()) this.decidedHashes.add(idHash(transcript));
    this.emit({ type: 'reset' });
  }

  /**
   * Indexes the dataset, applying the decisions as their transcripts turn up.
   * @param reviews the reading of the decisions, which the session's changes are counted from; it may still be under way
   */
  async index(signal: AbortSignal, reviews: Promise<unknown> = Promise.resolve()): Promise<void> {
    const { dataset, facts } = this.current;
    await dataset.index(this.options.run, signal, this.indexListener());
    facts.settle();
    await reviews;
    await this.verifyHashes(); // of what the check did not read, or was not known by then
    await this.beginSession();
    this.emit({ type: 'reset' });
  }

  /**
   * Takes in what was added to the dataset since it was read.
   * @returns false when that cannot be done, and it is to be read anew; a file that grows is then read as one that does.
   */
  async readAdded(signal: AbortSignal): Promise<boolean> {
    this.live = true;
    const done = await this.dataset.readAdded(this.options.run, signal, this.indexListener());
    if (!done) return false;
    this.facts.settle();
    this.emit({ type: 'reviewed', indices: [] }); // others may be listed
    await this.verifyHashes();
    await this.settleAllLate();
    return true;
  }

  /**
   * Takes in what has changed in the reviewers' files: at the beginning, and after another window or git has written to
   * them. One call at a time.
   * @throws AbortError when it is given up, which is then a problem among the others
   */
  async readReviews(options: ReadOptions = {}): Promise<void> {
    const { reviews } = this;
    const isFirst = this.firstReading !== 'done';
    this.firstReading = isFirst ? 'under way' : 'done';
    try {
      await this.takeIn(reviews.changes(options), isFirst);
      this.reviewProblems = [...reviews.problems, ...this.sharedIdProblems()];
    } catch (error) {
      const reason = 'the reading was given up: decisions may be missing';
      this.reviewProblems = [
        problemOf('error', pathOf(reviews.folder), null, reason),
        ...reviews.problems,
        ...this.sharedIdProblems(),
      ];
      throw error;
    } finally {
      this.firstReading = 'done';
      this.emit({ type: 'reviewed', indices: [] }); // the problems may have changed though no decision has
    }
    if (!isFirst) await this.verifyHashes(); // else the index does, once it knows where they stand
  }

  /**
   * Takes in what one reviewer has decided, before others' decisions are read or beside that: others may have many, and
   * what a new decision replaces must be known. @throws AbortError when it is given up
   */
  async readOwn(reviewer: string, options: ReadOptions = {}): Promise<void> {
    await this.takeIn(this.reviews.changesOf(reviewer, options), this.firstReading !== 'done');
  }

  /** What was there before the session began is no change of the session's. */
  private async takeIn(changes: AsyncIterable<SavedChange>, isBefore: boolean): Promise<void> {
    const take = (deltas: readonly Delta[]) => {
      if (isBefore) this.tell(this.settle(deltas));
      else this.follow(deltas);
    };
    try {
      for await (const change of changes) take(this.log.changeSaved(change));
    } finally {
      for (let delta = this.log.foldPostponed(); delta; delta = this.log.foldPostponed()) {
        take([delta]);
        await setImmediate();
      }
    }
  }

  /** Takes decisions and profile from another folder, when they are read next; none were read from the one before. */
  useFolder(folder: BesideFolder): void {
    this.reviews = new ReviewFiles(folder, this.log);
    this.profileFolder = folder;
    this.firstReading = 'to come';
  }

  /** Brings status, totals and metrics in line with what people did to the log, and tells the listeners. */
  follow(deltas: readonly Delta[]): void {
    for (const { transcript, before } of deltas) {
      if (this.early) this.early.add(transcript);
      else if (!this.since.has(transcript)) this.since.set(transcript, before);
      this.settleLate(transcript, before);
    }
    this.tell(this.settle(deltas));
  }

  /** Tells the hash of a transcript's text: decisions that were made on another text are stale from here on. */
  followText(transcript: string, hash: string): void {
    this.tell(this.takeText(transcript, hash));
  }

  /** See `followText`. @returns the transcripts whose status changed: one or none. */
  private takeText(transcript: string, hash: string): readonly number[] {
    this.current.verified.add(transcript);
    this.current.unverified.delete(transcript);
    const delta = this.log.setHash(transcript, hash);
    // At once: a decision that came in between would be overtaken by what stood before it.
    return delta ? this.settle([delta]) : [];
  }

  /** @returns the transcripts whose status may have changed. */
  private settle(deltas: readonly Delta[]): readonly number[] {
    const indices: number[] = [];
    for (const { transcript, before, after } of deltas) {
      if (after !== NO_REVIEW) this.decidedHashes.add(idHash(transcript));
      const index = this.dataset.columns.indexOf(transcript);
      if (index < 0) continue;
      if (after !== NO_REVIEW) this.toVerify(transcript);
      this.countSince(transcript, before);
      this.update(index, before, after);
      indices.push(index);
    }
    return indices;
  }

  private tell(indices: readonly number[]): void {
    if (indices.length > 0) this.emit({ type: 'reviewed', indices });
  }

  /** Ids that several entries have: neither hides the other, but a retraction of one is no retraction of the other. */
  private sharedIdProblems(): Problem[] {
    const ids = this.log.sharedIds();
    const warning = (reason: string) => problemOf('warning', pathOf(this.reviews.folder), null, reason);
    const problems = ids.slice(0, MAX_SHARED_LISTED).map((id) => {
      const reviewers = this.log.reviewersOf(id);
      const names = reviewers.slice(0, MAX_NAMES_LISTED).map((name) => JSON.stringify(name));
      if (reviewers.length > names.length) names.push(`${reviewers.length - names.length} others`);
      return warning(`different decisions of ${names.join(' and ')} have the id ${id}; all of them count`);
    });
    const more = ids.length - problems.length;
    if (more > 0) problems.push(warning(`different decisions share ${more} more ids; all of them count`));
    return problems;
  }

  private fresh(): Reading {
    const { path, profile, cache } = this.options;
    const choose = async () => profile ?? readProfile(this.profileFolder);
    const decided = new BloomFilter();
    const dataset = new Dataset(path, { choose, cache, live: this.live, decided });
    const facts = new DatasetFacts(dataset.columns);
    return {
      dataset,
      facts,
      tracker: new MetricsTracker(facts),
      decided,
      verified: new Set(),
      unverified: new Set(),
      isBegun: false,
      uncounted: new Set(),
      late: new Set(),
      isLeft: false,
    };
  }

  /**
   * The session's changes are counted from the decisions that were there before it, whenever the dataset is read; those that
   * people made while it was read first are changes already.
   */
  private async beginSession(): Promise<void> {
    const reading = this.current;
    for (const id of this.early ?? []) this.since.set(id, this.log.reviewBefore(id));
    this.early = null;
    reading.tracker.beginSession();
    reading.isBegun = true;
    for (const id of this.since.keys()) reading.uncounted.add(id);
    for (const ids of inSlices([[...reading.uncounted]], SLICE)) {
      if (reading !== this.current) return;
      for (const id of ids) this.countSince(id, this.log.review(id));
      await setImmediate();
    }
  }

  /** Counts what has changed on a transcript since the session began, once in each reading: up to this review of it. */
  private countSince(id: string, review: TranscriptReview): void {
    const { dataset, tracker, uncounted } = this.current;
    const before = this.since.get(id);
    if (!uncounted.delete(id) || !before) return;
    const index = dataset.columns.indexOf(id);
    if (index < 0 || dataset.columns.isBad(index)) return;
    tracker.countSinceSession(index, adjudicate(this.log.onPresentText(id, before)), adjudicate(review));
  }

  /** Had it been there when the session began, what was decided on it would have been, too. */
  private settleLate(id: string, review: TranscriptReview): void {
    const { dataset, tracker, late } = this.current;
    if (!late.delete(id)) return;
    const index = dataset.columns.indexOf(id);
    if (!dataset.columns.isBad(index)) tracker.countBeforeSession(index, adjudicate(review));
  }

  private async settleAllLate(): Promise<void> {
    const { late } = this.current;
    if (late.size === 0) return;
    for (const ids of inSlices([[...late]], SLICE)) {
      for (const id of ids) this.settleLate(id, this.log.review(id));
      await setImmediate();
      if (late !== this.current.late) return;
    }
    this.emit({ type: 'reviewed', indices: [] }); // the figures of the session have changed
  }

  /** A record that was counted is bad: neither it nor what people decided on it counts any more. */
  private takeOut(index: number): void {
    const review = this.log.review(this.dataset.columns.id(index));
    this.tracker.apply(index, adjudicate(review), new Map());
    this.tracker.removeTranscript(index);
  }

  private indexListener(): IndexListener {
    const { dataset, tracker } = this.current;
    return {
      grown: (first) => {
        for (let index = first; index < dataset.columns.count; index++) {
          if (!dataset.columns.isBad(index)) tracker.addTranscript(index);
        }
        this.locate(first);
        this.emit({ type: 'grown', first });
      },
      checked: (bad) => {
        for (const index of bad) this.takeOut(index);
        this.emit({ type: 'checked', bad });
      },
      hashed: (texts) => {
        if (dataset !== this.dataset || this.closed) return; // read again meanwhile: its texts may be others
        this.tell(texts.flatMap(({ index, hash }) => this.takeText(dataset.columns.id(index), hash)));
      },
    };
  }

  /** Applies the decisions on transcripts that have turned up in the dataset: those from number `first` on. */
  private locate(first: number): void {
    const { columns } = this.dataset;
    for (let index = first; index < columns.count; index++) {
      if (!this.decidedHashes.mayHave(columns.idHash(index))) continue;
      const id = columns.id(index);
      const review = this.log.review(id);
      if (review === NO_REVIEW) continue;
      this.toVerify(id);
      this.update(index, NO_REVIEW, review);
      if (this.current.isBegun) this.current.late.add(id);
    }
  }

  private update(index: number, before: TranscriptReview, after: TranscriptReview): void {
    this.located += Number(after !== NO_REVIEW) - Number(before !== NO_REVIEW);
    this.current.decided.add(index);
    const adjudication = adjudicate(after);
    if (!this.dataset.columns.isBad(index)) {
      this.tracker.apply(index, adjudicate(before), adjudication);
    }
    const status = reviewStatus(this.dataset.columns, index, after, adjudication);
    this.count(this.status.get(index), -1);
    if (status === null) this.status.delete(index);
    else this.status.set(index, status);
    this.count(status, 1);
  }

  /**
   * Reads every transcript that was decided on, to find the decisions whose text has changed since. Each once: while
   * its bytes can be read at all, the file is as it was. In the order of the file, which is how packed ones are read.
   */
  private async verifyHashes(): Promise<void> {
    const { dataset, unverified } = this.current;
    const wanted: number[] = [];
    for (const ids of inSlices([unverified], SLICE)) {
      for (const id of ids) wanted.push(dataset.columns.indexOf(id));
      await setImmediate();
    }
    const inOrder = Uint32Array.from(wanted).sort();
    if (inOrder.length === 0) return;
    this.comparing(1);
    try {
      await this.compareTexts(dataset, inOrder);
    } finally {
      this.comparing(-1);
    }
  }

  private toVerify(transcript: string): void {
    const { verified, unverified } = this.current;
    if (!verified.has(transcript)) unverified.add(transcript);
  }

  /** How far the decisions are known has changed, which is told though none has. */
  private comparing(more: 1 | -1): void {
    this.comparisons += more;
    this.emit({ type: 'reviewed', indices: [] });
  }

  private async compareTexts(dataset: Dataset, inOrder: Uint32Array): Promise<void> {
    for (const slice of inSlices([inOrder], SLICE)) {
      const changed: number[] = [];
      for (const indices of inSlices([slice], TEXTS_AT_ONCE)) {
        if (this.current.isLeft) return;
        const hashes = await dataset.hashes(indices);
        if (dataset !== this.dataset || this.closed) return; // read again meanwhile: its texts may be others
        for (const [at, index] of indices.entries()) {
          const hash = hashes[at] ?? null;
          if (hash !== null) changed.push(...this.takeText(dataset.columns.id(index), hash));
        }
      }
      this.tell(changed);
    }
  }

  private count(status: ReviewStatus | null | undefined, sign: 1 | -1): void {
    if (!status) return;
    if (status.reviewers.size > 0) this.counted.reviewed += sign;
    this.counted.overrides += sign * status.overridden.size;
    if (status.stale) this.counted.stale += sign;
  }

  private emit(change: AuditChange): void {
    for (const listener of this.listeners) listener(change);
  }
}
