/** Inspect's precomputed scores: what people decided, as JSON lines that `precomputed_scores` attaches to a log. */
import type { TranscriptReview } from '../review/state';
import { DecidedLabels } from './decided';
import type { Encoder, Overview } from './encoder';
import { inspectSample } from './inspectSample';
import { jsonText } from './jsonText';
import { notesText } from './notesText';

/**
 * A record a transcript, by the id and epoch of its sample where it comes from a log: `value` is true or false for one label, else an object of all decided labels. Who answered
 * what stands in `metadata`, the notes in `explanation`.
 * @param label the only label to write; null for all that somebody decided.
 */
export function inspectEncoder(overview: Overview, label: string | null): Encoder {
  const labels = new DecidedLabels(overview, label);
  const seen = new Set<string>();
  let repeated = 0;
  return {
    begin: () => '',
    add({ transcript, review }) {
      const values = labels.values(review);
      if (values === null) return '';
      const value =
        label === null
          ? Object.fromEntries(labels.names.map((name, index) => [name, values[index]]))
          : values[0];
      const sample = inspectSample(transcript);
      const key = sample ? { id: sample.id, epoch: sample.epoch } : { id: transcript.id };
      const name = JSON.stringify([String(key.id), sample?.epoch]);
      if (seen.has(name)) repeated++;
      seen.add(name);
      const explanation = notesText(review.notes);
      return `${jsonText({
        ...key,
        value,
        ...(explanation === '' ? {} : { explanation }),
        metadata: { answers: answersBy(review, labels.names) },
      })}\n`;
    },
    end: () => '',
    remarks: () => [
      ...labels.remarks(),
      ...(repeated > 0
        ? [
            `${repeated} samples have the id and epoch of another one, which Inspect refuses: convert each log by itself`,
          ]
        : []),
    ],
  };
}

/** Label -> reviewer -> answer. */
function answersBy(
  review: TranscriptReview,
  labels: readonly string[],
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return Object.fromEntries(
    labels.map((label) => {
      const heard = (review.labels.get(label) ?? []).filter(({ stale }) => !stale);
      return [label, Object.fromEntries(heard.map(({ reviewer, answer }) => [reviewer, answer]))];
    }),
  );
}
