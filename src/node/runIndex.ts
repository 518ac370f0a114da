import { Worker } from 'node:worker_threads';
import { type IndexEvent, indexFile } from './indexFile';
import type { WorkerMessage } from './indexWorker';
import { DatasetError } from './recordFile';

/** Runs the index pass somewhere; resolves at its end. Rejects with DatasetError, or with the signal's reason. */
export type RunIndex = (
  path: string,
  emit: (event: IndexEvent) => void,
  signal: AbortSignal,
) => Promise<void>;

/** On this thread: for the command, which has nothing else to do. */
export const inProcess: RunIndex = (path, emit, signal) => indexFile(path, emit, signal);

/** On a thread of its own: for the extension host. `script` is the bundled indexWorker. */
export function inWorker(script: string): RunIndex {
  return (path, emit, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const worker = new Worker(script, { workerData: { path } });
      const finish = (settle: () => void) => {
        signal.removeEventListener('abort', abort);
        void worker.terminate();
        settle();
      };
      const abort = () => finish(() => reject(signal.reason));
      signal.addEventListener('abort', abort);
      worker.on('message', (message: WorkerMessage) => {
        if (message.type === 'failed') return finish(() => reject(new DatasetError(message.message)));
        emit(message);
        if (message.type === 'end') finish(resolve);
      });
      worker.on('error', (error) => finish(() => reject(error)));
      worker.on('exit', () =>
        finish(() => reject(new DatasetError('the index worker stopped before its end'))),
      );
    });
}
