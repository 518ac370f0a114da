/** What is said about how the dataset is read. */
import type { Verdict } from '../../src/core/dataset/model';
import type { PointerSeen } from '../../src/core/formats/fields';
import type { PreviewCounts, ProfileReading, ProfileView } from '../../src/protocol/profile';
import { isObject, whereOf } from './profileDraft';
import { plural } from './words';

/** How the reading came about, and what can be done. */
export function originWords({ origin, file, keptAt }: ProfileView): string {
  switch (origin) {
    case 'detected':
      return `The shape of ${file} was recognised by looking at its first records. Where that is wrong, correct it here: the correction is kept in ${keptAt}, so that colleagues get the same reading.`;
    case 'kept':
      return `It is read by the profile that is kept in ${keptAt}, whatever it looks like.`;
    case 'guessed':
      return `No built-in profile knows the records of ${file}. What stands below is a guess: look at the preview, correct what is wrong, and then read the dataset this way. Nothing is written before.`;
    case 'broken':
      return `The profile that is kept in ${keptAt} cannot be used, so nothing is read. It stays as it is until you replace or remove it here.`;
  }
}

export function countWords(counts: PreviewCounts): string {
  const { records, transcripts, unreadable, training, unmonitored, complied, notComplied } = counts;
  const parts = [
    `${plural(transcripts, 'transcript')} from the first ${plural(records, 'record')}`,
    `${training} training, ${unmonitored} unmonitored, ${transcripts - training - unmonitored} of unknown condition`,
    `${complied} complied, ${notComplied} did not, ${transcripts - complied - notComplied} of unknown outcome`,
    ...(unreadable > 0 ? [`${unreadable} could not be read`] : []),
  ];
  return `${parts.join('; ')}.`;
}

/** For the screen reader, once the host has answered. */
export function readingWords({ issues, preview }: ProfileReading): string {
  const [first] = issues;
  if (first) return `Cannot be read this way: ${first.path}: ${first.message}`;
  return preview ? `Preview: ${countWords(preview.counts)}` : 'There are no records to preview';
}

/** e.g. "judge: complied no, 0.45". */
export function verdictWords({ classifier, label, value, score }: Verdict): string {
  const answer = value === null ? 'no answer' : value ? 'yes' : 'no';
  return `${classifier}: ${label} ${answer}${score === null ? '' : `, ${score}`}`;
}

/** What stands at a place in the first records; null where that cannot be told. */
export function placeWords(
  places: readonly PointerSeen[],
  text: string,
): { readonly words: string; readonly missing: boolean } | null {
  const where = whereOf(text);
  const pointers = typeof where === 'string' ? [where] : (where ?? []);
  // what an arm is called, only the host knows
  if (pointers.length === 0 || pointers.some((pointer) => pointer.includes('{arm}'))) return null;
  const seen = places.find(({ pointer, count }) => count > 0 && pointers.includes(pointer));
  if (!seen) return { words: 'nothing stands there in the first records', missing: true };
  const words = seen.words.length > 0 ? seen.words.join(', ') : seen.example;
  return { words: `there: ${words}`, missing: false };
}

/** Whether the profile in the form is our own format, which needs no mapping. */
export function isCanonical(draft: unknown): boolean {
  return isObject(draft) && draft.reads === 'canonical';
}
