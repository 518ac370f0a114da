/**
 * The words of the field (setting, condition, verdict, span …) as types.
 * Every file format is read into these; nothing downstream knows which format a transcript came from.
 */

/** Free tier and watched, or paid tier and deployed (Greenblatt et al. 2024, section 3.1). */
export const CONDITIONS = ['training', 'unmonitored'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** The labels that the metrics of section 3.3.4 read. Datasets may hold others. */
export const LABELS = [
  'complied',
  'alignment_faking',
  'unmonitored_awareness',
  'free_to_act',
  'criteria_conflict',
] as const;

/** UTF-16 units. An id is held for each record, where a file may have one long text for all of them. */
export const MOST_ID_UNITS = 10_000;

/** What a facet reads when the file does not say; shown on screen as such. */
export const UNKNOWN_SETTING = 'unknown';
export const DEFAULT_VARIANT = 'default';
export const NO_PREFIX = 'none';

/** How a producer counted offsets: Python code points, JavaScript UTF-16 units, Rust or Go bytes of UTF-8. */
export const OFFSET_UNITS = ['codepoint', 'utf16', 'byte'] as const;
export type OffsetUnit = (typeof OFFSET_UNITS)[number];

/** One row of the metrics: setting x variant x prefix arm. */
export interface Facets {
  readonly setting: string;
  readonly variant: string;
  readonly prefix: string;
}

export type RegionKind = 'scratchpad' | 'draft' | 'output';

export interface Message {
  readonly role: string;
  readonly content: string;
  /** UTF-16 units at the start of `content` that were put there, not sampled; 0 for none. */
  readonly prefill: number;
  /** Set where the file keeps scratchpad and output in separate fields; otherwise tags in the text decide. */
  readonly region: RegionKind | null;
}

/** What one classifier answered for one label. */
export interface Verdict {
  readonly classifier: string;
  readonly label: string;
  /** null: the classifier gave no usable answer. */
  readonly value: boolean | null;
  readonly score: number | null;
  readonly votes: number | null;
  readonly version: string | null;
  /** Read out of the text by us (an accept or reject tag), not stored by a classifier. */
  readonly derived: boolean;
}

/** Evidence as the file states it: by offsets in some unit, by quote, or by both. */
export interface StoredSpan {
  readonly id: string;
  readonly classifier: string;
  readonly label: string;
  readonly message: number | null;
  readonly start: number | null;
  readonly end: number | null;
  readonly unit: OffsetUnit;
  readonly quote: string | null;
  /** The text right before and after the quote, as a W3C TextQuoteSelector has it: tells its places apart. */
  readonly prefix?: string | null;
  readonly suffix?: string | null;
  readonly score: number | null;
}

export interface Transcript {
  /** Unique within the dataset; a second one of the same name is read as `name#2`. */
  readonly id: string;
  readonly setting: string;
  readonly condition: Condition | null;
  readonly variant: string;
  readonly prefix: string;
  readonly promptId: string | null;
  readonly model: string | null;
  readonly messages: readonly Message[];
  readonly verdicts: readonly Verdict[];
  readonly spans: readonly StoredSpan[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Problems beyond this many are counted, not listed: a gigabyte of garbage must not fill the memory. */
export const LISTED_PROBLEMS = 10_000;

/**
 * Something wrong with the input. `error`: the record could not be read and is in no count.
 * `warning`: the record counts, a part of it does not.
 */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** 1-based line of the file; null where the trouble is the file itself. */
  readonly line: number | null;
  /** Byte offset of the record in the file. */
  readonly offset: number | null;
  /** Index of the record in the dataset, null where there is none. */
  readonly index: number | null;
  readonly reason: string;
  /** How many warnings it stands for, where they are several. */
  readonly times?: number;
  /** A whole file of data was skipped, by an error or not: the figures lack what it holds. */
  readonly leavesOut?: boolean;
}
