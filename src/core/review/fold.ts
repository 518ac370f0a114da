/** From all entries on one transcript to what stands. Depends on the set of entries only, not on their order. */
import type { Entry } from './entry';
import type { LabelDecision, NoteDecision, SpanDecision, TextRange, TranscriptReview } from './state';

type Decision = Exclude<Entry, { action: 'retract' }>;
type SpanAction = Exclude<Decision, { action: 'label' | 'note' }>;

export const NO_REVIEW: TranscriptReview = { labels: new Map(), spans: new Map(), notes: [] };

/**
 * Each reviewer has one slot for each label, span, added span and note; the newest live entry, by ULID, fills
 * it. Decisions within a list are in order of their ids.
 *
 * An entry is live unless a live retraction by the same reviewer names it. A retraction is newer than what it
 * retracts, so one pass from the newest to the oldest settles chains of them, and cycles cannot arise.
 *
 * @param hash of the transcript's present content; undefined while unknown, when nothing is stale yet.
 */
export function fold(entries: Iterable<Entry>, hash: string | undefined): TranscriptReview {
  const labels = new Map<string, LabelDecision[]>();
  const spans = new Map<string, SpanDecision[]>();
  const notes: NoteDecision[] = [];
  for (const entry of standing(entries)) {
    const by = {
      reviewer: entry.reviewer,
      entry: entry.id,
      at: entry.at,
      stale: hash !== undefined && entry.hash !== hash,
    };
    if (entry.action === 'label') {
      if (entry.value !== null) append(labels, entry.target.label, { ...by, answer: entry.value });
    } else if (entry.action === 'note') {
      if (entry.note !== '') notes.push({ ...by, text: entry.note });
    } else if (entry.action !== 'clear') {
      append(spans, entry.target.span, { ...by, action: entry.action, ...labelAndRange(entry) });
    }
  }
  if (labels.size === 0 && spans.size === 0 && notes.length === 0) return NO_REVIEW;
  return { labels, spans, notes };
}

/** The newest live entry of each slot, oldest first. */
function standing(entries: Iterable<Entry>): Decision[] {
  const newestFirst = [...entries].sort((a, b) => (a.id < b.id ? 1 : -1));
  const retracted = new Set<string>();
  const filled = new Set<string>();
  const found: Decision[] = [];
  for (const entry of newestFirst) {
    // An id has a fixed length, so the two parts cannot run into each other.
    if (retracted.has(entry.id + entry.reviewer)) continue;
    if (entry.action === 'retract') {
      retracted.add(entry.target.entry + entry.reviewer);
      continue;
    }
    const slot = JSON.stringify([entry.reviewer, ...targetOf(entry)]);
    if (filled.has(slot)) continue;
    filled.add(slot);
    found.push(entry);
  }
  return found.reverse();
}

function targetOf(entry: Decision): readonly string[] {
  switch (entry.action) {
    case 'label':
      return ['label', entry.target.label];
    case 'note':
      return ['note'];
    // A slot of its own: what its author says of the span later must not take its place in the text away.
    case 'add':
      return ['add', entry.target.span];
    default:
      return ['span', entry.target.span];
  }
}

function labelAndRange(entry: SpanAction): { label: string | null; range: TextRange | null } {
  switch (entry.action) {
    case 'add':
      return { label: entry.value.label, range: rangeOf(entry.value) };
    case 'rebound':
      return { label: null, range: rangeOf(entry.value) };
    case 'relabel':
      return { label: entry.value.label, range: null };
    default:
      return { label: null, range: null };
  }
}

function rangeOf({ message, start, end, quote }: TextRange): TextRange {
  return { message, start, end, quote };
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
