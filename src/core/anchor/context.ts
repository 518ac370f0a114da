import type { StoredSpan } from '../dataset/model';
import { normaliseQuote } from './normalise';
import { splitsCharacter } from './offsets';
import type { Place } from './place';

/** Units of context that are compared: more tells no two places apart that this does not, but for made-up texts. */
const COMPARED = 256;

/** How many letters beside a place are those that the span has beside its quote. */
export function contextScore(content: string, { start, end }: Place, { prefix, suffix }: StoredSpan): number {
  const before = prefix
    ? normaliseQuote(cut(prefix, prefix.length - COMPARED, prefix.length), 'letters')
    : '';
  const after = suffix ? normaliseQuote(cut(suffix, 0, COMPARED), 'letters') : '';
  const textBefore = normaliseQuote(cut(content, start - 2 * COMPARED, start), 'letters');
  const textAfter = normaliseQuote(cut(content, end, end + 2 * COMPARED), 'letters');
  let [left, right] = [0, 0];
  while (left < before.length && before.at(-1 - left) === textBefore.at(-1 - left)) left += 1;
  while (right < after.length && after[right] === textAfter[right]) right += 1;
  return left + right;
}

function cut(text: string, from: number, to: number): string {
  const [start, end] = [Math.max(0, from), Math.min(text.length, to)];
  return text.slice(
    splitsCharacter(text, start) ? start + 1 : start,
    splitsCharacter(text, end) ? end - 1 : end,
  );
}
