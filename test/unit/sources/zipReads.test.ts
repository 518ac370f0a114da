/** A log may have a hundred thousand small samples: reading it takes as many reads of the file as its size says. */
import { type FileHandle, open } from 'node:fs/promises';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { openInspectLog } from '../../../src/node/sources/inspectLog';
import { temporaryFolder, writeDataset } from '../../support/dataset';
import { logEntries, sample, zip } from '../../support/inspectLog';
import { goodValues, readAll } from '../../support/records';

const folder = temporaryFolder();
let prototype: FileHandle;

beforeAll(async () => {
  const handle = await open(folder, 'r');
  prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
});
afterEach(() => vi.restoreAllMocks());

it('reads small samples together, and one by itself at once', async () => {
  const samples = Array.from({ length: 2_000 }, (_, i) => sample(i));
  const path = writeDataset(folder, 'small.eval', zip(logEntries(samples)));
  const source = await openInspectLog(path);
  const read = vi.spyOn(prototype, 'read');
  const stat = vi.spyOn(prototype, 'stat');
  const { values, ranges } = await readAll(source);
  expect(goodValues(values)).toHaveLength(2_000);
  expect(read.mock.calls.length + stat.mock.calls.length).toBeLessThan(50);
  read.mockClear();
  for (const at of [7, 3, 1_999]) {
    const range = ranges[at];
    if (range) expect(await source.read(range)).toEqual(values[at]);
  }
  expect(read).toHaveBeenCalledTimes(3);
  await source.close();
});
