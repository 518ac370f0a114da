import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openParquet } from '../../../src/node/sources/parquet';
import { unpackPage } from '../../../src/node/sources/parquetCodec';
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
