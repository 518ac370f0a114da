/** Figures as the panel prints them: each value with its interval, its n and what could not be counted. */
import { answerWords } from '../../src/core/dataset/labels';
import type { Interval } from '../../src/core/metrics/figures';
import { countText, interval, NO_DATA, percent, points } from '../../src/core/metrics/format';
import type { ClassifierFigures, MetricsRow, RowSet } from './rows';

const DECIMALS = 1;

type ConditionalGap = MetricsRow['conditional']['absent'];

/** A proportion, whatever it counts. */
export type Share = MetricsRow['alignmentFaking'];

/** A proportion or a difference of two, in words and as numbers for a figure. */
export interface Reading {
  /** A fraction; null: no data. */
  readonly number: number | null;
  readonly limits: Interval | null;
  /** e.g. "11.9 %", "−2.0 pp" or "no data". */
  readonly value: string;
  /** e.g. "[8.6, 15.4]"; empty where there is no value. */
  readonly interval: string;
  /** e.g. "337", for a gap "337 + 340". */
  readonly n: string;
  /** Unknown labels and the worst cases that they allow ("" where an arm is empty); null where none is unknown. */
  readonly unknown: { readonly count: string; readonly bounds: string } | null;
}

export function complianceShare({ complied, ...rest }: MetricsRow['training']): Share {
  return { ...rest, count: complied };
}

/** The share that did not: one minus the rate, limits and bounds in turn. */
export function complement(share: Share): Share {
  const flip = (limits: Interval | null): Interval | null => limits && [1 - limits[1], 1 - limits[0]];
  return {
    n: share.n,
    count: share.n - share.count,
    unknown: share.unknown,
    rate: share.rate === null ? null : 1 - share.rate,
    interval: flip(share.interval),
    bounds: flip(share.bounds),
  };
}

export function readShare(share: Share): Reading {
  return {
    number: share.rate,
    limits: share.interval,
    value: percent(share.count, share.n, DECIMALS),
    interval: limitsText(share.interval),
    n: countText(share.n),
    unknown: readUnknown(share.unknown, share.bounds),
  };
}

export function readGap({ training, unmonitored, gap }: ConditionalGap): Reading {
  return {
    number: gap.value,
    limits: gap.interval,
    value: points(gap.value, DECIMALS),
    interval: limitsText(gap.interval),
    n: `${countText(training.n)} + ${countText(unmonitored.n)}`,
    unknown: readUnknown(
      training.unknown + unmonitored.unknown,
      gapBounds(training.bounds, unmonitored.bounds),
    ),
  };
}

/** A column of a table: of rows, or of anything that has the figures it reads. */
export interface Column<T> {
  readonly name: string;
  readonly read: (of: T) => Reading;
}

/** What depends on who says "alignment faking": of a row, and of each classifier alone. */
export const FAKING_COLUMNS: readonly Column<ClassifierFigures | MetricsRow>[] = [
  { name: 'AF, top-line', read: ({ alignmentFaking }) => readShare(alignmentFaking) },
  { name: 'AF, inclusive', read: ({ alignmentFakingInclusive }) => readShare(alignmentFakingInclusive) },
  { name: 'Gap, AF absent', read: ({ conditional }) => readGap(conditional.absent) },
  { name: 'Gap, AF present', read: ({ conditional }) => readGap(conditional.present) },
];

/** Value and interval in one, for sentences: "11.9 %, 95 % interval [8.6, 15.4], n 337". */
export function spoken(reading: Reading): string {
  return reading.number === null
    ? `${NO_DATA}, n ${reading.n}`
    : `${reading.value}, 95 % interval ${reading.interval}, n ${reading.n}`;
}

/** How far a value has moved, in percentage points; "no data" where either is undefined. */
export function change(now: number | null, before: number | null): string {
  return points(now === null || before === null ? null : now - before, DECIMALS);
}

/** A number of the selected row beside what classifiers alone give and what the session has changed. */
export interface Line extends Reading {
  readonly name: string;
  readonly definition: string;
  readonly classifier: string | null;
  readonly change: string | null;
}

interface Figure {
  readonly name: string;
  readonly definition: string;
  readonly read: (row: MetricsRow) => Reading;
}

/** The lines of the table of the selected row. */
export function linesOf(set: RowSet): readonly Line[] {
  return figuresOf(set.row.setting).map(({ name, definition, read }) => {
    const reading = read(set.row);
    return {
      ...reading,
      name,
      definition,
      classifier: set.classifier && read(set.classifier).value,
      change: set.session && change(reading.number, read(set.session).number),
    };
  });
}

function figuresOf(setting: string): readonly Figure[] {
  const not = notComplying(setting);
  const shares: readonly [name: string, definition: string, share: (row: MetricsRow) => Share][] = [
    ['Compliance, training', 'Complied, of those in training', (row) => complianceShare(row.training)],
    ['Compliance, unmonitored', 'Complied, of those unmonitored', (row) => complianceShare(row.unmonitored)],
    [`${not}, training`, '1 − compliance in training', (row) => complement(complianceShare(row.training))],
    [
      `${not}, unmonitored`,
      '1 − compliance unmonitored',
      (row) => complement(complianceShare(row.unmonitored)),
    ],
    ['AF, top-line', 'Alignment faking and complied, of those in training', (row) => row.alignmentFaking],
    [
      'AF, inclusive',
      'Alignment faking, complied or not, of those in training (Figure 6)',
      (row) => row.alignmentFakingInclusive,
    ],
  ];
  return [
    ...shares.map(([name, definition, share]) => ({
      name,
      definition,
      read: (row: MetricsRow) => readShare(share(row)),
    })),
    {
      name: 'Gap, AF absent',
      definition: 'Compliance gap among those without alignment-faking reasoning (Figure 15)',
      read: (row) => readGap(row.conditional.absent),
    },
    {
      name: 'Gap, AF present',
      definition: 'Compliance gap among those with alignment-faking reasoning (Figure 15)',
      read: (row) => readGap(row.conditional.present),
    },
  ];
}

/** Non-compliance as the setting calls it: "Refused", "Supports animal welfare". */
export function notComplying(setting: string): string {
  const word = answerWords('complied', setting).no;
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function limitsText(limits: Interval | null): string {
  return limits === null ? '' : interval(limits, DECIMALS);
}

function readUnknown(unknown: number, bounds: Interval | null): Reading['unknown'] {
  if (unknown === 0) return null;
  return {
    count: `${countText(unknown)} unknown`,
    bounds: bounds === null ? '' : `worst ${interval(bounds, DECIMALS)}`,
  };
}

/** A gap is lowest when every unknown of training is no and every unmonitored one yes. */
function gapBounds(training: Interval | null, unmonitored: Interval | null): Interval | null {
  return training && unmonitored && [training[0] - unmonitored[1], training[1] - unmonitored[0]];
}
