import { Worker } from 'node:worker_threads';
import { UnknownShapeError } from './detectFile';
import { indexDataset } from './indexDataset';
import type { IndexEvent, IndexRequest } from './indexEvents';
import { EventsOf } from './indexMessages';
import type { WorkerMessage, WorkerTask } from './indexWorker';
import { DatasetError } from './sources/source';

/** Runs the index pass somewhere; resolves at its end. Rejects with DatasetError, or with the signal's reason. */
export type RunIndex = (
  request: IndexRequest,
  emit: (event: IndexEvent) => void,
  signal: AbortSignal,
) => Promise<void>;

/** Taking in so many does not hold up the thread for long. */
const MESSAGES_A_TURN = 4;

/** On this thread: for the command, which has nothing else to do. */
export const inProcess: RunIndex = (request, emit, signal) => indexDataset(request, emit, signal);

/** On a thread of its own: for the extension host. `script` is the bundled indexWorker. */
export function inWorker(script: string): RunIndex {
  return (request, emit, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const handled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const worker = new Worker(script, { workerData: { request, handled } satisfies WorkerTask });
      let settled = false;
      const settle = (how: () => void) => {
        settled = true;
        signal.removeEventListener('abort', abort);
        how();
      };
      const fail = (error: unknown) => {
        if (settled) return;
        void worker.terminate();
        settle(() => reject(error));
      };
      const abort = () => fail(signal.reason);
      signal.addEventListener('abort', abort);
      const events = new EventsOf(request);
      const take = (message: WorkerMessage) => {
        if (message.type === 'failed') {
          const Failure = message.unknownShape ? UnknownShapeError : DatasetError;
          return fail(new Failure(message.message));
        }
        const event = events.take(message);
        if (event) emit(event);
        // It is not stopped: it still has the index to keep for the next time, and ends by itself.
        if (message.type === 'end') settle(resolve);
      };
      /**
       * A few a turn of the event loop: node hands over all that has come in at once, which would be one long block where
       * each is a short one. More than one, since turns are long while decisions are read, and the worker would wait for them.
       */
      const waiting: (() => void)[] = [];
      const takeSome = () => {
        try {
          for (let taken = 0; taken < MESSAGES_A_TURN; taken++) waiting.shift()?.();
        } finally {
          if (waiting.length > 0) setImmediate(takeSome);
        }
      };
      const inTurn = (handle: () => void) => {
        if (waiting.push(handle) === 1) setImmediate(takeSome);
      };
      worker.on('message', (message: WorkerMessage) => {
        inTurn(() => {
          Atomics.add(handled, 0, 1);
          Atomics.notify(handled, 0);
          if (!settled) take(message); // else sent before it was stopped: who asked may be reading anew by now
        });
      });
      worker.on('error', fail);
      worker.on('exit', () =>
        inTurn(() => fail(new DatasetError('the index worker stopped before its end'))),
      );
    });
}
