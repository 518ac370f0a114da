/** A dataset as a flat table: one row a transcript, its facets, what each classifier said and what people decided. */
import { labelOrder } from '../dataset/labels';
import type { Transcript } from '../dataset/model';
import { adjudicate } from '../review/resolve';
import { reviewerKey } from '../review/reviewerKey';
import type { Adjudication, Answer, LabelDecision, SpanDecision, TranscriptReview } from '../review/state';
import { type Exported, listed, type Overview } from './encoder';
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
 * A table has a cell for each transcript and column. With so many that are of labels it has some hundred megabytes, and one
 * file of a colleague's, with a decision on another label in each line, could make gigabytes of everybody's.
 */
const MOST_LABEL_CELLS = 25_000_000;
/** Columns of labels that any table may have, however many transcripts there are. */
const LABEL_COLUMNS = 1_000;
/** With the others about as many as the programs take in which people look at tables. */
const MOST_LABEL_COLUMNS = 16_000;
/** Of each label, beside one for each of its classifiers: the outcome, and how many answered yes, no and unsure. */
const COLUMNS_OF_PEOPLE = 4;

export interface Table {
  readonly columns: readonly Column[];
  /** What it leaves out, in words. */
  readonly remarks: readonly string[];
}

/**
 * The table of a dataset; each column has another name. `verdict:LABEL:CLASSIFIER` is empty where the classifier gave no
 * usable answer; `adjudicated:LABEL` where nobody decided, or all were unsure, or it is a tie: the counts tell which.
 *
 * Where there is no room for all columns of labels, what people decided on labels that classifiers speak of comes first,
 * then what these say, then other labels, those that most transcripts are decided on before others.
 * @param most columns of labels that the target has room for
 */
export function tableOf({ sources, decidedLabels, transcripts }: Overview, most = MOST_LABEL_COLUMNS): Table {
  const classified = labelOrder(sources.map(({ label }) => label));
  const classifiers = new Map<string, string[]>(classified.map((label) => [label, []]));
  for (const { label, classifier } of sources) classifiers.get(label)?.push(classifier);
  const others = [...decidedLabels]
    .filter(([label]) => !classifiers.has(label))
    .sort(([, a], [, b]) => b - a)
    .map(([label]) => label);
  const cells = Math.floor(MOST_LABEL_CELLS / Math.max(1, transcripts));
  const columns = Math.min(most, Math.max(LABEL_COLUMNS, cells));
  let room = columns;
  const hasRoom = (count: number) => {
    if (count > room) return false;
    room -= count;
    return true;
  };
  const isTaken = () => hasRoom(COLUMNS_OF_PEOPLE);
  const known = classified.filter(isTaken);
  const unheard = known.filter((label) => !hasRoom(classifiers.get(label)?.length ?? 0));
  for (const label of unheard) classifiers.delete(label);
  const taken = [...known, ...others.filter(isTaken)];
  const isIn = new Set(taken);
  const left = [...classified, ...others].filter((label) => !isIn.has(label));
  const why = `there is room for ${columns} columns of labels, ${COLUMNS_OF_PEOPLE} a label and one for each classifier of it`;
  const remarks = [
    ...(left.length > 0 ? [`without the columns of ${labelsIn(left)}: ${why}; ${ELSEWHERE}`] : []),
    ...(unheard.length > 0
      ? [`without the verdicts of classifiers on ${labelsIn(unheard)}: ${why}; canonical holds them`]
      : []),
  ];
  return { columns: columnsOf(labelOrder(taken), classifiers), remarks };
}

const ELSEWHERE = 'canonical with --labels adjudicated holds what was decided on them';

function labelsIn(labels: readonly string[]): string {
  return `${labels.length === 1 ? '1 label' : `${labels.length} labels`} (${listed(labels)})`;
}

function columnsOf(
  labels: readonly string[],
  classifiers: ReadonlyMap<string, readonly string[]>,
): readonly Column[] {
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
      ({ item }) =>
        new Set(decisions(item.review).flatMap(({ reviewer, stale }) => (stale ? [] : reviewerKey(reviewer))))
          .size,
    ),
    flag('stale', ({ item: { review } }) =>
      [...decisions(review), ...review.notes].some(({ stale }) => stale),
    ),
    { name: 'note', type: 'text', read: ({ item }) => note(item.review) },
  ]);
}

/** Some decision stands, on the text as it is; some adjudicated label differs from what a classifier said. */
function status({ item, adjudication }: Row): string {
  if (decisions(item.review).every(({ stale }) => stale)) return 'unreviewed';
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
