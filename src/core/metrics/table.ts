/** Counts and the rows made of them: after a decision only the row that it touched is computed again. */
import { DEFAULT_VARIANT, type Facets, NO_PREFIX } from '../dataset/model';
import type { CountsReader } from './counts';
import type { ClassifierFigures, MetricsOptions, MetricsRow } from './figures';
import { chosenClassifiers, figuresByClassifier, metricsRow, type NamedGroup } from './rows';

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

/** Rows of groups that are not listed and are kept, such as that of the transcript on screen, before they are let go. */
const MOST_OTHERS = 100;

export class MetricsTable {
  readonly #counts: CountsReader;
  /** Rows that still stand, by group, as answers to the question asked last. */
  readonly #rows = new Map<number, MetricsRow>();
  #classifiers: readonly (string | null)[] = [];
  #options: RowOptions | null = null;
  #chosen: ReadonlySet<number> = new Set();
  /** The groups as they were asked for last, and in the order of the rows. */
  #groups: readonly NamedGroup[] = [];
  #ordered: readonly NamedGroup[] = [];

  constructor(counts: CountsReader) {
    this.#counts = counts;
  }

  /** The counts of a group are others. */
  touch(group: number): void {
    this.#rows.delete(group);
  }

  /**
   * The figures of these groups, those that count nothing included, so that rows from different counts of the same dataset
   * stand side by side. Settings in alphabetical order, within them the default variant first, within those
   * the arm without a prefix first.
   *
   * @param groups the same array as long as they are the same
   * @param classifiers names of the classifiers of alignment faking, in the order of the counts, null for one that is
   * none; the same array as long as they are the same
   * @throws RangeError where `options.classifier` names none of them
   */
  rows(
    groups: readonly NamedGroup[],
    classifiers: readonly (string | null)[],
    options: RowOptions,
  ): readonly MetricsRow[] {
    this.#ask(classifiers, options);
    if (groups !== this.#groups) {
      this.#groups = groups;
      this.#ordered = inRowOrder(groups);
    }
    if (this.#rows.size > groups.length + MOST_OTHERS) this.#forgetOthers();
    return this.#ordered.map((group) => this.#row(group, options));
  }

  /** The figures of one group. @throws as `rows` */
  row(group: NamedGroup, classifiers: readonly (string | null)[], options: RowOptions): MetricsRow {
    this.#ask(classifiers, options);
    return this.#row(group, options);
  }

  /** The figures of one group by each classifier alone; computed anew each time. */
  byClassifier(
    group: number,
    classifiers: readonly (string | null)[],
    { conditioning }: Pick<RowOptions, 'conditioning'>,
  ): readonly ClassifierFigures[] {
    return figuresByClassifier(this.#counts, group, classifiers, conditioning);
  }

  #ask(classifiers: readonly (string | null)[], options: RowOptions): void {
    const same =
      classifiers === this.#classifiers &&
      options.classifier === this.#options?.classifier &&
      options.conditioning === this.#options.conditioning;
    if (same) return;
    this.#chosen = chosenClassifiers(classifiers, options.classifier);
    this.#rows.clear();
    this.#classifiers = classifiers;
    this.#options = options;
  }

  #forgetOthers(): void {
    const listed = new Set(this.#groups.map(({ group }) => group));
    for (const group of this.#rows.keys()) if (!listed.has(group)) this.#rows.delete(group);
  }

  #row({ group, facets }: NamedGroup, { conditioning }: RowOptions): MetricsRow {
    const row = this.#rows.get(group) ?? metricsRow(this.#counts, group, facets, this.#chosen, conditioning);
    this.#rows.set(group, row);
    return row;
  }
}

/** As `MetricsTable.rows` orders them. */
export function inRowOrder(groups: readonly NamedGroup[]): readonly NamedGroup[] {
  return [...groups].sort((a, b) => compareFacets(a.facets, b.facets));
}
