import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newcombe, wilson } from '../../../src/core/metrics/statistics';
import { miettinenNurminen } from '../../support/miettinenNurminen';
import { DIFFERENCE, QUANTILE, WILSON } from './referenceValues';

const VECTORS = new URL('../../../../shared/reference/stats_vectors.json', import.meta.url);

interface Case {
  readonly id: string;
  readonly input: { readonly conf: number } & Readonly<Record<string, number>>;
  readonly expected: Readonly<Record<string, number | null>>;
}

function expectInterval(
  actual: readonly [number, number] | null,
  lo: number | null | undefined,
  hi: number | null | undefined,
  tolerance: number,
  title: string,
) {
  if (typeof lo !== 'number' || typeof hi !== 'number') {
    expect(actual, title).toBeNull();
    return;
  }
  expect(actual, title).not.toBeNull();
  expect(Math.abs((actual?.[0] ?? Number.NaN) - lo), `${title}: lower`).toBeLessThan(tolerance);
  expect(Math.abs((actual?.[1] ?? Number.NaN) - hi), `${title}: upper`).toBeLessThan(tolerance);
}

function quantile(conf: number): number {
  const z = QUANTILE[String(conf)];
  if (z === undefined) throw new Error(`no quantile for ${conf}`);
  return z;
}

/** A proportion: whole counts, and means of K classifiers. */
const proportion = fc
  .record({
    n: fc.integer({ min: 1, max: 20_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    over: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ n, share, over }) => ({ x: Math.round(n * share) / over, n: n / over }));

describe("Wilson's interval", () => {
  it.each(WILSON)('%d of %d is as other implementations have it', (x, n, lo, hi) => {
    expectInterval(wilson(x, n), lo, hi, 1e-9, `${x}/${n}`);
  });

  it('keeps its digits where the limit is tiny', () => {
    expect((wilson(1, 1e6)?.[0] ?? 0) / 1.7652457674537147e-7).toBeCloseTo(1, 12);
  });

  it('has exact ends, and none without data', () => {
    for (const n of [0.5, 1, 3, 63.5, 20_000]) {
      expect(wilson(0, n)?.[0]).toBe(0);
      expect(wilson(n, n)?.[1]).toBe(1);
    }
    expect(wilson(0, 0)).toBeNull();
  });

  it('refuses what is not a proportion', () => {
    for (const [x, n] of [
      [-1, 3],
      [4, 3],
      [Number.NaN, 3],
      [1, Number.NaN],
      [1, 0],
    ] as const)
      expect(() => wilson(x, n)).toThrow(RangeError);
  });

  it('brackets the estimate and stays within [0, 1]', () => {
    fc.assert(
      fc.property(proportion, ({ x, n }) => {
        const [lo, hi] = wilson(x, n) ?? [Number.NaN, Number.NaN];
        expect(lo).toBeGreaterThanOrEqual(0);
        expect(lo).toBeLessThanOrEqual(x / n);
        expect(hi).toBeGreaterThanOrEqual(x / n);
        expect(hi).toBeLessThanOrEqual(1);
        expect(hi - lo).toBeGreaterThan(0);
      }),
    );
  });

  it('is mirrored when successes and failures swap', () => {
    fc.assert(
      fc.property(proportion, ({ x, n }) => {
        const [lo, hi] = wilson(x, n) ?? [Number.NaN, Number.NaN];
        expectInterval(wilson(n - x, n), 1 - hi, 1 - lo, 1e-12, `${x}/${n}`);
      }),
    );
  });

  it('rises with the count', () => {
    fc.assert(
      fc.property(proportion, fc.double({ min: 1e-3, max: 1, noNaN: true }), ({ x, n }, share) => {
        const more = x + (n - x) * share;
        fc.pre(more - x > n * 1e-6);
        const low = wilson(x, n) ?? [Number.NaN, Number.NaN];
        const high = wilson(more, n) ?? [Number.NaN, Number.NaN];
        expect(high[0]).toBeGreaterThan(low[0]);
        expect(high[1]).toBeGreaterThan(low[1]);
      }),
    );
  });
});

describe("Newcombe's interval", () => {
  it.each(DIFFERENCE)(
    '%d of %d against %d of %d is as other implementations have it',
    (x1, n1, x2, n2, lo, hi) => {
      expectInterval(newcombe(x1, n1, x2, n2), lo, hi, 1e-9, `${x1}/${n1} - ${x2}/${n2}`);
    },
  );

  it('has none where an arm is empty', () => {
    expect(newcombe(0, 0, 3, 10)).toBeNull();
    expect(newcombe(3, 10, 0, 0)).toBeNull();
    expect(newcombe(0, 0, 0, 0)).toBeNull();
  });

  it('brackets the difference, stays within [-1, 1] and changes sign with the arms', () => {
    fc.assert(
      fc.property(proportion, proportion, (a, b) => {
        const [lo, hi] = newcombe(a.x, a.n, b.x, b.n) ?? [Number.NaN, Number.NaN];
        const difference = a.x / a.n - b.x / b.n;
        expect(lo).toBeGreaterThanOrEqual(-1);
        expect(lo).toBeLessThanOrEqual(difference);
        expect(hi).toBeGreaterThanOrEqual(difference);
        expect(hi).toBeLessThanOrEqual(1);
        expectInterval(newcombe(b.x, b.n, a.x, a.n), -hi, -lo, 1e-14, 'swapped');
      }),
    );
  });

  it('rises with the count of the first arm', () => {
    fc.assert(
      fc.property(proportion, proportion, fc.double({ min: 1e-3, max: 1, noNaN: true }), (a, b, share) => {
        const more = a.x + (a.n - a.x) * share;
        fc.pre(more - a.x > a.n * 1e-6);
        const low = newcombe(a.x, a.n, b.x, b.n) ?? [Number.NaN, Number.NaN];
        const high = newcombe(more, a.n, b.x, b.n) ?? [Number.NaN, Number.NaN];
        expect(high[0]).toBeGreaterThan(low[0] - 1e-12);
        expect(high[1]).toBeGreaterThan(low[1] - 1e-12);
      }),
    );
  });
});

describe("Miettinen and Nurminen's interval, the check on Newcombe's", () => {
  it.each(DIFFERENCE)(
    '%d of %d against %d of %d is as other implementations have it',
    (x1, n1, x2, n2, _lo, _hi, lo, hi) => {
      expectInterval(
        miettinenNurminen(x1, n1, x2, n2, quantile(0.95)),
        lo,
        hi,
        5e-9,
        `${x1}/${n1} - ${x2}/${n2}`,
      );
    },
  );

  it('agrees with Newcombe within two points where both arms hold a hundred or more', () => {
    const arm = fc
      .record({ n: fc.integer({ min: 100, max: 2000 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
      .map(({ n, share }) => ({ x: Math.round(n * share), n }));
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const [lo, hi] = miettinenNurminen(a.x, a.n, b.x, b.n, quantile(0.95)) ?? [null, null];
        expectInterval(newcombe(a.x, a.n, b.x, b.n), lo, hi, 0.02, `${a.x}/${a.n} - ${b.x}/${b.n}`);
      }),
    );
  });
});

const absent = existsSync(VECTORS) ? '' : ' (skipped: ../shared/reference/stats_vectors.json is absent)';

describe(`every case of the reference vectors${absent}`, () => {
  const load = () =>
    JSON.parse(readFileSync(VECTORS, 'utf8')) as {
      readonly proportion: readonly Case[];
      readonly diff: readonly Case[];
    };

  it.skipIf(absent !== '')(`Wilson${absent}`, () => {
    const cases = load().proportion;
    expect(cases.length).toBeGreaterThan(50);
    for (const { id, input, expected } of cases) {
      const { x = Number.NaN, n = Number.NaN, conf } = input;
      // Of nothing the vectors give [0, 1], which says nothing; here that is null, "no data".
      const { wilson_lo: lo, wilson_hi: hi } = n === 0 ? { wilson_lo: null, wilson_hi: null } : expected;
      expectInterval(wilson(x, n, quantile(conf)), lo, hi, 1e-9, id);
    }
  });

  it.skipIf(absent !== '')(`Newcombe, Miettinen and Nurminen${absent}`, () => {
    const cases = load().diff;
    expect(cases.length).toBeGreaterThan(30);
    for (const { id, input, expected } of cases) {
      const { x1 = Number.NaN, n1 = Number.NaN, x2 = Number.NaN, n2 = Number.NaN, conf } = input;
      const z = quantile(conf);
      expectInterval(newcombe(x1, n1, x2, n2, z), expected.newcombe_lo, expected.newcombe_hi, 1e-9, id);
      expectInterval(miettinenNurminen(x1, n1, x2, n2, z), expected.mn_lo, expected.mn_hi, 5e-9, id);
    }
  });
});
