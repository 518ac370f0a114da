/** Figures as people read them, in the panel and on the command line. */
import type { Interval } from './figures';

/** What stands in place of a number that is undefined. */
export const NO_DATA = 'no data';
const MINUS = '\u2212';
/** Counts are whole, or fractions of the number of classifiers; of more than this they are taken as they are. */
const MOST_CLASSIFIERS = 1000;

/** Digits of a whole number of units of 10^-decimals, with a true minus sign. */
function digits(units: number, decimals: number): string {
  const text = (Math.abs(units) / 10 ** decimals).toFixed(decimals);
  return units < 0 ? MINUS + text : text;
}

/**
 * value x 10^shift as a whole number, half away from zero. It rounds the shortest decimal that names the
 * value: 0.145 is rounded as 0.145, though the nearest binary number is a little less.
 */
function roundShifted(value: number, shift: number): number {
  const [mantissa, exponent] = Math.abs(value).toExponential().split('e');
  return Math.sign(value) * Math.round(Number(`${mantissa}e${Number(exponent) + shift}`));
}

/** The same proportion in whole numbers: the smallest multiple at which both are whole. null: there is none small enough. */
function wholes(count: number, n: number): readonly [count: bigint, n: bigint] | null {
  const near = (value: number) => Math.abs(value - Math.round(value)) < 0.5 / MOST_CLASSIFIERS;
  for (let over = 1; over <= MOST_CLASSIFIERS; over++) {
    if (near(count * over) && near(n * over) && Math.round(n * over) > 0)
      return [BigInt(Math.round(count * over)), BigInt(Math.round(n * over))];
  }
  return null;
}

/**
 * A proportion in percent, e.g. "11.9 %"; "no data" where n = 0. Rounds half away from zero in whole numbers.
 *
 * @param count 0 <= count <= n, whole or a mean over classifiers
 */
export function percent(count: number, n: number, decimals: number): string {
  if (n === 0) return NO_DATA;
  const exact = wholes(count, n);
  if (!exact) return `${digits(roundShifted(count / n, decimals + 2), decimals)} %`;
  const [part, whole] = exact;
  const units = (2n * part * 10n ** BigInt(decimals + 2) + whole) / (2n * whole);
  return `${digits(Number(units), decimals)} %`;
}

/** A difference of proportions (a fraction) in percentage points, e.g. "+11.4 pp" or "−2.0 pp"; zero has no sign. */
export function points(value: number | null, decimals: number): string {
  if (value === null) return NO_DATA;
  const units = roundShifted(value, decimals + 2);
  return `${units > 0 ? '+' : ''}${digits(units, decimals)} pp`;
}

/** Limits (fractions) in percent or percentage points, e.g. "[8.6, 15.4]". */
export function interval(limits: Interval | null, decimals: number): string {
  if (limits === null) return NO_DATA;
  return `[${limits.map((limit) => digits(roundShifted(limit, decimals + 2), decimals)).join(', ')}]`;
}

/** A count: whole ones without decimals, a mean over classifiers with one, e.g. "64" and "63.5". */
export function countText(count: number): string {
  return Number.isInteger(count) ? String(count) : digits(roundShifted(count, 1), 1);
}

/** So many names stand in a sentence before the others are counted. */
const MOST_NAMES = 20;

/** Names in a row, e.g. "a, b"; of many the first ones and how many more there are. */
export function namesInWords(names: readonly string[], more = 0): string {
  const left = more + Math.max(0, names.length - MOST_NAMES);
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return left === 0 ? shown : `${shown} and ${left.toLocaleString('en')} more`;
}
