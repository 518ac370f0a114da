import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';

const asked = vi.hoisted(() => [] as string[]);
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const realpath = (path: string) => {
    asked.push(path);
    return real.realpath(path);
  };
  return { ...real, realpath };
});

import { leadsOutside } from '../../../src/node/leadsOutside';
import { temporaryFolder } from '../../support/dataset';

const folder = temporaryFolder();

it('looks once at the files in a folder that is named again and again', async () => {
  const scan = join(folder, 'many');
  mkdirSync(scan);
  for (let table = 0; table < 30; table++) writeFileSync(join(scan, `${table}.parquet`), '');
  expect(await leadsOutside(folder, Array(100).fill(scan))).toEqual(Array(100).fill(null));
  expect(asked.filter((path) => path.endsWith('.parquet'))).toHaveLength(30);
});
