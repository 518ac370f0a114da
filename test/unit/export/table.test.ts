import { parse } from 'csv-parse/sync';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Exported, Overview } from '../../../src/core/export/encoder';
import { tableOf } from '../../../src/core/export/table';
import { csvEncoder, csvLine } from '../../../src/node/export/csv';
import { ParquetEncoder } from '../../../src/node/export/parquet';
import { answer, entryOf, idAt } from '../../support/entries';
import { encodeAll, exported, overviewOf, transcriptOf, verdictOf } from '../../support/exported';

const confirm = { action: 'confirm', target: { span: 's1' }, value: null } as const;
const noted = { action: 'note', target: { note: true }, value: null, note: 'said "so",\r\ntwice' } as const;

/** Decided in every way that the columns tell apart. */
const items: readonly Exported[] = [
  exported(
    transcriptOf({
      id: '=1+1',
      promptId: '',
      model: 'a "model", named\nso',
      verdicts: [verdictOf('judge', 'complied', true), verdictOf('af', 'alignment_faking', null)],
    }),
    [
      entryOf(idAt(1), answer('complied', 'no')),
      entryOf(idAt(2), answer('complied', 'no'), { reviewer: 'ben' }),
      entryOf(idAt(3), answer('complied', 'yes'), { reviewer: 'cy' }),
      entryOf(idAt(4), noted),
    ],
  ),
  exported(transcriptOf({ id: 'tie', condition: null, verdicts: [verdictOf('judge', 'complied', false)] }), [
    entryOf(idAt(1), answer('complied', 'no')),
    entryOf(idAt(2), answer('complied', 'yes'), { reviewer: 'ben' }),
    entryOf(idAt(3), answer('free_to_act', 'unsure')),
  ]),
  exported(transcriptOf({ id: 'stale', verdicts: [verdictOf('judge', 'complied', true)] }), [
    entryOf(idAt(1), answer('complied', 'no'), { hash: 'another text' }),
  ]),
  exported(transcriptOf({ id: 'agreed', verdicts: [verdictOf('judge', 'complied', true)] }), [
    entryOf(idAt(1), answer('complied', 'yes')),
    entryOf(idAt(2), confirm),
  ]),
  exported(transcriptOf({ id: 'nobody' })),
];

const NOTHING: Overview = { sources: [], decidedLabels: new Map(), transcripts: 0 };

/** By hand, from the items above. */
const EXPECTED = {
  id: ['=1+1', 'tie', 'stale', 'agreed', 'nobody'],
  condition: ['training', null, 'training', 'training', 'training'],
  prompt_id: ['', null, null, null, null],
  model: ['a "model", named\nso', null, null, null, null],
  'verdict:complied:judge': [true, false, true, true, null],
  'adjudicated:complied': [false, null, null, true, null],
  'yes:complied': [1, 1, 0, 1, 0],
  'no:complied': [2, 1, 0, 0, 0],
  'unsure:complied': [0, 0, 0, 0, 0],
  'verdict:alignment_faking:af': [null, null, null, null, null],
  'adjudicated:alignment_faking': [null, null, null, null, null],
  'adjudicated:free_to_act': [null, null, null, null, null],
  'unsure:free_to_act': [0, 1, 0, 0, 0],
  status: ['overridden', 'reviewed', 'unreviewed', 'reviewed', 'unreviewed'],
  reviewers: [3, 2, 0, 1, 0],
  stale: [false, false, true, false, false],
  note: ['ana@example.org: said "so",\r\n  twice', null, null, null, null],
};

describe('csv', () => {
  it('reads back cell by cell', () => {
    const text = encodeAll(csvEncoder(overviewOf(items), true), items).toString();
    const rows: Record<string, string>[] = parse(text, { columns: true });
    expect(rows).toHaveLength(items.length);
    for (const [name, cells] of Object.entries(EXPECTED)) {
      expect(
        rows.map((row) => row[name]),
        name,
      ).toEqual(cells.map((cell) => (cell === null ? '' : String(cell))));
    }
  });

  it('raw, leaves what looks like a formula exact, quotes it and says how many there are', () => {
    const encoder = csvEncoder(overviewOf(items), true);
    const text = encodeAll(encoder, items).toString();
    expect(text).toContain('\r\n"=1+1",helpful-only,');
    expect(encoder.remarks().join()).toContain('1 cells begin with');
    const plain = csvEncoder(NOTHING, true);
    encodeAll(plain, [exported(transcriptOf())]);
    expect(plain.remarks()).toEqual([]);
  });

  it('ends records with CRLF, quotes by RFC 4180, and tells an empty text from nothing', () => {
    expect(csvLine(['a', '', null, true, 2, 'x,y', 'x"y', 'x\ny', 'x\ry', '-z', '\tz'])).toBe(
      'a,"",,true,2,"x,y","x""y","x\ny","x\ry","-z","\tz"\r\n',
    );
  });

  it('gives columns that would share a name a number', () => {
    const sources = [
      { classifier: 'b:c', label: 'a' },
      { classifier: 'c', label: 'a:b' },
    ];
    const [header = []] = parse(encodeAll(csvEncoder({ ...NOTHING, sources }), []).toString());
    expect(new Set(header).size).toBe(header.length);
    expect(header).toEqual(expect.arrayContaining(['verdict:a:b:c', 'verdict:a:b:c#2']));
  });
});

/** Classifiers that each say something of a label of their own; `looks` counts how often a label is looked at. */
function manySources(count: number): { readonly overview: Overview; readonly looks: () => number } {
  let looks = 0;
  const sources = Array.from({ length: count }, (_, index) => ({
    classifier: 'judge',
    get label() {
      looks++;
      return `l${index}`;
    },
  }));
  return { overview: { ...NOTHING, sources }, looks: () => looks };
}

describe('a table of very many labels', () => {
  it('has its columns found in one walk over the classifiers', () => {
    const { overview, looks } = manySources(2_000);
    expect(tableOf(overview).columns.map(({ name }) => name)).toContain('verdict:l0:judge');
    expect(looks()).toBeLessThan(10 * 2_000);
  });

  it('has the columns of those for which there is room, and says of how many others it has none', () => {
    const { overview } = manySources(190);
    const decidedLabels = new Map(
      Array.from({ length: 20_000 }, (_, index) => [`a${index}`, 1 + (index % 2)]),
    );
    decidedLabels.set('sabotage', 300);
    const large = { ...overview, decidedLabels, transcripts: 1_000_000 };
    const { columns, remarks } = tableOf(large);
    const names = columns.map(({ name }) => name);
    // 190 of five columns, which stand before those of people only, and 12 of four
    expect(names.filter((name) => /^adjudicated:l/.test(name))).toHaveLength(190);
    const decided = names.filter((name) => /^adjudicated:[as]/.test(name));
    expect(decided).toHaveLength(12);
    expect(decided).toContain('adjudicated:sabotage');
    // one's own are not left out for those of which somebody has decided on fewer transcripts
    expect(decided.filter((name) => /[02468]$/.test(name))).toEqual([]);
    expect(remarks).toEqual([
      expect.stringMatching(
        /^without the columns of 19989 labels \(a23, a25, a27, a29, a31 and 19984 more\): there is room for 1000 columns .* canonical with --labels/,
      ),
    ]);
    expect(tableOf({ ...manySources(190).overview, transcripts: 1_000_000 }).remarks).toEqual([]);
    // Parquet has room for no more of a table of few transcripts either.
    for (const encoder of [new ParquetEncoder({ ...large, transcripts: 1 }), csvEncoder(large)]) {
      encoder.begin();
      encoder.end();
      expect(encoder.remarks()).toEqual(remarks);
    }
  });

  it('has room for as many as there are cells, with few transcripts', () => {
    const sources = Array.from({ length: 20 * 60 }, (_, index) => ({
      classifier: `c${index % 60}`,
      label: `l${Math.floor(index / 60)}`,
    }));
    const overview = { sources, decidedLabels: new Map<string, number>(), transcripts: 19_000 };
    expect(tableOf(overview).remarks).toEqual([]);
    expect(tableOf({ ...overview, transcripts: 20_000 }).remarks).toHaveLength(1);
    const decidedLabels = new Map(Array.from({ length: 20_000 }, (_, index) => [`a${index}`, 1]));
    const { columns } = tableOf({ sources: [], decidedLabels, transcripts: 1 });
    expect(columns.filter(({ name }) => name.includes(':'))).toHaveLength(16_000);
  });

  it('has what people decided on a label of more classifiers than there is room for', () => {
    const sources = [
      ...Array.from({ length: 1_000 }, (_, index) => ({ classifier: `c${index}`, label: 'many' })),
      { classifier: 'judge', label: 'zest' },
    ];
    const { columns, remarks } = tableOf({ sources, decidedLabels: new Map(), transcripts: 1_000_000 });
    const names = columns.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['verdict:zest:judge', 'adjudicated:many']));
    // What is decided on labels comes before what many classifiers say of one.
    const most = Array.from({ length: 995 }, (_, index) => ({ classifier: `c${index}`, label: 'many' }));
    const tight = tableOf({
      sources: [...most, ...['x', 'y'].map((label) => ({ classifier: 'judge', label }))],
      decidedLabels: new Map([['z', 5]]),
      transcripts: 1_000_000,
    });
    expect(tight.columns.flatMap(({ name }) => (name.startsWith('adjudicated') ? [name] : []))).toEqual(
      ['many', 'x', 'y', 'z'].map((label) => `adjudicated:${label}`),
    );
    expect(tight.remarks).toHaveLength(1);
    expect(names.filter((name) => name.startsWith('verdict:many'))).toEqual([]);
    expect(remarks).toEqual([
      expect.stringMatching(
        /^without the verdicts of classifiers on 1 label \(many\): .* canonical holds them$/,
      ),
    ]);
  });
});

describe('parquet', () => {
  const read = (bytes: Buffer) =>
    parquetReadObjects({ file: new Uint8Array(bytes).buffer }) as Promise<Record<string, unknown>[]>;

  it('reads back cell by cell, with the transcript as JSON', async () => {
    const rows = await read(encodeAll(new ParquetEncoder(overviewOf(items)), items));
    for (const [name, cells] of Object.entries(EXPECTED)) {
      expect(
        rows.map((row) => row[name] ?? null),
        name,
      ).toEqual(cells);
    }
    const json = (name: string) => rows.map((row) => JSON.parse(String(row[name])));
    expect(json('messages')).toEqual(items.map(() => [{ role: 'assistant', content: 'I will help.' }]));
    expect(json('verdicts')[1]).toEqual([{ classifier: 'judge', label: 'complied', value: false }]);
    expect(json('spans')).toEqual(items.map(() => []));
    expect(json('metadata')).toEqual(items.map(() => ({})));
  });

  it('writes row groups of a bounded size, and all rows in order', async () => {
    const many = Array.from({ length: 2500 }, (_, index) => exported(transcriptOf({ id: `t${index}` })));
    const bytes = encodeAll(new ParquetEncoder(overviewOf(many)), many);
    const groups = parquetMetadata(new Uint8Array(bytes).buffer).row_groups.map(({ num_rows }) => num_rows);
    expect(groups).toEqual([1000n, 1000n, 500n]);
    expect((await read(bytes)).map(({ id }) => id)).toEqual(many.map(({ transcript }) => transcript.id));
  });

  it('closes a row group early when its texts are long', () => {
    const content = 'x'.repeat(6 * 2 ** 20);
    const messages = [{ role: 'assistant', content, prefill: 0, region: null }];
    const long = Array.from({ length: 5 }, (_, index) =>
      exported(transcriptOf({ id: `t${index}`, messages })),
    );
    const bytes = encodeAll(new ParquetEncoder(overviewOf(long)), long);
    const { row_groups } = parquetMetadata(new Uint8Array(bytes).buffer);
    expect(row_groups.map(({ num_rows }) => num_rows)).toEqual([3n, 2n]);
  });

  it('is a table without rows where there are no transcripts', async () => {
    expect(await read(encodeAll(new ParquetEncoder(NOTHING), []))).toEqual([]);
  });
});
