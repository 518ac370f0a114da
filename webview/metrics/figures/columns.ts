/** Upright bars of rates with their 95 % intervals. */
import { axisFx, axisX, axisY, barY, gridY, plot, ruleX, ruleY, text } from '@observablehq/plot';
import type { Reading } from '../readings';
import { asSvg } from './svg';

export interface Column {
  /** Bars of a group stand together; one group needs no name. */
  readonly group: string;
  readonly name: string;
  readonly arm: 'training' | 'unmonitored';
  readonly reading: Reading;
  /** A part of the bar, marked by hatching. */
  readonly part: { readonly name: string; readonly reading: Reading } | null;
}

const HEIGHT = 226;
const GROUPED_WIDTH = 70;
/** Single columns leave room for the name of their part. */
const SINGLE_WIDTH = 94;
const TOPS = [0.1, 0.2, 0.5, 1];

/** Draws the bars in their order. Rates without data leave a gap that says so. */
export function columnsPlot(columns: readonly Column[]): SVGSVGElement {
  const highest = Math.max(0, ...columns.flatMap(({ reading }) => [reading.limits?.[1] ?? 0]));
  const top = TOPS.find((candidate) => candidate >= highest) ?? 1;
  const grouped = columns.some(({ group }) => group !== '');
  const known = columns.filter(({ reading }) => reading.number !== null);
  const parts = columns.filter(({ part }) => part !== null && part.reading.number !== null);
  const place = { x: 'name', ...(grouped ? { fx: 'group' } : {}) };
  const figure = plot({
    width: 46 + (grouped ? GROUPED_WIDTH : SINGLE_WIDTH) * columns.length,
    height: HEIGHT,
    marginLeft: 40,
    marginRight: 6,
    marginTop: grouped ? 34 : 18,
    marginBottom: 32,
    x: { domain: [...new Set(columns.map(({ name }) => name))], padding: 0.42 },
    ...(grouped ? { fx: { domain: [...new Set(columns.map(({ group }) => group))], padding: 0.08 } } : {}),
    y: { domain: [0, top] },
    marks: [
      gridY({ className: 'grid', ticks: 4 }),
      axisY({
        className: 'ticks',
        ticks: 4,
        tickSize: 0,
        label: null,
        tickFormat: (tick: number) => `${Math.round(tick * 100)} %`,
      }),
      axisX({ className: 'ticks', tickSize: 0, label: null }),
      grouped ? axisFx({ className: 'groups', anchor: 'top', tickSize: 0, label: null }) : null,
      ...(['training', 'unmonitored'] as const).map((arm) =>
        barY(
          known.filter((column) => column.arm === arm),
          { ...place, y: ({ reading }: Column) => reading.number, className: `bar-${arm}` },
        ),
      ),
      barY(parts, {
        ...place,
        y: ({ part }: Column) => part?.reading.number ?? null,
        fill: 'url(#part-hatch)',
        className: 'bar-part',
      }),
      ruleY([0], { className: 'baseline' }),
      ruleX(known, {
        ...place,
        y1: ({ reading }: Column) => reading.limits?.[0] ?? null,
        y2: ({ reading }: Column) => reading.limits?.[1] ?? null,
        marker: 'tick',
        className: 'whisker',
      }),
      text(columns, {
        ...place,
        y: ({ reading }: Column) => reading.limits?.[1] ?? 0,
        text: ({ reading }: Column) => reading.value,
        dy: -8,
        className: 'value',
      }),
      text(columns, {
        ...place,
        y: 0,
        text: ({ reading }: Column) => `n ${reading.n}`,
        dy: 26,
        className: 'ticks',
      }),
      text(parts, {
        ...place,
        y: ({ part }: Column) => (part?.reading.number ?? 0) / 2,
        text: ({ part }: Column) => part && `${part.name}\n${part.reading.value}`,
        dx: SINGLE_WIDTH / 4 + 3,
        textAnchor: 'start',
        className: 'value',
      }),
    ],
  });
  return asSvg(figure);
}
