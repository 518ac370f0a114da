/** What an indexed dataset holds in memory, and that the length of its texts does not count. */
import { execFileSync } from 'node:child_process';
import { inWorker } from '../../src/node/runIndex';
import { loaded } from './audits';
import { median, megabytes, quantile, row } from './measure';
import { datasets, settings, workerScript } from './settings';

async function held(): Promise<number> {
  // buffers are let go in turns
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    global.gc?.();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function bytesPerTranscript(path: string): Promise<number> {
  const before = await held();
  const audit = await loaded(path, inWorker(workerScript));
  return ((await held()) - before) / audit.dataset.columns.count;
}

/** Each time in a new process, so that nothing of an earlier dataset is let go meanwhile. */
function measure(path: string): number[] {
  const args = ['--expose-gc', __filename, JSON.stringify(settings), path];
  return Array.from({ length: settings.runs }, () =>
    Number(execFileSync(process.execPath, args, { encoding: 'utf8' })),
  );
}

async function main(): Promise<void> {
  const path = process.argv[3];
  if (path !== undefined) {
    await bytesPerTranscript(datasets.tenth); // what is made once: compiled code, tables
    console.log(await bytesPerTranscript(path));
    return;
  }
  const [full, short] = [measure(datasets.full), measure(datasets.short)];
  const bytes = (values: readonly number[]) => Math.round(median(values));
  row(
    `memory held for a transcript, of ${settings.transcripts.toLocaleString('en')}`,
    `${bytes(full)} bytes (${Math.round(quantile(full, 0))} to ${Math.round(quantile(full, 1))})`,
    `${bytes(short)} bytes for ${megabytes(datasets.short)} instead of ${megabytes(datasets.full)}`,
    'under 100 bytes, none for the text',
  );
}

void main();
