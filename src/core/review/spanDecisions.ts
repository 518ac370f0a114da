import { reviewerKey } from './reviewerKey';
import type { SpanDecision, TranscriptReview } from './state';

/**
 * What was decided on each span, by its id: those of the dataset, and those that reviewers added.
 *
 * A span that somebody added is called by the id of the entry that adds it, which no other one has. Where another one has
 * it all the same (a hostile file, or a dataset whose spans are called so), each added span is by its author, under an id
 * of its own. What is decided on an added span names its author; where it does not, as earlier versions did, and there
 * are several, it is about none of them: which one is meant nobody can tell. That is under an id without a span.
 */
export function spanDecisions(
  spans: readonly { readonly id: string }[],
  review: TranscriptReview,
): ReadonlyMap<string, readonly SpanDecision[]> {
  if (review.spans.size === 0) return review.spans;
  const ofDataset = new Set(spans.map(({ id }) => id));
  const all = new Map<string, readonly SpanDecision[]>();
  for (const [id, decisions] of review.spans) {
    const adds = decisions.filter(isAdd);
    const isShared = areShared(adds.length, ofDataset.has(id));
    const [first] = adds;
    const only = first && !isShared ? reviewerKey(first.reviewer) : null;
    // By whose span they are on; null for that of the dataset.
    const on = new Map<string | null, SpanDecision[]>();
    if (ofDataset.has(id)) on.set(null, []);
    for (const add of adds) on.set(reviewerKey(add.reviewer), [add]);
    const nobodys: SpanDecision[] = [];
    for (const decision of decisions) {
      if (isAdd(decision)) continue;
      const whose = decision.of === null ? only : reviewerKey(decision.of);
      (on.get(whose) ?? nobodys).push(decision);
    }
    // An id may be spelt as one of those that are made up here.
    const isFree = (made: string) => !all.has(made) && !ofDataset.has(made) && !review.spans.has(made);
    const called = (wanted: string) => {
      let made = wanted;
      while (!isFree(made)) made += "'";
      return made;
    };
    for (const [author, its] of on) {
      const made = isShared && author !== null ? called(`${id} by ${author}`) : id;
      all.set(made, author === only ? lastOfEach(its) : its);
    }
    if (nobodys.length > 0) all.set(all.has(id) || isShared ? called(`${id} by nobody here`) : id, nobodys);
  }
  return all;
}

/**
 * Earlier versions named no author: who decided with such a one and with this one has decided twice, and the last of both,
 * by their ids, counts.
 */
function lastOfEach(decisions: readonly SpanDecision[]): readonly SpanDecision[] {
  if (decisions.every(({ of }) => of === null) || decisions.every((one) => isAdd(one) || one.of !== null))
    return decisions;
  const last = new Map<string, SpanDecision>();
  for (const decision of decisions) {
    if (isAdd(decision)) continue;
    const key = reviewerKey(decision.reviewer);
    const other = last.get(key);
    if (!other || other.entry < decision.entry) last.set(key, decision);
  }
  return decisions.filter((one) => isAdd(one) || last.get(reviewerKey(one.reviewer)) === one);
}

/**
 * Whether several spans of a transcript have this id: then nobody can tell which one is meant where no author is named.
 */
export function isSharedId(
  id: string,
  spans: readonly { readonly id: string }[],
  review: TranscriptReview,
): boolean {
  const adds = review.spans.get(id)?.filter(isAdd).length ?? 0;
  return areShared(
    adds,
    spans.some((span) => span.id === id),
  );
}

function areShared(adds: number, isOfDataset: boolean): boolean {
  return adds > (isOfDataset ? 0 : 1);
}

function isAdd({ action }: SpanDecision): boolean {
  return action === 'add';
}
