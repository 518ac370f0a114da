import { setImmediate } from 'node:timers/promises';
import { TranscriptFilter } from '../core/dataset/filter';
import { type Filter, NO_FILTER } from '../core/dataset/filterModel';
import { Growable } from '../core/dataset/growable';
import { shortened } from '../core/invisible';
import type { RowView } from '../core/viewModel';
import type { Audit } from '../node/audit';

/** Looking at so much, in bytes of ids, does not hold up the thread for long; and what it is to look at a record at all. */
const COST_AT_ONCE = 400_000;
const COST_OF_RECORD = 50;

/** Ends with what is left; null where nothing is filtered out. */
type Looking = Generator<undefined, Growable<Uint32Array> | null>;

/**
 * The filtered list of one editor: positions in the list to records of the dataset. A decision takes no transcript out
 * of the list (it would jump away under the reviewer's hands); setting the filter again does.
 */
export class TranscriptList {
  filter: Filter = NO_FILTER;
  /** null while nothing is filtered out: all that was found, or the whole dataset, as far as they are known. */
  private indices: Growable<Uint32Array> | null = null;
  /** The transcripts that a search has found so far, in order; null while nothing is searched for. */
  private found: Growable<Uint32Array> | null = null;
  /** Looks for what the filter leaves; until it has ended the list is as it was. */
  private looking: Looking | null = null;
  /** Settles when that has ended, or is wanted no more. */
  private looked: Promise<void> = Promise.resolve();

  constructor(
    private readonly audit: Audit,
    private readonly reviewer: () => string,
    private readonly onApplied: () => void = () => {},
  ) {}

  get length(): number {
    return (this.indices ?? this.found)?.length ?? this.audit.dataset.columns.count;
  }

  /** @returns false where there is much to look at: the list is as it was until `onApplied` is called. */
  apply(filter: Filter): boolean {
    this.filter = filter;
    const looking = this.look();
    const { done = false, value } = looking.next();
    this.looking = done ? null : looking;
    if (value !== undefined) this.indices = value;
    else this.looked = this.goOn(looking);
    return done;
  }

  /** The list holds what its filter leaves. */
  get isApplied(): boolean {
    return this.looking === null;
  }

  /** Resolves when it does. */
  async applied(): Promise<void> {
    while (this.looking) await this.looked;
  }

  /** What the filter leaves is not looked for any more. */
  stop(): void {
    this.looking = null;
  }

  /** Leaves only the transcripts of `found` in the list, which may become more (`growFound`); null: all again. */
  narrow(found: Growable<Uint32Array> | null): void {
    this.found = found;
    this.apply(this.filter);
  }

  /** Adds the matching ones of the records that the dataset has gained; of those, a search has still to tell. */
  grow(first: number): void {
    if (this.found || !this.indices || this.looking) return;
    const filter = this.newFilter();
    for (let index = first; index < this.audit.dataset.columns.count; index++)
      if (filter.matches(index)) this.indices.add(index);
  }

  /** Adds what the search has found from number `from` on. */
  growFound(from: number): void {
    if (!this.indices || this.looking) return;
    const filter = this.newFilter();
    for (let at = from; at < (this.found?.length ?? 0); at++) {
      const index = this.found?.at(at) ?? -1;
      if (filter.matches(index)) this.indices.add(index);
    }
  }

  /** Index of the record at a position of the list. @throws RangeError outside the list. */
  at(position: number): number {
    const indices = this.indices ?? this.found;
    if (indices) return indices.at(position);
    if (position >= 0 && position < this.length) return position;
    throw new RangeError(`position ${position} is outside 0 … ${this.length - 1}`);
  }

  /** Position of a record, -1 when the list leaves it out. */
  positionOf(index: number): number {
    const position = this.positionFrom(index);
    return position < this.length && this.at(position) === index ? position : -1;
  }

  /** Position of the first record from an index on; `length` when there is none. Binary search: it is in file order. */
  positionFrom(index: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The next position from `from` (exclusive) whose transcript nobody has decided on as it is, wrapping around; -1 if none. */
  nextUnreviewed(from: number): number {
    for (let step = 1; step <= this.length; step++) {
      const position = (from + step) % this.length;
      const index = this.at(position);
      if (!this.audit.dataset.columns.isBad(index) && !this.isReviewed(index)) return position;
    }
    return -1;
  }

  private isReviewed(index: number): boolean {
    return (this.audit.statusOf(index)?.reviewers.size ?? 0) > 0;
  }

  rows(start: number, end: number): RowView[] {
    const rows: RowView[] = [];
    for (let position = start; position < Math.min(end, this.length); position++)
      rows.push(this.row(this.at(position)));
    return rows;
  }

  private async goOn(looking: Looking): Promise<void> {
    for (;;) {
      await setImmediate();
      if (this.looking !== looking) return;
      const { value } = looking.next();
      if (value === undefined) continue;
      this.indices = value;
      this.looking = null;
      return this.onApplied();
    }
  }

  /** What filter and search leave; in steps between which the thread is free, and which take in what comes meanwhile. */
  private *look(): Looking {
    if (isEmpty(this.filter)) return null;
    const { columns } = this.audit.dataset;
    const filter = this.newFilter();
    const indices = new Growable(Uint32Array);
    let cost = 0;
    for (let at = 0; at < (this.found?.length ?? columns.count); at++) {
      if (cost >= COST_AT_ONCE) {
        yield;
        cost = 0;
      }
      const index = this.found?.at(at) ?? at;
      if (filter.matches(index)) indices.add(index);
      cost += COST_OF_RECORD + columns.idBytes(index);
    }
    return indices;
  }

  private newFilter(): TranscriptFilter {
    const { dataset, facts } = this.audit;
    const status = (index: number) => this.audit.statusOf(index);
    return new TranscriptFilter(this.filter, dataset.columns, facts, status, this.reviewer());
  }

  private row(index: number): RowView {
    const { columns } = this.audit.dataset;
    const status = this.audit.statusOf(index);
    const bad = columns.isBad(index);
    const facets = bad ? undefined : columns.facets(columns.group(index));
    const facts = bad ? null : this.audit.facts.facts(index);
    const complied = status?.adjudication.get('complied');
    const faking = status?.adjudication.get('alignment_faking');
    return {
      index,
      id: shortened(columns.id(index)),
      line: columns.line(index),
      setting: shortened(facets?.setting ?? ''),
      condition: bad ? null : columns.condition(index),
      variant: shortened(facets?.variant ?? ''),
      prefix: shortened(facets?.prefix ?? ''),
      complied: complied === undefined ? (facts?.complied ?? null) : complied,
      alignmentFaking: faking === undefined ? agreed(facts?.alignmentFaking.values() ?? []) : faking,
      reviewed: this.isReviewed(index),
      mine: status?.reviewers.has(this.reviewer()) ?? false,
      overridden: [...(status?.overridden ?? [])].map((label) => shortened(label)),
      stale: status?.stale ?? false,
      bad,
    };
  }
}

function isEmpty({ text, ...wanted }: Filter): boolean {
  return text.trim() === '' && Object.values(wanted).every((value) => value === null);
}

/** What all classifiers that answered say, 'mixed' where they differ. */
function agreed(values: Iterable<boolean | null>): boolean | 'mixed' | null {
  const answers = new Set(values);
  answers.delete(null);
  if (answers.size > 1) return 'mixed';
  return [...answers][0] ?? null;
}
