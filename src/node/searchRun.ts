import type { SearchQuery } from '../core/search/query';
import type { FoundBatch, SearchTask } from './searchTask';
import { SearchThread } from './searchThread';

export interface SearchRunOptions {
  /** The bundled searchWorker. */
  readonly script: string;
  readonly query: SearchQuery;
  /** At most so many threads search at a time. */
  readonly threads: number;
  /** The next task, in the order of the dataset; null while there is none (see `wake`). */
  readonly next: () => SearchTask | null;
  /** Batches come in the order of the dataset, whatever the threads' order is. */
  readonly onFound: (found: FoundBatch) => void;
  /** Every task there was is done; more may come. */
  readonly onIdle: () => void;
  /** The search has ended early. */
  readonly onError: (error: Error) => void;
}

/** A task that was given out, and what it has found while an earlier one is not done. */
interface Given {
  readonly held: FoundBatch[];
  done: boolean;
}

/** One search over a dataset, by a few threads that take task after task. */
export class SearchRun {
  private readonly idle: SearchThread[] = [];
  private readonly threads = new Set<SearchThread>();
  private given: Given[] = [];
  private stopped = false;

  constructor(private readonly options: SearchRunOptions) {}

  /** Takes up the tasks that there are now: at the start, and whenever there are more. */
  wake(): void {
    while (!this.stopped && (this.idle.length > 0 || this.threads.size < this.options.threads)) {
      const task = this.options.next();
      if (task === null) break;
      void this.give(task);
    }
    if (!this.stopped && this.isIdle) this.options.onIdle();
  }

  get isIdle(): boolean {
    return this.given.length === 0;
  }

  /** Ends the search at once. Nothing is told after that. */
  stop(): void {
    this.stopped = true;
    for (const thread of this.threads) thread.stop();
    this.threads.clear();
  }

  private async give(task: SearchTask): Promise<void> {
    const { script, query } = this.options;
    const thread = this.idle.pop() ?? new SearchThread(script, query);
    this.threads.add(thread);
    const given: Given = { held: [], done: false };
    this.given.push(given);
    try {
      await thread.search(task, (found) => this.receive(given, found));
    } catch (error) {
      if (this.stopped) return;
      this.stop();
      this.options.onError(error as Error);
      return;
    }
    if (this.stopped) return;
    given.done = true;
    this.idle.push(thread);
    this.passOn();
    this.wake();
  }

  private receive(given: Given, found: FoundBatch): void {
    given.held.push(found);
    this.passOn();
  }

  /** Passes on what the earliest task has found; once that is done, what the next one has. */
  private passOn(): void {
    for (let first = this.given[0]; first && !this.stopped; first = this.given[0]) {
      for (const found of first.held.splice(0)) this.options.onFound(found);
      if (!first.done) return;
      this.given.shift();
    }
  }
}
