import { Worker } from 'node:worker_threads';
import { SearchError, type SearchQuery } from '../core/search/query';
import type { FoundBatch, SearchReply, SearchSetup, SearchTask, TextPlaces } from './searchTask';

/** So long one transcript may take before the search is given up. */
const PATIENCE_MS = 10_000;

/** A regular expression that takes too long on one transcript. */
export class SlowPatternError extends SearchError {
  constructor(
    /** Of the transcript. */
    readonly index: number,
    patienceMs: number,
  ) {
    super(`this expression takes more than ${patienceMs / 1000} s`);
  }
}

interface Running {
  readonly onFound: (found: FoundBatch) => void;
  readonly onPlaces: (found: TextPlaces) => void;
  readonly settle: (error: Error | null) => void;
}

/** One thread that searches with one query, a task at a time. */
export class SearchThread {
  private readonly worker: Worker;
  private readonly matching = new Int32Array(new SharedArrayBuffer(4));
  private running: Running | null = null;
  private gone: Error | null = null;

  /** @param script the bundled searchWorker */
  constructor(
    script: string,
    query: SearchQuery,
    private readonly patienceMs = PATIENCE_MS,
  ) {
    const workerData: SearchSetup = { query, matching: this.matching.buffer as SharedArrayBuffer };
    this.worker = new Worker(script, { workerData });
    this.worker.on('message', (reply: SearchReply) => this.receive(reply));
    this.worker.on('error', (error) => this.end(error));
    this.worker.on('exit', () => this.end(new SearchError('the search thread stopped before its end')));
  }

  /** @throws DatasetError's or SearchError's message; SlowPatternError. */
  search(task: SearchTask, onFound: (found: FoundBatch) => void): Promise<void> {
    return this.run(task, onFound, () => {});
  }

  /** The matches in one transcript's text. @throws SlowPatternError */
  async places(task: Extract<SearchTask, { type: 'text' }>): Promise<TextPlaces> {
    let found: TextPlaces = { places: new Uint32Array(), total: 0 };
    await this.run(
      task,
      () => {},
      (places) => {
        found = places;
      },
    );
    return found;
  }

  /** Ends the thread, whatever it is doing; what runs is rejected. */
  stop(): void {
    this.end(new SearchError('the search was stopped'));
  }

  private run(task: SearchTask, onFound: Running['onFound'], onPlaces: Running['onPlaces']): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.gone) return reject(this.gone);
      let [seen, since] = [0, performance.now()];
      const watch = setInterval(() => {
        const now = Atomics.load(this.matching, 0);
        if (now !== seen) [seen, since] = [now, performance.now()];
        else if (now > 0 && performance.now() - since > this.patienceMs)
          this.end(new SlowPatternError(now - 1, this.patienceMs));
      }, this.patienceMs / 10);
      const settle = (error: Error | null) => {
        clearInterval(watch);
        this.running = null;
        if (error) reject(error);
        else resolve();
      };
      this.running = { onFound, onPlaces, settle };
      this.worker.postMessage(task);
    });
  }

  private receive(reply: SearchReply): void {
    const { running } = this;
    if (reply.type === 'found') running?.onFound(reply.found);
    else if (reply.type === 'places') running?.onPlaces(reply.found);
    else running?.settle(reply.type === 'failed' ? new SearchError(reply.message) : null);
  }

  private end(reason: Error): void {
    if (this.gone) return;
    this.gone = reason;
    void this.worker.terminate();
    this.running?.settle(reason);
  }
}
