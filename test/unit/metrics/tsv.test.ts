import { describe, expect, it } from 'vitest';
import type { MetricsRow } from '../../../src/core/metrics/figures';
import { metricsTsv } from '../../../src/core/metrics/tsv';
import { HELPFUL_ONLY, rowsOf } from '../../webview/metrics/snapshots';

function table(rows: readonly MetricsRow[]) {
  const [names = [], ...lines] = metricsTsv(rows)
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  return lines.map((line) => new Map(names.map((name, i) => [name, line[i]])));
}

describe('the copied table', () => {
  it('gives each figure under its name, with n and limits', () => {
    const [row] = rowsOf([HELPFUL_ONLY]);
    const [copied] = table(row ? [row] : []);
    const absent = row?.conditional.absent;
    for (const [name, value] of [
      ['setting', 'helpful-only'],
      ['training n', 340],
      ['training complied', 48],
      ['gap', row?.gap.value],
      ['gap high', row?.gap.interval?.[1]],
      ['AF count', row?.alignmentFaking.count],
      ['gap AF absent n training', absent?.training.n],
      ['gap AF absent n unmonitored', absent?.unmonitored.n],
      ['gap AF absent', absent?.gap.value],
      ['gap AF present low', row?.conditional.present.gap.interval?.[0]],
    ] as const) {
      expect([name, copied?.get(name)]).toEqual([name, String(value)]);
    }
  });

  it('leaves what is undefined empty', () => {
    const [row] = table(rowsOf([{ ...HELPFUL_ONLY, unmonitored: {} }]));
    expect(row?.get('gap')).toBe('');
    expect(row?.get('unmonitored n')).toBe('0');
  });
});
