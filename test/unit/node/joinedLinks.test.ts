import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Dataset } from '../../../src/node/dataset';
import { inProcess } from '../../../src/node/runIndex';
import { jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { JOINED_PROFILE } from '../../support/joinedProfile';

const opened = vi.hoisted((): string[] => []);
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const open: typeof real.open = (path, ...more) => {
    opened.push(String(path));
    return real.open(path, ...more);
  };
  return { ...real, open };
});

it.skipIf(process.platform === 'win32')(
  'verdicts to which a link leads out of the folder are not opened, for the kept index neither',
  async () => {
    const folder = temporaryFolder();
    const path = writeDataset(folder, 'pads.jsonl', jsonl([{ key: 'a', text: 'first' }]));
    const elsewhere = writeDataset(temporaryFolder(), 'secret.csv', 'sample,prediction\na,yes\n');
    symlinkSync(elsewhere, join(folder, 'predictions.csv'));
    const dataset = new Dataset(path, { choose: async () => JOINED_PROFILE, cache: temporaryFolder() });
    await dataset.index(inProcess, new AbortController().signal);
    expect(dataset.fileErrors[0]?.reason).toContain('are not joined: it leads through a link to ');
    expect(opened).toContain(path);
    expect(opened.filter((each) => each === elsewhere || each.endsWith('predictions.csv'))).toEqual([]);
  },
);
