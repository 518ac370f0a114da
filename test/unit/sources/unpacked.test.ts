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
import type { Source } from '../../../src/node/sources/source';
import { temporaryFolder, writeDataset } from '../../support/dataset';
import { logEntries, sample, sampleName, zip } from '../../support/inspectLog';

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
  let count = 0;
  for await (const { records } of source.chunks()) {
    for (const { value, unpacked } of records) {
      const read = value();
      const least = read.ok ? JSON.stringify(read.value).length / 2 : Number.POSITIVE_INFINITY;
      expect(unpacked?.()).toBeGreaterThan(Math.min(least, TEXT.length));
      count++;
    }
  }
  await source.close();
  expect(count).toBe(ROWS);
});

it('a sample that is damaged says what was made of it before that was found', async () => {
  const damaged = {
    name: sampleName(2),
    data: JSON.stringify(sample(2, { input: TEXT })),
    says: { crc32: 1 },
  };
  const path = writeDataset(folder, 'damaged.eval', zip([...logEntries([sample(1)]), damaged]));
  const source: Source = await openSource(path, null);
  const told: (readonly [boolean, boolean])[] = [];
  for await (const { records } of source.chunks())
    for (const { value, unpacked } of records) told.push([value().ok, (unpacked?.() ?? 0) > TEXT.length]);
  await source.close();
  expect(told).toEqual([
    [true, false],
    [false, true],
  ]);
});

it('is not read behind where it has unpacked to far more than text does', async () => {
  const unpacked = () => 2 ** 29;
  const slice = TableReader.prototype.slice;
  vi.spyOn(TableReader.prototype, 'slice').mockImplementation(async function (this: TableReader, ...rows) {
    return { ...(await slice.apply(this, rows)), bytes: unpacked };
  });
  const chunks = InspectLog.prototype.chunks;
  vi.spyOn(InspectLog.prototype, 'chunks').mockImplementation(async function* (this: InspectLog, signal) {
    for await (const chunk of chunks.call(this, signal)) {
      yield { ...chunk, records: chunk.records.map((record) => ({ ...record, unpacked })) };
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
