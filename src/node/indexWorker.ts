/** Entry of the worker thread that indexes a dataset, so that the extension host is never blocked by it. */
import { parentPort, workerData } from 'node:worker_threads';
import { UnknownShapeError } from './detectFile';
import { indexDataset } from './indexDataset';
import type { IndexEvent, IndexRequest } from './indexEvents';

/** From the worker: what the pass emits, and how it ended when it failed. */
export type WorkerMessage =
  | IndexEvent
  | { readonly type: 'failed'; readonly message: string; readonly unknownShape: boolean };

const port = parentPort;
if (port) {
  const post = (message: WorkerMessage) => port.postMessage(message);
  indexDataset(workerData as IndexRequest, post).catch((error: Error) =>
    post({ type: 'failed', message: error.message, unknownShape: error instanceof UnknownShapeError }),
  );
}
