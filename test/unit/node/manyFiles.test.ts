import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import * as samples from '../../../src/node/contentSample';
import { Dataset } from '../../../src/node/dataset';
import { datasetFiles } from '../../../src/node/datasetFiles';
import { inProcess } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder } from '../../support/dataset';

afterEach(() => vi.restoreAllMocks());

it('refuses a folder of more files than can be read in a while, in words', async () => {
  const folder = temporaryFolder();
  for (let i = 0; i < 30_001; i++) writeFileSync(join(folder, `${i}.jsonl`), '');
  await expect(datasetFiles(folder)).rejects.toThrow(
    'holds 30001 files that could be a dataset; 30000 are the most that are read together',
  );
});

it('takes a sample of a file that did not grow before it is read and before it is checked, not between', async () => {
  const folder = temporaryFolder();
  for (const name of ['a', 'b'])
    writeFileSync(join(folder, `${name}.jsonl`), jsonl([canonicalRecord({ id: name })]));
  const taken = vi.spyOn(samples, 'contentSample');
  const dataset = new Dataset(folder);
  await dataset.index(inProcess, new AbortController().signal);
  expect(dataset.columns.count).toBe(2);
  expect(taken).toHaveBeenCalledTimes(4);
});
