import { writeFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { matchTranscript } from '../../../src/core/search/match';
import { NO_SEARCH, type SearchQuery } from '../../../src/core/search/query';
import type { Dataset } from '../../../src/node/dataset';
import { SearchRun } from '../../../src/node/searchRun';
import type { FoundBatch } from '../../../src/node/searchTask';
import { SearchTasks } from '../../../src/node/searchTasks';
import { SearchThread, SlowPatternError } from '../../../src/node/searchThread';
import { canonicalRecord, indexed, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { bundleSearchWorker } from '../../support/searchScript';
import { untilThreadsEnd } from '../../support/threads';

const folder = temporaryFolder();
let script = '';
beforeAll(async () => {
  script = await bundleSearchWorker(folder);
});
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

interface Outcome {
  readonly counts: Map<number, number>;
  readonly batches: readonly FoundBatch[];
}

/** Searches a dataset to its end. */
function search(dataset: Dataset, change: Partial<SearchQuery>, threads = 1): Promise<Outcome> {
  const batches: FoundBatch[] = [];
  const tasks = new SearchTasks(dataset);
  return new Promise((resolve, reject) => {
    const run = new SearchRun({
      ...{ script, query: { ...NO_SEARCH, ...change }, threads, onError: reject },
      next: () => tasks.next(),
      onFound: (found) => batches.push(found),
      onIdle: () => {
        run.stop();
        const pairs = batches.flatMap(({ indices, counts }) =>
          [...indices].map((index, i) => [index, counts[i] ?? 0] as const),
        );
        resolve({ counts: new Map(pairs), batches });
      },
    });
    stops.push(() => run.stop());
    run.wake();
  });
}

function said(content: string): Record<string, unknown> {
  return canonicalRecord({ messages: [{ role: 'assistant', content }] });
}

describe('a search of a dataset', () => {
  it.each([1, 2])(
    'passes on what %i threads find in the order of the dataset, once and all of it',
    async (threads) => {
      const filler = 'x'.repeat(400_000);
      const records = Array.from({ length: 150 }, (_, i) => said(`${filler} ${'needle '.repeat(i % 3)}`));
      const dataset = await indexed(writeDataset(folder, 'large.transcripts.jsonl', jsonl(records)));
      const { counts, batches } = await search(dataset, { text: 'needle' }, threads);
      expect(counts.size).toBe(100);
      expect([...counts].every(([index, count]) => count === index % 3)).toBe(true);
      expect([...counts.keys()]).toEqual([...counts.keys()].sort((a, b) => a - b));
      const through = batches.map((batch) => batch.through);
      expect(through).toEqual([...through].sort((a, b) => a - b));
      expect(through.at(-1)).toBe(150);
      expect(through.length).toBeGreaterThan(2);
    },
  );

  it('passes over bad records, and finds what stands behind them', async () => {
    const lines = [
      said('needle'),
      '{"messages": [{"role": "assistant", "content": "needle"',
      said('a needle'),
    ];
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const dataset = await indexed(writeDataset(folder, 'bad.transcripts.jsonl', text));
    const { counts, batches } = await search(dataset, { text: 'needle' });
    expect([...counts]).toEqual([
      [0, 1],
      [2, 1],
    ]);
    expect(batches.at(-1)?.through).toBe(3);
  });

  it.each([
    [
      'table.csv',
      'condition,prompt,response,is_accepted\n' +
        'free_tier,"say, ""needle""","no\nneedle",True\n' +
        'free_tier,nothing,"a ""need"" le",True\npaid_tier,,needle needle,False\n',
    ],
    [
      'arms.json',
      JSON.stringify([
        {
          id: 0,
          query: 'q needle',
          results: { Free_Tier_Baseline: 'needle', Paid_Force_Compliance: 'none' },
        },
        {
          id: 1,
          query: 'q',
          results: { Free_Tier_Baseline: 'n\u0065edle', Paid_Force_Compliance: 'needle, needle' },
        },
      ]),
    ],
    [
      'chat.jsonl',
      jsonl([
        {
          conversations: [
            { from: 'human', value: [{ text: 'need' }, { text: 'needle' }] },
            { from: 'gpt', value: 'le' },
          ],
        },
      ]),
    ],
    ['one.json', JSON.stringify([said('needle'), said('none'), said('need\u006ce needle')])],
  ])('finds in %s what a search of every transcript finds', async (name, content) => {
    const dataset = await indexed(writeDataset(folder, name, content));
    const query = { ...NO_SEARCH, text: 'needle' };
    const expected = new Map<number, number>();
    for (let index = 0; index < dataset.columns.count; index++) {
      const record = await dataset.record(index);
      if (record.kind === 'bad') continue;
      const { length } = matchTranscript(query, record.transcript);
      if (length > 0) expected.set(index, length);
    }
    expect(expected.size).toBeGreaterThan(0);
    expect((await search(dataset, query)).counts).toEqual(expected);
  });

  it('is told when the file ends before what was read', async () => {
    const path = writeDataset(folder, 'shorter.transcripts.jsonl', jsonl([said('needle'), said('none')]));
    const dataset = await indexed(path);
    writeFileSync(path, '');
    await expect(search(dataset, { text: 'needle' })).rejects.toThrow('has become shorter since it was read');
  });

  it('tells nothing more once it is stopped', async () => {
    const records = Array.from({ length: 2_000 }, () => said('needle '.repeat(500)));
    const dataset = await indexed(writeDataset(folder, 'stopped.transcripts.jsonl', jsonl(records)));
    const tasks = new SearchTasks(dataset);
    const told: string[] = [];
    await untilThreadsEnd(
      () =>
        new Promise<void>((resolve) => {
          const tell = (what: string) => {
            told.push(what);
            run.stop();
            resolve();
          };
          const run = new SearchRun({
            ...{ script, query: { ...NO_SEARCH, text: 'needle' }, threads: 2, next: () => tasks.next() },
            onFound: () => tell('found'),
            onIdle: () => tell('idle'),
            onError: () => tell('error'),
          });
          run.wake();
        }),
    );
    expect(told).toEqual(['found']);
  });
});

describe('an expression that never comes to an end', () => {
  it('is given up, and the transcript named', async () => {
    const dataset = await indexed(
      writeDataset(folder, 'slow.transcripts.jsonl', jsonl([said('fine'), said(`${'a'.repeat(60)}!`)])),
    );
    const query = { ...NO_SEARCH, text: '^(a+)+$', regex: true };
    const thread = new SearchThread(script, query, 2_000);
    const task = new SearchTasks(dataset).next();
    if (!task) throw new Error('nothing to search');
    const failure = await thread.search(task, () => {}).catch((error) => error);
    expect(failure).toBeInstanceOf(SlowPatternError);
    expect(failure.index).toBe(1);
    await expect(thread.search(task, () => {})).rejects.toBe(failure);
  });

  it('can be stopped', async () => {
    const thread = new SearchThread(script, { ...NO_SEARCH, text: '^(a+)+$', regex: true });
    const messages = [{ role: 'user', content: `${'a'.repeat(60)}!`, region: null }];
    const places = thread.places({ type: 'text', index: 0, messages, most: 10 });
    setTimeout(() => thread.stop(), 100);
    await expect(places).rejects.toThrow('the search was stopped');
  });
});

describe('the places of matches', () => {
  it('are listed up to a number, and counted all', async () => {
    const thread = new SearchThread(script, { ...NO_SEARCH, text: 'B' });
    stops.push(() => thread.stop());
    const messages = [
      { role: 'user', content: 'abab', region: null },
      { role: 'assistant', content: 'b', region: null },
    ];
    const found = await thread.places({ type: 'text', index: 7, messages, most: 2 });
    expect([...found.places]).toEqual([0, 1, 2, 0, 3, 4]);
    expect(found.total).toBe(3);
  });
});
