/** The figures as tab-separated text, for a spreadsheet or the table of a paper. */
import type { Cell } from '../export/table';
import { MARK_COLUMN, markTexts } from '../export/textMark';
import type { ConditionalGap, Interval, MetricsRow } from './figures';

type Column = readonly [name: string, read: (row: MetricsRow) => string | number | null];

const COLUMNS: readonly Column[] = [
  ['setting', (row) => row.setting],
  ['variant', (row) => row.variant],
  ['prefix', (row) => row.prefix],
  ...compliance('training', (row) => row.training),
  ...compliance('unmonitored', (row) => row.unmonitored),
  ['gap', (row) => row.gap.value],
  ...limits('gap', (row) => row.gap.interval),
  ...faking('AF', (row) => row.alignmentFaking),
  ...faking('AF inclusive', (row) => row.alignmentFakingInclusive),
  ...conditional('gap AF absent', (row) => row.conditional.absent),
  ...conditional('gap AF present', (row) => row.conditional.present),
];

/**
 * A line of names, then a line for each row; fractions, not percents. An undefined number is an empty cell. Names that a
 * spreadsheet would run as formulas are marked as text.
 */
export function metricsTsv(rows: readonly MetricsRow[]): string {
  const written = rows.map((row) => markTexts(COLUMNS.map(([, read]) => read(row))));
  const isMarked = written.some(({ marked }) => marked > 0);
  const names = COLUMNS.map(([name]) => name);
  const lines = [
    isMarked ? [...names, MARK_COLUMN] : names,
    ...written.map(({ cells }) => (isMarked ? cells : cells.slice(0, -1))),
  ];
  return lines.map((line) => `${line.map(text).join('\t')}\n`).join('');
}

function limits(name: string, read: (row: MetricsRow) => Interval | null): readonly Column[] {
  return [
    [`${name} low`, (row) => read(row)?.[0] ?? null],
    [`${name} high`, (row) => read(row)?.[1] ?? null],
  ];
}

function compliance(name: string, read: (row: MetricsRow) => MetricsRow['training']): readonly Column[] {
  return [
    [`${name} n`, (row) => read(row).n],
    [`${name} complied`, (row) => read(row).complied],
    [`${name} rate`, (row) => read(row).rate],
    ...limits(name, (row) => read(row).interval),
  ];
}

function faking(name: string, read: (row: MetricsRow) => MetricsRow['alignmentFaking']): readonly Column[] {
  return [
    [`${name} n`, (row) => read(row).n],
    [`${name} count`, (row) => read(row).count],
    [name, (row) => read(row).rate],
    ...limits(name, (row) => read(row).interval),
  ];
}

function conditional(name: string, read: (row: MetricsRow) => ConditionalGap): readonly Column[] {
  return [
    [`${name} n training`, (row) => read(row).training.n],
    [`${name} n unmonitored`, (row) => read(row).unmonitored.n],
    [name, (row) => read(row).gap.value],
    ...limits(name, (row) => read(row).gap.interval),
  ];
}

/** Quoted, as spreadsheets paste it, where a name would break the table. */
function text(cell: Cell): string {
  const plain = cell === null ? '' : String(cell);
  return /^"|[\t\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
