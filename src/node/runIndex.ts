import { Worker } from 'node:worker_threads';
import { UnknownShapeError } from './detectFile';
import { indexDataset } from './indexDataset';
import type { IndexEvent, IndexRequest } from './indexEvents';
import type { WorkerMessage } from './indexWorker';
import { DatasetError } from './sources/source';

/** Runs the index pass somewhere; resolves at its end. Rejects with DatasetError, or with the signal's reason. */
export type RunIndex = (
  request: IndexRequest,
  emit: (event: IndexEvent) => void,
  signal: AbortSignal,
) => Promise<void>;

/** On this thread: for the command, which has nothing else to do. */
export const inProcess: RunIndex = (request, emit, signal) => indexDataset(request, emit, signal);

/** On a thread of its own: for the extension host. `script` is the bundled indexWorker. */
export function inWorker(script: string): RunIndex {
  return (request, emit, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const worker = new Worker(script, { workerData: request });
      const finish = (settle: () => void) => {
        signal.removeEventListener('abort', abort);
        void worker.terminate();
        settle();
      };
      const abort = () => finish(() => reject(signal.reason));
      signal.addEventListener('abort', abort);
      worker.on('message', (message: WorkerMessage) => {
        if (message.type === 'failed') {
          const Failure = message.unknownShape ? UnknownShapeError : DatasetError;
          return finish(() => reject(new Failure(message.message)));
        }
        emit(message);
        if (message.type === 'end') finish(resolve);
      });
      worker.on('error', (error) => finish(() => reject(error)));
      worker.on('exit', () =>
        finish(() => reject(new DatasetError('the index worker stopped before its end'))),
      );
    });
}
