/** Entry of the worker thread that indexes one file, so that the extension host is never blocked by it. */
import { parentPort, workerData } from 'node:worker_threads';
import { type IndexEvent, indexFile } from './indexFile';

/** From the worker: what the pass emits, and how it ended when it failed. */
export type WorkerMessage = IndexEvent | { readonly type: 'failed'; readonly message: string };

const port = parentPort;
if (port) {
  const { path } = workerData as { path: string };
  const post = (message: WorkerMessage) => port.postMessage(message);
  indexFile(path, post).catch((error: Error) => post({ type: 'failed', message: error.message }));
}
