import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { CompressionCodec } from 'hyparquet';
import { parquetMetadata } from 'hyparquet';
import type { ParquetWriteOptions } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { openParquet } from '../../../src/node/sources/parquet';
import { plainRule } from '../../../src/node/sources/parquetRule';
import type { Field } from '../../../src/node/sources/parquetSchema';
import { plainValue } from '../../../src/node/sources/parquetValue';
import { type Level, listFile, type Tags, written } from '../../support/parquetFiles';
import { readParquet, temporaryFolder } from '../../support/readParquet';
import { readSource } from '../../support/readSource';

const folder = temporaryFolder();
const read = (bytes: Uint8Array) => readParquet(folder(), bytes);
const values = async (bytes: Uint8Array) => (await read(bytes)).map((told) => told.value ?? told.reason);

const CODECS: readonly CompressionCodec[] = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4_RAW'];

describe('a table as Parquet', () => {
  it('reads numbers as long as a type has them, and no longer ones, whose digits would take for ever', () => {
    const rule = plainRule({ name: 'amount', type: 'BYTE_ARRAY', converted_type: 'DECIMAL', scale: 1 });
    const warnings = new Set<string>();
    const read = (bytes: Uint8Array) =>
      plainValue({ leaf: { name: 'amount', rule } } as Field, bytes, warnings);
    expect(read(Uint8Array.of(0xff, 0x85))).toBe(-12.3);
    const digits = BigInt(`0x${'7f'.repeat(256)}`).toString();
    expect(read(new Uint8Array(256).fill(0x7f))).toBe(`${digits.slice(0, -1)}.${digits.slice(-1)}`);
    expect([...warnings]).toEqual([]);
    const long = Uint8Array.from({ length: 257 }, (_, i) => i);
    expect(read(long)).toBe(Buffer.from(long).toString('base64'));
    expect([...warnings]).toEqual([
      'column "amount" holds numbers of more than 256 bytes, which are not read; they are shown in base64',
    ]);
  });

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

  it('tells which of the groups around a value is missing, in lists and out of them', async () => {
    const group = (name: string, repetition_type: 'OPTIONAL' | 'REQUIRED', num_children: number) => ({
      ...{ name, repetition_type, num_children },
    });
    const schema: ParquetWriteOptions['schema'] = [
      { name: 'root', num_children: 1 },
      group('judge', 'OPTIONAL', 3),
      group('said', 'REQUIRED', 2),
      { name: 'score', type: 'INT32', repetition_type: 'OPTIONAL' },
      group('by', 'OPTIONAL', 1),
      { name: 'name', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
      { name: 'sure', type: 'BOOLEAN', repetition_type: 'REQUIRED' },
      { ...group('tags', 'OPTIONAL', 1), converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'INT32', repetition_type: 'OPTIONAL' },
    ];
    const listless = [...schema.slice(0, 1), { ...group('judge', 'OPTIONAL', 2) }, ...schema.slice(2, 7)];
    const judges = [
      { said: { score: 1, by: { name: 'ana' } }, sure: true, tags: [1, null] },
      null,
      { said: { score: null, by: { name: null } }, sure: false, tags: [] },
      { said: { score: 0, by: null }, sure: true, tags: null },
    ];
    for (const nulls of [judges, judges.slice(0, 1)]) {
      const rows = nulls.map((judge) => ({ judge }));
      expect(await values(written({ schema, columnData: [{ name: 'judge', data: nulls }] }))).toEqual(rows);
      const flat = nulls.map((judge) => judge && { said: judge.said, sure: judge.sure });
      const bytes = written({ schema: listless, columnData: [{ name: 'judge', data: flat }] });
      expect(await values(bytes)).toEqual(flat.map((judge) => ({ judge })));
    }
  });

  it.each([
    ['all that is not there', ({ value }: Level) => value === null],
    [
      'missing elements, not empty or missing lists, as Arrow does',
      ({ definition }: Level) => definition === 2,
    ],
    ['nothing', () => false],
  ])('reads lists in pages of version 2 whose headers count as nulls %s', async (_what, isCounted) => {
    const tags = [['a', null], [], null, ['b'], [], [null], ['c', 'd']];
    const flags = [[true, null], [], null, [false], [], [null], [true, true], [], ...Array(20).fill([false])];
    for (const rows of [tags, flags]) {
      for (const cuts of [[], [3, 5]]) {
        const bytes = listFile(rows, cuts, 'UNCOMPRESSED', {
          nulls: (levels) => levels.filter(isCounted).length,
        });
        expect(await values(bytes)).toEqual(rows.map((row) => ({ tags: row })));
      }
    }
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
    const path = join(folder(), 'random.parquet');
    writeFileSync(path, listFile(rows, [1, 2, 3, 9, 11, 30, 31, 60, 90], 'GZIP'));
    const source = await openParquet(path);
    const order = [...rows, ...rows].map((_, i) => (i * 17 + 5) % rows.length).flatMap((row) => [row, row]);
    const told = await Promise.all(
      order.map((row) => source.read({ offset: row, length: 0, line: row + 1 })),
    );
    await source.close();
    expect(told).toEqual(order.map((row) => ({ ok: true, value: { tags: rows[row] }, warnings: [] })));
  });

  it('reads a row that ends in the page of the one read before it', async () => {
    const path = join(folder(), 'backwards.parquet');
    writeFileSync(path, listFile([['a', 'b'], ['c']], [1], 'UNCOMPRESSED'));
    const source = await openParquet(path);
    const told = [];
    for (const row of [1, 0]) told.push(await source.read({ offset: row, length: 0, line: row + 1 }));
    await source.close();
    expect(told).toEqual([['c'], ['a', 'b']].map((tags) => ({ ok: true, value: { tags }, warnings: [] })));
  });

  it('reads a file of no rows', async () => {
    expect(await values(written({ columnData: [{ name: 'a', data: [], type: 'STRING' }] }))).toEqual([]);
  });

  it('stops when cancelled', async () => {
    const path = join(folder(), 'cancelled.parquet');
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
      { numRuns: 120 },
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
      { numRuns: 200 },
    );
  });
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
