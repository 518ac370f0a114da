import type { MetricsOptions } from '../core/metrics/figures';
import type { Audit } from '../node/audit';
import type { MetricsSnapshot } from '../protocol/metrics';

/**
 * What the Gap Metrics view shows of a dataset. Rows that have not changed since they were last asked for are the same
 * objects.
 * @param index of the transcript on screen; -1 when there is none
 */
export function metricsSnapshot(
  { dataset, tracker, totals, facts }: Audit,
  options: MetricsOptions,
  index: number,
): MetricsSnapshot {
  const { columns } = dataset;
  return {
    dataset: {
      file: dataset.name,
      transcripts: columns.count - columns.badCount,
      bad: columns.badCount,
      reviewed: totals.reviewed,
      overrides: totals.overrides,
      stale: totals.stale,
      noCondition: columns.withoutConditionCount,
      phase: dataset.phase,
    },
    options,
    current: facts.facetsOf(index),
    classifiers: facts.classifiers,
    rows: tracker.rows(options),
    classifierRows: tracker.classifierRows(options),
    sessionRows: tracker.sessionRows(options),
  };
}
