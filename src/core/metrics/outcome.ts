/** One outcome from what several classifiers said. */

/**
 * What most of the values say.
 *
 * @returns the majority of the yes and no values; null for a tie, and where there is no yes or no at all
 */
export function majority(values: readonly (boolean | null)[]): boolean | null {
  let lead = 0;
  for (const value of values) {
    if (value !== null) lead += value ? 1 : -1;
  }
  return lead === 0 ? null : lead > 0;
}
