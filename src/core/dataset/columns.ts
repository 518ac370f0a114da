import { Growable } from './growable';
import { IdTable } from './idTable';
import type { IndexBatch, VerdictSource } from './indexBatch';
import {
  CONDITION_CODES,
  FLAG_BAD,
  FLAG_CONTRADICTION,
  FLAG_SPANS,
  FLAG_WARNING,
  VALUE_CODES,
} from './indexBatch';
import { Listing } from './listing';
import type { Condition, Facets } from './model';
import { Sizes } from './sizes';

const FACETS = ['setting', 'variant', 'prefix'] as const;

/**
 * What is known of every transcript without reading it again: where it stands in the file, its facets and verdicts.
 * Typed arrays, about 60 bytes a transcript; grows batch by batch while the file is being read.
 */
export class Columns {
  private readonly offsets = new Growable(Float64Array);
  private readonly lengths = new Growable(Uint32Array);
  private readonly lines = new Growable(Uint32Array);
  private readonly groupOf = new Growable(Uint32Array);
  private readonly conditions = new Growable(Uint8Array);
  private readonly flags = new Growable(Uint8Array);
  private readonly verdictEnds = new Growable(Uint32Array);
  private readonly verdictSources = new Growable(Uint16Array);
  private readonly verdictValues = new Growable(Uint8Array);
  private readonly ids = new IdTable();
  /** Names of settings, variants and prefix arms, and of each group the numbers of its three. */
  private readonly names: Record<keyof Facets, string[]> = { setting: [], variant: [], prefix: [] };
  private readonly groupNames = new Growable(Uint32Array);
  private readonly verdictSourceList: VerdictSource[] = [];
  /** Index of each file's first record. */
  private readonly fileStarts: number[] = [];
  /** Which groups, settings, variants and prefix arms are listed, by their readable transcripts. */
  readonly groupListing = new Listing((group) => {
    const { setting, variant, prefix } = this.facets(group);
    return setting.length + variant.length + prefix.length;
  });
  readonly nameListings: Readonly<Record<keyof Facets, Listing>> = {
    setting: this.listingOf('setting'),
    variant: this.listingOf('variant'),
    prefix: this.listingOf('prefix'),
  };
  /** Verdicts of readable transcripts, of each source. */
  readonly sourceSizes = new Sizes();
  private bad = 0;
  private withoutCondition = 0;

  /** Adds a batch as the index pass made it; batches come in file order. */
  append(batch: IndexBatch): void {
    const verdictsBefore = this.verdictSources.length;
    while (this.fileStarts.length <= batch.file) this.fileStarts.push(this.count);
    this.offsets.push(batch.offset);
    this.lengths.push(batch.length);
    this.lines.push(batch.line);
    this.groupOf.push(batch.group);
    this.conditions.push(batch.condition);
    this.flags.push(batch.flags);
    this.verdictEnds.push(batch.verdictEnd.map((end) => end + verdictsBefore));
    this.verdictSources.push(batch.verdictSource);
    this.verdictValues.push(batch.verdictValue);
    this.ids.push(batch.ids, batch.idEnd);
    // not push(...): a list of arguments has an end
    for (const facet of FACETS) for (const name of batch.newNames[facet]) this.names[facet].push(name);
    this.groupNames.push(batch.newGroups);
    for (const source of batch.newSources) this.verdictSourceList.push(source);
    for (let index = this.count - batch.flags.length; index < this.count; index++) {
      if (this.isBad(index)) this.bad++;
      else this.countIn(index, 1);
    }
  }

  /** A record that was taken for a transcript turns out not to be one. */
  markBad(index: number): void {
    if (this.isBad(index)) return;
    this.countIn(index, -1);
    this.flags.set(index, this.flags.at(index) | FLAG_BAD);
    this.bad++;
  }

  markWarning(index: number): void {
    this.flags.set(index, this.flags.at(index) | FLAG_WARNING);
  }

  /**
   * Gives back the room that no more batches will need: after the last one. Each step copies one column, which takes its
   * time in a large dataset; nothing else may be done to the columns between them but reading.
   */
  *trim(): Generator<void> {
    const {
      offsets,
      lengths,
      lines,
      groupOf,
      conditions,
      flags,
      verdictEnds,
      verdictSources,
      verdictValues,
    } = this;
    for (const column of [offsets, lengths, lines, groupOf, conditions, flags]) yield column.trim();
    for (const column of [verdictEnds, verdictSources, verdictValues]) yield column.trim();
    yield* this.ids.trim();
  }

  /** Records, bad ones included. */
  get count(): number {
    return this.offsets.length;
  }

  get badCount(): number {
    return this.bad;
  }

  /** Readable transcripts without a condition: in neither arm. */
  get withoutConditionCount(): number {
    return this.withoutCondition;
  }

  /** Every setting x variant x prefix arm seen so far, those of bad records included. */
  get groups(): number {
    return this.groupNames.length / 3;
  }

  /** What a group is called. @throws RangeError for a number that is none's. */
  facets(group: number): Facets {
    const name = (place: number, facet: keyof Facets) =>
      this.names[facet][this.groupNames.at(3 * group + place)] ?? '';
    return { setting: name(0, 'setting'), variant: name(1, 'variant'), prefix: name(2, 'prefix') };
  }

  /** A setting, variant or prefix arm by its number, which its listing has. */
  name(facet: keyof Facets, number: number): string {
    return this.names[facet][number] ?? '';
  }

  /** Every classifier x label seen so far, those of bad records included. */
  get sources(): readonly VerdictSource[] {
    return this.verdictSourceList;
  }

  offset(index: number): number {
    return this.offsets.at(index);
  }

  length(index: number): number {
    return this.lengths.at(index);
  }

  line(index: number): number {
    return this.lines.at(index);
  }

  /** Number of the file in which a record stands, in the order in which they were read. */
  file(index: number): number {
    const after = this.fileStarts.findIndex((start) => start > index);
    return after < 0 ? this.fileStarts.length - 1 : after - 1;
  }

  /** Which of the transcripts of its record this is: 0 but where one record holds several. */
  part(index: number): number {
    let first = index;
    while (
      first > 0 &&
      this.offset(first - 1) === this.offset(index) &&
      this.file(first - 1) === this.file(index)
    )
      first--;
    return index - first;
  }

  id(index: number): string {
    return this.ids.id(index);
  }

  /** How long the id is, in UTF-8. */
  idBytes(index: number): number {
    return this.ids.bytes(index);
  }

  /** See IdTable.hash: tells most ids apart without making the string of any. */
  idHash(index: number): number {
    return this.ids.hash(index);
  }

  /** -1 when no transcript has this id. */
  indexOf(id: string): number {
    return this.ids.indexOf(id);
  }

  group(index: number): number {
    return this.groupOf.at(index);
  }

  condition(index: number): Condition | null {
    return CONDITION_CODES[this.conditions.at(index)] ?? null;
  }

  isBad(index: number): boolean {
    return (this.flags.at(index) & FLAG_BAD) !== 0;
  }

  hasWarning(index: number): boolean {
    return (this.flags.at(index) & FLAG_WARNING) !== 0;
  }

  /** What the record stores contradicts its text or itself. */
  hasContradiction(index: number): boolean {
    return (this.flags.at(index) & FLAG_CONTRADICTION) !== 0;
  }

  hasSpans(index: number): boolean {
    return (this.flags.at(index) & FLAG_SPANS) !== 0;
  }

  /** Calls `visit` with each verdict of a transcript: an index into `sources` and the value. */
  forEachVerdict(index: number, visit: (source: number, value: boolean | null) => void): void {
    const start = index === 0 ? 0 : this.verdictEnds.at(index - 1);
    const end = this.verdictEnds.at(index);
    for (let i = start; i < end; i++) {
      visit(this.verdictSources.at(i), VALUE_CODES[this.verdictValues.at(i)] ?? null);
    }
  }

  private countIn(index: number, sign: 1 | -1): void {
    if (this.condition(index) === null) this.withoutCondition += sign;
    const group = this.group(index);
    this.groupListing.count(group, sign);
    FACETS.forEach((facet, place) => {
      this.nameListings[facet].count(this.groupNames.at(3 * group + place), sign);
    });
    this.forEachVerdict(index, (source) => this.sourceSizes.add(source, sign));
  }

  private listingOf(facet: keyof Facets): Listing {
    return new Listing((name) => this.name(facet, name).length);
  }
}
