/** Inspect's precomputed scores: what people decided, as JSON lines that `precomputed_scores` attaches to a log. */
import type { Transcript } from '../dataset/model';
import type { TranscriptReview } from '../review/state';
import { DecidedLabels } from './decided';
import type { Encoder, Overview } from './encoder';
import { jsonText } from './jsonText';

/**
 * A record a transcript: `value` is true or false for one label, else an object of all decided labels. Who answered
 * what stands in `metadata`, the notes in `explanation`.
 * @param label the only label to write; null for all that somebody decided.
 */
export function inspectEncoder(overview: Overview, label: string | null): Encoder {
  const labels = new DecidedLabels(overview, label);
  return {
    begin: () => '',
    add({ transcript, review }) {
      const values = labels.values(review);
      if (values === null) return '';
      const value =
        label === null
          ? Object.fromEntries(labels.names.map((name, index) => [name, values[index]]))
          : values[0];
      const explanation = review.notes.map((note) => `${note.reviewer}: ${note.text}`).join('\n');
      return `${jsonText({
        ...sampleOf(transcript),
        value,
        ...(explanation === '' ? {} : { explanation }),
        metadata: { answers: answersBy(review, labels.names) },
      })}\n`;
    },
    end: () => '',
    remarks: () => labels.remarks(),
  };
}

function sampleOf({ id }: Transcript): { readonly id: string; readonly epoch?: number } {
  return { id };
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
