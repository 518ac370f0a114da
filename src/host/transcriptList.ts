import { TranscriptFilter } from '../core/dataset/filter';
import { type Filter, NO_FILTER } from '../core/dataset/filterModel';
import { Growable } from '../core/dataset/growable';
import type { RowView } from '../core/viewModel';
import type { Audit } from '../node/audit';

/**
 * The filtered list of one editor: positions in the list to records of the dataset. A decision takes no transcript out
 * of the list (it would jump away under the reviewer's hands); setting the filter again does.
 */
export class TranscriptList {
  filter: Filter = NO_FILTER;
  private indices = new Growable(Uint32Array);

  constructor(
    private readonly audit: Audit,
    private readonly reviewer: () => string,
  ) {}

  get length(): number {
    return this.indices.length;
  }

  apply(filter: Filter): void {
    this.filter = filter;
    this.indices = new Growable(Uint32Array);
    this.grow(0);
  }

  /** Adds the matching ones of the records that the dataset has gained. */
  grow(first: number): void {
    const { columns } = this.audit.dataset;
    const filter = new TranscriptFilter(
      this.filter,
      columns,
      this.audit.facts,
      (index) => this.audit.statusOf(index),
      this.reviewer(),
    );
    for (let index = first; index < columns.count; index++)
      if (filter.matches(index)) this.indices.add(index);
  }

  /** Index of the record at a position of the list. @throws RangeError outside the list. */
  at(position: number): number {
    return this.indices.at(position);
  }

  /** Position of a record, -1 when the filter leaves it out. Binary search: the list is in file order. */
  positionOf(index: number): number {
    let low = 0;
    let high = this.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.at(middle);
      if (found === index) return middle;
      if (found < index) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** The next position from `from` (exclusive) whose transcript nobody has decided on, wrapping around; -1 if none. */
  nextUnreviewed(from: number): number {
    for (let step = 1; step <= this.length; step++) {
      const position = (from + step) % this.length;
      const index = this.at(position);
      if (!this.audit.dataset.columns.isBad(index) && this.audit.statusOf(index) === null) return position;
    }
    return -1;
  }

  rows(start: number, end: number): RowView[] {
    const rows: RowView[] = [];
    for (let position = start; position < Math.min(end, this.length); position++)
      rows.push(this.row(this.at(position)));
    return rows;
  }

  private row(index: number): RowView {
    const { columns } = this.audit.dataset;
    const status = this.audit.statusOf(index);
    const bad = columns.isBad(index);
    const facets = bad ? undefined : columns.facets[columns.group(index)];
    const facts = bad ? null : this.audit.facts.facts(index);
    const complied = status?.adjudication.get('complied');
    const faking = status?.adjudication.get('alignment_faking');
    return {
      index,
      id: columns.id(index),
      line: columns.line(index),
      setting: facets?.setting ?? '',
      condition: bad ? null : columns.condition(index),
      variant: facets?.variant ?? '',
      prefix: facets?.prefix ?? '',
      complied: complied === undefined ? (facts?.complied ?? null) : complied,
      alignmentFaking: faking === undefined ? agreed(facts?.alignmentFaking ?? []) : faking,
      reviewed: status !== null,
      mine: status?.reviewers.has(this.reviewer()) ?? false,
      overridden: [...(status?.overridden ?? [])],
      stale: status?.stale ?? false,
      bad,
    };
  }
}

/** What all classifiers that answered say, 'mixed' where they differ. */
function agreed(values: readonly (boolean | null)[]): boolean | 'mixed' | null {
  const answers = new Set(values.filter((value) => value !== null));
  if (answers.size > 1) return 'mixed';
  return [...answers][0] ?? null;
}
