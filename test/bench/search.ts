/** A search in the text of a whole dataset, against ripgrep over the same file. */
import { spawnSync } from 'node:child_process';
import { NO_SEARCH, type SearchQuery } from '../../src/core/search/query';
import type { Dataset } from '../../src/node/dataset';
import { inWorker } from '../../src/node/runIndex';
import { SearchRun } from '../../src/node/searchRun';
import { SearchTasks } from '../../src/node/searchTasks';
import { loaded } from './audits';
import { inTurn, megabytes, ms, ratio, row, spread, time } from './measure';
import { datasets, searchScript, settings, workerScript } from './settings';

const QUERIES: readonly (readonly [string, Partial<SearchQuery>])[] = [
  ['a word that is nowhere', { text: 'xylophone', caseSensitive: true }],
  ['the same in any case', { text: 'xylophone' }],
  ['a word of common letters, in any case', { text: 'strategically' }],
  ['a regular expression', { text: '\\bstrategic\\w+ (?:un|dis)', regex: true }],
  ['a word that is in every transcript', { text: 'the' }],
];

interface Found {
  readonly transcripts: number;
  readonly firstAfter: number | null;
}

/** As the editor does it, from the key press: threads start, search, and end. */
function search(dataset: Dataset, query: SearchQuery, threads: number): Promise<Found> {
  const tasks = new SearchTasks(dataset);
  const start = performance.now();
  let transcripts = 0;
  let firstAfter: number | null = null;
  return new Promise((resolve, reject) => {
    const run = new SearchRun({
      ...{ script: searchScript, query, threads, next: () => tasks.next(), onError: reject },
      onFound: ({ indices }) => {
        transcripts += indices.length;
        if (indices.length > 0) firstAfter ??= performance.now() - start;
      },
      onIdle: () => {
        run.stop();
        resolve({ transcripts, firstAfter });
      },
    });
    run.wake();
  });
}

function ripgrep({ text, regex, caseSensitive }: SearchQuery): void {
  const flags = [
    '--count',
    ...(caseSensitive ? [] : ['--ignore-case']),
    ...(regex ? [] : ['--fixed-strings']),
  ];
  const { error, status } = spawnSync('rg', [...flags, '--', text, datasets.full]);
  // 1: nothing found
  if (error || (status !== 0 && status !== 1)) throw error ?? new Error('rg failed');
}

async function main(): Promise<void> {
  const { dataset } = await loaded(datasets.full, inWorker(workerScript));
  const hasPeer = spawnSync('rg', ['--version']).status === 0;
  for (const [words, change] of QUERIES) {
    const query = { ...NO_SEARCH, ...change };
    let found: Found = { transcripts: 0, firstAfter: null };
    const one = async () => {
      found = await search(dataset, query, 1);
    };
    await time(one); // the file is in memory for all
    const times = await inTurn(settings.runs, {
      one,
      two: () => search(dataset, query, 2),
      rg: () => hasPeer && ripgrep(query),
    });
    const first = found.firstAfter === null ? '' : `, the first after ${ms(found.firstAfter)}`;
    row(
      `search ${megabytes(datasets.full)} for ${words}: ${found.transcripts.toLocaleString('en')} transcripts${first}`,
      `${spread(times.one)}; by two threads ${spread(times.two)}`,
      hasPeer ? ratio(times.one, '`rg --count`', times.rg) : 'no ripgrep here',
      'near the speed of the disk',
    );
  }
}

void main();
