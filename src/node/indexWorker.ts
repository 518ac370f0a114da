/** Entry of the worker thread that indexes a dataset, so that the extension host is never blocked by it. */
import { parentPort, workerData } from 'node:worker_threads';
import { UnknownShapeError } from './detectFile';
import { indexDataset } from './indexDataset';
import type { IndexEvent, IndexRequest } from './indexEvents';
import { type IndexMessage, messagesOf } from './indexMessages';

/** From the worker: what the pass emits, and how it ended when it failed. */
export type WorkerMessage =
  | IndexMessage
  | { readonly type: 'failed'; readonly message: string; readonly unknownShape: boolean };

/** What the worker is started with. `handled` counts the messages that were received and dealt with. */
export interface WorkerTask {
  readonly request: IndexRequest;
  readonly handled: Int32Array<SharedArrayBuffer>;
}

/**
 * An index that was kept comes far quicker than anyone can take it in: all that waits would be one long block. Two turns
 * of the reader's.
 */
const MOST_WAITING = 8;

const port = parentPort;
if (port) {
  const { request, handled } = workerData as WorkerTask;
  let sent = 0;
  const post = (message: WorkerMessage) => {
    port.postMessage(message);
    sent++;
    for (let done = Atomics.load(handled, 0); sent - done > MOST_WAITING; done = Atomics.load(handled, 0))
      Atomics.wait(handled, 0, done);
  };
  const tell = (event: IndexEvent) => {
    for (const message of messagesOf(event)) post(message);
  };
  indexDataset(request, tell).catch((error: Error) =>
    post({ type: 'failed', message: error.message, unknownShape: error instanceof UnknownShapeError }),
  );
}
