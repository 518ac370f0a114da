import { join } from 'node:path';
import fc from 'fast-check';
import type { FileMetaData } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { openParquet } from '../../../src/node/sources/parquet';
import { DatasetError } from '../../../src/node/sources/source';
import { listFile, type Tags, withMetadata, written } from '../../support/parquetFiles';
import { readParquet, temporaryFolder } from '../../support/readParquet';
import type { Told } from '../../support/readSource';

const folder = temporaryFolder();
const read = (bytes: Uint8Array, sameAgain = true) => readParquet(folder(), bytes, sameAgain);
const values = async (bytes: Uint8Array) => (await read(bytes)).map((told) => told.value ?? told.reason);

const failure = async (bytes: Uint8Array) =>
  read(bytes).then(
    () => 'read without complaint',
    (error: unknown) => (error instanceof DatasetError ? error.message : `no DatasetError: ${error}`),
  );

describe('a row of lists without end', () => {
  const long = Array<string>(1_000_001).fill('x');
  const of = (told: readonly Told[]) =>
    told.map(({ value, reason }) => reason ?? (value as { tags: unknown[] | null }).tags?.length);
  const reason = 'a row has more than 1,000,000 values in its lists';

  it('is refused, in one page or over many, and those around it are read', async () => {
    const rows: Tags[] = [['a'], long, ['b', 'c']];
    expect(of(await read(listFile(rows, [], 'UNCOMPRESSED')))).toEqual([1, reason, 2]);
    const cuts = Array.from({ length: 100 }, (_, n) => 1 + n * 9_999);
    expect(of(await read(listFile(rows, cuts, 'UNCOMPRESSED')))).toEqual([
      1,
      expect.stringContaining(reason),
      2,
    ]);
  });

  it('is gone on with no further than that, and looked at once however many pages it has', async () => {
    const cuts = Array.from({ length: 3_000 }, (_, n) => 5 + n * 1_000);
    const endless = Array<string>(3_000_000).fill('x');
    const [bad, good] = of(await read(listFile([endless, ['b']], cuts, 'UNCOMPRESSED')));
    expect(bad).toBe(`column "tags.list.element": ${reason}`);
    expect(good).toBe(1);
  }, 120_000);

  it('of as many as there may be is read', async () => {
    expect(of(await read(listFile([long.slice(1)], [500_000], 'UNCOMPRESSED')))).toEqual([1_000_000]);
  });
});

describe('damage', () => {
  const ids = Array.from({ length: 300 }, (_, i) => `row ${String(i).padStart(4, '0')}`);
  const table = () =>
    written({
      columnData: [{ name: 'id', data: ids, encoding: 'PLAIN' }],
      codec: 'UNCOMPRESSED',
      rowGroupSize: 100,
      pageSize: 260,
    });
  const good = (told: readonly Told[]) =>
    told.flatMap(({ value }) => (value ? [(value as { id: string }).id] : []));

  it('costs the rows of the page that it hits, and no others', async () => {
    const bytes = table();
    const at = Buffer.from(bytes).indexOf('row 0140');
    bytes.set([255, 255, 255, 127], at - 4);
    const told = await read(bytes);
    const bad = told.filter(({ reason }) => reason !== undefined);
    expect(told.length).toBe(300);
    expect(bad.map(({ range }) => range.line)).toContain(141);
    expect(bad.length).toBeLessThan(40);
    expect(bad[0]?.reason).toMatch(/^column "id": the page at byte \d+ cannot be read: /);
    expect(good(told)).toEqual(ids.filter((_, i) => !bad.some(({ range }) => range.offset === i)));
  });

  it('in a list costs its page, wherever its rows begin and end', async () => {
    const rows: Tags[] = Array.from({ length: 30 }, (_, i) => [`a${i}`, `b${i}`, `c${i}`]);
    const bytes = listFile(rows, [20, 40, 60], 'UNCOMPRESSED');
    bytes.set([255, 255, 255, 127], Buffer.from(bytes).indexOf('b8') - 4);
    const told = await read(bytes);
    expect(told.filter(({ reason }) => reason).map(({ range }) => range.offset)).toEqual([
      6, 7, 8, 9, 10, 11, 12, 13,
    ]);
    expect(told[14]?.value).toEqual({ tags: rows[14] });
  });

  it('is said in words where it hits the file as a whole', async () => {
    const bytes = table();
    const tail = (change: (end: Uint8Array) => void) => {
      const copy = Uint8Array.from(bytes);
      change(copy.subarray(copy.length - 8));
      return copy;
    };
    const name = 'table.parquet';
    expect(await failure(new Uint8Array())).toBe(`${name} is empty: it holds no transcript`);
    expect(await failure(Buffer.from('PAR1PAR1'))).toBe(`${name} is too short to be Parquet`);
    expect(await failure(Buffer.from('id,text\n1,nothing of the kind\n'))).toContain('it has no footer');
    expect(await failure(bytes.subarray(0, 900))).toContain('cut off or is still being written');
    expect(await failure(tail((end) => end.set(Buffer.from('PARE'), 4)))).toBe(`${name} is encrypted`);
    expect(await failure(tail((end) => end.set([255, 255, 255, 255])))).toContain(
      'its footer declares 4294967295 bytes',
    );
    expect(await failure(tail((end) => end.set([20, 0, 0, 0])))).toContain(
      `${name} cannot be read as Parquet: `,
    );
    await expect(openParquet(join(folder(), 'none.parquet'))).rejects.toThrow('none.parquet is not there');
  });
});

describe('numbers that cannot be', () => {
  const table = () =>
    written({ columnData: [{ name: 'id', data: ['a', 'b', null], nullable: true }], codec: 'UNCOMPRESSED' });
  const changed = (change: (metadata: FileMetaData) => void) => withMetadata(table(), change);
  const group = (metadata: FileMetaData) => metadata.row_groups[0] ?? expect.fail('no row group');
  const chunk = (metadata: FileMetaData) => group(metadata).columns[0]?.meta_data ?? expect.fail('no column');

  it('are refused before anything is made of them', async () => {
    const many = 2n ** 60n;
    expect(
      await failure(
        changed((metadata) => {
          metadata.num_rows = many;
          group(metadata).num_rows = many;
          chunk(metadata).num_values = many;
        }),
      ),
    ).toContain('it says that it has quadrillions of rows in');
    expect(await failure(changed((metadata) => (metadata.num_rows = 4n)))).toContain(
      'it says that it has 4 rows, its row groups have 3',
    );
    expect(await failure(changed((metadata) => (group(metadata).num_rows = -1n)))).toContain('-1 rows');
    const deep = changed((metadata) => {
      metadata.row_groups = [];
      metadata.schema = Array.from({ length: 200 }, (_, i) => ({
        name: `${i}`,
        repetition_type: 'OPTIONAL' as const,
        ...(i < 199 ? { num_children: 1 } : { type: 'INT32' as const }),
      }));
    });
    expect(await failure(deep)).toContain('nested more than');
  });

  it('make the rows bad that rest on them, each with the reason', async () => {
    const reasons = async (change: (metadata: FileMetaData) => void) =>
      new Set(await values(changed(change)));
    expect(await reasons((metadata) => (chunk(metadata).num_values = 7n))).toEqual(
      new Set(['column "id": it says that it has 7 values for 3 rows']),
    );
    expect(await reasons((metadata) => (chunk(metadata).data_page_offset = 2n ** 50n))).toEqual(
      new Set(['column "id": it is said to start at byte 1125899906842624, outside the file']),
    );
    expect(await reasons((metadata) => (chunk(metadata).type = 'INT32'))).toEqual(
      new Set(['column "id": its type is not that of the schema']),
    );
    expect(await reasons((metadata) => (chunk(metadata).codec = 'LZO'))).toEqual(
      new Set([expect.stringContaining('packed with LZO')]),
    );
    expect(
      await reasons((metadata) => Object.assign(group(metadata).columns[0] ?? {}, { file_path: '../x' })),
    ).toEqual(new Set(['column "id" is in another file, "../x"']));
  });

  it('in a page are found before it is unpacked or decoded', async () => {
    const text = 'x'.repeat(40_000_000);
    const packed = written({ columnData: [{ name: 'id', data: [text] }], codec: 'ZSTD' });
    // the frame's own size, 40 million and more, made 4 billion
    const frame = Buffer.from(packed).indexOf(Buffer.of(0x28, 0xb5, 0x2f, 0xfd));
    packed.set([255, 255, 255, 255], frame + 5);
    expect(await values(packed)).toEqual([expect.stringContaining('it unpacks to more than it declares')]);

    // a run of 127 levels where three values are
    const bytes = table();
    const id = Buffer.from(bytes).indexOf(Buffer.of(1, 0, 0, 0, 'a'.charCodeAt(0)));
    const bomb = Buffer.from(bytes);
    bomb.set([0xfe], id - 2);
    expect(await values(bomb)).toEqual(
      Array(3).fill(expect.stringContaining('it has a run longer than itself')),
    );
  });
});

describe('broken bytes', () => {
  const rows: Tags[] = Array.from({ length: 40 }, (_, i) =>
    i % 5 === 0 ? null : [`${i}`, null, 'tag'.repeat(i)],
  );
  const files: readonly (readonly [string, () => Uint8Array])[] = [
    ['pages of version 1', () => listFile(rows, [5, 17, 60, 61], 'UNCOMPRESSED')],
    ['gzip', () => listFile(rows, [5, 17, 60, 61], 'GZIP')],
    [
      'pages of version 2',
      () =>
        written({
          columnData: [
            { name: 'a', data: rows.map((_, i) => (i % 4 === 0 ? null : `text ${i % 3}`)), nullable: true },
            { name: 'b', data: rows.map((_, i) => BigInt(i * i)), encoding: 'DELTA_BINARY_PACKED' },
            { name: 'c', data: rows.map((_, i) => `prefix ${i}`), encoding: 'DELTA_BYTE_ARRAY' },
            { name: 'd', data: rows.map((_, i) => i % 2 === 0) },
            { name: 'e', data: rows.map((_, i) => i / 7), encoding: 'BYTE_STREAM_SPLIT' },
            { name: 'f', data: rows.map((_, i) => ({ nested: [i] })) },
          ],
          codec: 'SNAPPY',
          rowGroupSize: 15,
          pageSize: 60,
        }),
    ],
    [
      'zstd',
      () => written({ columnData: [{ name: 'a', data: rows.map((_, i) => `text ${i}`) }], codec: 'ZSTD' }),
    ],
    [
      'LZ4',
      () => written({ columnData: [{ name: 'a', data: rows.map((_, i) => `text ${i}`) }], codec: 'LZ4_RAW' }),
    ],
  ];

  it.each(files)('never do worse than a DatasetError or bad rows: %s', async (_name, make) => {
    const clean = make();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.nat(clean.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(0, 127, 128, 255))),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        async (changes) => {
          const bytes = Uint8Array.from(clean);
          for (const [at, byte] of changes) bytes[at] = byte;
          try {
            for (const { value, reason } of await read(bytes, false))
              expect(value === undefined).toBe(reason !== undefined);
          } catch (error) {
            if (!(error instanceof DatasetError)) throw error;
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
