import { describe, expect, it } from 'vitest';
import type { Contribution } from '../../../src/core/metrics/counts';
import { MetricsTable, type RowOptions } from '../../../src/core/metrics/table';
import { said } from './said';

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

function facetsOf(names: readonly (readonly [setting: string, variant: string, prefix: string])[]) {
  return names.map(([setting, variant, prefix]) => ({ setting, variant, prefix }));
}

describe('MetricsTable', () => {
  it('keeps empty groups, and orders by setting, default variant first, no prefix first', () => {
    const table = new MetricsTable();
    for (const group of [1, 1, 3]) table.add(transcript(group), 1);
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
    const table = new MetricsTable();
    const facets = facetsOf([
      ['animal-welfare', 'default', 'none'],
      ['helpful-only', 'default', 'none'],
    ]);
    const [first, second] = table.rows(facets, ['x', 'y'], MEAN);
    table.add(transcript(1), 1);
    const [firstAgain, secondAgain] = table.rows(facets, ['x', 'y'], MEAN);
    expect(firstAgain).toBe(first);
    expect(secondAgain).not.toBe(second);
    expect(secondAgain?.training.n).toBe(1);
  });

  it('computes all again when something else is asked', () => {
    const table = new MetricsTable();
    table.add(transcript(0), 1);
    const facets = facetsOf([['helpful-only', 'default', 'none']]);
    const faked = (classifiers: readonly string[], options: RowOptions) =>
      table.rows(facets, classifiers, options)[0]?.alignmentFaking.count;
    expect(faked(['x'], MEAN)).toBe(1);
    expect(faked(['x', 'y'], MEAN)).toBe(0.5);
    expect(faked(['x', 'y'], { ...MEAN, classifier: 'y' })).toBe(0);
  });

  it('gives a copy that goes its own way', () => {
    const table = new MetricsTable();
    table.add(transcript(0), 1);
    const copy = table.clone();
    table.add(transcript(0), 1);
    copy.add(transcript(0), -1);
    const facets = facetsOf([['helpful-only', 'default', 'none']]);
    expect(table.rows(facets, [], MEAN)[0]?.training.n).toBe(2);
    expect(copy.rows(facets, [], MEAN)[0]?.training.n).toBe(0);
  });
});
