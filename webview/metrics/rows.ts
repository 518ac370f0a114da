/** Which rows belong together, and what they are called. */
import { shortened } from '../../src/core/invisible';
import type { MetricsSnapshot } from '../../src/protocol/metrics';

export type MetricsRow = MetricsSnapshot['rows'][number];
export type { ClassifierFigures } from '../../src/core/metrics/figures';
export type MetricsOptions = MetricsSnapshot['options'];
export type Dataset = NonNullable<MetricsSnapshot['dataset']>;

/** One row beside the two that it is compared with; null where there is none. */
export interface RowSet {
  readonly key: string;
  readonly row: MetricsRow;
  /** On classifiers alone; null where the row itself rests on them. */
  readonly classifier: MetricsRow | null;
  /** As it stood when the session began. */
  readonly session: MetricsRow | null;
}

/** Tells rows apart whatever their names hold. */
export function rowKey(row: Pick<MetricsRow, 'setting' | 'variant' | 'prefix'>): string {
  return JSON.stringify([row.setting, row.variant, row.prefix]);
}

/** The row's name in words. */
export function rowName(row: MetricsRow): string {
  const { setting, variant, prefix } = row;
  return `${shortened(setting)} · ${shortened(variant)} · arm ${shortened(prefix)}`;
}

/** The snapshot's rows, each with its counterparts, matched by name; last, that on screen where it is not listed. */
export function rowSets(snapshot: MetricsSnapshot): readonly RowSet[] {
  const byKey = (rows: readonly MetricsRow[]) => new Map(rows.map((row) => [rowKey(row), row]));
  const session = byKey(snapshot.sessionRows);
  const classifier =
    snapshot.options.labels === 'classifier' ? new Map<string, MetricsRow>() : byKey(snapshot.classifierRows);
  const sets = snapshot.rows.map((row) => {
    const key = rowKey(row);
    return { key, row, classifier: classifier.get(key) ?? null, session: session.get(key) ?? null };
  });
  if (snapshot.currentRows === null) return sets;
  const [row, itsClassifier, itsSession] = snapshot.currentRows;
  const isClassifier = snapshot.options.labels === 'classifier';
  return [
    ...sets,
    { key: rowKey(row), row, classifier: isClassifier ? null : itsClassifier, session: itsSession },
  ];
}

/**
 * The chosen row; without a choice, or when it has gone, that of the transcript on screen, so that a decision shows at
 * once; else the first that has a gap, else the first.
 */
export function chooseRow(
  sets: readonly RowSet[],
  key: string | null,
  current: MetricsSnapshot['current'],
): RowSet | null {
  const named = (wanted: string | null) => sets.find((set) => set.key === wanted);
  return (
    named(key) ??
    named(current && rowKey(current)) ??
    sets.find((set) => set.row.gap.value !== null) ??
    sets[0] ??
    null
  );
}

/** True where no transcript stands in an arm, so that nothing here can be computed. */
export function withoutConditions(dataset: Dataset): boolean {
  return dataset.transcripts > 0 && dataset.noCondition === dataset.transcripts;
}
