/**
 * What the extension does with datasets, without VS Code: `node openEverything.js DIST DATASET...` indexes each in the
 * worker, reads every transcript, searches all, counts it with the decisions beside it, and asks git for a name.
 */
import { dirname, join } from 'node:path';
import { ulid } from 'ulid';
import { NO_SEARCH } from '../../src/core/search/query';
import { Dataset } from '../../src/node/dataset';
import { gitEmail } from '../../src/node/reviewer';
import { inWorker } from '../../src/node/runIndex';
import { SearchRun } from '../../src/node/searchRun';
import { SearchTasks } from '../../src/node/searchTasks';
import { loadedAudit } from '../support/dataset';

const [dist = '', ...paths] = process.argv.slice(2);

function search(dataset: Dataset): Promise<number> {
  const tasks = new SearchTasks(dataset);
  let found = 0;
  return new Promise((resolve, reject) => {
    const run = new SearchRun({
      ...{
        script: join(dist, 'searchWorker.js'),
        query: { ...NO_SEARCH, text: 'e' },
        threads: 1,
        onError: reject,
      },
      next: () => tasks.next(),
      onFound: ({ indices }) => {
        found += indices.length;
      },
      onIdle: () => {
        run.stop();
        resolve(found);
      },
    });
    run.wake();
  });
}

async function open(path: string): Promise<string> {
  const dataset = new Dataset(path, { cache: join(dirname(path), 'cache', ulid()) });
  await dataset.index(inWorker(join(dist, 'indexWorker.js')), new AbortController().signal);
  let read = 0;
  for (let index = 0; index < dataset.columns.count; index++) {
    await dataset.record(index);
    read++;
  }
  const found = await search(dataset);
  dataset.dispose();
  (await loadedAudit(path)).dispose();
  return `${dataset.phase} ${read} ${found}`;
}

async function main(): Promise<void> {
  for (const path of paths) console.log(await open(path));
  await gitEmail(dirname(paths[0] ?? '.'));
}

void main();
