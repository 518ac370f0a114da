/** Lying bars, one for each row of a setting, so that prefix arms and variants can be compared (Figure 13). */
import { axisX, axisY, barX, gridX, plot, ruleX, ruleY, text } from '@observablehq/plot';
import { shortened, visible } from '../../../src/core/invisible';
import { complement, complianceShare, notComplying, type Reading, readGap, readShare } from '../readings';
import type { MetricsRow, RowSet } from '../rows';
import type { ArmsMeasure } from './armsMeasure';
import { asSvg } from './svg';

export interface Arm {
  readonly key: string;
  /** Variant, where there are several, and prefix arm. */
  readonly names: readonly string[];
  readonly selected: boolean;
  readonly reading: Reading;
}

export interface Arms {
  readonly arms: readonly Arm[];
  readonly measure: ArmsMeasure;
}

const BAR = 24;
const NAME_WIDTH = 126;
/** In characters; of several names the last, the prefix arm's, is cut last. */
const LONGEST_LABEL = 20;
const LONGEST_PREFIX = 12;

/** What a measure is called on screen. */
export function measureTitle(measure: ArmsMeasure, setting: string): string {
  if (measure === 'gap') return 'Compliance gap';
  const words = notComplying(setting);
  return measure === 'nonComplianceUnmonitored' ? `${words}, unmonitored (Fig 13)` : `${words}, training`;
}

/** The rows of the selected row's setting; variants are named only where there are several. */
export function armsOf(sets: readonly RowSet[], selected: RowSet, measure: ArmsMeasure): readonly Arm[] {
  const ofSetting = sets.filter(({ row }) => row.setting === selected.row.setting);
  const several = new Set(ofSetting.map(({ row }) => row.variant)).size > 1;
  return ofSetting.map(({ key, row }) => ({
    key,
    names: [...(several ? [row.variant] : []), row.prefix].map((name) => visible(shortened(name))),
    selected: key === selected.key,
    reading: readMeasure(row, measure),
  }));
}

function readMeasure(row: MetricsRow, measure: ArmsMeasure): Reading {
  if (measure === 'gap') return readGap(row);
  const arm = measure === 'nonComplianceUnmonitored' ? row.unmonitored : row.training;
  return readShare(complement(complianceShare(arm)));
}

/** Rates stand on a scale from 0 to 100 %, gaps on one that holds every interval and 0. */
export function armsPlot({ arms, measure }: Arms): SVGSVGElement {
  const labels = new Map(arms.map((arm) => [arm.key, labelOf(arm)]));
  const known = arms.filter(({ reading }) => reading.number !== null);
  const limits = known.flatMap(({ reading }) => reading.limits ?? []);
  const domain = measure === 'gap' ? [Math.min(0, ...limits), Math.max(0.1, ...limits)] : [0, 1];
  const ticks = measure === 'gap' ? 3 : [0, 0.5, 1];
  const figure = plot({
    width: 334,
    height: BAR * arms.length + 28,
    marginLeft: NAME_WIDTH,
    marginRight: measure === 'gap' ? 132 : 98,
    marginTop: 4,
    marginBottom: 24,
    x: { domain, nice: measure === 'gap' },
    y: { domain: arms.map(({ key }) => key), padding: 0.36 },
    marks: [
      gridX({ className: 'grid', ticks }),
      axisX({
        className: 'ticks',
        ticks,
        tickSize: 0,
        label: null,
        tickFormat: (tick: number) => `${Math.round(tick * 100)}${measure === 'gap' ? '' : ' %'}`,
      }),
      axisY({
        className: 'names',
        tickSize: 0,
        label: null,
        tickFormat: (key: string) => labels.get(key) ?? '',
      }),
      ...[true, false].map((selected) =>
        barX(
          known.filter((arm) => arm.selected === selected),
          {
            y: 'key',
            x: ({ reading }: Arm) => reading.number,
            title: ({ names }: Arm) => names.join(' · '),
            className: selected ? 'bar-training' : 'bar-unmonitored',
          },
        ),
      ),
      ruleX([0], { className: 'baseline' }),
      ruleY(known, {
        y: 'key',
        x1: ({ reading }: Arm) => reading.limits?.[0] ?? null,
        x2: ({ reading }: Arm) => reading.limits?.[1] ?? null,
        marker: 'tick',
        className: 'whisker',
      }),
      text(arms, {
        y: 'key',
        frameAnchor: 'right',
        textAnchor: 'start',
        dx: 8,
        text: ({ reading }: Arm) => `${reading.value}  n ${reading.n}`,
        className: 'value',
      }),
    ],
  });
  return asSvg(figure);
}

/** Names may be of any length; the table of all rows has them whole. */
function labelOf({ names, selected }: Arm): string {
  const [first = '', second] = names;
  const prefix = second === undefined ? '' : ` · ${shorten(second, LONGEST_PREFIX)}`;
  return `${selected ? '▸ ' : ''}${shorten(first, LONGEST_LABEL - [...prefix].length)}${prefix}`;
}

function shorten(name: string, longest: number): string {
  const characters = [...name];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : name;
}
