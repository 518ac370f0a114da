import type { Transcript } from '../dataset/model';
import { ENTRY_VERSION, type Entry } from './entry';
import { reviewerKey } from './reviewerKey';
import { spanDecisions } from './spanDecisions';
import type { Answer, TextRange, TranscriptReview } from './state';

const CONTEXT_UNITS = 32;

/** What a reviewer wants done, before it is known who, when and on which text. */
export type Decision =
  | { readonly kind: 'label'; readonly label: string; readonly answer: Answer | null }
  | { readonly kind: 'span'; readonly span: string; readonly action: 'confirm' | 'reject' | null }
  | {
      readonly kind: 'addSpan';
      readonly label: string;
      readonly message: number;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'note'; readonly text: string };

export interface EntryContext {
  readonly id: string;
  readonly at: Date;
  readonly reviewer: string;
  readonly transcript: Transcript;
  readonly hash: string;
  /** What stands now, so that a decision that changes nothing makes no entry. */
  readonly review: TranscriptReview;
}

/**
 * The log entry of a decision; null when the reviewer has decided just that already.
 * @throws RangeError when a new span lies outside its message or is empty, or the transcript has no such span (any more).
 */
export function makeEntry(decision: Decision, context: EntryContext): Entry | null {
  const { reviewer, transcript, review } = context;
  const common = {
    v: ENTRY_VERSION,
    id: context.id,
    at: context.at.toISOString(),
    reviewer,
    transcript: transcript.id,
    hash: context.hash,
    saw: {},
    blind: false,
    draw: null,
    note: null,
  } as const;
  const mine = <T extends { reviewer: string; stale: boolean }>(decisions: readonly T[] | undefined) =>
    decisions?.filter((one) => reviewerKey(one.reviewer) === reviewerKey(reviewer)) ?? [];

  if (decision.kind === 'label') {
    const own = mine(review.labels.get(decision.label))[0];
    if ((own?.answer ?? null) === decision.answer && !own?.stale) return null;
    const saw = verdictsOn(transcript, decision.label);
    return { ...common, action: 'label', target: { label: decision.label }, value: decision.answer, saw };
  }
  if (decision.kind === 'span') {
    const decisions = spanDecisions(transcript.spans, review).get(decision.span);
    if (!decisions && !transcript.spans.some(({ id }) => id === decision.span))
      throw new RangeError('this span is not in the transcript any more; nothing was decided');
    const own = mine(decisions).find(({ action }) => action !== 'add');
    const add = decisions?.find(({ action }) => action === 'add');
    if ((own?.action ?? null) === decision.action && !own?.stale) return null;
    const saw = verdictsOn(transcript, transcript.spans.find(({ id }) => id === decision.span)?.label);
    return {
      ...common,
      action: decision.action ?? 'clear',
      target: add ? { span: add.entry, of: add.reviewer } : { span: decision.span },
      value: null,
      saw,
    };
  }
  if (decision.kind === 'note') {
    const own = mine(review.notes)[0];
    if ((own?.text ?? '') === decision.text && !own?.stale) return null;
    return { ...common, action: 'note', target: { note: true }, value: null, note: decision.text };
  }
  const value = { ...addedRange(decision, transcript), label: decision.label };
  // The span needs a name that no other reviewer's can have; the entry's own is one.
  return {
    ...common,
    action: 'add',
    target: { span: context.id },
    value,
    saw: verdictsOn(transcript, decision.label),
  };
}

function verdictsOn(transcript: Transcript, label: string | undefined): Record<string, boolean | null> {
  const verdicts = transcript.verdicts.filter((verdict) => verdict.label === label);
  return Object.fromEntries(verdicts.map(({ classifier, value }) => [classifier, value]));
}

/** The range with its text and some context, from which it can be found again if offsets shift (W3C Web Annotation). */
function addedRange(
  { message, start, end }: Omit<TextRange, 'quote'>,
  transcript: Transcript,
): TextRange & { unit: 'utf16'; prefix: string; suffix: string } {
  const content = transcript.messages[message]?.content;
  if (content === undefined || start < 0 || end > content.length || start >= end) {
    throw new RangeError(`a span from ${start} to ${end} does not fit into message ${message}`);
  }
  return {
    message,
    start,
    end,
    unit: 'utf16',
    quote: content.slice(start, end),
    prefix: content.slice(Math.max(0, start - CONTEXT_UNITS), start),
    suffix: content.slice(end, end + CONTEXT_UNITS),
  };
}
