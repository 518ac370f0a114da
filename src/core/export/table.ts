/** A dataset as a flat table: one row a transcript, its facets, what each classifier said and what people decided. */
import { labelOrder } from '../dataset/labels';
import type { Transcript } from '../dataset/model';
import { adjudicate } from '../review/resolve';
import { reviewerKey } from '../review/reviewerKey';
import type { Adjudication, Answer, LabelDecision, SpanDecision, TranscriptReview } from '../review/state';
import type { Exported, Overview } from './encoder';
import { notesText } from './notesText';

export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  readonly type: 'text' | 'flag' | 'count';
  readonly read: (row: Row) => Cell;
}

/** A transcript with what several of its cells are made of. */
export interface Row {
  readonly item: Exported;
  readonly adjudication: Adjudication;
  /** By classifier and label (`verdictKey`). */
  readonly verdicts: ReadonlyMap<string, boolean | null>;
}

export function tableRow(item: Exported): Row {
  const verdicts = item.transcript.verdicts.map(
    ({ classifier, label, value }) => [verdictKey(classifier, label), value] as const,
  );
  return { item, adjudication: adjudicate(item.review), verdicts: new Map(verdicts) };
}

/**
 * The columns of a dataset, each of another name. `verdict:LABEL:CLASSIFIER` is empty where the classifier gave no
 * usable answer; `adjudicated:LABEL` where nobody decided, or all were unsure, or it is a tie: the counts tell which.
 */
export function tableColumns({ sources, decidedLabels }: Overview): readonly Column[] {
  const labels = labelOrder([...sources.map(({ label }) => label), ...decidedLabels]);
  const classifiers = new Map<string, string[]>(labels.map((label) => [label, []]));
  for (const { label, classifier } of sources) classifiers.get(label)?.push(classifier);
  return distinct([
    text('id', ({ id }) => id),
    text('setting', ({ setting }) => setting),
    text('condition', ({ condition }) => condition),
    text('variant', ({ variant }) => variant),
    text('prefix', ({ prefix }) => prefix),
    text('prompt_id', ({ promptId }) => promptId),
    text('model', ({ model }) => model),
    ...labels.flatMap((label) => [
      ...(classifiers.get(label) ?? []).map((classifier) => {
        const key = verdictKey(classifier, label);
        return flag(`verdict:${label}:${classifier}`, ({ verdicts }) => verdicts.get(key) ?? null);
      }),
      flag(`adjudicated:${label}`, ({ adjudication }) => adjudication.get(label) ?? null),
      ...(['yes', 'no', 'unsure'] as const).map((answer) =>
        count(`${answer}:${label}`, ({ item }) => answers(item.review.labels.get(label) ?? [], answer)),
      ),
    ]),
    { name: 'status', type: 'text', read: status },
    count(
      'reviewers',
      ({ item }) => new Set(decisions(item.review).map(({ reviewer }) => reviewerKey(reviewer))).size,
    ),
    flag('stale', ({ item: { review } }) =>
      [...decisions(review), ...review.notes].some(({ stale }) => stale),
    ),
    { name: 'note', type: 'text', read: ({ item }) => note(item.review) },
  ]);
}

/** Some decision stands; some adjudicated label differs from what a classifier said. */
function status({ item, adjudication }: Row): string {
  if (decisions(item.review).length === 0) return 'unreviewed';
  const differs = item.transcript.verdicts.some(({ label, value }) => {
    const decided = adjudication.get(label);
    return value !== null && typeof decided === 'boolean' && decided !== value;
  });
  return differs ? 'overridden' : 'reviewed';
}

function note({ notes }: TranscriptReview): string | null {
  return notesText(notes) || null;
}

function decisions(review: TranscriptReview): (LabelDecision | SpanDecision)[] {
  return [...review.labels.values(), ...review.spans.values()].flat();
}

function answers(given: readonly LabelDecision[], answer: Answer): number {
  return given.filter((decision) => !decision.stale && decision.answer === answer).length;
}

function text(name: string, read: (transcript: Transcript) => string | null): Column {
  return { name, type: 'text', read: ({ item }) => read(item.transcript) };
}

function flag(name: string, read: (row: Row) => boolean | null): Column {
  return { name, type: 'flag', read };
}

function count(name: string, read: (row: Row) => number): Column {
  return { name, type: 'count', read };
}

/** Names that classifiers and labels with a colon would share get `#2`, `#3` …, as ids do. */
function distinct(columns: readonly Column[]): readonly Column[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let name = column.name;
    for (let times = 2; taken.has(name); times++) name = `${column.name}#${times}`;
    taken.add(name);
    return { ...column, name };
  });
}

function verdictKey(classifier: string, label: string): string {
  return JSON.stringify([classifier, label]);
}
