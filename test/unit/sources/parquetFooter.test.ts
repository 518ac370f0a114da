import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileMetaData } from 'hyparquet';
import { describe, expect, it, vi } from 'vitest';
import { openHandle } from '../../../src/node/sources/openHandle';
import { Footer } from '../../../src/node/sources/parquetFooter';
import { ParquetTable } from '../../../src/node/sources/parquetTable';
import { ThriftWalk } from '../../../src/node/sources/thriftWalk';
import { temporaryFolder } from '../../support/dataset';
import { withMetadata, written } from '../../support/parquetFiles';

const folder = temporaryFolder();

function fileOf(change: (metadata: FileMetaData) => void, rowGroupSize = 2): string {
  const data = Array.from({ length: 7 }, (_, n) => `value ${n}`);
  const path = join(folder, 'table.parquet');
  const bytes = written({ columnData: [{ name: 'id', data }], rowGroupSize, codec: 'UNCOMPRESSED' });
  writeFileSync(path, withMetadata(bytes, change));
  return path;
}

/** Row groups without rows between, before and behind those that have some. */
function withEmptyGroups(count: number) {
  return (metadata: FileMetaData) => {
    const [first] = metadata.row_groups;
    if (!first) throw new Error('no row group');
    const empty = Array.from({ length: count }, () => ({ ...first, num_rows: 0n }));
    metadata.row_groups = metadata.row_groups.flatMap((group) => [...empty, group]).concat(empty);
  };
}

async function readFooter(path: string): Promise<Footer> {
  const file = await openHandle(path);
  try {
    return await Footer.read(file);
  } finally {
    await file.handle.close();
  }
}

describe('the row groups of a footer', () => {
  it('are found by their rows, those without any are passed over', async () => {
    const footer = await readFooter(fileOf(withEmptyGroups(3)));
    expect(footer.rows).toBe(7);
    const found = Array.from({ length: 7 }, (_, row) => footer.groupOf(row));
    expect(found.map((group) => [group?.index, group?.first, group?.rows])).toEqual(
      [3, 3, 7, 7, 11, 11, 15].map((index, row) => [index, row - (row % 2), row === 6 ? 1 : 2]),
    );
    expect([-1, 7, Number.NaN].map((row) => footer.groupOf(row))).toEqual([null, null, null]);
  });

  it('give their rows, in any order', async () => {
    const table = await ParquetTable.open(fileOf(withEmptyGroups(2)));
    const reader = table.reader();
    for (const row of [6, 0, 5, 1, 6, 3, 2, 4]) {
      const slice = await reader.slice(row, 1);
      expect(slice.value(0)).toMatchObject({ ok: true, value: { id: `value ${row}` } });
    }
    await table.close();
  });

  it('are not decoded before their rows are read, and the thread is free while they are looked for', async () => {
    const path = fileOf(withEmptyGroups(20_000));
    const walked = vi.spyOn(ThriftWalk.prototype, 'list');
    let turns = 0;
    let counting = true;
    const count = () => {
      turns++;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const footer = await readFooter(path);
    counting = false;
    expect(footer.rows).toBe(7);
    expect(walked.mock.calls.length).toBeGreaterThan(80_000); // each was met
    expect(turns).toBeGreaterThan(10);
    walked.mockRestore();
  });

  it('are damage where one is longer than any, and only when it is read', async () => {
    const path = fileOf((metadata) => {
      const column = metadata.row_groups[1]?.columns[0];
      const value = 'x'.repeat(5 << 20);
      if (column?.meta_data) column.meta_data.key_value_metadata = [{ key: 'k', value }];
    });
    const table = await ParquetTable.open(path);
    const reader = table.reader();
    expect((await reader.slice(0, 1)).count).toBe(1);
    await expect(reader.slice(2, 1)).rejects.toThrow(/^its row group 2 takes \d+ bytes of the footer$/);
    expect((await reader.slice(4, 1)).value(0)).toMatchObject({ ok: true, value: { id: 'value 4' } });
    await table.close();
  });
});

it('a schema that is longer than any is refused', async () => {
  const path = join(folder, 'wide.parquet');
  writeFileSync(path, written({ columnData: [{ name: 'x'.repeat(3 << 20), data: ['a'] }] }));
  await expect(ParquetTable.open(path)).rejects.toThrow(
    /its schema takes \d+ bytes, where it may have 2097152/,
  );
});

it('rows of which there are more than bytes are made up, but for a million', async () => {
  const rows = (count: bigint) =>
    fileOf((metadata) => {
      const [group] = metadata.row_groups;
      if (!group) throw new Error('no row group');
      metadata.row_groups = [{ ...group, num_rows: count }];
      metadata.num_rows = count;
    });
  await expect(readFooter(rows(1_010_000n))).rejects.toThrow('it says that it has 1010000 rows in ');
  expect((await readFooter(rows(1_000_000n))).rows).toBe(1_000_000);
});
