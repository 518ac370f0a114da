/** Work that is counted, for tests that must not look at a clock. */
import { Session } from 'node:inspector';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const OURS = path.resolve(import.meta.dirname, '../../src');

/**
 * How many blocks of our code (functions, branches, turns of loops) run while `work` does: the same number on every
 * machine, however busy. What one call of JavaScript's own does, such as a regular expression, counts as nothing.
 * @param load imports what is to be counted: only what is compiled after counting has begun is counted block by block
 */
export async function stepsOf<T>(load: () => Promise<T>, work: (loaded: T) => unknown): Promise<number> {
  // Code that V8 has optimised counts no more.
  for (const flag of ['--no-opt', '--no-maglev']) setFlagsFromString(flag);
  const session = new Session();
  session.connect();
  try {
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    const loaded = await load();
    session.post('Profiler.takePreciseCoverage');
    await work(loaded);
    let steps = 0;
    session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error;
      for (const { url, functions } of result) {
        if (!url.startsWith(OURS) && !url.startsWith(pathToFileURL(OURS).href)) continue;
        for (const { ranges } of functions) for (const { count } of ranges) steps += count;
      }
    });
    return steps;
  } finally {
    session.disconnect();
  }
}
