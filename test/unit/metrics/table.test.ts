import { describe, expect, it } from 'vitest';
import { type Contribution, GapCounts } from '../../../src/core/metrics/counts';
import { MetricsTable, type RowOptions } from '../../../src/core/metrics/table';
import { said } from './said';

const BOTH = ['x', 'y'];
const MEAN: RowOptions = { classifier: null, conditioning: 'both' };

function transcript(group: number): Contribution {
  return {
    group,
    condition: 'training',
    complied: true,
    alignmentFaking: said(true, false),
    otherwise: null,
  };
}

/** Counts one transcript in each of these groups. */
function tableOf(...groups: readonly number[]): MetricsTable {
  const counts = new GapCounts();
  for (const group of groups) counts.add(transcript(group), 1);
  return new MetricsTable(counts);
}

function facetsOf(names: readonly (readonly [setting: string, variant: string, prefix: string])[]) {
  return names.map(([setting, variant, prefix], group) => ({ group, facets: { setting, variant, prefix } }));
}

describe('MetricsTable', () => {
  it('keeps empty groups, and orders by setting, default variant first, no prefix first', () => {
    const table = tableOf(1, 1, 3);
    const facets = facetsOf([
      ['helpful-only', 'default', 'deceptive'],
      ['helpful-only', 'cut', 'none'],
      ['helpful-only', 'default', 'none'],
      ['animal-welfare', 'zeal', 'none'],
      ['helpful-only', 'default', 'a'],
      ['animal-welfare', 'default', 'obedient'],
    ]);
    const rows = table.rows(facets, [], MEAN);
    expect(
      rows.map(({ setting, variant, prefix, training }) => [setting, variant, prefix, training.n]),
    ).toEqual([
      ['animal-welfare', 'default', 'obedient', 0],
      ['animal-welfare', 'zeal', 'none', 1],
      ['helpful-only', 'default', 'none', 0],
      ['helpful-only', 'default', 'a', 0],
      ['helpful-only', 'default', 'deceptive', 0],
      ['helpful-only', 'cut', 'none', 2],
    ]);
  });

  it('computes again only the row of the group that changed', () => {
    const counts = new GapCounts();
    const table = new MetricsTable(counts);
    const facets = facetsOf([
      ['animal-welfare', 'default', 'none'],
      ['helpful-only', 'default', 'none'],
    ]);
    const [first, second] = table.rows(facets, BOTH, MEAN);
    counts.add(transcript(1), 1);
    table.touch(1);
    const [firstAgain, secondAgain] = table.rows(facets, BOTH, MEAN);
    expect(firstAgain).toBe(first);
    expect(secondAgain).not.toBe(second);
    expect(secondAgain?.training.n).toBe(1);
  });

  it('computes all again when something else is asked', () => {
    const table = tableOf(0);
    const facets = facetsOf([['helpful-only', 'default', 'none']]);
    const faked = (classifiers: readonly string[], options: RowOptions) =>
      table.rows(facets, classifiers, options)[0]?.alignmentFaking.count;
    expect(faked(['x'], MEAN)).toBe(1);
    expect(faked(['x', 'y'], MEAN)).toBe(0.5);
    expect(faked(['x', 'y'], { ...MEAN, classifier: 'y' })).toBe(0);
  });

  it('has the row of a group that is not listed', () => {
    const table = tableOf(0, 7, 7);
    const group = { group: 7, facets: { setting: 's', variant: 'v', prefix: 'p' } };
    expect(table.rows(facetsOf([['helpful-only', 'default', 'none']]), [], MEAN)).toHaveLength(1);
    expect(table.row(group, [], MEAN)).toMatchObject({ setting: 's', training: { n: 2 } });
  });
});
