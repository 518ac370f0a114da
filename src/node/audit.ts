import { DatasetFacts } from '../core/dataset/facts';
import type { Problem } from '../core/dataset/model';
import { MetricsTracker } from '../core/metrics/tracker';
import { type Delta, ReviewLog, type ReviewLogOptions } from '../core/review/log';
import { adjudicate } from '../core/review/resolve';
import type { TranscriptReview } from '../core/review/state';
import { type ReviewStatus, reviewStatus } from '../core/review/status';
import { Dataset } from './dataset';
import { readReviews } from './reviewStore';
import type { RunIndex } from './runIndex';

export interface AuditOptions extends ReviewLogOptions {
  readonly path: string;
  /** Where the reviewers' files are. */
  readonly reviewFolder: string;
  readonly run: RunIndex;
}

/** What changed: the list grew, some transcripts' decisions did, or everything may have. */
export type AuditChange =
  | { readonly type: 'grown'; readonly first: number }
  | { readonly type: 'reviewed'; readonly indices: readonly number[] }
  | { readonly type: 'reset' };

/** Totals over all decisions, for the status line. */
export interface AuditTotals {
  readonly reviewed: number;
  readonly overrides: number;
  readonly stale: number;
  /** Ids that decisions name and the dataset does not hold. */
  readonly orphans: number;
}

/**
 * A dataset, the decisions on it, and the metrics that follow both. The one place where the three meet: a change of a
 * decision goes through `follow`, which keeps the status of each transcript, the totals and the tracker in step.
 */
export class Audit {
  readonly log: ReviewLog;
  reviewProblems: readonly Problem[] = [];
  private current: { dataset: Dataset; facts: DatasetFacts; tracker: MetricsTracker };
  private readonly status = new Map<number, ReviewStatus>();
  /** Ids with decisions that have not been met in the dataset (yet). */
  private readonly unlocated = new Set<string>();
  private readonly listeners = new Set<(change: AuditChange) => void>();

  constructor(private readonly options: AuditOptions) {
    this.log = new ReviewLog(options);
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
    let overrides = 0;
    let stale = 0;
    for (const status of this.status.values()) {
      overrides += status.overridden.size;
      if (status.stale) stale++;
    }
    return { reviewed: this.status.size, overrides, stale, orphans: this.unlocated.size };
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

  /** Reads the saved decisions and indexes the dataset, from the start. Never rejects: see `dataset.phase`. */
  async load(signal: AbortSignal): Promise<void> {
    await this.begin();
    await this.index(signal);
  }

  /** Starts over with nothing but the decisions, saved and unsaved; `index` follows. */
  async begin(): Promise<void> {
    const { entries, problems } = await readReviews(this.options.reviewFolder);
    this.current = this.fresh();
    this.status.clear();
    this.unlocated.clear();
    this.reviewProblems = problems;
    this.log.setSaved(entries);
    for (const id of this.log.reviewedTranscripts()) this.unlocated.add(id);
    this.emit({ type: 'reset' });
  }

  /** Indexes the dataset, applying the decisions as their transcripts turn up. */
  async index(signal: AbortSignal): Promise<void> {
    const { dataset, tracker } = this.current;
    await dataset.index(this.options.run, signal, (first) => {
      for (let index = first; index < dataset.columns.count; index++) {
        if (!dataset.columns.isBad(index)) tracker.addTranscript(index);
      }
      this.locate();
      this.emit({ type: 'grown', first });
    });
    await this.verifyHashes();
    // Saved decisions were there before the session: the session's changes are counted from here.
    tracker.beginSession();
    this.emit({ type: 'reset' });
  }

  /** Reads the reviewers' files again, after another window or git has written to them. */
  async reloadReviews(): Promise<void> {
    const { entries, problems } = await readReviews(this.options.reviewFolder);
    this.reviewProblems = problems;
    this.follow(this.log.setSaved(entries));
    await this.verifyHashes();
  }

  /** Brings status, totals and metrics in line with changes of the log, and tells the listeners. */
  follow(deltas: readonly Delta[]): void {
    const indices: number[] = [];
    for (const delta of deltas) {
      const index = this.dataset.columns.indexOf(delta.transcript);
      if (index < 0) this.unlocated.add(delta.transcript);
      else {
        this.update(index, delta.before, delta.after);
        indices.push(index);
      }
    }
    if (indices.length > 0) this.emit({ type: 'reviewed', indices });
  }

  private fresh() {
    const dataset = new Dataset(this.options.path);
    const facts = new DatasetFacts(dataset.columns);
    return { dataset, facts, tracker: new MetricsTracker(facts) };
  }

  /** Applies the decisions on transcripts that have turned up in the dataset since the last call. */
  private locate(): void {
    for (const id of this.unlocated) {
      const index = this.dataset.columns.indexOf(id);
      if (index < 0) continue;
      this.unlocated.delete(id);
      this.update(index, null, this.log.review(id));
    }
  }

  private update(index: number, before: TranscriptReview | null, after: TranscriptReview): void {
    if (!this.dataset.columns.isBad(index)) {
      this.tracker.apply(index, before === null ? new Map() : adjudicate(before), adjudicate(after));
    }
    const status = reviewStatus(this.dataset.columns, index, after);
    if (status === null) this.status.delete(index);
    else this.status.set(index, status);
  }

  /** Reads every transcript that was decided on, to find the decisions whose text has changed since. */
  private async verifyHashes(): Promise<void> {
    const deltas: Delta[] = [];
    for (const id of [...this.log.reviewedTranscripts()]) {
      const index = this.dataset.columns.indexOf(id);
      if (index < 0) continue;
      const hash = await this.dataset.hash(index).catch(() => null);
      const delta = hash === null ? null : this.log.setHash(id, hash);
      if (delta) deltas.push(delta);
    }
    this.follow(deltas);
  }

  private emit(change: AuditChange): void {
    for (const listener of this.listeners) listener(change);
  }
}
