import { linkSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { datasetFiles } from '../../../src/node/datasetFiles';
import { indexDataset } from '../../../src/node/indexDataset';
import type { IndexEvent } from '../../../src/node/indexEvents';
import { canonicalRecord, indexed, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';

describe.skipIf(process.platform === 'win32')('links to files in a folder', () => {
  it('are read where they lead elsewhere, once; one to a file that is read anyway is not', async () => {
    const outside = writeDataset(temporaryFolder(), 'outside.jsonl', jsonl([canonicalRecord({ id: 'o' })]));
    const folder = temporaryFolder();
    writeDataset(folder, 'run.jsonl', jsonl([canonicalRecord({ id: 'a' })]));
    symlinkSync('run.jsonl', join(folder, 'latest.jsonl'));
    symlinkSync(outside, join(folder, 'linked.jsonl'));
    symlinkSync(outside, join(folder, 'linked-again.jsonl'));
    const { files, columns } = await indexed(folder);
    expect(files.map(({ name }) => name)).toEqual(['linked-again.jsonl', 'run.jsonl']);
    expect(columns.count).toBe(2);
    const set = writeDataset(folder, 'all.transcript-set.json', '{"files": ["latest.jsonl", "run.jsonl"]}');
    expect((await indexed(set)).columns.count).toBe(1);
  });

  it('to a folder, and to nowhere, are told and not followed; to a folder that is read anyway they are not', async () => {
    const outside = temporaryFolder();
    writeDataset(outside, 'outside.jsonl', jsonl([canonicalRecord({ id: 'o' })]));
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'runs', 'one'), { recursive: true });
    writeDataset(join(folder, 'runs', 'one'), 'run.jsonl', jsonl([canonicalRecord({ id: 'a' })]));
    writeDataset(folder, 'notes.txt', 'no data');
    symlinkSync(outside, join(folder, 'runs', 'more'));
    symlinkSync(outside, join(folder, 'named.jsonl'));
    symlinkSync('gone', join(folder, 'away'));
    symlinkSync('round', join(folder, 'round'));
    symlinkSync('gone.jsonl', join(folder, 'away.jsonl'));
    symlinkSync('runs/one', join(folder, 'latest'));
    symlinkSync('..', join(folder, 'runs', 'up'));
    symlinkSync('notes.txt', join(folder, 'text'));
    symlinkSync(outside, join(folder, '.hidden'));
    const { columns, problems } = await indexed(folder);
    expect(columns.count).toBe(1);
    expect(problems.map(({ severity, file, reason }) => [severity, file, reason])).toEqual([
      ['warning', 'away', 'skipped: away is a link that leads nowhere'],
      [
        'warning',
        'named.jsonl',
        'skipped: named.jsonl is a link to a folder; only links to files are followed',
      ],
      ['warning', 'round', expect.stringMatching(/^skipped: round cannot be read: /)],
      ['warning', 'runs/more', 'skipped: more is a link to a folder; only links to files are followed'],
      ['error', 'away.jsonl', 'skipped: away.jsonl is not there (any more)'],
    ]);
  });

  it('that are hard ones, second names of one file, are read once, in a set and through another link as well', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'before'));
    const run = writeDataset(folder, 'run.jsonl', jsonl([canonicalRecord({ id: 'a' })]));
    linkSync(run, join(folder, 'latest.jsonl'));
    linkSync(run, join(folder, 'before', 'run.jsonl'));
    // As long, and written at the same time: another file all the same.
    writeDataset(folder, 'other.jsonl', jsonl([canonicalRecord({ id: 'b' })]));
    const { files, columns, problems } = await indexed(folder);
    expect(files.map(({ name }) => name)).toEqual(['before/run.jsonl', 'other.jsonl']);
    expect(columns.count).toBe(2);
    expect(
      problems.map(({ severity, file, reason, leavesOut }) => [severity, file, reason, leavesOut]),
    ).toEqual(
      ['latest.jsonl', 'run.jsonl'].map((name) => [
        'warning',
        name,
        `skipped: ${name} is another name of a file that is read`,
        false,
      ]),
    );
    const set = writeDataset(folder, 'all.transcript-set.json', '{"files": ["latest.jsonl", "run.jsonl"]}');
    expect((await indexed(set)).columns.count).toBe(1);
    symlinkSync(run, join(folder, 'linked.jsonl'));
    expect((await indexed(folder)).columns.count).toBe(2);
  });

  it('to a folder are told where there is nothing else', async () => {
    const folder = temporaryFolder();
    symlinkSync(temporaryFolder(), join(folder, 'data'));
    await expect(datasetFiles(folder)).rejects.toThrow(
      /holds no file that could be a dataset .*; data is a link to a folder/,
    );
  });

  it('that are added later are told though the index of the same files is kept', async () => {
    const folder = temporaryFolder();
    const cache = temporaryFolder();
    // as long as is worth keeping
    const messages = [{ role: 'assistant', content: 'x'.repeat(17 << 20) }];
    writeDataset(folder, 'run.jsonl', jsonl([canonicalRecord({ id: 'a', messages })]));
    const read = async () => {
      const events: IndexEvent[] = [];
      const request = { path: folder, profile: null, cache, added: null, live: false };
      await indexDataset(request, (event) => events.push(event));
      return events.flatMap((event) => (event.type === 'problem' ? [event.problem.reason] : []));
    };
    expect(await read()).toEqual([]);
    expect(readdirSync(cache)).toHaveLength(1);
    symlinkSync(temporaryFolder(), join(folder, 'more'));
    const told = ['skipped: more is a link to a folder; only links to files are followed'];
    expect([await read(), await read()]).toEqual([told, told]);
  });
});
