/** The pass over a whole dataset, against counting its lines and against parsing them. */
import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { Dataset } from '../../src/node/dataset';
import { inProcess, inWorker, type RunIndex } from '../../src/node/runIndex';
import { inTurn, megabytes, ratio, row, spread } from './measure';
import { datasets, settings, workerScript } from './settings';

async function index(run: RunIndex): Promise<void> {
  const dataset = new Dataset(datasets.full);
  await dataset.index(run, new AbortController().signal);
  if (dataset.columns.count !== settings.transcripts || dataset.columns.badCount > 0)
    throw new Error(`indexed ${dataset.columns.count} transcripts, ${dataset.columns.badCount} bad`);
}

/** What anyone would write: parses each line and keeps nothing. */
async function parseLines(): Promise<void> {
  let rest = '';
  for await (const text of createReadStream(datasets.full, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) JSON.parse(line);
  }
}

function countLines(): void {
  const { error, status } = spawnSync('wc', ['-l', datasets.full]);
  if (error || status !== 0) throw error ?? new Error('wc failed');
}

async function main(): Promise<void> {
  const times = await inTurn(settings.runs, {
    wc: countLines,
    parse: parseLines,
    process: () => index(inProcess),
    worker: () => index(inWorker(workerScript)),
  });
  const what = `index ${settings.transcripts.toLocaleString('en')} transcripts, ${megabytes(datasets.full)}`;
  const peers = (values: readonly number[]) =>
    `${ratio(values, '`wc -l`', times.wc)}, ${ratio(values, '`JSON.parse` a line', times.parse)}`;
  row(`${what}, in process`, spread(times.process), peers(times.process), 'under 2 x `wc -l` (1 GB)');
  row(`${what}, in the worker`, spread(times.worker), peers(times.worker));
}

void main();
