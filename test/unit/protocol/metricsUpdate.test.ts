import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricsRow } from '../../../src/core/metrics/figures';
import type { MetricsSnapshot } from '../../../src/protocol/metrics';
import { updated, updateOf } from '../../../src/protocol/metricsUpdate';
import { snapshotOf } from '../../webview/metrics/snapshots';

const [MADE] = snapshotOf({
  groups: [{ setting: 's', variant: 'v', prefix: 'none', training: { '11C': 1 }, unmonitored: {} }],
}).rows;

/** Few different rows, so that some are the same objects from one snapshot to the next. */
const ROWS: readonly MetricsRow[] = Array.from({ length: 4 }, (_, number) => ({
  ...(MADE as MetricsRow),
  setting: `setting ${number}`,
}));
const rows = fc.array(fc.constantFrom(...ROWS), { minLength: 2, maxLength: 3 });
const snapshots: fc.Arbitrary<MetricsSnapshot> = fc
  .tuple(rows, rows, rows, fc.nat(1), fc.constantFrom(...ROWS, null), fc.nat(3))
  .map(([all, classifierRows, sessionRows, classifiers, current, reviewed]) => ({
    ...snapshotOf({ groups: [], dataset: { reviewed } }),
    ...{ rows: all, classifierRows, sessionRows, current },
    classifiers: ['partial', 'full'].slice(classifiers),
  }));

describe('an update of the metrics', () => {
  it('makes the later snapshot of the earlier one, wherever it is one', () => {
    fc.assert(
      fc.property(snapshots, snapshots, (before, after) => {
        const update = updateOf(before, after);
        if (update) expect(updated(structuredClone(before), structuredClone(update))).toEqual(after);
        else
          expect(
            before.classifiers.length !== after.classifiers.length ||
              (['rows', 'classifierRows', 'sessionRows'] as const).some(
                (list) => before[list].length !== after[list].length,
              ),
          ).toBe(true);
      }),
    );
  });

  it('holds no row when only the cursor has moved, and keeps those that are there', () => {
    const before = { ...snapshotOf({ groups: [] }), rows: ROWS };
    const update = updateOf(before, { ...before, current: ROWS[0] ?? null });
    expect(update).toMatchObject({ rows: [], classifierRows: [], sessionRows: [] });
    expect(update && updated(before, update).rows).toBe(ROWS);
  });

  it('holds the one row that a decision has changed', () => {
    const before = { ...snapshotOf({ groups: [] }), rows: ROWS };
    const row = { ...(ROWS[2] as MetricsRow) };
    const update = updateOf(before, { ...before, rows: ROWS.with(2, row) });
    expect(update?.rows).toEqual([{ at: 2, row }]);
  });
});
