/**
 * How properties are tested: with one seed and one measure of runs for all, so that each run of the tests can be had
 * again. `npm run test:deep` sets another seed and more runs. A setup file of vitest.
 */
import fc from 'fast-check';

const times = fromEnvironment('TRANSCRIPT_REVIEW_RUNS', 1);

fc.configureGlobal({ seed: fromEnvironment('TRANSCRIPT_REVIEW_SEED', 20_250_711), numRuns: runs(100) });

/** How often a property is tried that CI tries `count` times: `{ numRuns: runs(400) }`. */
export function runs(count: number): number {
  return count * times;
}

/** @throws when the variable is set to what is no whole number */
function fromEnvironment(name: string, otherwise: number): number {
  const text = process.env[name] ?? String(otherwise);
  if (!/^-?\d+$/.test(text)) throw new Error(`${name} is set to ${JSON.stringify(text)}, not a whole number`);
  return Number(text);
}
