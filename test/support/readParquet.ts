import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { openParquet } from '../../src/node/sources/parquet';
import { readSource, type Told } from './readSource';

/** A folder that lasts as long as the tests of a file. */
export function temporaryFolder(): () => string {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parquet-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return () => folder;
}

/** The rows of a Parquet file that is written into a folder, with their numbers looked over. */
export async function readParquet(folder: string, bytes: Uint8Array, sameAgain = true): Promise<Told[]> {
  const path = join(folder, 'table.parquet');
  writeFileSync(path, bytes);
  const source = await openParquet(path);
  try {
    const all = await readSource(source, sameAgain);
    expect(all.map(({ range }) => range)).toEqual(all.map((_, i) => ({ offset: i, length: 0, line: i + 1 })));
    return all;
  } finally {
    await source.close();
  }
}
