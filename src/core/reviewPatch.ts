/** What a decision changes of a transcript on screen: told instead of the whole, whose texts may be megabytes. */
import { sameJson } from './sameJson';
import type { RecordView, TranscriptView } from './viewModel';

/** What people decide on a transcript changes nothing but these, all of which stand beside its texts. */
const LISTS = ['labels', 'spans', 'otherNotes', 'problems'] as const;
const VALUES = ['moreLabels', 'note', 'noteStale', 'moreNotes'] as const;
const REVIEW: ReadonlySet<string> = new Set([...LISTS, ...VALUES]);

/** In a list, as it was: from `at` on `removed` items give way to the added ones. */
export interface ListChange<T> {
  readonly at: number;
  readonly removed: number;
  readonly added: readonly T[];
}

type Item<K extends keyof TranscriptView> = TranscriptView[K] extends readonly (infer T)[] ? T : never;

/** Of lists what changed in them, in order; of the rest what it is now. What stays is left out. */
export type ReviewPatch = {
  readonly [K in (typeof LISTS)[number]]?: readonly ListChange<Item<K>>[];
} & { readonly [K in (typeof VALUES)[number]]?: TranscriptView[K] };

/** null where more than what was decided is another: then it is another transcript, or text. */
export function reviewPatch(before: RecordView | null, now: RecordView | null): ReviewPatch | null {
  if (before?.kind !== 'transcript' || now?.kind !== 'transcript' || !isSameText(before, now)) return null;
  const changes = LISTS.map((key) => [key, changesOf<unknown>(before[key], now[key])] as const);
  const values = VALUES.map((key) => [key, now[key]] as const).filter(
    ([key, value]) => before[key] !== value,
  );
  return Object.fromEntries([...changes.filter(([, list]) => list.length > 0), ...values]);
}

/** What a patch makes of the view that it was made of. What stays are the same objects, the messages among them. */
export function patched(view: TranscriptView, patch: ReviewPatch): TranscriptView {
  const { labels, spans, otherNotes, problems, ...values } = patch;
  return {
    ...view,
    ...values,
    labels: changed(view.labels, labels),
    spans: changed(view.spans, spans),
    otherNotes: changed(view.otherNotes, otherNotes),
    problems: changed(view.problems, problems),
  };
}

/** By identity: the texts of a transcript that is held are the same objects each time. */
function isSameText(before: TranscriptView, now: TranscriptView): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]) as Set<keyof TranscriptView>;
  return [...keys].every((key) => REVIEW.has(key) || before[key] === now[key]);
}

/** Each as short as it can be where items changed; one for all where some came or went. */
function changesOf<T>(before: readonly T[], now: readonly T[]): readonly ListChange<T>[] {
  const least = Math.min(before.length, now.length);
  let start = 0;
  while (start < least && sameJson(before[start], now[start])) start++;
  let end = 0;
  while (end < least - start && sameJson(before.at(-1 - end), now.at(-1 - end))) end++;
  if (before.length !== now.length)
    return [{ at: start, removed: before.length - start - end, added: now.slice(start, now.length - end) }];
  const changes: { at: number; removed: number; added: T[] }[] = [];
  for (const [at, item] of now.slice(0, now.length - end).entries()) {
    if (at < start || sameJson(before[at], item)) continue;
    const last = changes.at(-1);
    if (last && last.at + last.removed === at) {
      last.removed++;
      last.added.push(item);
    } else changes.push({ at, removed: 1, added: [item] });
  }
  return changes;
}

function changed<T>(list: readonly T[], changes: readonly ListChange<T>[] = []): readonly T[] {
  if (changes.length === 0) return list;
  const parts: T[] = [];
  let from = 0;
  for (const { at, removed, added } of changes) {
    parts.push(...list.slice(from, at), ...added);
    from = at + removed;
  }
  return [...parts, ...list.slice(from)];
}
