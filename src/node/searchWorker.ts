/** Entry of a thread that searches: no search, however long it takes, holds up the extension host. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { matchesOf } from '../core/search/match';
import { searchPattern } from '../core/search/query';
import { searchFile, searchRanges } from './searchFile';
import type { SearchReply, SearchSetup, SearchTask } from './searchTask';

const REPORT_MS = 50;

class SearchThread {
  private readonly query;
  private readonly pattern: RegExp;
  private readonly matching: Int32Array;
  private indices: number[] = [];
  private counts: number[] = [];
  private lastReport = 0;

  constructor(
    private readonly port: MessagePort,
    setup: SearchSetup,
  ) {
    this.query = setup.query;
    this.pattern = searchPattern(setup.query);
    this.matching = new Int32Array(setup.matching);
  }

  async run(task: SearchTask): Promise<void> {
    try {
      if (task.type === 'text') this.findPlaces(task);
      else await this.search(task);
      this.post({ type: 'done' });
    } catch (error) {
      this.post({ type: 'failed', message: (error as Error).message });
    }
  }

  private async search(task: Exclude<SearchTask, { type: 'text' }>): Promise<void> {
    let end = task.first;
    const sink = {
      transcript: (index: number, { messages }: { messages: TextTask['messages'] }) =>
        this.count(index, messages),
      through: (index: number) => {
        end = index;
        if (performance.now() - this.lastReport >= REPORT_MS) this.report(index);
      },
    };
    if (task.type === 'ranges') await searchRanges(task, this.query, sink);
    else await searchFile(task, sink);
    this.report(end);
  }

  private count(index: number, messages: TextTask['messages']): void {
    const count = this.watched(index, () => {
      let matches = 0;
      for (const _ of matchesOf(this.pattern, this.query.scope, messages)) matches++;
      return matches;
    });
    if (count === 0) return;
    this.indices.push(index);
    this.counts.push(count);
  }

  private findPlaces({ index, messages, most }: TextTask): void {
    const places: number[] = [];
    let total = 0;
    this.watched(index, () => {
      for (const { message, start, end } of matchesOf(this.pattern, this.query.scope, messages)) {
        if (total++ < most) places.push(message, start, end);
      }
    });
    this.post({ type: 'places', found: { places: Uint32Array.from(places), total } });
  }

  /** Says which transcript is being matched: a regular expression may take for ever, and cannot say so itself. */
  private watched<T>(index: number, match: () => T): T {
    Atomics.store(this.matching, 0, index + 1);
    const result = match();
    Atomics.store(this.matching, 0, 0);
    return result;
  }

  private report(through: number): void {
    const [indices, counts] = [Uint32Array.from(this.indices), Uint32Array.from(this.counts)];
    this.indices = [];
    this.counts = [];
    this.lastReport = performance.now();
    this.post({ type: 'found', found: { indices, counts, through } });
  }

  private post(reply: SearchReply): void {
    this.port.postMessage(reply);
  }
}

type TextTask = Extract<SearchTask, { type: 'text' }>;

const port = parentPort;
if (port) {
  const thread = new SearchThread(port, workerData as SearchSetup);
  port.on('message', (task: SearchTask) => void thread.run(task));
}
