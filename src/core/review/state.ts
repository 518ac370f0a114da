/** What people have decided about one transcript, after every log has been folded. Plain data, safe to post. */

export const ANSWERS = ['yes', 'no', 'unsure'] as const;
export type Answer = (typeof ANSWERS)[number];

/** A place in the text, in UTF-16 units of the message's content. */
export interface TextRange {
  readonly message: number;
  readonly start: number;
  readonly end: number;
  readonly quote: string;
}

/** The newest standing decision of one reviewer on one target. */
export interface LabelDecision {
  readonly reviewer: string;
  readonly entry: string;
  readonly answer: Answer;
  readonly at: string;
  /** Made on a text that has changed since: shown, never counted. */
  readonly stale: boolean;
}

export interface SpanDecision {
  readonly reviewer: string;
  readonly entry: string;
  readonly action: 'confirm' | 'reject' | 'relabel' | 'rebound' | 'add';
  readonly label: string | null;
  readonly range: TextRange | null;
  /** Whose added span it is about, where that is named. */
  readonly of: string | null;
  readonly at: string;
  readonly stale: boolean;
}

export interface NoteDecision {
  readonly reviewer: string;
  readonly entry: string;
  readonly text: string;
  readonly at: string;
  readonly stale: boolean;
}

export interface TranscriptReview {
  readonly labels: ReadonlyMap<string, readonly LabelDecision[]>;
  readonly spans: ReadonlyMap<string, readonly SpanDecision[]>;
  readonly notes: readonly NoteDecision[];
}

/**
 * Adjudicated labels of one transcript: a label that is absent was decided by nobody;
 * null was decided, but as unsure or with a tie (METRICS: such labels leave numerator and denominator).
 */
export type Adjudication = ReadonlyMap<string, boolean | null>;

/**
 * How far the decisions on disk are taken in. `being compared`: some may have been made on a text that has changed since,
 * and count until that is found.
 */
export type DecisionsPhase = 'being read' | 'being compared' | 'known';
