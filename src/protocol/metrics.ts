/** Messages between the Gap Metrics view (host) and its webview. */
import type { Unlisted } from '../core/dataset/facts';
import type { Facets } from '../core/dataset/model';
import type { ClassifierFigures, LabelMode, MetricsOptions, MetricsRow } from '../core/metrics/figures';
import type { DecisionsPhase } from '../core/review/state';

export interface MetricsSnapshot {
  /** null: no dataset is active; the view says how to open one. */
  readonly dataset: {
    readonly file: string;
    readonly transcripts: number;
    readonly bad: number;
    readonly reviewed: number;
    readonly overrides: number;
    readonly stale: number;
    /** Transcripts without a condition: in no arm, in no gap. */
    readonly noCondition: number;
    readonly phase: 'indexing' | 'checking' | 'ready' | 'cancelled' | 'failed';
    /** What has happened to it on disk since it was read, in words; null when nothing has. */
    readonly notice: string | null;
    /** What is wrong with files as a whole, of which something is missing, in words; null when nothing is. */
    readonly faults: string | null;
    readonly decisions: DecisionsPhase;
    /** What is wrong with the files of decisions, of which some may be missing for it, in words; null when nothing is. */
    readonly decisionsProblem: string | null;
  } | null;
  readonly options: MetricsOptions;
  /** The row that the transcript on screen counts in, null when there is none. */
  readonly current: Facets | null;
  /** Alignment-faking classifiers of the dataset, in its order; as many as are listed. */
  readonly classifiers: readonly string[];
  /** What the lists of rows and classifiers leave out. */
  readonly unlisted: UnlistedFigures;
  /** The rows of `current` where they are not among the others: as those of the three lists. */
  readonly currentRows: readonly [MetricsRow, MetricsRow, MetricsRow] | null;
  /** Figures for the chosen labels. */
  readonly rows: readonly MetricsRow[];
  /** The same rows, in the same order, resting on classifiers alone. */
  readonly classifierRows: readonly MetricsRow[];
  /** The same rows as they stood when the session began, for the chosen labels. */
  readonly sessionRows: readonly MetricsRow[];
}

export type UnlistedFigures = Pick<Unlisted, 'rows' | 'transcripts' | 'classifiers'>;

/** Rows that differ from those sent before, each with its place among them. */
export type RowChanges = readonly { readonly at: number; readonly row: MetricsRow }[];

/** What has changed since the last message: there may be hundreds of rows, and a decision changes one. */
export interface MetricsUpdate extends Pick<MetricsSnapshot, 'dataset' | 'current' | 'unlisted'> {
  /** Left out where they have not changed. */
  readonly currentRows?: MetricsSnapshot['currentRows'];
  readonly rows: RowChanges;
  readonly classifierRows: RowChanges;
  readonly sessionRows: RowChanges;
}

/** Answered by the host. */
export type MetricsHost = {
  ready: (params: Record<string, never>) => MetricsSnapshot;
  /** One row's figures by each of the listed classifiers alone, for the labels and the conditioning chosen last. */
  byClassifier: (params: Facets) => readonly ClassifierFigures[];
  options: (params: MetricsOptions) => void;
  /** "openSample" and "openFile" are offered while no dataset is active. */
  command: (params: { name: 'openSample' | 'openFile' | 'copyTable' }) => void;
};

/** Answered by the webview. */
export type MetricsWebview = {
  snapshot: (params: MetricsSnapshot) => void;
  /** Goes with the last snapshot or update. */
  update: (params: MetricsUpdate) => void;
};

export type { LabelMode };
