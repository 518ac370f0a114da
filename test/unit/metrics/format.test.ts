import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countText, interval, percent, points } from '../../../src/core/metrics/format';

describe('percent', () => {
  it.each([
    [119, 1000, 1, '11.9 %'],
    [1, 8, 1, '12.5 %'],
    [1, 8, 0, '13 %'],
    [0, 7, 1, '0.0 %'],
    [7, 7, 1, '100.0 %'],
    [2, 3, 2, '66.67 %'],
    [999_999, 1_000_000, 1, '100.0 %'],
    // Halves that a binary fraction falls short of.
    [1005, 100_000, 2, '1.01 %'],
    [29, 200, 0, '15 %'],
    [57, 2000, 1, '2.9 %'],
    [573, 2000, 1, '28.7 %'],
    // Means over two, three and seven classifiers.
    [63.5, 500, 1, '12.7 %'],
    [1 / 3, 8 / 3, 0, '13 %'],
    [58 / 7, 400 / 7, 0, '15 %'],
    // Means over more classifiers than anyone runs, of which one spoke.
    [1 / 60_000, 8 / 60_000, 1, '12.5 %'],
    [0, 1 / 60_000, 1, '0.0 %'],
    [1_000 + 1 / 60_000, 2_000, 1, '50.0 %'],
  ])('%d of %d with %d decimals is %s', (count, n, decimals, expected) => {
    expect(percent(count, n, decimals)).toBe(expected);
  });

  it('has no data where nothing was counted', () => {
    expect(percent(0, 0, 1)).toBe('no data');
  });

  it('is the nearest number with those decimals, the upper one at a tie, for whole counts and means', () => {
    const share = fc
      .tuple(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.nat(1_000_000),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(3),
      )
      .map(([n, x, over, decimals]) => ({ n, x: x % (n + 1), over, decimals }));
    fc.assert(
      fc.property(share, ({ n, x, over, decimals }) => {
        const text = percent(x / over, n / over, decimals);
        expect(text).toMatch(decimals === 0 ? /^\d+ %$/ : new RegExp(`^\\d+\\.\\d{${decimals}} %$`));
        const units = BigInt(text.replace(/\D/g, ''));
        // 2 x error x n, in units: within (-n, n].
        const excess = 2n * (units * BigInt(n) - BigInt(x) * 10n ** BigInt(decimals + 2));
        expect(excess > -BigInt(n) && excess <= BigInt(n), text).toBe(true);
      }),
    );
  });
});

describe('points', () => {
  it.each([
    [0.114, 1, '+11.4 pp'],
    [-0.02, 1, '\u22122.0 pp'],
    [0, 1, '0.0 pp'],
    [-0.0001, 1, '0.0 pp'],
    [0.1245, 1, '+12.5 pp'],
    [0.145, 0, '+15 pp'],
    [-0.145, 0, '\u221215 pp'],
    [-1, 0, '\u2212100 pp'],
    [1e-9, 2, '0.00 pp'],
    [-0.01005, 2, '\u22121.01 pp'],
    [null, 1, 'no data'],
  ])('%d with %d decimals is %s', (value, decimals, expected) => {
    expect(points(value, decimals)).toBe(expected);
  });

  it('changes nothing but the sign with the sign', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.nat(3), (value, decimals) => {
        const bare = (text: string) => text.replace(/^[+\u2212]/, '');
        expect(bare(points(value, decimals))).toBe(bare(points(-value, decimals)));
      }),
    );
  });
});

it('prints intervals in percent, with true minus signs', () => {
  expect(interval([0.0864, 0.15449], 1)).toBe('[8.6, 15.4]');
  expect(interval([-0.0336, -0.0002], 1)).toBe('[\u22123.4, 0.0]');
  expect(interval([0, 1], 0)).toBe('[0, 100]');
  expect(interval(null, 1)).toBe('no data');
});

it('prints whole counts as such, and means with one decimal', () => {
  expect([64, 0, 1_000_000, 63.5, 64 / 3, 0.25].map(countText)).toEqual([
    '64',
    '0',
    '1000000',
    '63.5',
    '21.3',
    '0.3',
  ]);
});
