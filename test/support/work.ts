/** Work that is counted, for tests that must not look at a clock. */
import { Session } from 'node:inspector';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';

const OURS = path.resolve(import.meta.dirname, '../../src');

/**
 * Begins to count how often the blocks of our code (functions, branches, turns of loops) run, for the rest of this
 * process: the same numbers on every machine, however busy. One call of JavaScript's own, such as a regular
 * expression, counts as nothing. Only code that is imported afterwards is counted, so begin before that.
 * @returns what does some work, and gives its steps
 */
export function startCounting(): (work: () => unknown) => Promise<number> {
  // Code that V8 has optimised counts no more.
  for (const flag of ['--no-opt', '--no-maglev']) setFlagsFromString(flag);
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  /** Since the last time. */
  const take = () => {
    let steps = 0;
    session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error;
      const ours = result.filter(({ url }) => url.replace('file://', '').startsWith(OURS));
      for (const { functions } of ours)
        for (const { ranges } of functions) for (const { count } of ranges) steps += count;
    });
    return steps;
  };
  return async (work) => {
    take();
    await work();
    return take();
  };
}
