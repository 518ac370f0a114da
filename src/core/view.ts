/** Makes what the editor draws out of one transcript and what has been decided about it. */
import { type AnchoredSpan, AnchorMemory, anchorWarnings } from './anchor/anchor';
import { answerWords, labelOrder, labelTitle } from './dataset/labels';
import { LABELS, type Message, type StoredSpan, type Transcript, type Verdict } from './dataset/model';
import { MOST_TAGS, regions } from './dataset/regions';
import { shortened, shortenedOrNull } from './invisible';
import { resolveLabel, resolveSpan } from './review/resolve';
import { reviewerKey } from './review/reviewerKey';
import { spanDecisions } from './review/spanDecisions';
import type { SpanDecision, TranscriptReview } from './review/state';
import { assignLanes, stretchesByMessage } from './runs';
import type { LabelView, MessageView, SpanView, TranscriptView, VerdictView } from './viewModel';

export interface RecordInput {
  readonly transcript: Transcript;
  /** Of its texts: see `contentHash`. */
  readonly hash: string;
  /** Of the record in the dataset. */
  readonly index: number;
  /** 1-based. */
  readonly line: number;
  readonly review: TranscriptReview;
  /** The current reviewer, whose decisions are `mine`. */
  readonly reviewer: string;
  /** Labels of the whole dataset: all of them are asked of every transcript. */
  readonly labels: readonly string[];
  /** What reading the record found wrong, in words. */
  readonly problems: readonly string[];
}

/** Of a quote that was not found, by which its place may be looked for by eye. */
const LOST_QUOTE_ROOM = 2_000;
/** What others wrote and asked is bounded: all of it is sent with every decision on the transcript. */
const MOST_NOTES = 200;
const NOTE_ROOM = 5_000;
const MOST_ADDED_BY_OTHERS = 1_000;
const MOST_LABELS = 2_000;
const MOST_LABEL_UNITS = 1 << 18;
/**
 * UTF-16 units of the texts that are shown: several times what any model takes in. A few kilobytes of a packed file may
 * hold hundreds of millions, which no window takes in.
 */
const MOST_TEXT_UNITS = 1 << 23;
/** Of what is as much work to send and draw as a line of text, however short it is. */
const MOST_MESSAGES = 100_000;
const MOST_SPANS = 20_000;
/** Of what others would have different in one span. */
const MOST_PROPOSED = 5;
/** Of what others answered: to one label, and to all of a transcript's together. */
const MOST_ANSWERS = 50;
const MOST_ANSWERS_IN_ALL = 5_000;
/** Of what is wrong with a transcript: a sentence, with names of the transcript in it. */
const PROBLEM_ROOM = 1_000;

/**
 * The view of one transcript: its texts in regions, anchored spans, labels with verdicts and decisions. What is only
 * looked at is shortened; ids and labels, by which the editor speaks of them, are whole.
 * @param memory kept by who asks again after each decision, so that nothing is anchored twice
 */
export function recordView(whole: RecordInput, memory = new AnchorMemory()): TranscriptView {
  const transcript = beginningOf(whole.transcript);
  const input = { ...whole, transcript };
  const { review, reviewer } = input;
  const decided = spanDecisions(transcript.spans, review);
  const { spans: added, more: moreAdded } = addedListed(decided, reviewer);
  const isOwn = isBy(reviewer);
  const corrects: Corrects = (span, decision, isAdded) =>
    isOwn(decision) || correctsOwn(span, decision, isAdded);
  const anchored = anchorAll(transcript, decided, corrects, memory, added);
  const spans = spanViews(input, decided, corrects, anchored);
  const { labels, more } = labelsAsked(input, anchored);
  const { messages, isCut } = textsOf(transcript);
  const isMine = isBy(reviewer);
  const mine = review.notes.find(isMine);
  const notes = review.notes.filter((note) => !isMine(note) && note.text !== '');
  return {
    kind: 'transcript',
    index: input.index,
    id: transcript.id,
    hash: input.hash,
    line: input.line,
    setting: shortened(transcript.setting),
    condition: transcript.condition,
    variant: shortened(transcript.variant),
    prefix: shortened(transcript.prefix),
    promptId: shortenedOrNull(transcript.promptId),
    model: shortenedOrNull(transcript.model),
    messages,
    labels: labelViews(input, labels),
    moreLabels: more,
    spans,
    note: mine?.text ?? '',
    noteStale: mine?.stale ?? false,
    otherNotes: notes.slice(0, MOST_NOTES).map(({ reviewer, text, stale }) => ({
      reviewer: shortened(reviewer),
      text: shortened(text, NOTE_ROOM),
      stale,
    })),
    moreNotes: Math.max(0, notes.length - MOST_NOTES),
    problems: [
      ...input.problems,
      ...unshown(whole.transcript, transcript),
      ...(isCut ? [`only its first ${MOST_TAGS} tags part its text`] : []),
      ...lostMarks(whole.transcript, decided),
      ...(moreAdded > 0 ? [`${moreAdded} more spans that other reviewers added are not shown`] : []),
      ...anchorWarnings(anchored),
    ].map((words) => shortened(words, PROBLEM_ROOM)),
  };
}

const beginnings = new WeakMap<Transcript, Transcript>();

/** What is shown of a transcript: all of it, but where it is far too long. The same object each time, as texts are known by it. */
export function beginningOf(transcript: Transcript): Transcript {
  const known = beginnings.get(transcript);
  if (known) return known;
  const messages = firstMessages(transcript.messages);
  if (messages === transcript.messages && transcript.spans.length <= MOST_SPANS) return transcript;
  const beginning = { ...transcript, messages, spans: transcript.spans.slice(0, MOST_SPANS) };
  beginnings.set(transcript, beginning);
  return beginning;
}

/** The same list where it is short enough. */
function firstMessages(all: readonly Message[]): readonly Message[] {
  const first = all.length > MOST_MESSAGES ? all.slice(0, MOST_MESSAGES) : all;
  let left = MOST_TEXT_UNITS;
  const last = first.findIndex(({ content }) => {
    left -= content.length;
    return left < 0;
  });
  const message = first[last];
  if (!message) return first;
  const end = message.content.length + left;
  const isSplit = (message.content.codePointAt(end - 1) ?? 0) > 0xffff;
  const content = message.content.slice(0, isSplit ? end - 1 : end);
  return [
    ...first.slice(0, last),
    { ...message, content, prefill: Math.min(message.prefill, content.length) },
  ];
}

/** What of the whole is not among what is shown, in words. */
function unshown(whole: Transcript, shown: Transcript): string[] {
  if (whole === shown) return [];
  const atTheEnd = (count: number, what: string, most: number) =>
    `${count} ${what} at the end are not shown, nor the spans in them: of one transcript, the first ${most} are`;
  const missing: string[] = [];
  const units = unitsOf(shown);
  if (shown.messages !== whole.messages) {
    // A pair of surrogates is not parted.
    if (units >= MOST_TEXT_UNITS - 1)
      missing.push(atTheEnd(unitsOf(whole) - units, 'characters', MOST_TEXT_UNITS));
    else missing.push(atTheEnd(whole.messages.length - MOST_MESSAGES, 'messages', MOST_MESSAGES));
  }
  const spans = whole.spans.length - shown.spans.length;
  if (spans > 0)
    missing.push(`${spans} of its spans are not shown: of one transcript, the first ${MOST_SPANS} are`);
  return missing;
}

function unitsOf({ messages }: Transcript): number {
  return messages.reduce((units, { content }) => units + content.length, 0);
}

function isBy(reviewer: string): (decision: { readonly reviewer: string }) => boolean {
  const key = reviewerKey(reviewer);
  // Hundreds of colleagues may each have answered thousands of labels of one transcript.
  const known = new Map<string, boolean>();
  return (decision) => {
    const before = known.get(decision.reviewer);
    if (before !== undefined) return before;
    const is = reviewerKey(decision.reviewer) === key;
    known.set(decision.reviewer, is);
    return is;
  };
}

/** See `spanDecisions`. */
type Decided = ReadonlyMap<string, readonly SpanDecision[]>;

/** Whether a decision may change the label or the bounds that a span is shown with. `span` is the one that was stored. */
export type Corrects = (span: StoredSpan, decision: SpanDecision, isAdded: boolean) => boolean;

/** Only who added a span corrects it: what others say stands for nobody else's label and place. */
export const correctsOwn: Corrects = ({ classifier }, { reviewer }, isAdded) =>
  isAdded && reviewerKey(reviewer) === reviewerKey(classifier);

/**
 * The dataset's spans and reviewers', as decided: those without a place last, the others in reading order.
 * @param decided see `spanDecisions`
 * @param added of the reviewers' spans those that are wanted
 */
export function anchorAll(
  transcript: Transcript,
  decided: Decided,
  corrects: Corrects,
  memory = new AnchorMemory(),
  added = addedSpans(decided),
): AnchoredSpan[] {
  const correct = (isAdded: boolean) => (span: StoredSpan) =>
    corrected(
      span,
      (decided.get(span.id) ?? []).filter((decision) => corrects(span, decision, isAdded)),
    );
  const spans = [...transcript.spans.map(correct(false)), ...added.map(correct(true))];
  return memory.anchor(transcript.messages, spans).sort(readingOrder);
}

function addedSpans(decided: Decided): readonly StoredSpan[] {
  return [...decided].flatMap(([id, decisions]) => addedSpan(id, decisions) ?? []);
}

/** The current reviewer's, and as many of the others' as are shown. */
function addedListed(decided: Decided, reviewer: string) {
  const isMine = isBy(reviewer);
  let others = 0;
  const all = addedSpans(decided);
  const spans = all.filter(
    ({ classifier }) => isMine({ reviewer: classifier }) || ++others <= MOST_ADDED_BY_OTHERS,
  );
  return { spans, more: all.length - spans.length };
}

function readingOrder({ place: a }: AnchoredSpan, { place: b }: AnchoredSpan): number {
  if (!a || !b) return Number(a === null) - Number(b === null);
  return a.message - b.message || a.start - b.start || b.end - a.end;
}

/** The span that a reviewer marked; anchored like any other, since its text may have changed since. */
function addedSpan(id: string, decisions: readonly SpanDecision[]): StoredSpan | null {
  const add = decisions.find((decision) => decision.action === 'add');
  if (!add?.range || add.label === null) return null;
  return { id, classifier: add.reviewer, label: add.label, ...asStored(add.range), score: null };
}

/** The span with the newest relabelling and rebinding that stands. */
function corrected(span: StoredSpan, decisions: readonly SpanDecision[]): StoredSpan {
  if (decisions.length === 0) return span;
  const newest = (action: SpanDecision['action']) =>
    decisions
      .filter((decision) => decision.action === action && !decision.stale)
      .sort((a, b) => after(a.at, b.at))[0];
  const label = newest('relabel')?.label ?? span.label;
  const range = newest('rebound')?.range;
  return range ? { ...span, label, ...asStored(range) } : { ...span, label };
}

function isCorrection({ action }: SpanDecision): boolean {
  return action === 'relabel' || action === 'rebound';
}

/** What was decided on spans that are none of this transcript's: it was made again with others, or nobody adds them now. */
function lostMarks(transcript: Transcript, decided: Decided): string[] {
  const known = new Set(transcript.spans.map(({ id }) => id));
  let lost = 0;
  for (const [id, decisions] of decided)
    if (!known.has(id) && decisions.every(({ action }) => action !== 'add')) lost += decisions.length;
  if (lost === 0) return [];
  const decisions = lost === 1 ? '1 decision is' : `${lost} decisions are`;
  return [`${decisions} on spans that are not there, or not as they were`];
}

/** Newest first, for ISO 8601 times. */
function after(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0;
}

function asStored({ message, start, end, quote }: NonNullable<SpanDecision['range']>) {
  return { message, start, end, unit: 'utf16', quote, prefix: null, suffix: null } as const;
}

const NO_DECISIONS: readonly SpanDecision[] = [];

/** Of thousands of spans a decision changes one. */
const undecided = new WeakMap<AnchoredSpan, SpanView>();

function spanViews(
  { transcript, reviewer }: RecordInput,
  decided: Decided,
  corrects: Corrects,
  anchored: readonly AnchoredSpan[],
): SpanView[] {
  const lanes = lanesOf(anchored);
  const isMine = isBy(reviewer);
  return anchored.map((each, index) => {
    const { span } = each;
    const decisions = decided.get(span.id) ?? NO_DECISIONS;
    const lane = lanes.get(index) ?? 0;
    const known = decisions.length === 0 ? undecided.get(each) : undefined;
    if (known?.lane === lane) return known;
    const isAdded = decisions.some((decision) => decision.action === 'add');
    const mine = decisions.filter(isMine);
    const proposed = decisions.filter(
      (decision) => isCorrection(decision) && !decision.stale && !corrects(span, decision, isAdded),
    );
    const { place, places, status, quality, quote } = each;
    const view: SpanView = {
      id: span.id,
      source: shortened(span.classifier),
      added: isAdded,
      label: shortened(span.label),
      title: shortened(labelTitle(span.label, transcript.setting)),
      score: span.score,
      status,
      quality,
      place,
      places,
      quote: place ? shortened(quote) : shortened(quote, LOST_QUOTE_ROOM),
      lane,
      mine: mine.find(({ action }) => action !== 'add')?.action ?? mine[0]?.action ?? null,
      ...resolveSpan(decisions),
      proposed: proposed.slice(0, MOST_PROPOSED).map(({ reviewer, label }) => ({
        reviewer: shortened(reviewer),
        title: label === null ? null : shortened(labelTitle(label, transcript.setting)),
      })),
      moreProposed: Math.max(0, proposed.length - MOST_PROPOSED),
      stale: decisions.some((decision) => decision.stale),
    };
    if (decisions.length === 0) undecided.set(each, view);
    return view;
  });
}

/** Lanes by index of the span: each message is coloured by itself. */
function lanesOf(anchored: readonly AnchoredSpan[]): Map<number, number> {
  const lanes = new Map<number, number>();
  // a span in pieces has one lane, free from its first piece to its last
  const whole = anchored.map(({ places }) =>
    places.slice(0, 1).map((first) => ({ ...first, end: places.at(-1)?.end ?? first.end })),
  );
  for (const stretches of stretchesByMessage(whole).values()) {
    const assigned = assignLanes(stretches);
    for (const [position, { index }] of stretches.entries()) lanes.set(index, assigned[position] ?? 0);
  }
  return lanes;
}

interface Shown {
  readonly messages: readonly MessageView[];
  readonly isCut: boolean;
}

const texts = new WeakMap<Transcript, Shown>();

/** The texts of a transcript, cut into regions. The same object each time: they are told once, whatever is decided on it. */
function textsOf(transcript: Transcript): Shown {
  const known = texts.get(transcript);
  if (known) return known;
  const tags = { left: MOST_TAGS };
  const messages = transcript.messages.map((message) => ({
    role: shortened(message.role),
    content: message.content,
    prefill: message.prefill,
    regions: regions(message, tags),
  }));
  const shown = { messages, isCut: tags.left < 0 };
  texts.set(transcript, shown);
  return shown;
}

/** The labels that are listed, what this transcript is about before what others ask of it; and how many more there are. */
function labelsAsked(input: RecordInput, anchored: readonly AnchoredSpan[]) {
  const { transcript, review, reviewer } = input;
  const isMine = isBy(reviewer);
  const mine = [...review.labels].filter(([, decisions]) => decisions.some(isMine));
  const all = new Set([
    ...LABELS,
    ...transcript.verdicts.map((verdict) => verdict.label),
    ...mine.map(([label]) => label),
    ...transcript.spans.map(({ label }) => label),
    ...input.labels,
    ...anchored.map(({ span }) => span.label),
    ...review.labels.keys(),
  ]);
  const listed: string[] = [];
  let units = 0;
  for (const label of all) {
    if (listed.length === MOST_LABELS || units + label.length > MOST_LABEL_UNITS) continue;
    units += label.length;
    listed.push(label);
  }
  return { labels: labelOrder(listed), more: all.size - listed.length };
}

function labelViews(input: RecordInput, labels: readonly string[]): LabelView[] {
  const { transcript, review, reviewer } = input;
  const isMine = isBy(reviewer);
  let room = MOST_ANSWERS_IN_ALL;
  const byLabel = new Map<string, Verdict[]>(labels.map((label) => [label, []]));
  for (const verdict of transcript.verdicts) byLabel.get(verdict.label)?.push(verdict);
  return labels.map((label) => {
    const verdicts = byLabel.get(label) ?? [];
    const decisions = review.labels.get(label) ?? [];
    const value = resolveLabel(decisions);
    const others = decisions.filter((decision) => !isMine(decision));
    const listed = others.slice(0, Math.min(MOST_ANSWERS, room));
    room -= listed.length;
    const answered = typeof value === 'boolean' ? verdicts.filter((verdict) => verdict.value !== null) : [];
    return {
      label,
      title: shortened(labelTitle(label, transcript.setting)),
      ...answerWords(label, transcript.setting),
      verdicts: verdicts.map(verdictView),
      mine: decisions.find(isMine)?.answer ?? null,
      others: listed.map(({ reviewer, answer }) => ({ reviewer: shortened(reviewer), answer })),
      moreOthers: others.length - listed.length,
      decided: value !== undefined,
      tied: value === null && decisions.some(({ answer }) => answer !== 'unsure'),
      adjudicated: value ?? null,
      confirms: answered.filter((verdict) => verdict.value === value).length,
      overrides: answered.filter((verdict) => verdict.value !== value).length,
      stale: decisions.some((decision) => decision.stale),
    };
  });
}

function verdictView({ label: _, ...verdict }: Verdict): VerdictView {
  const { classifier, version } = verdict;
  return {
    ...verdict,
    classifier: shortened(classifier),
    version: shortenedOrNull(version),
  };
}
