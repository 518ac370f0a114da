/** What may stand where a dataset is looked for, at first or while it is open: told in words, and nobody waits for it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalRecord, indexed, jsonl, temporaryFolder, writeDataset } from '../support/dataset';

/** What hangs is ended; a busy machine may take many times as long as an idle one. */
const HANGS_MS = 120_000;
const folder = temporaryFolder();

const STANDS_THERE: readonly (readonly [string, (path: string) => void, RegExp])[] = [
  ['a link to a device without end', (path) => symlinkSync('/dev/zero', path), /pipe or a device/],
  ['a link to a terminal', (path) => symlinkSync('/dev/tty', path), /pipe or a device/],
  ['a pipe', (path) => execFileSync('mkfifo', [path]), /pipe or a device/],
  ['a link to itself', (path) => symlinkSync(path, path), /too many symbolic links/],
  ['a link to nothing', (path) => symlinkSync(join(folder, 'nothing'), path), /is not there/],
  ['a link to what the system makes up', (path) => symlinkSync('/proc/self/status', path), /lies on no disk/],
  ['a folder without data', (path) => mkdirSync(path), /holds no file/],
];

describe.each(STANDS_THERE)('%s', (name, put, reason) => {
  it('in the place of a dataset is told of', { timeout: HANGS_MS }, async () => {
    const path = join(folder, `${name}.jsonl`);
    put(path);
    const dataset = await indexed(path);
    expect([dataset.phase, dataset.columns.count]).toEqual(['failed', 0]);
    expect(dataset.error).toMatch(reason);
  });

  it('put there while it is open gives no record, and is told of', { timeout: HANGS_MS }, async () => {
    const path = writeDataset(folder, `${name} later.jsonl`, jsonl([canonicalRecord({ id: 'a' })]));
    const dataset = await indexed(path);
    expect(dataset.columns.count).toBe(1);
    rmSync(path);
    put(path);
    await expect(dataset.record(0)).rejects.toThrow(`${name} later.jsonl`);
    expect(await dataset.hashes([0])).toEqual([null]);
    expect((await dataset.look()).kind).toBe('changed');
    dataset.dispose();
  });
});
