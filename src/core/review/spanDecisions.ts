import { reviewerKey } from './reviewerKey';
import type { SpanDecision, TranscriptReview } from './state';

/**
 * What was decided on each span, by its id: those of the dataset, and those that reviewers added.
 *
 * A span that somebody added is called by the id of the entry that adds it, which no other one has. Where another one has
 * it all the same (a hostile file, or a dataset whose spans are called so), each added span is by its author, under an id
 * of its own, and what was said of the id is said of the dataset's span, or of none: of which one nobody can tell.
 */
export function spanDecisions(
  spans: readonly { readonly id: string }[],
  review: TranscriptReview,
): ReadonlyMap<string, readonly SpanDecision[]> {
  if (review.spans.size === 0) return review.spans;
  const ofDataset = new Set(spans.map(({ id }) => id));
  const added = (decisions: readonly SpanDecision[]) => decisions.filter(({ action }) => action === 'add');
  const isClear = ([id, decisions]: readonly [string, readonly SpanDecision[]]) =>
    added(decisions).length <= (ofDataset.has(id) ? 0 : 1);
  if ([...review.spans].every(isClear)) return review.spans;
  const all = new Map<string, readonly SpanDecision[]>();
  const append = (id: string, more: readonly SpanDecision[]) =>
    all.set(id, [...(all.get(id) ?? []), ...more]);
  for (const each of review.spans) {
    const [id, decisions] = each;
    if (isClear(each)) {
      append(id, decisions);
      continue;
    }
    if (ofDataset.has(id))
      append(
        id,
        decisions.filter(({ action }) => action !== 'add'),
      );
    for (const add of added(decisions)) append(`${id} by ${reviewerKey(add.reviewer)}`, [add]);
  }
  return all;
}
