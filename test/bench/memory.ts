/** What an indexed dataset holds in memory, and that the length of its texts does not count. */
import { inWorker } from '../../src/node/runIndex';
import { loaded } from './audits';
import { median, megabytes, quantile, row } from './measure';
import { datasets, settings, workerScript } from './settings';

async function held(): Promise<number> {
  // buffers are let go in turns: those of the worker and of the dataset before this one, too
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    global.gc?.();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function bytesPerTranscript(path: string): Promise<number> {
  const before = await held();
  const audit = await loaded(path, inWorker(workerScript));
  const after = await held();
  return (after - before) / audit.dataset.columns.count;
}

async function main(): Promise<void> {
  if (!global.gc) throw new Error('run with --expose-gc');
  await bytesPerTranscript(datasets.small); // code and tables that are made once
  const [full, short]: [number[], number[]] = [[], []];
  for (let run = 0; run < settings.runs; run++) {
    full.push(await bytesPerTranscript(datasets.full));
    short.push(await bytesPerTranscript(datasets.short));
  }
  const bytes = (values: readonly number[]) => Math.round(median(values));
  row(
    `memory held for a transcript, of ${settings.transcripts.toLocaleString('en')}`,
    `${bytes(full)} bytes (${Math.round(quantile(full, 0))} to ${Math.round(quantile(full, 1))})`,
    `${bytes(short)} bytes for ${megabytes(datasets.short)} instead of ${megabytes(datasets.full)} of text`,
    'under 100 bytes, none for the text',
  );
}

void main();
