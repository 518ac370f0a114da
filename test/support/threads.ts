import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';

/** Runs `work`, then waits until each thread that it started is gone: after that nothing can come from it any more. */
export async function untilThreadsEnd(work: () => Promise<unknown>): Promise<void> {
  const ends: Promise<unknown>[] = [];
  const note = (worker: Worker) => ends.push(once(worker, 'exit'));
  process.on('worker', note);
  try {
    await work();
    await Promise.all(ends);
  } finally {
    process.off('worker', note);
  }
}
