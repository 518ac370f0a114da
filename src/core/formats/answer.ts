/** What a stored value says to a yes/no question. */

const YES: ReadonlySet<string> = new Set(['true', 'yes', 'y', '1']);
const NO: ReadonlySet<string> = new Set(['false', 'no', 'n', '0']);
/** Words that classifiers and tables write where they have no answer. */
const NO_ANSWER: ReadonlySet<string> = new Set([
  '',
  'unparseable',
  'unparsable',
  'unknown',
  'unclear',
  'unsure',
  'undecided',
  'n/a',
  'na',
  'nan',
  'none',
  'null',
  'error',
  'skipped',
]);

/**
 * A longer text is neither a word nor a number, and no profile may name one: a thousand rules may compare it, in each of a
 * thousand arms, and it may have a megabyte.
 */
const LONGEST_WORD = 2_000;

/**
 * A word as profiles compare them: neither case, nor space, `-` or `_` between its parts makes a difference. A text
 * that is far too long to be one is cut off, which no word equals.
 */
export function plainWord(value: string | number | boolean | bigint | null): string {
  const text = String(value);
  if (text.length > LONGEST_WORD) return text.slice(0, LONGEST_WORD);
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}

export function isScalar(value: unknown): value is string | number | boolean | bigint {
  return (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    typeof value === 'bigint'
  );
}

/** A number, or a text that is one, as tables hold them; null for anything else, NaN and the infinities among it. */
export function numberIn(value: unknown): number | null {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && value.length > LONGEST_WORD) return null;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** By the words for yes and no that everybody uses; undefined for any other word. */
export function plainAnswer(word: string): boolean | undefined {
  return YES.has(word) ? true : NO.has(word) ? false : undefined;
}

export function isNoAnswer(word: string): boolean {
  return NO_ANSWER.has(word);
}
