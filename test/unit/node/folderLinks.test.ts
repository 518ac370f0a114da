import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
});
