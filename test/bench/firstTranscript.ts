/** From opening a dataset to its first transcript, by the dataset's size. */
import { Dataset } from '../../src/node/dataset';
import { inWorker } from '../../src/node/runIndex';
import { inTurn, megabytes, ratio, row, spread } from './measure';
import { datasets, settings, workerScript } from './settings';

async function readFirst(path: string): Promise<void> {
  const dataset = new Dataset(path);
  const abort = new AbortController();
  const first = new Promise<void>((resolve, reject) => {
    void dataset
      .index(inWorker(workerScript), abort.signal, {
        grown: () => dataset.record(0).then(() => resolve(), reject),
      })
      .then(() => dataset.columns.count > 0 || reject(new Error(dataset.error ?? 'nothing was indexed')));
  });
  await first;
  abort.abort();
}

async function main(): Promise<void> {
  const times = await inTurn(settings.runs, {
    small: () => readFirst(datasets.small),
    tenth: () => readFirst(datasets.tenth),
    full: () => readFirst(datasets.full),
  });
  const smallest = `${megabytes(datasets.small)}'s`;
  for (const name of ['small', 'tenth', 'full'] as const) {
    const against = name === 'small' ? '' : ratio(times[name], smallest, times.small);
    const what = `first transcript readable, ${megabytes(datasets[name])}`;
    row(what, spread(times[name]), against, 'under 300 ms, whatever the size');
  }
}

void main();
