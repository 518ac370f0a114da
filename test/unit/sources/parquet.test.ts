import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { CompressionCodec, FileMetaData } from 'hyparquet';
import { parquetMetadata } from 'hyparquet';
import { type ParquetWriteOptions, parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParquet } from '../../../src/node/sources/parquet';
import { DatasetError } from '../../../src/node/sources/source';
import { compressors, listFile, type Tags, withMetadata } from '../../support/parquetFiles';
import { readSource, type Told } from '../../support/readSource';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parquet-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(options: Omit<ParquetWriteOptions, 'writer'>): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ compressors, ...options }));
}

async function read(bytes: Uint8Array, sameAgain = true): Promise<Told[]> {
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

const values = async (bytes: Uint8Array) => (await read(bytes)).map((told) => told.value ?? told.reason);

const failure = async (bytes: Uint8Array) =>
  read(bytes).then(
    () => 'read without complaint',
    (error: unknown) => (error instanceof DatasetError ? error.message : `no DatasetError: ${error}`),
  );

const CODECS: readonly CompressionCodec[] = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4_RAW'];

describe('a table as Parquet', () => {
  it.each(CODECS)('reads %s, in row groups and pages', async (codec) => {
    const ids = Array.from({ length: 500 }, (_, i) => `row ${i}`);
    const texts = ids.map((id) => `${id}: `.repeat(50));
    const tiers = ids.map((_, i) => (i % 3 === 0 ? null : i % 3 === 1 ? 'free' : 'paid'));
    const columnData = [
      { name: 'id', data: ids },
      { name: 'text', data: texts },
      { name: 'tier', data: tiers, nullable: true, type: 'STRING' as const },
    ];
    const bytes = written({ columnData, codec, rowGroupSize: 120, pageSize: 4_000 });
    expect(parquetMetadata(bytes).row_groups[0]?.columns[1]?.meta_data?.codec).toBe(codec);
    expect(await values(bytes)).toEqual(ids.map((id, i) => ({ id, text: texts[i], tier: tiers[i] })));
  });

  it('makes plain values of every type, with no digit lost', async () => {
    const instant = new Date('2025-10-13T17:05:39.529Z');
    const columnData = [
      { name: 'flag', data: [true] },
      { name: 'int', data: [7] },
      { name: 'safe', data: [2n ** 53n - 1n] },
      { name: 'long', data: [2n ** 53n + 1n] },
      { name: 'float', data: [Math.fround(0.7)] },
      { name: 'double', data: [0.1] },
      { name: 'nan', data: [Number.NaN] },
      { name: 'at', data: [1_760_375_139_529_074n] },
      { name: 'day', data: [instant] },
      { name: 'price', data: [123.45] },
      { name: 'text', data: ['\ufeffÄ "𝄞"'] },
      { name: 'json', data: ['{"a": 1}'] },
      { name: 'bytes', data: [Uint8Array.of(255, 0)] },
      { name: 'uuid', data: ['00112233-4455-6677-8899-aabbccddeeff'] },
      { name: 'none', data: [null] },
      { name: '__proto__', data: ['own'] },
    ];
    const schema: ParquetWriteOptions['schema'] = [
      { name: 'root', num_children: columnData.length },
      { name: 'flag', type: 'BOOLEAN', repetition_type: 'REQUIRED' },
      { name: 'int', type: 'INT32', repetition_type: 'REQUIRED' },
      { name: 'safe', type: 'INT64', repetition_type: 'REQUIRED' },
      { name: 'long', type: 'INT64', repetition_type: 'OPTIONAL' },
      { name: 'float', type: 'FLOAT', repetition_type: 'REQUIRED' },
      { name: 'double', type: 'DOUBLE', repetition_type: 'REQUIRED' },
      { name: 'nan', type: 'DOUBLE', repetition_type: 'REQUIRED' },
      {
        name: 'at',
        type: 'INT64',
        repetition_type: 'REQUIRED',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' },
      },
      { name: 'day', type: 'INT32', repetition_type: 'OPTIONAL', converted_type: 'DATE' },
      {
        name: 'price',
        type: 'INT32',
        repetition_type: 'REQUIRED',
        converted_type: 'DECIMAL',
        scale: 2,
        precision: 9,
      },
      { name: 'text', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED', converted_type: 'UTF8' },
      { name: 'json', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED', converted_type: 'UTF8' },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED' },
      {
        name: 'uuid',
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: 16,
        repetition_type: 'REQUIRED',
        logical_type: { type: 'UUID' },
      },
      { name: 'none', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
      { name: '__proto__', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED', converted_type: 'UTF8' },
    ];
    const [row] = await values(written({ columnData, schema }));
    expect(Object.entries(row as object)).toEqual([
      ['flag', true],
      ['int', 7],
      ['safe', 9007199254740991],
      ['long', '9007199254740993'],
      ['float', 0.7],
      ['double', 0.1],
      ['nan', Number.NaN],
      ['at', '2025-10-13T17:05:39.529074'],
      ['day', '2025-10-13'],
      ['price', 123.45],
      ['text', '\ufeffÄ "𝄞"'],
      ['json', '{"a": 1}'],
      ['bytes', '/wA='],
      ['uuid', '00112233-4455-6677-8899-aabbccddeeff'],
      ['none', null],
      ['__proto__', 'own'],
    ]);
  });

  it('reads lists, structs and maps, and tells what is missing from what is empty', async () => {
    const schema: ParquetWriteOptions['schema'] = [
      { name: 'root', num_children: 2 },
      { name: 'messages', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'OPTIONAL', num_children: 2 },
      { name: 'role', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
      { name: 'content', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
      { name: 'scores', repetition_type: 'OPTIONAL', converted_type: 'MAP', num_children: 1 },
      { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
      { name: 'key', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED', converted_type: 'UTF8' },
      { name: 'value', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
    ];
    const messages = [
      [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: null },
      ],
      [],
      null,
      [{ role: null, content: 'x' }, null],
    ];
    const scores = [
      [
        { key: 'af', value: 0.5 },
        { key: '__proto__', value: 1 },
      ],
      null,
      [],
      [{ key: 'none', value: null }],
    ];
    const columnData = [
      { name: 'messages', data: messages },
      { name: 'scores', data: scores },
    ];
    const rows = (await values(written({ schema, columnData }))) as {
      messages: unknown;
      scores: object | null;
    }[];
    expect(rows.map((row) => row.messages)).toEqual(messages);
    expect(rows.map((row) => row.scores && Object.entries(row.scores))).toEqual([
      [
        ['af', 0.5],
        ['__proto__', 1],
      ],
      null,
      [],
      [['none', null]],
    ]);
  });

  it('shows text that is not UTF-8 as U+FFFD, with a warning', async () => {
    const bytes = written({ columnData: [{ name: 'text', data: ['fine', 'caf#'] }], codec: 'UNCOMPRESSED' });
    bytes[Buffer.from(bytes).indexOf('caf#') + 3] = 0xe9;
    expect((await read(bytes)).map(({ value, warnings }) => [value, warnings])).toEqual([
      [{ text: 'fine' }, []],
      [{ text: 'caf\ufffd' }, ['column "text" holds bytes that are not UTF-8; they are shown as U+FFFD']],
    ]);
  });

  it('reads rows at will, and what goes on in the next page', async () => {
    const rows: Tags[] = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: i % 7 }, (_, j) => `${i}.${j}`),
    );
    const path = join(folder, 'random.parquet');
    writeFileSync(path, listFile(rows, [1, 2, 3, 9, 11, 30, 31, 60, 90], 'GZIP'));
    const source = await openParquet(path);
    const order = [...rows, ...rows].map((_, i) => (i * 17 + 5) % rows.length).flatMap((row) => [row, row]);
    const told = await Promise.all(
      order.map((row) => source.read({ offset: row, length: 0, line: row + 1 })),
    );
    await source.close();
    expect(told).toEqual(order.map((row) => ({ ok: true, value: { tags: rows[row] }, warnings: [] })));
  });

  it('reads a file of no rows', async () => {
    expect(await values(written({ columnData: [{ name: 'a', data: [], type: 'STRING' }] }))).toEqual([]);
  });

  it('stops when cancelled', async () => {
    const path = join(folder, 'cancelled.parquet');
    writeFileSync(path, written({ columnData: [{ name: 'a', data: ['x'] }] }));
    const source = await openParquet(path);
    await expect(source.chunks(AbortSignal.abort()).next()).rejects.toThrow('abort');
    await source.close();
  });
});

describe('laws', () => {
  const cell = fc.option(
    fc.oneof(fc.string(), fc.constantFrom('free', 'paid'), fc.string({ minLength: 200, maxLength: 900 })),
  );

  it('reads the rows that were written, by any codec, encoding, size of page and row group', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, fc.option(fc.maxSafeInteger())), { minLength: 1, maxLength: 80 }),
        fc.constantFrom(...CODECS),
        fc.constantFrom(undefined, 'PLAIN', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY', 'RLE_DICTIONARY'),
        fc.integer({ min: 10, max: 5_000 }),
        fc.integer({ min: 1, max: 100 }),
        async (rows, codec, encoding, pageSize, rowGroupSize) => {
          const columnData = [
            {
              name: 'a',
              data: rows.map(([a]) => a),
              type: 'STRING' as const,
              ...(encoding ? { encoding } : {}),
            },
            { name: 'b', data: rows.map(([, b]) => b), type: 'STRING' as const },
            {
              name: 'n',
              data: rows.map(([, , n]) => (n === null ? null : BigInt(n))),
              type: 'INT64' as const,
            },
          ];
          const bytes = written({ columnData, codec, pageSize, rowGroupSize });
          expect(await values(bytes)).toEqual(rows.map(([a, b, n]) => ({ a, b, n })));
        },
      ),
      { numRuns: 120, seed: 3 },
    );
  });

  it('reads lists that were cut into pages anywhere', async () => {
    const tags = fc.option(fc.array(fc.option(fc.string()), { maxLength: 12 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(tags, { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 30 }),
        fc.constantFrom(...CODECS.filter((codec) => codec !== 'SNAPPY')),
        async (rows, cuts, codec) => {
          expect(await values(listFile(rows, cuts, codec))).toEqual(rows.map((row) => ({ tags: row })));
        },
      ),
      { numRuns: 200, seed: 3 },
    );
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
    await expect(openParquet(join(folder, 'none.parquet'))).rejects.toThrow('none.parquet is not there');
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
    ).toContain('it says that it has 1152921504606846976 rows in');
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

  it.each(files)(
    'never do worse than a DatasetError or bad rows: %s',
    async (_name, make) => {
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
            const started = performance.now();
            try {
              for (const { value, reason } of await read(bytes, false))
                expect(value === undefined).toBe(reason !== undefined);
            } catch (error) {
              if (!(error instanceof DatasetError)) throw error;
            }
            expect(performance.now() - started).toBeLessThan(5_000);
          },
        ),
        { numRuns: 400, seed: 3 },
      );
    },
    60_000,
  );
});

const SCAN = '../shared/data/inspect_scout/scans/scan_id=JzvEPBFB4aVpCU93FFbiFT';

describe('real data', () => {
  it.skipIf(!existsSync(SCAN)).each([
    ['message_length', '471'],
    ['word_counter', '34'],
  ])('reads a scan by Inspect Scout (needs the folder of real data): %s', async (scanner, first) => {
    const source = await openParquet(join(SCAN, `${scanner}.parquet`));
    const rows = await readSource(source);
    await source.close();
    expect(rows.length).toBe(216);
    expect(Object.keys(rows[0]?.value as object).length).toBe(44);
    expect(rows[0]?.value).toMatchObject({ value: first, value_type: 'number', epoch: 1, answer: null });
  });
});
