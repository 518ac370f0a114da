/** How long the extension host's main thread cannot answer at a time while a dataset is indexed. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { TranscriptList } from '../../src/host/transcriptList';
import type { IndexEvent } from '../../src/node/indexEvents';
import { inWorker, type RunIndex } from '../../src/node/runIndex';
import { newAudit } from './audits';
import { median, ms, percentiles, quantile, row, spread } from './measure';
import { datasets, settings, workerScript } from './settings';

interface Delays {
  readonly longest: number;
  readonly p99: number;
}

async function delaysDuring(work: () => Promise<void>): Promise<Delays> {
  global.gc?.();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await work();
  // what the last message caused is seen a turn later
  await new Promise((resolve) => setTimeout(resolve, 20));
  delays.disable();
  return { longest: delays.max / 1e6, p99: delays.percentile(99) / 1e6 };
}

/** The worker, with the times noted that the receiver of its messages takes for each. */
function timed(handled: number[]): RunIndex {
  return (request, emit, signal) => {
    const emitTimed = (event: IndexEvent) => {
      const start = performance.now();
      emit(event);
      handled.push(performance.now() - start);
    };
    return inWorker(workerScript)(request, emitTimed, signal);
  };
}

/** What an open editor does: takes the batches in, counts them, and lists them. */
async function openEditor(handled: number[]): Promise<void> {
  const audit = newAudit(datasets.full, timed(handled));
  const list = new TranscriptList(audit, () => 'ana');
  audit.onChange((change) => {
    if (change.type === 'grown') list.grow(change.first);
    else list.apply(list.filter);
  });
  await audit.load(new AbortController().signal);
  if (list.length !== settings.transcripts) throw new Error(`${list.length} transcripts are listed`);
}

/** The same worker with nobody listening: its start and end, its messages, and what the machine does to a timer. */
async function ignoreWorker(): Promise<void> {
  await inWorker(workerScript)(
    { path: datasets.full, profile: null, cache: null, added: null, live: false },
    () => {},
    new AbortController().signal,
  );
}

async function main(): Promise<void> {
  const [editor, nobody]: [Delays[], Delays[]] = [[], []];
  const handled: number[] = [];
  for (let run = 0; run < settings.runs; run++) {
    nobody.push(await delaysDuring(ignoreWorker));
    editor.push(await delaysDuring(() => openEditor(handled)));
  }
  const longest = (delays: readonly Delays[]) => delays.map((delay) => delay.longest);
  const p99 = (delays: readonly Delays[]) => ms(median(delays.map((delay) => delay.p99)));
  const budget = 'never over 16 ms';
  row(
    `longest block of the main thread while the worker indexes ${settings.transcripts.toLocaleString('en')} transcripts`,
    `${spread(longest(editor))}, p99 ${p99(editor)}`,
    `${ms(median(longest(nobody)))} (most ${ms(quantile(longest(nobody), 1))}), p99 ${p99(nobody)} with nobody listening`,
    budget,
  );
  row('of that, taking in one message of the worker', percentiles(handled), '', budget);
}

void main();
