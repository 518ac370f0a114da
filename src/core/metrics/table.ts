/** Counts and the rows made of them: after a decision only the row that it touched is computed again. */
import { DEFAULT_VARIANT, NO_PREFIX } from '../dataset/model';
import { type Contribution, GapCounts } from './counts';
import type { ClassifierFigures, MetricsOptions, MetricsRow, WholeRow } from './figures';
import { chosenClassifiers, type Facets, figuresByClassifier, metricsRow } from './rows';

export type RowOptions = Pick<MetricsOptions, 'classifier' | 'conditioning'>;

/** By code units, so that the order is the same on every machine; `first` stands before all others. */
function compareNames(a: string, b: string, first: string | null): number {
  if (a === b) return 0;
  if (a === first) return -1;
  if (b === first) return 1;
  return a < b ? -1 : 1;
}

function compareFacets(a: Facets, b: Facets): number {
  return (
    compareNames(a.setting, b.setting, null) ||
    compareNames(a.variant, b.variant, DEFAULT_VARIANT) ||
    compareNames(a.prefix, b.prefix, NO_PREFIX)
  );
}

export class MetricsTable {
  readonly #counts: GapCounts;
  /** Rows that still stand, by group, as answers to the question asked last. */
  readonly #rows = new Map<number, MetricsRow>();
  #question = '';
  #chosen: ReadonlySet<number> = new Set();
  /** The groups as they were ordered last, and their numbers in that order. */
  #groups: readonly (Facets | null)[] = [];
  #order: readonly number[] = [];

  constructor(counts = new GapCounts()) {
    this.#counts = counts;
  }

  /** See GapCounts. */
  add(contribution: Contribution, sign: 1 | -1): void {
    this.#counts.add(contribution, sign);
    this.#rows.delete(contribution.group);
  }

  /** A copy that later additions to either one do not touch. */
  clone(): MetricsTable {
    return new MetricsTable(this.#counts.clone());
  }

  /**
   * The figures of every group, those that count nothing included, so that rows from different counts of the same dataset
   * stand side by side. Settings in alphabetical order, within them the default variant first, within those
   * the arm without a prefix first.
   *
   * @param facets of each group, at its number, null for one that has no row; may have grown since the last call
   * @param classifiers names of the classifiers of alignment faking, in the order of the counts, null for one that is none
   * @throws RangeError where `options.classifier` names none of them
   */
  rows(
    facets: readonly (Facets | null)[],
    classifiers: readonly (string | null)[],
    options: RowOptions,
  ): readonly MetricsRow[] {
    const question = JSON.stringify([options.classifier, options.conditioning, classifiers]);
    if (question !== this.#question) {
      this.#chosen = chosenClassifiers(classifiers, options.classifier);
      this.#rows.clear();
      this.#question = question;
    }
    return this.#ordered(facets).flatMap((index) => {
      const group = facets[index];
      if (!group) return [];
      const row =
        this.#rows.get(index) ?? metricsRow(this.#counts, index, group, this.#chosen, options.conditioning);
      this.#rows.set(index, row);
      return [row];
    });
  }

  /** The same with the figures of each classifier alone, which are computed anew each time. @throws as `rows` */
  wholeRows(
    facets: readonly (Facets | null)[],
    classifiers: readonly (string | null)[],
    options: RowOptions,
  ): readonly WholeRow[] {
    const rows = this.rows(facets, classifiers, options);
    return this.#ordered(facets).flatMap((group, at) => {
      const row = rows[at];
      return row ? [{ ...row, byClassifier: this.byClassifier(group, classifiers, options) }] : [];
    });
  }

  /** The figures of one group by each classifier alone; computed anew each time. */
  byClassifier(
    group: number,
    classifiers: readonly (string | null)[],
    { conditioning }: Pick<RowOptions, 'conditioning'>,
  ): readonly ClassifierFigures[] {
    return figuresByClassifier(this.#counts, group, classifiers, conditioning);
  }

  /** Numbers of the groups that have a row, in the order of `rows`. */
  #ordered(groups: readonly (Facets | null)[]): readonly number[] {
    const known = this.#groups;
    if (groups.length === known.length && groups.every((group, index) => group === known[index]))
      return this.#order;
    this.#groups = [...groups];
    this.#order = groups
      .flatMap((facets, group) => (facets ? [{ facets, group }] : []))
      .sort((a, b) => compareFacets(a.facets, b.facets))
      .map(({ group }) => group);
    return this.#order;
  }
}
