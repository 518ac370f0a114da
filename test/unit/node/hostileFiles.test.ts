/** Small files that say or hold huge things, through the whole product: told in words and within bounds. */
import { closeSync, ftruncateSync, openSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { FileMetaData } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleRecords } from '../../../src/node/detectFile';
import type { Source } from '../../../src/node/sources/source';
import { CANONICAL_LINES, CSV, DOCUMENT, EVAL, PARQUET, SCOUT_SCAN } from '../../support/containers';
import { canonicalRecord, indexed, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { header, sample, sampleName, zip, zstd } from '../../support/inspectLog';
import { withMetadata } from '../../support/parquetFiles';
import { listed, TWO, told, toldOf } from '../../support/told';

const folder = temporaryFolder();

describe('a link to what the system makes up', () => {
  it('is not read, which may wait for ever', async () => {
    // as /proc/kmsg, but that it would end
    const path = join(folder, 'made-up.jsonl');
    symlinkSync('/proc/self/status', path);
    expect((await indexed(path)).error).toMatch(/made-up\.jsonl lies on no disk/);
    const empty = writeDataset(folder, 'empty.transcripts.jsonl', '');
    expect((await indexed(empty)).error).toMatch(/is empty/);
  });
});

describe('an archive of a few kilobytes', () => {
  it('in which a sample is packed in thousands of empty frames is told, and its good sample kept: by an attack, 13 s of the window', async () => {
    const packed = (id: string, frames: number) => ({
      ...{ name: sampleName(id), data: JSON.stringify(sample(id)), method: 'zstd' as const, frames },
    });
    const head = { name: 'header.json', data: JSON.stringify(header()) };
    const path = writeDataset(folder, 'frames.eval', zip([head, packed('a', 5_000), packed('b', 500)]));
    const { columns, problems } = await indexed(path);
    expect(columns.count - columns.badCount).toBe(1);
    expect(problems.map(({ reason }) => reason).join()).toContain('in more frames than there is to hold');
  });

  it.each([
    ['zstd', 'stored', { method: 93, size: 250_000_000 }],
    ['deflate', 'deflate', { size: 250_000_000 }],
  ] as const)(
    'that says it holds 20 GB (%s) is not believed, and its good sample kept',
    async (_how, method, says) => {
      const data = method === 'stored' ? zstd(Buffer.from('{}'), 1) : '{}';
      const bombs = Array.from({ length: 40 }, (_, i) => ({
        name: sampleName(`b${i}`),
        data,
        method,
        says,
      }));
      const good = { name: sampleName('a'), data: JSON.stringify(sample('a')) };
      const head = { name: 'header.json', data: JSON.stringify(header()) };
      const bytes = zip([head, ...bombs, good]);
      expect(bytes.length).toBeLessThan(10_000);
      const { phase, records, problems } = await toldOf(folder, EVAL, { [EVAL.open]: bytes });
      expect([phase, records.length, problems.length]).toEqual(['ready', 41, 40]);
      expect(records[0]).toBe(
        'bad: samples/b0_epoch_1.json: it unpacks to 2 bytes where it declares 250000000',
      );
      expect(records[40]).toBe(`${listed(EVAL, 'a')}: In the shed, I think (a).`);
    },
  );
});

describe('a log that tells one long text again and again', () => {
  const HASH = 'a'.repeat(32);
  const long = 'x'.repeat(1 << 20);
  const said = { role: 'user', content: `attachment://${HASH}` };
  const call = {
    id: 'c',
    function: 'f',
    arguments: Object.fromEntries(Array(600).fill(said.content).entries()),
  };
  const often = (id: string, messages: unknown[]) => sample(id, { messages, attachments: { [HASH]: long } });

  it.each([
    ['in messages', Array(20_000).fill(said)],
    ['in the arguments of one call', [{ role: 'assistant', content: '', tool_calls: [call] }]],
  ])('%s is refused, and its good sample kept', async (_where, messages) => {
    const samples = [often('a', messages), often('b', [said]), sample('c')];
    const bytes = zip([
      { name: 'header.json', data: JSON.stringify(header()) },
      ...samples.map((one) => ({
        name: sampleName(String(one.id)),
        data: JSON.stringify(one),
        method: 'deflate' as const,
      })),
    ]);
    const { records } = await toldOf(folder, EVAL, { [EVAL.open]: bytes });
    expect(records[0]).toMatch(
      /^bad: samples\/a_epoch_1.json: its references to attachments stand for more than 67108864 characters, .* with 1048576$/,
    );
    expect(records[1]).toBe(`${listed(EVAL, 'b')}: ${long}`);
    expect(records[2]).toBe(`${listed(EVAL, 'c')}: In the shed, I think (c).`);
  });

  it('by ranges of its sequence is refused', async () => {
    const bytes = zip([
      { name: 'header.json', data: JSON.stringify(header()) },
      {
        name: 'samples/a_epoch_1/sample.json',
        data: JSON.stringify({ ...sample('a'), messages: undefined, message_refs: Array(600).fill([0, 1]) }),
      },
      { name: 'samples/a_epoch_1/messages/0.json', data: JSON.stringify([{ role: 'user', content: long }]) },
    ]);
    const { records } = await toldOf(folder, EVAL, { [EVAL.open]: bytes });
    expect(records).toEqual([
      expect.stringContaining('its messages have more than 536870912 characters together'),
    ]);
  });
});

describe('a table of a few kilobytes', () => {
  const group = (metadata: FileMetaData) => metadata.row_groups[0] ?? expect.fail('no row group');
  const chunk = (metadata: FileMetaData) => group(metadata).columns[0]?.meta_data ?? expect.fail('no column');
  const whole = Buffer.from(PARQUET.files(TWO)['table.parquet'] ?? []);

  it('that says it has a quintillion rows is refused', async () => {
    const bytes = withMetadata(whole, (metadata) => {
      metadata.num_rows = 2n ** 60n;
      group(metadata).num_rows = 2n ** 60n;
    });
    const { phase, error } = await toldOf(folder, PARQUET, { 'table.parquet': bytes });
    expect(phase).toBe('failed');
    expect(error).toMatch(
      /^table.parquet cannot be read as Parquet: it says that it has quadrillions of rows in \d+ bytes, of which no transcripts can be made that differ$/,
    );
  });

  it('that says it has a hundred thousand rows has them, each bad with the reason', async () => {
    const bytes = withMetadata(whole, (metadata) => {
      metadata.num_rows = 100_000n;
      group(metadata).num_rows = 100_000n;
    });
    const { phase, error } = await toldOf(folder, PARQUET, { 'table.parquet': bytes });
    expect(phase).toBe('failed');
    expect(error).toContain('row 1: column "id": it says that it has 2 values for 100000 rows');
  });

  it.each([
    ['starts beyond the file', { data_page_offset: 2n ** 50n }],
    ['has more values than fit', { num_values: 2n ** 55n }],
  ])('of which a column %s is told as such', async (_what, claims) => {
    const { error } = await toldOf(folder, PARQUET, {
      'table.parquet': withMetadata(whole, (metadata) => Object.assign(chunk(metadata), claims)),
    });
    expect(error).toMatch(/\(row 1: column "id": it (?:is said to start at byte|says that it has) \d+/);
  });

  it('that claims so in a scan costs that scanner, and no other', async () => {
    const files = SCOUT_SCAN.files(TWO);
    const faking = Buffer.from(files['scan_id=one/faking.parquet'] ?? []);
    const claims = withMetadata(faking, (metadata) => {
      metadata.num_rows = 2n ** 60n;
      group(metadata).num_rows = 2n ** 60n;
    });
    const { records, problems } = await toldOf(folder, SCOUT_SCAN, {
      ...files,
      'scan_id=one/zeal.parquet': claims,
    });
    expect(records).toEqual(told(SCOUT_SCAN));
    expect(problems).toEqual([
      expect.stringMatching(/^error null: zeal.parquet cannot be read as Parquet: it says/),
    ]);
  });
});

describe('brackets without end', () => {
  const brackets = Buffer.alloc(5_000_000, '[');
  const instead = (bytes: Buffer) => {
    const at = bytes.indexOf('"????"');
    return Buffer.concat([bytes.subarray(0, at), brackets, bytes.subarray(at + 6)]);
  };
  const given = [...TWO, { id: 'c', text: '????' }, { id: 'd', text: 'four' }];
  const TOO_DEEP = 'bad: nested more than 1000 levels deep';

  it.each([
    [CANONICAL_LINES.name, CANONICAL_LINES],
    [DOCUMENT.name, DOCUMENT],
  ] as const)('cost their own record: %s', async (_name, container) => {
    const files = container.files(given, (bytes) => instead(bytes));
    const { records } = await toldOf(folder, container, files);
    expect(records).toEqual([...told(container), TOO_DEEP, 'd: four']);
  });

  it('in a cell are a text', async () => {
    const text = brackets.toString('latin1');
    await toldOf(folder, CSV, CSV.files([...TWO, { id: 'c', text }]));
    const dataset = await indexed(join(folder, CSV.open));
    expect([dataset.columns.count, dataset.errors, dataset.warnings]).toEqual([3, 0, 0]);
  });
});

describe('records that are long each', () => {
  /** How many of a hundred records are looked at to tell the shape of their file. */
  async function sampledOf(value: (n: number) => unknown): Promise<number> {
    let made = 0;
    const records = Array.from({ length: 100 }, (_, i) => ({
      range: { offset: i, length: 0, line: i + 1 },
      bytes: null,
      value: () => ({ ok: true as const, value: value(made++), warnings: [] }),
    }));
    const source: Source = {
      stamp: { size: 100, mtimeMs: 0 },
      container: 'JSON lines',
      unit: 'line',
      async *chunks() {
        yield { records, bytesRead: 100, frameProblem: null };
      },
      read: () => Promise.reject(new Error('nobody asked for it')),
      close: () => Promise.resolve(),
    };
    expect((await sampleRecords(source)).values).toHaveLength(made);
    return made;
  }

  it('are not all in memory when the shape of a file is told', async () => {
    const text = 'x'.repeat(1 << 22);
    expect(await sampledOf((n) => [text, n])).toBe(4);
    expect(await sampledOf((n) => ({ text: 'short', n }))).toBe(100);
  });

  it('by their names alone neither: by an attack, 4 s of the window for 45,000 keys a record', async () => {
    const keys = (n: number) =>
      Object.fromEntries(Array.from({ length: 20_000 }, (_, k) => [`k${n}_${k}`, 1]));
    expect(await sampledOf(keys)).toBeLessThan(25);
  });

  it('are read one by one where a scan holds them', async () => {
    const given = Array.from({ length: 10 }, (_, i) => ({ id: `t${i}`, text: `${i}`.repeat(8_000_000) }));
    const { records, problems } = await toldOf(join(folder, 'long'), SCOUT_SCAN, SCOUT_SCAN.files(given));
    expect(records.map((record) => [record.slice(0, 6), record.length])).toEqual(
      given.map(({ id, text }) => [`${id}: ${text.slice(0, 2)}`, 8_000_004]),
    );
    expect(problems).toEqual([]);
  });
});

describe('a record of a thousand messages and as many quotes that stand nowhere', () => {
  it('is listed, and what was not looked for told once', async () => {
    const text = (n: number) => Array.from({ length: 40 }, (_, i) => `w${(n + i) * 7919}`).join(' ');
    const numbers = Array.from({ length: 1_000 }, (_, n) => n);
    const record = canonicalRecord({
      messages: numbers.map((n) => ({ role: 'assistant', content: text(n) })),
      spans: numbers.map((n) => ({ classifier: 'af', label: 'alignment_faking', quote: text(n + 10_000) })),
    });
    const dataset = await indexed(writeDataset(folder, 'quotes.jsonl', jsonl([record])));
    expect([dataset.columns.count, dataset.columns.badCount]).toEqual([1, 0]);
    const told = dataset.problems.filter(({ reason }) => reason.includes('not looked for'));
    expect(told.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(
        /^\d+ quotes were not looked for to the end: the quotes of this transcript take too long/,
      ),
    ]);
  });
});

describe('a line that is longer than any record', () => {
  it('is told as too long; the lines around it are read', async () => {
    const path = join(folder, 'long.jsonl');
    const [first = '', second = ''] = Buffer.from(CANONICAL_LINES.files(TWO)['own.jsonl'] ?? [])
      .toString()
      .split('\n');
    const file = openSync(path, 'w');
    const length = 270_000_000;
    writeSync(file, `${first}\n{"id":"`, 0);
    // A hole in the file: it reads as NUL and takes no room on the disk.
    ftruncateSync(file, length);
    writeSync(file, `"}\n${second}\n`, length);
    closeSync(file);
    const dataset = await indexed(path);
    expect(dataset.problems.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'longer than 268 MB, the most that one record may have'],
    ]);
    expect([0, 1, 2].map((index) => dataset.columns.line(index))).toEqual([1, 2, 3]);
    expect(await dataset.record(1)).toMatchObject({ kind: 'bad', raw: expect.stringMatching(/^\{"id":"\0/) });
    expect(await dataset.record(2)).toMatchObject({ kind: 'transcript', transcript: { id: 'b' } });
  });
});

// What they say they hold is more than any machine has.
afterAll(() => expect(process.resourceUsage().maxRSS).toBeLessThan(2_500_000));
