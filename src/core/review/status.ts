import type { Columns } from '../dataset/columns';
import { adjudicate } from './resolve';
import { reviewerKey } from './reviewerKey';
import type { Adjudication, TranscriptReview } from './state';

/** What the list and the status line need to know of one transcript's decisions. */
export interface ReviewStatus {
  readonly adjudication: Adjudication;
  /** Keys of those who decided something that stands: a label or a span, stale or not. */
  readonly reviewers: ReadonlySet<string>;
  /** Labels whose adjudicated value differs from what some classifier said. */
  readonly overridden: ReadonlySet<string>;
  /** Some decision was made on a text that has changed since. */
  readonly stale: boolean;
}

/** Shared by all transcripts on which nothing is overridden, most of 100,000. */
const NONE: ReadonlySet<string> = new Set();

/**
 * null for a transcript on which nothing stands.
 * @param adjudication of the review, where it is known already
 */
export function reviewStatus(
  columns: Columns,
  index: number,
  review: TranscriptReview,
  adjudication = adjudicate(review),
): ReviewStatus | null {
  const decisions = [...review.labels.values(), ...review.spans.values()].flat();
  if (decisions.length === 0) return null;
  const overridden = new Set<string>();
  columns.forEachVerdict(index, (source, value) => {
    const label = columns.sources[source]?.label;
    if (label === undefined || value === null) return;
    const adjudicated = adjudication.get(label);
    if (typeof adjudicated === 'boolean' && adjudicated !== value) overridden.add(label);
  });
  return {
    adjudication,
    reviewers: new Set(decisions.map((decision) => reviewerKey(decision.reviewer))),
    overridden: overridden.size === 0 ? NONE : overridden,
    stale: decisions.some((decision) => decision.stale),
  };
}
