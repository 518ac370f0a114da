/** What is packed may unpack to a hundred thousand times its size: reading ends before hours have passed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, expect, it, vi } from 'vitest';
import { Dataset } from '../../../src/node/dataset';
import { inProcess } from '../../../src/node/runIndex';
import { InspectLog } from '../../../src/node/sources/inspectLog';
import { openSource } from '../../../src/node/sources/open';
import { TableReader } from '../../../src/node/sources/parquetTable';
import type { RecordValue, Source } from '../../../src/node/sources/source';
import { temporaryFolder, writeDataset } from '../../support/dataset';
import { logEntries, sample, zip } from '../../support/inspectLog';
import { readAll } from '../../support/records';

const folder = temporaryFolder();
const ROWS = 40;
const TEXT = 'a text that each of the rows has, '.repeat(1_000);

function table(name: string): string {
  const path = join(folder, name);
  const id = Array.from({ length: ROWS }, (_, at) => `t${at}`);
  const columnData = [
    { name: 'id', data: id, type: 'STRING' },
    { name: 'text', data: Array(ROWS).fill(TEXT), type: 'STRING' },
    { name: 'label', data: Array(ROWS).fill('no'), type: 'STRING' },
  ] as const;
  writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData: columnData as never })));
  return path;
}

const log = (name: string) =>
  writeDataset(folder, name, zip(logEntries(Array.from({ length: ROWS }, (_, at) => sample(at)))));

async function indexed(path: string) {
  const dataset = new Dataset(path);
  await dataset.index(inProcess, new AbortController().signal);
  return dataset;
}

afterEach(() => vi.restoreAllMocks());

it.each([
  ['a row of a table', table],
  ['a sample of a log', log],
])('%s says what it unpacks to', async (what, write) => {
  const path = write(what.includes('row') ? 'told.parquet' : 'told.eval');
  const source: Source = await openSource(path, null);
  const { values } = await readAll(source);
  await source.close();
  expect(values).toHaveLength(ROWS);
  for (const value of values) {
    const least = value.ok ? JSON.stringify(value.value).length / 2 : Number.POSITIVE_INFINITY;
    expect(value.unpacked).toBeGreaterThan(Math.min(least, TEXT.length));
  }
});

it('is not read behind where it has unpacked to far more than text does', async () => {
  const huge = (value: RecordValue): RecordValue => ({ ...value, unpacked: 2 ** 29 });
  const slice = TableReader.prototype.slice;
  vi.spyOn(TableReader.prototype, 'slice').mockImplementation(async function (this: TableReader, ...rows) {
    const { count, value } = await slice.apply(this, rows);
    return { count, value: (at) => huge(value(at)) };
  });
  const chunks = InspectLog.prototype.chunks;
  vi.spyOn(InspectLog.prototype, 'chunks').mockImplementation(async function* (this: InspectLog, signal) {
    for await (const chunk of chunks.call(this, signal)) {
      const records = chunk.records.map((record) => ({ ...record, value: () => huge(record.value()) }));
      yield { ...chunk, records };
    }
  });
  for (const path of [table('huge.parquet'), log('huge.eval')]) {
    const { columns, error } = await indexed(path);
    // Eight of half a gigabyte are four, and the size of the file gives room for less than one more.
    expect(columns.count).toBe(8);
    expect(error).toMatch(
      /unpack to far more by then than text of its size does; what is behind that is not/,
    );
  }
});

it('is read to its end where it repeats itself as tables do', async () => {
  const { columns, error } = await indexed(table('usual.parquet'));
  expect([columns.count, error]).toEqual([ROWS, null]);
});
