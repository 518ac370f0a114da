import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { SchemaElement } from 'hyparquet';
import { assembleLists } from 'hyparquet/src/assemble.js';
import type { ParquetWriteOptions } from 'hyparquet-writer';
import { describe, expect, it, vi } from 'vitest';
import { openParquet } from '../../../src/node/sources/parquet';
import { unpackPage } from '../../../src/node/sources/parquetCodec';
import { readSchema } from '../../../src/node/sources/parquetSchema';
import { written } from '../../support/parquetFiles';
import { readParquet, temporaryFolder } from '../../support/readParquet';
import { readSource } from '../../support/readSource';

vi.mock('../../../src/node/sources/parquetCodec', async (original) => {
  const codec = await original<{ unpackPage: typeof unpackPage }>();
  return { ...codec, unpackPage: vi.fn(codec.unpackPage) };
});

const folder = temporaryFolder();

describe('the memory that a file asks for', () => {
  const megabyte = 'x'.repeat(1_000_000);

  it('is refused to a row longer than a record may be, before its texts are made', async () => {
    const long = Array<string>(300).fill(megabyte);
    const bytes = written({
      schema: [
        { name: 'root', num_children: 1 },
        { name: 'tags', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
      ],
      columnData: [{ name: 'tags', data: [['a'], long, ['b']], encoding: 'RLE_DICTIONARY' }],
      codec: 'GZIP',
    });
    expect(bytes.length).toBeLessThan(10_000);
    const told = await readParquet(folder(), bytes);
    expect(told.map(({ value, reason }) => reason ?? (value as { tags: string[] }).tags.length)).toEqual([
      1,
      'longer than 268 MB, the most that one record may have',
      1,
    ]);
  });

  it('counts texts that copy the ones before them, where a page says so in a few bytes', async () => {
    const texts = Array.from({ length: 280 }, () => megabyte);
    const column = (name: string) => ({ name, data: texts, encoding: 'DELTA_BYTE_ARRAY' as const });
    const bytes = written({ columnData: [column('a'), column('b')], codec: 'GZIP', pageSize: 1 << 29 });
    expect(bytes.length).toBeLessThan(10_000);
    const told = await readParquet(folder(), bytes, false);
    expect(new Set(told.map(({ reason }) => reason))).toEqual(
      new Set([expect.stringContaining('the pages of one row take more memory than can be given to them')]),
    );
  });

  it('grows with the values of a page, and not with the groups that they stand in', async () => {
    const [columns, depth, rows] = [60, 28, 3_000];
    const groups = Array.from({ length: depth }, (_, i) => ({
      name: `g${i}`,
      repetition_type: 'OPTIONAL' as const,
      num_children: 1,
    }));
    const schema: ParquetWriteOptions['schema'] = [{ name: 'root', num_children: columns }];
    let value: unknown = 1;
    for (const { name } of [{ name: 'v' }, ...groups.slice(1).reverse()]) value = { [name]: value };
    for (let column = 0; column < columns; column++) {
      schema.push(...groups.map((group, i) => (i === 0 ? { ...group, name: `c${column}` } : group)));
      schema.push({ name: 'v', type: 'INT32', repetition_type: 'OPTIONAL' });
    }
    const columnData = Array.from({ length: columns }, (_, column) => ({
      name: `c${column}`,
      data: Array(rows).fill(value),
    }));
    const path = join(folder(), 'deep.parquet');
    writeFileSync(path, written({ schema, columnData, codec: 'GZIP' }));
    const source = await openParquet(path);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collect();
    const before = process.memoryUsage().heapUsed;
    expect(await source.read({ offset: rows - 1, length: 0, line: rows })).toMatchObject({ ok: true });
    collect();
    // In 28 arrays each they would be 900 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100e6);
    await source.close();
  });

  it('is counted by the arrays that lists in lists are decoded into', () => {
    const countArrays = (value: unknown): number =>
      Array.isArray(value) ? value.reduce((sum, part) => sum + countArrays(part), 1) : 0;
    const kind = fc.constantFrom('OPTIONAL', 'REPEATED', 'REQUIRED');
    fc.assert(
      fc.property(fc.array(kind, { minLength: 1, maxLength: 8 }), fc.array(fc.nat(8)), (kinds, drawn) => {
        const schema: SchemaElement[] = [
          { name: 'root', num_children: 1 },
          ...kinds.map((repetition_type, i): SchemaElement => {
            const isLeaf = i === kinds.length - 1;
            return { name: `${i}`, repetition_type, ...(isLeaf ? { type: 'INT32' } : { num_children: 1 }) };
          }),
        ];
        const [leaf] = readSchema(schema).leaves;
        if (!leaf) throw new Error('no leaf');
        const levels = [0, ...drawn.map((level) => Math.min(level, leaf.maxRepetition))];
        const present = levels.map(() => leaf.maxDefinition);
        const decoded = assembleLists([], present, levels, levels, [...leaf.path]);
        const counted = levels.reduce((sum, level) => sum + (leaf.arrays[level] ?? Number.NaN), 0);
        expect(counted).toBe(countArrays(decoded) - 1);
      }),
    );
  });

  it('is refused to a schema of more parts than a row can have', async () => {
    const schema: ParquetWriteOptions['schema'] = [{ name: 'root', num_children: 4_000 }];
    for (let column = 0; column < 4_000; column++) {
      for (let i = 0; i < 27; i++)
        schema.push({ name: `${column}`, repetition_type: 'OPTIONAL', num_children: 1 });
      schema.push({ name: 'v', type: 'INT32', repetition_type: 'OPTIONAL' });
    }
    expect(() => readSchema(schema)).toThrow('its schema has 112001 parts, more than 100000');
    const [root, ...rest] = schema;
    const half = [{ ...root, num_children: 2_000 } as SchemaElement, ...rest.slice(0, 2_000 * 28)];
    expect(readSchema(half).leaves).toHaveLength(2_000);
  });

  it('is asked for once by who looks at the first rows and then reads all', async () => {
    const path = join(folder(), 'once.parquet');
    writeFileSync(path, written({ columnData: [{ name: 'a', data: ['b', 'c', 'd'] }], codec: 'GZIP' }));
    const source = await openParquet(path);
    vi.mocked(unpackPage).mockClear();
    await source.read({ offset: 0, length: 0, line: 1 });
    for await (const { records } of source.chunks()) if (records.length > 0) break;
    expect((await readSource(source, false)).map(({ value }) => value)).toEqual([
      { a: 'b' },
      { a: 'c' },
      { a: 'd' },
    ]);
    await source.close();
    expect(unpackPage).toHaveBeenCalledTimes(1);
  });
});

describe('long texts', () => {
  it('are read as short ones are, from a dictionary and without, with what is wrong with them', async () => {
    const long = (end: string) => `${'é'.repeat(2_000)}${end}`;
    for (const encoding of ['PLAIN', 'RLE_DICTIONARY', 'DELTA_BYTE_ARRAY'] as const) {
      const data = [long('first'), 'short', long('first'), null, long('caf#')];
      const bytes = written({
        columnData: [{ name: 'a', data, encoding, type: 'STRING', nullable: true }],
        codec: 'UNCOMPRESSED',
        statistics: false,
      });
      bytes[Buffer.from(bytes).indexOf('caf#') + 3] = 0xe9;
      const told = await readParquet(folder(), bytes);
      expect(told.map(({ value }) => (value as { a: string }).a)).toEqual([
        ...data.slice(0, 4),
        long('caf\ufffd'),
      ]);
      expect(told.map(({ warnings }) => warnings)).toEqual([
        [],
        [],
        [],
        [],
        ['column "a" holds bytes that are not UTF-8; they are shown as U+FFFD'],
      ]);
    }
  });
});
