/** What the Gap Metrics view is sent when little has changed: made by the host, taken in by the webview. */
import type { MetricsRow } from '../core/metrics/figures';
import type { MetricsSnapshot, MetricsUpdate, RowChanges } from './metrics';

/**
 * From one snapshot to the next; null where it has to be sent as a whole. Rows are compared as objects: what did not
 * change is the same one.
 */
export function updateOf(before: MetricsSnapshot, after: MetricsSnapshot): MetricsUpdate | null {
  const same = (part: (snapshot: MetricsSnapshot) => unknown) =>
    JSON.stringify(part(before)) === JSON.stringify(part(after));
  // as objects first: there may be hundreds
  if (before.classifiers !== after.classifiers && !same(({ classifiers }) => classifiers)) return null;
  if (!same(({ options }) => options)) return null;
  const rows = changes(before.rows, after.rows);
  const classifierRows = changes(before.classifierRows, after.classifierRows);
  const sessionRows = changes(before.sessionRows, after.sessionRows);
  if (!rows || !classifierRows || !sessionRows) return null;
  const { dataset, current, unlisted, currentRows } = after;
  const sameCurrent =
    currentRows === before.currentRows || currentRows?.every((row, at) => row === before.currentRows?.[at]);
  return {
    ...{ dataset, current, unlisted, rows, classifierRows, sessionRows },
    ...(sameCurrent ? {} : { currentRows }),
  };
}

/** The snapshot that the update was made of; rows that did not change stay the same objects. */
export function updated(before: MetricsSnapshot, update: MetricsUpdate): MetricsSnapshot {
  return {
    ...before,
    dataset: update.dataset,
    current: update.current,
    unlisted: update.unlisted,
    currentRows: update.currentRows === undefined ? before.currentRows : update.currentRows,
    rows: replaced(before.rows, update.rows),
    classifierRows: replaced(before.classifierRows, update.classifierRows),
    sessionRows: replaced(before.sessionRows, update.sessionRows),
  };
}

/** null where rows came or went. */
function changes(before: readonly MetricsRow[], after: readonly MetricsRow[]): RowChanges | null {
  if (before.length !== after.length) return null;
  return after.flatMap((row, at) => (row === before[at] ? [] : [{ at, row }]));
}

function replaced(rows: readonly MetricsRow[], changed: RowChanges): readonly MetricsRow[] {
  if (changed.length === 0) return rows;
  const next = [...rows];
  for (const { at, row } of changed) next[at] = row;
  return next;
}
