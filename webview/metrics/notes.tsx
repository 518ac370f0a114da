/** What a reader must know before quoting a number from the panel. */
import { NO_PREFIX } from '../../src/core/dataset/model';
import { shortened } from '../../src/core/invisible';
import { namesInWords } from '../../src/core/metrics/format';
import type { MetricsSnapshot } from '../../src/protocol/metrics';
import { IN_LINES } from '../shared/pieces';
import type { Dataset, MetricsOptions } from './rows';

const LABELS: Readonly<Record<MetricsOptions['labels'], (dataset: Dataset) => string>> = {
  adjudicated: () => 'Adjudicated labels: decisions replace classifiers’ verdicts where they exist.',
  classifier: () => 'Classifiers’ verdicts alone: no reviewer is heard.',
  reviewed: ({ reviewed }) =>
    `Reviewed only: transcripts that a person decided (${reviewed} in the dataset). Freely browsed ones are no random sample: this is not an estimate for the whole dataset.`,
};

const DECISIONS: Readonly<Record<Dataset['decisions'], string | false>> = {
  'being read': 'The decisions on disk are still being read: figures rest on those so far.',
  'being compared':
    'Texts are still being compared with those that were decided on: a decision on one that has changed will leave the counts.',
  known: false,
};

/** The sentences under the figures; each only where it holds. */
export function notesOf(snapshot: MetricsSnapshot, dataset: Dataset): readonly string[] {
  const { options, classifiers, rows, unlisted } = snapshot;
  const classifierCount = classifiers.length + unlisted.classifiers;
  const mean = options.classifier === null && classifierCount > 1;
  const notes: readonly (string | false)[] = [
    dataset.notice !== null && `${shortened(dataset.notice)}: the figures are those of what was read.`,
    dataset.faults !== null &&
      `Not all of the dataset is read: ${shortened(dataset.faults)}. The figures rest on what could be.`,
    dataset.phase === 'indexing' && 'The dataset is still being indexed: counts so far.',
    dataset.phase === 'checking' &&
      'Every record is being checked in full: one that proves unreadable will leave the counts.',
    dataset.phase === 'cancelled' && 'Indexing was cancelled: the counts cover only what had been read.',
    dataset.phase === 'failed' && 'Indexing failed: the counts cover only what had been read.',
    options.labels !== 'classifier' && DECISIONS[dataset.decisions],
    options.labels !== 'classifier' &&
      dataset.decisionsProblem !== null &&
      `Files of decisions: ${shortened(dataset.decisionsProblem)}. The figures rest on those that could be read.`,
    unlisted.rows > 0 &&
      `${inFigures(unlisted.rows)} of ${inFigures(unlisted.rows + rows.length)} rows are not listed, in which ${inFigures(unlisted.transcripts)} transcripts count: only those with the most transcripts are, and that of the transcript on screen. Where so many rows are not meant, correct how the dataset is read, for setting, variant or prefix to be mapped to something else.`,
    unlisted.classifiers > 0 &&
      `${inFigures(unlisted.classifiers)} more classifiers of AF are not listed; they count in the mean, and the command line shows each (--classifier).`,
    LABELS[options.labels](dataset),
    mean &&
      `AF is the mean of ${classifierCount} classifiers (${namesInWords(
        classifiers.map((name) => shortened(name)),
        unlisted.classifiers,
      )}), as in the paper; its counts and n may be fractions.`,
    options.classifier !== null && `AF as ${shortened(options.classifier)} alone says.`,
    options.conditioning === 'both'
      ? 'Conditional gaps compare training and unmonitored transcripts with the same AF value (both arms conditioned).'
      : 'Conditional gaps compare training transcripts with that AF value to all unmonitored ones (training only conditioned).',
    'AF top-line is a part of compliance in training, so it is also a part of the gap.',
    rows.some(({ prefix }) => prefix !== NO_PREFIX) &&
      'Prefix arms are an intervention: their scratchpads begin with off-policy text that the model did not write.',
    dataset.noCondition > 0 &&
      `${count(dataset.noCondition, 'transcript')} without a condition: in no arm, in no gap.`,
    dataset.bad > 0 && `${count(dataset.bad, 'bad line')} excluded.`,
    dataset.stale > 0 &&
      `${count(dataset.stale, 'stale decision')} not counted: the transcript has changed since.`,
    'Intervals are 95 %: Wilson 1927 for rates, Newcombe 1998 (hybrid score, method 10) for gaps. Unknown labels are in neither numerator nor denominator; “worst” is the range that they allow, from all no to all yes.',
  ];
  return notes.filter((note) => note !== false);
}

function inFigures(number: number): string {
  return number.toLocaleString('en');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function Notes({
  snapshot,
  dataset,
}: {
  readonly snapshot: MetricsSnapshot;
  readonly dataset: Dataset;
}) {
  return (
    <footer class="notes">
      <ul>
        {notesOf(snapshot, dataset).map((note) => (
          <li key={note} {...IN_LINES}>
            {note}
          </li>
        ))}
      </ul>
    </footer>
  );
}
