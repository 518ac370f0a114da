/** The resolution rule: what several reviewers' decisions come to. */
import type { Adjudication, LabelDecision, SpanDecision, TranscriptReview } from './state';

/**
 * The majority of yes and no among reviewers; unsure abstains.
 * null: decided, but a tie or nothing but unsure. undefined: decided by nobody.
 * A stale decision was made on another text and is not heard.
 */
export function resolveLabel(decisions: readonly LabelDecision[]): boolean | null | undefined {
  let lead = 0;
  let heard = false;
  for (const { stale, answer } of decisions) {
    if (stale) continue;
    heard = true;
    if (answer !== 'unsure') lead += answer === 'yes' ? 1 : -1;
  }
  if (!heard) return undefined;
  return lead === 0 ? null : lead > 0;
}

const UNDECIDED: Adjudication = new Map();
/** Only somebody who makes them up has more; what they come to is kept, since each decision asks before and after it. */
const MANY_LABELS = 1_000;
const ofMany = new WeakMap<TranscriptReview, Adjudication>();

/** The value of every label of a transcript on which a decision stands. */
export function adjudicate(review: TranscriptReview): Adjudication {
  if (review.labels.size <= MANY_LABELS) return adjudicated(review);
  const known = ofMany.get(review) ?? adjudicated(review);
  ofMany.set(review, known);
  return known;
}

function adjudicated(review: TranscriptReview): Adjudication {
  if (review.labels.size === 0) return UNDECIDED;
  const values = new Map<string, boolean | null>();
  for (const [label, decisions] of review.labels) {
    const value = resolveLabel(decisions);
    if (value !== undefined) values.set(label, value);
  }
  return values;
}

/** How many reviewers confirm and reject a span; stale decisions are not heard. */
export function resolveSpan(decisions: readonly SpanDecision[]): {
  readonly confirms: number;
  readonly rejects: number;
} {
  const heard = decisions.filter((decision) => !decision.stale);
  return {
    confirms: heard.filter((decision) => decision.action === 'confirm').length,
    rejects: heard.filter((decision) => decision.action === 'reject').length,
  };
}
