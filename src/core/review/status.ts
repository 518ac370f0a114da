import type { Columns } from '../dataset/columns';
import { adjudicate } from './resolve';
import { reviewerKey } from './reviewerKey';
import type { Adjudication, TranscriptReview } from './state';

/** What the list and the status line need to know of one transcript's decisions. */
export interface ReviewStatus {
  readonly adjudication: Adjudication;
  /** Keys of those who decided something that counts: on a label or a span of the text as it is. With none it is not reviewed. */
  readonly reviewers: ReadonlySet<string>;
  /** Labels whose adjudicated value differs from what some classifier said. */
  readonly overridden: ReadonlySet<string>;
  /** Some decision was made on a text that has changed since. */
  readonly stale: boolean;
}

/** Shared by all transcripts on which nothing is overridden, most of 100,000. */
const NONE: Set<string> = new Set();

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
  if (review.labels.size === 0 && review.spans.size === 0) return null;
  const reviewers = new Set<string>();
  let stale = false;
  for (const targets of [review.labels, review.spans]) {
    for (const decisions of targets.values()) {
      for (const decision of decisions) {
        if (decision.stale) stale = true;
        else reviewers.add(reviewerKey(decision.reviewer));
      }
    }
  }
  let overridden = NONE;
  columns.forEachVerdict(index, (source, value) => {
    const label = columns.sources[source]?.label;
    if (label === undefined || value === null) return;
    const adjudicated = adjudication.get(label);
    if (typeof adjudicated === 'boolean' && adjudicated !== value)
      overridden = overridden === NONE ? new Set([label]) : overridden.add(label);
  });
  return {
    adjudication,
    reviewers,
    overridden,
    stale,
  };
}
