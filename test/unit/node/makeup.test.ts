import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CANONICAL, type Profile } from '../../../src/core/formats/profile';
import { Dataset } from '../../../src/node/dataset';
import { inProcess } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { JOINED_PROFILE } from '../../support/joinedProfile';

const one = (id: string) => jsonl([canonicalRecord({ id })]);

async function read(path: string, profile: Profile | null = null): Promise<Dataset> {
  const dataset = new Dataset(path, { choose: async () => profile });
  await dataset.index(inProcess, new AbortController().signal);
  expect(dataset.phase).toBe('ready');
  expect(await dataset.look()).toEqual({ kind: 'same' });
  return dataset;
}

const changed = (what: string) => ({ kind: 'changed', what });

describe('a dataset has changed', () => {
  it('when the file has whose verdicts are joined, also where the dataset itself has grown', async () => {
    const folder = temporaryFolder();
    const path = writeDataset(folder, 'pads.jsonl', jsonl([{ key: 'a', text: 'first' }]));
    const predictions = writeDataset(folder, 'predictions.csv', 'sample,prediction\na,yes\n');
    const dataset = await read(path, JOINED_PROFILE);
    expect(dataset.paths).toEqual([path, predictions]);
    appendFileSync(path, jsonl([{ key: 'b', text: 'second' }]));
    expect(await dataset.look()).toEqual({ kind: 'grown' });
    writeFileSync(predictions, 'sample,prediction\na,no\nb,no\n');
    const told = changed('predictions.csv has changed on disk since its verdicts were joined');
    expect(await dataset.look()).toEqual(told);
    rmSync(predictions);
    expect(await dataset.look()).toEqual(told);
  });

  it('when the profile has that is kept beside one of its files, or one comes or goes there', async () => {
    const folder = join(temporaryFolder(), 'runs');
    mkdirSync(folder);
    for (const id of ['a', 'b']) writeDataset(folder, `${id}.jsonl`, one(id));
    const set = writeDataset(folder, 'all.transcript-set.json', '{"files": ["a.jsonl", "b.jsonl"]}');
    const kept = join(folder, 'b.jsonl.review/profile.json');
    const told = changed('the profile that is kept beside b.jsonl has changed since it was read');
    const before = [await read(folder), await read(set)];
    const chosen = await read(folder, CANONICAL);
    mkdirSync(join(folder, 'b.jsonl.review'));
    writeFileSync(kept, JSON.stringify(CANONICAL));
    for (const dataset of before) expect(await dataset.look()).toEqual(told);
    // A profile for all of them is asked about itself.
    expect(await chosen.look()).toEqual({ kind: 'same' });
    const after = [await read(folder), await read(set)];
    writeFileSync(kept, JSON.stringify({ ...CANONICAL, name: 'another' }));
    for (const dataset of after) expect(await dataset.look()).toEqual(told);
    const last = await read(set);
    rmSync(kept);
    expect(await last.look()).toEqual(told);
  });

  it('when there are other files in its folder or on its list, not when decisions are made beside them', async () => {
    const folder = join(temporaryFolder(), 'runs');
    mkdirSync(folder);
    for (const id of ['a', 'b']) writeDataset(folder, `${id}.jsonl`, one(id));
    const set = writeDataset(folder, 'all.transcript-set.json', '{"files": ["a.jsonl", "b.jsonl"]}');
    const [whole, listed] = [await read(folder), await read(set)];
    mkdirSync(join(folder, 'a.jsonl.review'));
    writeFileSync(join(folder, 'a.jsonl.review', 'ana.jsonl'), '\n');
    writeFileSync(join(folder, 'notes.txt'), 'x');
    expect([await whole.look(), await listed.look()]).toEqual([{ kind: 'same' }, { kind: 'same' }]);

    writeDataset(folder, 'c.jsonl', one('c'));
    expect(await whole.look()).toEqual(changed('runs has other files by now than were read'));
    expect(await listed.look()).toEqual({ kind: 'same' });
    writeFileSync(set, '{"files": ["b.jsonl", "a.jsonl"]}');
    expect(await listed.look()).toEqual(
      changed('all.transcript-set.json has other files by now than were read'),
    );
    writeFileSync(set, '{"files": [');
    expect(await listed.look()).toMatchObject({
      kind: 'changed',
      what: expect.stringContaining('is no list of files'),
    });
  });
});
