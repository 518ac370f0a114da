import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import * as samples from '../../../src/node/contentSample';
import { Dataset } from '../../../src/node/dataset';
import { inProcess } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder } from '../../support/dataset';

afterEach(() => vi.restoreAllMocks());

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
