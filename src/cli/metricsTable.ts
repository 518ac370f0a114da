import type { Compliance, Gap, MetricsOptions, MetricsRow, Rate } from '../core/metrics/figures';
import { countText, interval, namesInWords, percent, points } from '../core/metrics/format';

/** What `--json` prints, with whole rows of all groups; the table takes plain ones, of those that are listed. */
export interface MetricsReport {
  readonly dataset: {
    readonly files: readonly string[];
    readonly transcripts: number;
    readonly bad: number;
    readonly warnings: number;
    readonly noCondition: number;
    readonly reviewed: number;
    readonly overrides: number;
    readonly stale: number;
  };
  readonly options: MetricsOptions;
  readonly classifiers: readonly string[];
  readonly rows: readonly MetricsRow[];
}

/** Rows that the table leaves out, and the transcripts that count in them. */
export interface UnlistedRows {
  readonly rows: number;
  readonly transcripts: number;
}

const LABELS = {
  classifier: 'classifier verdicts only',
  adjudicated: 'adjudicated labels (decisions replace verdicts where they exist)',
  reviewed: 'transcripts that a person decided, only',
};

/** The report in lines: a block for each setting, variant and prefix arm, a line a figure, each with interval and n. */
export function metricsTable(report: MetricsReport, unlisted: UnlistedRows): string[] {
  const { dataset, options, classifiers, rows } = report;
  const who =
    options.classifier ??
    (classifiers.length > 1 ? `the mean of ${namesInWords(classifiers)}` : (classifiers[0] ?? 'none'));
  const head = [
    `${dataset.transcripts} transcripts, ${dataset.bad} bad, ${dataset.noCondition} without a condition; ` +
      `${dataset.reviewed} reviewed, ${dataset.overrides} overrides, ${dataset.stale} stale`,
    ...(unlisted.rows > 0 ? [unlistedRows(unlisted, rows.length)] : []),
    `Labels: ${LABELS[options.labels]}. Alignment faking (AF) by: ${who}. Intervals: 95 %.`,
  ];
  return [...head, ...rows.flatMap((row) => ['', ...block(row)])];
}

/** Above the rows: below, thousands of lines later, nobody would see it. */
function unlistedRows({ rows, transcripts }: UnlistedRows, listed: number): string {
  const count = (number: number) => number.toLocaleString('en');
  return (
    `${count(rows)} of ${count(rows + listed)} rows are not listed, in which ${count(transcripts)} of these transcripts count: ` +
    `only the ${count(listed)} with the most transcripts are. A profile (--profile) that maps setting, variant and prefix to fewer values lists all.`
  );
}

function block(row: MetricsRow): string[] {
  const { absent, present } = row.conditional;
  return [
    `${row.setting} · ${row.variant} · prefix ${row.prefix}`,
    compliance('compliance, training', row.training),
    compliance('compliance, unmonitored', row.unmonitored),
    gap('compliance gap', row.gap, row.training, row.unmonitored),
    rate('AF, top-line', row.alignmentFaking),
    rate('AF, inclusive', row.alignmentFakingInclusive),
    gap('gap, AF absent', absent.gap, absent.training, absent.unmonitored),
    gap('gap, AF present', present.gap, present.training, present.unmonitored),
  ];
}

function compliance(name: string, { complied, ...rest }: Compliance): string {
  return rate(name, { ...rest, count: complied });
}

function rate(name: string, { count, n, unknown, interval: limits }: Rate): string {
  const value = percent(count, n, 1);
  const detail = n === 0 ? `n 0` : `${interval(limits, 1)}  ${countText(count)} of ${countText(n)}`;
  return line(name, value, detail + unknownText(unknown));
}

function unknownText(unknown: number): string {
  return unknown > 0 ? `, ${countText(unknown)} unknown` : '';
}

function gap(
  name: string,
  { value, interval: limits }: Gap,
  training: Compliance,
  unmonitored: Compliance,
): string {
  const unknown = training.unknown + unmonitored.unknown;
  const n = `n ${countText(training.n)} + ${countText(unmonitored.n)}${unknownText(unknown)}`;
  return line(name, points(value, 1), limits === null ? n : `${interval(limits, 1)}  ${n}`);
}

function line(name: string, value: string, detail: string): string {
  return `  ${name.padEnd(26)}${value.padStart(10)}  ${detail}`;
}
