/** Intervals for proportions and for their differences. Pure functions of counts. */
import type { Interval } from './figures';

/** The 0.975 quantile of the standard normal distribution: 95 % intervals. */
export const Z95 = 1.959963984540054;

/**
 * The lower score limit, in the form without subtraction: the two limits multiply to x² / (n (n + z²)),
 * so small counts of a large n lose no digits, and x = 0 gives exactly 0.
 */
function lowerLimit(x: number, n: number, z: number): number {
  const root = Math.sqrt(z * z + (4 * x * (n - x)) / n);
  return (2 * x * x) / (n * (2 * x + z * z + z * root));
}

/**
 * Score interval of a proportion (Wilson 1927), without continuity correction.
 *
 * @param x successes, 0 <= x <= n; may be a fraction, for a mean over classifiers
 * @param n trials; may be a fraction
 * @param z normal quantile of the interval, 95 % unless told
 * @returns limits as fractions within [0, 1], lower exactly 0 at x = 0 and upper exactly 1 at x = n;
 *   null where n = 0
 * @throws RangeError where x is not within [0, n]
 */
export function wilson(x: number, n: number, z = Z95): Interval | null {
  if (!(x >= 0 && x <= n)) throw new RangeError(`not a proportion: ${x} of ${n}`);
  return n === 0 ? null : [lowerLimit(x, n, z), 1 - lowerLimit(n - x, n, z)];
}

/**
 * Hybrid score interval of the difference x1/n1 - x2/n2 of independent proportions
 * (Newcombe 1998, Statistics in Medicine 17:873, method 10): the distances from each estimate to its
 * Wilson limits, combined in quadrature.
 *
 * @returns limits as fractions within [-1, 1]; null where an arm is empty
 * @throws RangeError where x1 or x2 is not within its arm
 */
export function newcombe(x1: number, n1: number, x2: number, n2: number, z = Z95): Interval | null {
  const first = wilson(x1, n1, z);
  const second = wilson(x2, n2, z);
  if (first === null || second === null) return null;
  const p1 = x1 / n1;
  const p2 = x2 / n2;
  const below = Math.sqrt((p1 - first[0]) ** 2 + (second[1] - p2) ** 2);
  const above = Math.sqrt((first[1] - p1) ** 2 + (p2 - second[0]) ** 2);
  return [p1 - p2 - below, p1 - p2 + above];
}
