/** The resolution rule: what several reviewers' decisions come to. */
import type { Adjudication, LabelDecision, SpanDecision, TranscriptReview } from './state';

/**
 * The majority of yes and no among reviewers; unsure abstains.
 * null: decided, but a tie or nothing but unsure. undefined: decided by nobody.
 * A stale decision was made on another text and is not heard.
 */
export function resolveLabel(decisions: readonly LabelDecision[]): boolean | null | undefined {
  const heard = decisions.filter((decision) => !decision.stale);
  if (heard.length === 0) return undefined;
  const yes = heard.filter((decision) => decision.answer === 'yes').length;
  const no = heard.filter((decision) => decision.answer === 'no').length;
  return yes === no ? null : yes > no;
}

/** The value of every label of a transcript on which a decision stands. */
export function adjudicate(review: TranscriptReview): Adjudication {
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
