import type { Facets } from '../core/dataset/model';
import type { ClassifierFigures, MetricsOptions } from '../core/metrics/figures';
import type { Audit } from '../node/audit';
import type { MetricsSnapshot } from '../protocol/metrics';
import { firstProblem } from './problemWords';

/**
 * What the Gap Metrics view shows of a dataset. Rows that have not changed since they were last asked for are the same
 * objects. What the transcript on screen counts in is shown even where its row is not among those that are listed: a
 * decision must be seen to move the figures.
 * @param index of the transcript on screen; -1 when there is none
 * @param notice what has happened to the dataset on disk since it was read
 */
export function metricsSnapshot(
  { dataset, tracker, totals, facts, decisions, reviewProblems }: Audit,
  options: MetricsOptions,
  index: number,
  notice: string | null = null,
): MetricsSnapshot {
  const { columns } = dataset;
  const current = facts.groupOf(index);
  const isListed = current === null || facts.groups.some(({ group }) => group === current.group);
  const { rows, transcripts, classifiers } = facts.unlisted;
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
      notice,
      faults: firstProblem(dataset.unread),
      decisions,
      decisionsProblem: firstProblem(reviewProblems),
    },
    options,
    current: current?.facets ?? null,
    classifiers: facts.classifiers,
    unlisted: { rows, transcripts, classifiers },
    currentRows: isListed ? null : tracker.rowsOf(current, options),
    rows: tracker.rows(options),
    classifierRows: tracker.classifierRows(options),
    sessionRows: tracker.sessionRows(options),
  };
}

/**
 * A row's figures by each of the listed classifiers alone; none for a row that the view does not show.
 * @param index of the transcript on screen
 */
export function figuresByClassifier(
  { tracker, facts }: Audit,
  options: MetricsOptions,
  { setting, variant, prefix }: Facets,
  index: number,
): readonly ClassifierFigures[] {
  const shown = facts.groupOf(index);
  const row = [...facts.groups, ...(shown ? [shown] : [])].find(
    ({ facets }) => facets.setting === setting && facets.variant === variant && facets.prefix === prefix,
  );
  return row ? tracker.byClassifier(row.group, options, facts.listedSlots) : [];
}
