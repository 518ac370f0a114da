import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openCsv } from '../../../src/node/sources/csv';
import { scanRow } from '../../../src/node/sources/csvRow';
import { FileWindow } from '../../../src/node/sources/fileWindow';
import { DatasetError } from '../../../src/node/sources/source';
import { readSource, type Told } from '../../support/readSource';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'csv-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Uint8Array, name = 'table.csv'): Promise<Told[]> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const source = await openCsv(path);
  try {
    return await readSource(source);
  } finally {
    await source.close();
  }
}

const values = async (content: string | Uint8Array, name?: string) =>
  (await read(content, name)).map((told) => told.value ?? told.reason);

const failure = async (content: string | Uint8Array) =>
  read(content).then(
    () => 'read without complaint',
    (error: unknown) => (error instanceof DatasetError ? error.message : `no DatasetError: ${error}`),
  );

describe('a table of text', () => {
  it('gives cells as strings under the names of the header, and where each row stands', async () => {
    const text = ',condition,response\r\n0,free_tier,"He said ""no"",\r\nand left"\r\n0,paid_tier,False\r\n';
    expect(await read(text)).toEqual([
      {
        range: { offset: 21, length: 39, line: 2 },
        value: { 'column 1': '0', condition: 'free_tier', response: 'He said "no",\r\nand left' },
        warnings: [],
      },
      {
        range: { offset: 62, length: 17, line: 4 },
        value: { 'column 1': '0', condition: 'paid_tier', response: 'False' },
        warnings: [],
      },
    ]);
    expect(text.slice(62, 62 + 17)).toBe('0,paid_tier,False');
  });

  it('counts bytes, not characters, and skips a byte order mark and empty lines', async () => {
    const rows = await read('\ufeff\n\na;b\n日本;"€\n"\n\n  \nlast;x', 'table.csv');
    expect(rows.map(({ range, value }) => [range, value])).toEqual([
      [
        { offset: 9, length: 13, line: 4 },
        { a: '日本', b: '€\n' },
      ],
      [
        { offset: 27, length: 6, line: 8 },
        { a: 'last', b: 'x' },
      ],
    ]);
  });

  it('tells the delimiter by looking, and by the name where looking leaves it open', async () => {
    expect(await values('a\tb\n1,5\t2', 'x.csv')).toEqual([{ a: '1,5', b: '2' }]);
    expect(await values('a,b\n1\t5,2', 'x.tsv')).toEqual([{ a: '1\t5', b: '2' }]);
    expect(await values('a,x;b\n1,5;2\n3,4;5', 'x.csv')).toEqual([
      { a: '1', 'x;b': '5;2' },
      { a: '3', 'x;b': '4;5' },
    ]);
    expect(await values('a,x;b\n1;2\n3;5', 'x.csv')).toEqual([
      { 'a,x': '1', b: '2' },
      { 'a,x': '3', b: '5' },
    ]);
    expect(await values('only\none\n"tw""o"\n')).toEqual([{ only: 'one' }, { only: 'tw"o' }]);
    expect(await values('a,b\r1,2\r3,4\r')).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ]);
    expect(await values('a,b\r1,"2\n3"\r4,5\r')).toEqual([
      { a: '1', b: '2\n3' },
      { a: '4', b: '5' },
    ]);
    expect(await values('a,b\n1,"2\r3"\n4,5\r\n')).toEqual([
      { a: '1', b: '2\r3' },
      { a: '4', b: '5' },
    ]);
  });

  it('keeps columns of one name apart, and one called __proto__', async () => {
    const [row] = await values('score,score,score 2,, column 4 ,__proto__\n1,2,3,4,5,6');
    expect(Object.entries(row as object)).toEqual([
      ['score', '1'],
      ['score 3', '2'],
      ['score 2', '3'],
      ['column 4 2', '4'],
      ['column 4', '5'],
      ['__proto__', '6'],
    ]);
  });

  it('names rows with too few and too many cells, and takes empty ones behind the last', async () => {
    expect(await values('a,b\n1\n1,2\n1,2,3\n1,2,,\n')).toEqual([
      'has 1 cell, where the header has 2',
      { a: '1', b: '2' },
      'has 3 cells, where the header has 2',
      { a: '1', b: '2' },
    ]);
  });

  it('shows bytes that are not UTF-8 as U+FFFD, with a warning', async () => {
    const rows = await read(
      Buffer.concat([Buffer.from('a,b\n1,caf'), Buffer.of(0xe9), Buffer.from('\n2,ok\n')]),
    );
    expect(rows.map(({ value, warnings }) => [value, warnings])).toEqual([
      [{ a: '1', b: 'caf\ufffd' }, ['holds bytes that are not UTF-8; they are shown as U+FFFD']],
      [{ a: '2', b: 'ok' }, []],
    ]);
  });

  it('loses the row of a quote that is never closed, and no other', async () => {
    const rows = await read('a,b\n1,x\n2,"open\n3,y\n4,z\n5,w\n');
    expect(rows.map(({ range, value, reason }) => [range.line, value ?? reason])).toEqual([
      [2, { a: '1', b: 'x' }],
      [3, 'the quote that opens a cell on line 3 is never closed'],
      [4, { a: '3', b: 'y' }],
      [5, { a: '4', b: 'z' }],
      [6, { a: '5', b: 'w' }],
    ]);
  });

  it('finds the quote that was left open when a later one seems to close it', async () => {
    const rows = await values('a,b\n1,"open\n2,y\n3,"fine"\n4,"also\nfine"\n5,"well"\n');
    expect(rows).toEqual([
      'the quote that opens a cell on line 2 is never closed',
      { a: '2', b: 'y' },
      { a: '3', b: 'fine' },
      { a: '4', b: 'also\nfine' },
      { a: '5', b: 'well' },
    ]);
  });

  it('counts a last row that was cut off as one, however many lines of text it has', async () => {
    const text =
      'a,b,c\n1,2,3\n4,"It began.\nThen, as it were,\n\nthe file ended, and with it, all\nof the text';
    expect(await values(text)).toEqual([
      { a: '1', b: '2', c: '3' },
      'the quote that opens a cell on line 3 is never closed',
    ]);
  });

  it('says where a quote inside a cell was not doubled', async () => {
    expect(await values('a,b\n1,"say "hi" now"\n2,y\n3,5" disk\n')).toEqual([
      'the quote that opens a cell on line 2 is closed on line 2 in the middle of a text; a quote inside a cell is written twice',
      { a: '2', b: 'y' },
      { a: '3', b: '5" disk' },
    ]);
  });

  it('loses no more than each row whose quotes inside are not doubled, however they stand together', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            '"fine, ""so"""',
            'fine',
            '"he said "hi, you" to me"',
            '"she said "hi""',
            '"""so" it is"',
          ),
          { minLength: 1, maxLength: 60 },
        ),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (cells, newline, ends) => {
          const lines = cells.map((cell, i) => `${i},${cell},x`);
          const told = await read(`a,b,c${newline}${lines.join(newline)}${ends ? newline : ''}`);
          expect(told.map(({ range, value }) => [range.line, value !== undefined])).toEqual(
            cells.map((cell, i) => [i + 2, cell.includes('fine')]),
          );
        },
      ),
    );
  });

  it('counts the lines that a broken row takes along, where none can be told to begin a row', async () => {
    const warnings = async (text: string) => {
      const path = join(folder, 'taken.csv');
      writeFileSync(path, text);
      const source = await openCsv(path);
      const all: string[] = [];
      for await (const { fileWarnings } of source.chunks()) all.push(...(fileWarnings ?? []));
      await source.close();
      return all;
    };
    const taken =
      'where these hold rows of their own, they are in no figure. A quote inside a cell is written twice';
    // Each opens a quote that the next seems to close.
    const unclosed = (n: number) => Array.from({ length: n }, (_, i) => `${i},"open,x\n`).join('');
    const whole = (n: number) => Array.from({ length: n }, (_, i) => `${i},whole,x\n`).join('');
    expect(await warnings(`a,b,c\n${whole(5)}`)).toEqual([]);
    expect(await warnings(`a,b,c\n${whole(1)}0,"say "hi" now",x\n${whole(1)}`)).toEqual([]);
    const returns = 'x,whole,x\r'.repeat(5);
    expect(await warnings(`a,b,c\n${whole(3)}0,"say "hi" now",x\n${returns}`)).toEqual([
      `1 row whose quotes do not fit takes 5 more lines along: ${taken}`,
    ]);
    expect(await warnings(`a,b,c\r\n1,"say "hi" now",x\r${returns}\n${whole(3)}`)).toEqual([
      `1 row whose quotes do not fit takes 5 more lines along: ${taken}`,
    ]);
    expect(await warnings(`a,b,c\n${whole(3)}0,"say "hi" now",x`)).toEqual([]);
    expect(await warnings(`a,b,c\n"two\nlines","x"y,1`)).toEqual([
      `1 row whose quotes do not fit takes 1 more line along: ${taken}`,
    ]);
    expect(await warnings(`a,b,c\n${unclosed(8)}`)).toEqual([
      `1 row whose quotes do not fit takes 7 more lines along: ${taken}`,
    ]);
    expect(
      await warnings(`a,b,c\n${unclosed(8)}${whole(4)}${unclosed(2)}${whole(3)}0,"cut off\nhere`),
    ).toEqual([`3 rows whose quotes do not fit take 9 more lines along: ${taken}`]);
  });

  it('refuses what is no table, in words', async () => {
    expect(await failure('')).toBe('table.csv is empty: it holds no transcript');
    expect(await failure('\ufeff\r\n  \n')).toBe('table.csv is empty: it holds no transcript');
    expect(await failure('a,"b\n1,2\n')).toBe(
      'table.csv: the header on line 1 has a quote that does not close its cell',
    );
    expect(await failure(Buffer.from('\ufeffa,b\n', 'utf16le'))).toContain('UTF-16');
    expect(await failure(Buffer.from('a,b\n', 'utf16le'))).toContain('UTF-16');
    expect(await failure('PAR1....')).toContain('binary');
    expect(await failure(`${','.repeat(100_000)}\n`)).toContain('100001 columns');
    await expect(openCsv(join(folder, 'none.csv'))).rejects.toThrow('none.csv is not there');
    await expect(openCsv(folder)).rejects.toThrow('is a folder');
    expect(await values('a,b\n')).toEqual([]);
  });

  it('says that the file has become shorter', async () => {
    const path = join(folder, 'shrunk.csv');
    writeFileSync(path, 'a,b\n1,2\n3,4\n');
    const source = await openCsv(path);
    writeFileSync(path, 'a,b\n');
    await expect(source.read({ offset: 8, length: 3, line: 3 })).rejects.toThrow(DatasetError);
    await source.close();
  });

  it('stops when cancelled', async () => {
    const path = join(folder, 'cancelled.csv');
    writeFileSync(path, 'a,b\n1,2\n');
    const source = await openCsv(path);
    await expect(source.chunks(AbortSignal.abort()).next()).rejects.toThrow('abort');
    await source.close();
  });
});

describe('size', () => {
  it('reads a cell of 100 MB', async () => {
    const path = join(folder, 'wide.csv');
    const cell = 'a line of ""text"", and\n'.repeat(4_400_000);
    writeFileSync(path, `id,text\n1,"${cell}"\n2,small\n`);
    const source = await openCsv(path);
    const lengths: unknown[] = [];
    for await (const { records } of source.chunks()) {
      for (const { value, range } of records) {
        const told = value();
        lengths.push(told.ok && (told.value as { text: string }).text.length, range.line);
      }
    }
    await source.close();
    expect(lengths).toEqual([22 * 4_400_000, 2, 5, 4_400_003]);
  });

  it('finds the whole rows behind hundreds of quotes that close nowhere: of one line, once much was looked at', async () => {
    // Behind each, all that follows is looked through for its end.
    const open = Array.from({ length: 400 }, (_, i) => `${i},"${'x'.repeat(20)}\n,\n`).join('');
    const whole = Array.from({ length: 300_000 }, (_, i) => `${i},whole and more\n`).join('');
    const path = join(folder, 'looked.csv');
    writeFileSync(path, `a,b\n${open.replaceAll('\n,\n', '""\n')}${whole}`);
    const source = await openCsv(path);
    let found = 0;
    for await (const { records } of source.chunks()) {
      for (const { value } of records) if (value().ok) found++;
    }
    await source.close();
    expect(found).toBe(300_000);
  });

  it('looks at each line behind a broken row once, not at all that follows it', async () => {
    const rows = await read(`a,b,c\n1,2,3\n${'"x"y,\n'.repeat(800_000)}`); // with all of it, some minutes
    expect(rows[0]?.value).toEqual({ a: '1', b: '2', c: '3' });
    expect(rows).toHaveLength(2);
  });

  it('gives a row up behind its line once it has too many cells, and charges for cells and quotes, not bytes alone', () => {
    const dialect = { delimiter: 44, newline: 10 };
    const stepsOf = (text: string, mostCells: number) => {
      const search = { mostCells, lineEnd: text.indexOf('\n') + 1, steps: 0 };
      const row = scanRow(Buffer.from(text), dialect, true, search);
      return { count: row.kind === 'row' ? row.count : row.kind, steps: search.steps };
    };
    const cells = 'x","\n'.repeat(20_000);
    expect(stepsOf(cells, 2)).toMatchObject({ count: 3 });
    expect(stepsOf(cells, 2).steps).toBeLessThan(1_000);
    expect(stepsOf(cells, 20_001).steps).toBeGreaterThan(20_000 * 64);
    // what breaks on its own line is looked at to there, however many cells stand before
    expect(stepsOf('1,2,3,4,"x"y\n', 2)).toMatchObject({ count: 'broken' });
    expect(stepsOf(`"${'""'.repeat(10_000)}`, 2).steps).toBeGreaterThan(9_999 * 64);
  });

  it('leaves the thread free while it looks behind a broken row, by what that costs and not by its lines', async () => {
    const broken = `"x"y${',1'.repeat(9_999)}\n`;
    const path = join(folder, 'free.csv');
    writeFileSync(path, `a${',a'.repeat(9_999)}\n${broken}${'x","\n'.repeat(10_000)}`);
    const source = await openCsv(path);
    let turns = 0;
    let counting = setImmediate(function count() {
      turns++;
      counting = setImmediate(count);
    });
    const told = await readSource(source);
    clearImmediate(counting);
    await source.close();
    expect(told).not.toEqual([]);
    expect(turns).toBeGreaterThan(100); // by its lines, about ten
  });

  it('holds no more of a file for the broken rows in it', async () => {
    const path = join(folder, 'held.csv');
    const rows = 300_000;
    writeFileSync(
      path,
      `a,b\n${'"x"y,1\n1,whole and more\n'.repeat(20)}${'1,whole and more\n'.repeat(rows)}`,
    );
    const source = await openCsv(path);
    let most = 0;
    const { more } = FileWindow.prototype;
    const watched = vi.spyOn(FileWindow.prototype, 'more').mockImplementation(async function (
      this: FileWindow,
      from,
    ) {
      await more.call(this, from);
      most = Math.max(most, this.from(from).length);
    });
    let found = 0;
    for await (const { records } of source.chunks()) for (const { value } of records) if (value().ok) found++;
    watched.mockRestore();
    await source.close();
    expect(found).toBe(rows + 20);
    expect(most).toBeLessThan(2 ** 21);
  });

  it('comes to an end over quotes that are never closed', async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => (i % 2 === 0 ? `"""${i}` : `,"""${i}`));
    const rows = await read(`a,b,c\n1,2,3\n${lines.join('\n')}\n`);
    expect(rows[0]?.value).toEqual({ a: '1', b: '2', c: '3' });
  });
});

const cell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\t', '\n', '\r', ' ', 'é', '𝄞') }),
  fc.string({ minLength: 50, maxLength: 3_000 }),
);
const table = fc
  .integer({ min: 2, max: 6 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 30 }),
  );

describe('laws', () => {
  it('reads the rows that were written, each found again by its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        async (rows, delimiter, newline, bom, quoted) => {
          const names = (rows[0] ?? []).map((_, i) => `name${i}`);
          const options = {
            delimiter,
            record_delimiter: newline,
            quoted_string: quoted,
            quoted_match: /[\r\n"]/,
          };
          const text = stringify([names, ...rows], { ...options, quoted_empty: true, bom });
          const told = await read(text, delimiter === '\t' ? 'law.tsv' : 'law.csv');
          const expected = rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
          expect(told.map(({ value }) => value)).toEqual(expected);
          const bytes = Buffer.from(text);
          for (const [i, { range }] of told.entries()) {
            const own = bytes.subarray(range.offset, range.offset + range.length);
            expect(parse(own, { delimiter, relax_quotes: true })).toEqual([rows[i]]);
            const above = bytes.subarray(0, range.offset).toString().split('\n').length;
            expect(range.line).toBe(above);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('survives broken bytes: a DatasetError or rows whose ranges do not overlap, never anything else', async () => {
    const clean = Buffer.from(
      stringify(Array.from({ length: 40 }, (_, i) => [`${i}`, `a "b"\n${i}, c`, 'ü'])),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(clean.length - 1), fc.constantFrom(34, 10, 13, 44, 0, 255, 65)), {
          maxLength: 8,
        }),
        fc.nat(clean.length),
        async (changes, length) => {
          const bytes = Buffer.from(clean);
          for (const [at, byte] of changes) bytes[at] = byte;
          try {
            let end = 0;
            for (const { range } of await read(bytes.subarray(0, length))) {
              expect(range.offset).toBeGreaterThanOrEqual(end);
              end = range.offset + range.length;
            }
            expect(end).toBeLessThanOrEqual(length);
          } catch (error) {
            if (!(error instanceof DatasetError)) throw error;
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
