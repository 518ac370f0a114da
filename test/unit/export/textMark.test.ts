import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../src/core/export/table';
import { isFormula, MARK_COLUMN, markTexts } from '../../../src/core/export/textMark';
import { metricsTsv } from '../../../src/core/metrics/tsv';
import { csvEncoder, csvLine } from '../../../src/node/export/csv';
import { openCsv } from '../../../src/node/sources/csv';
import { temporaryFolder } from '../../support/dataset';
import { encodeAll, exported, overviewOf, transcriptOf } from '../../support/exported';
import { readAll } from '../../support/records';
import { HELPFUL_ONLY, rowsOf } from '../../webview/metrics/snapshots';

const folder = temporaryFolder();
const FORMULAS = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  ' =1',
  '"=1"',
  `'=1`,
  '" =1',
  '＝1',
];

async function read(name: string, text: string): Promise<Record<string, string>[]> {
  const path = join(folder, name);
  writeFileSync(path, text);
  const source = await openCsv(path);
  try {
    const { values } = await readAll(source);
    return values.map((value) => {
      if (!value.ok) throw new Error(value.reason);
      return value.value as Record<string, string>;
    });
  } finally {
    await source.close();
  }
}

/** Texts with what spreadsheets, the mark and the format itself make something of. */
const text = fc
  .array(fc.oneof(fc.constantFrom("'", '"', '=', '-', '@', '\t', '\r', '\n', ' ', ',', 'a'), fc.string()))
  .map((parts) => parts.join(''));
const cell = fc.oneof(text, fc.constantFrom(...FORMULAS), fc.integer(), fc.boolean(), fc.constant(null));

describe('texts that a spreadsheet would run', () => {
  it.each(FORMULAS)('stand behind an apostrophe: %j', (formula) => {
    expect(markTexts([formula])).toEqual({ cells: [`'${formula}`, "'"], marked: 1 });
  });

  it('are texts: numbers, truth values and nothing stay what they are', () => {
    const cells = [-1, -0.5, true, null, 'a=1', '5-3', ''];
    expect(markTexts(cells)).toEqual({ cells: [...cells, null], marked: 0 });
  });

  it('leave none behind that begins as a formula, and are read back as they were', async () => {
    const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 });
    let file = 0;
    await fc.assert(
      fc.asyncProperty(rows, async (all) => {
        const written = all.map((cells) => markTexts(cells).cells);
        for (const cells of written)
          expect(cells.filter((one) => isFormula(one) && !String(one).startsWith("'"))).toEqual([]);
        const csv = [['a', 'b', 'c', MARK_COLUMN], ...written].map((cells) => csvLine(cells)).join('');
        const back = await read(`${file++ % 4}.csv`, csv);
        const asText = (one: Cell) => (one === null ? '' : String(one));
        expect(back).toEqual(
          all.map(([a = null, b = null, c = null]) => ({ a: asText(a), b: asText(b), c: asText(c) })),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('lose no apostrophe in a file of anybody else', async () => {
    const foreign = `id,note\n'a,'=1\n`;
    expect(await read('foreign.csv', foreign)).toEqual([{ id: "'a", note: "'=1" }]);
    const alike = `id,${MARK_COLUMN}\n'a,no\n'b,\n`;
    expect(await read('alike.csv', alike)).toEqual([{ id: "'a", [MARK_COLUMN]: 'no' }, { id: "'b" }]);
  });
});

describe('what is written for a spreadsheet', () => {
  const items = [
    exported(transcriptOf({ id: '=cmd()', model: "'90s" })),
    exported(transcriptOf({ id: 'b' })),
  ];

  it('is the same table with and without the mark, once it is read here', async () => {
    const marked = csvEncoder(overviewOf(items));
    const text = encodeAll(marked, items).toString();
    expect(text).toContain(`\r\n"'=cmd()",`);
    expect(marked.remarks().join()).toContain('2 cells');
    const raw = csvEncoder(overviewOf(items), true);
    const exact = encodeAll(raw, items).toString();
    expect(exact).not.toContain(MARK_COLUMN);
    expect(exact).toContain('"=cmd()",');
    expect(await read('marked.csv', text)).toEqual(await read('raw.csv', exact));
  });

  it('is the table that the panel copies, too', async () => {
    const groups = [
      { ...HELPFUL_ONLY, setting: '=1+1', variant: 'a\tb\n"c"', prefix: "'d" },
      { ...HELPFUL_ONLY, setting: '"quoted"' },
    ];
    const tsv = metricsTsv(rowsOf(groups));
    expect(tsv).toContain("\n'=1+1\t");
    const names = (await read('panel.tsv', tsv)).map(({ setting, variant, prefix }) => [
      setting,
      variant,
      prefix,
    ]);
    expect(names).toEqual(groups.map(({ setting, variant, prefix }) => [setting, variant, prefix]));
    expect(metricsTsv(rowsOf([HELPFUL_ONLY]))).not.toContain(MARK_COLUMN);
    // a rate or a gap below 0 is a number
    expect(tsv).not.toMatch(/'-?\d/);
  });
});

describe('what a spreadsheet could take for a formula', () => {
  it.each([...FORMULAS, '\u200b=1', '\ufeff=1', '\u00a0=1', '\u0000=1', '\u2060"=1'])('is %j', (text) => {
    expect(isFormula(text)).toBe(true);
  });

  it.each(['', 'a=1', '1-2', '\u200bx', '(=1)', 0, -1, null, false])('is not %j', (cell) => {
    expect(isFormula(cell)).toBe(false);
  });
});
