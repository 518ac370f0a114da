import type { TranscriptFacts } from '../metrics/counts';
import { majority } from '../metrics/outcome';
import type { NamedGroup } from '../metrics/rows';
import type { MetricsSource } from '../metrics/tracker';
import type { Columns } from './columns';
import { withinRoom } from './listing';
import type { Facets } from './model';

/** The values by which transcripts can be filtered, as far as they are listed; each list sorted. */
export interface FacetValues {
  readonly settings: readonly string[];
  readonly variants: readonly string[];
  readonly prefixes: readonly string[];
}

/** How many are left out of the lists. */
export interface Unlisted {
  readonly rows: number;
  /** In those rows. */
  readonly transcripts: number;
  readonly settings: number;
  readonly variants: number;
  readonly prefixes: number;
  readonly classifiers: number;
}

/** Those of alignment faking. */
interface Classifiers {
  readonly slots: readonly (string | null)[];
  readonly listed: readonly (string | null)[];
  readonly names: readonly string[];
  readonly more: number;
}

/** The columns as the metrics see them: of each transcript its arm, its outcome and what each classifier said. */
export class DatasetFacts implements MetricsSource {
  private known = 0;
  private readonly outcomes = new Set<number>();
  /** Source number -> place among the classifiers of alignment faking. */
  private readonly fakingPlaces = new Map<number, number>();
  private readonly fakingNames: string[] = [];
  private readonly labelNames = new Set<string>();
  /** Each with what it was made of: made anew only when that is another. */
  private values: readonly [of: readonly (readonly number[])[], FacetValues] = [
    [],
    { settings: [], variants: [], prefixes: [] },
  ];
  private named: readonly [of: readonly number[], readonly NamedGroup[]] = [[], []];
  private classified: readonly [of: string, Classifiers] = [
    '',
    { slots: [], listed: [], names: [], more: 0 },
  ];

  constructor(private readonly columns: Columns) {}

  /** The groups whose rows are listed. */
  get groups(): readonly NamedGroup[] {
    const { kinds } = this.columns.groupListing;
    if (kinds !== this.named[0])
      this.named = [kinds, kinds.map((group) => ({ group, facets: this.columns.facets(group) }))];
    return this.named[1];
  }

  /** The same object until they change. */
  get facetValues(): FacetValues {
    const { setting, variant, prefix } = this.columns.nameListings;
    const of = [setting.kinds, variant.kinds, prefix.kinds];
    if (of.some((kinds, at) => kinds !== this.values[0][at]))
      this.values = [
        of,
        {
          settings: this.namesOf('setting'),
          variants: this.namesOf('variant'),
          prefixes: this.namesOf('prefix'),
        },
      ];
    return this.values[1];
  }

  /** What is not listed: rows and the transcripts in them, settings, variants, prefix arms and classifiers. */
  get unlisted(): Unlisted {
    const { groupListing, nameListings } = this.columns;
    return {
      rows: groupListing.more,
      transcripts: groupListing.more === 0 ? 0 : groupListing.moreTranscripts,
      settings: nameListings.setting.more,
      variants: nameListings.variant.more,
      prefixes: nameListings.prefix.more,
      classifiers: this.learnClassifiers().more,
    };
  }

  /** No more transcripts are on their way: what is listed is chosen by all of them. */
  settle(): void {
    const { groupListing, nameListings } = this.columns;
    for (const listing of [groupListing, ...Object.values(nameListings)]) listing.settle();
  }

  /** Every label that some classifier speaks of, in the order in which the dataset first names them. */
  get labels(): readonly string[] {
    this.learnSources();
    return [...this.labelNames];
  }

  /**
   * Names of those that said something about alignment faking, in the order in which the dataset first names them, up to
   * the most that are listed.
   */
  get classifiers(): readonly string[] {
    return this.learnClassifiers().names;
  }

  /** Their slots, which end with the last of them. */
  get listedSlots(): readonly (string | null)[] {
    return this.learnClassifiers().listed;
  }

  get slots(): readonly (string | null)[] {
    return this.learnClassifiers().slots;
  }

  /** Number and names of the group that a transcript counts in; null for a bad record or an index that is none. */
  groupOf(index: number): NamedGroup | null {
    const { columns } = this;
    if (index < 0 || index >= columns.count || columns.isBad(index)) return null;
    const group = columns.group(index);
    return { group, facets: columns.facets(group) };
  }

  facts(index: number): TranscriptFacts {
    this.learnSources();
    const outcomes: (boolean | null)[] = [];
    const alignmentFaking = new Map<number, boolean | null>();
    this.columns.forEachVerdict(index, (source, value) => {
      if (this.outcomes.has(source)) outcomes.push(value);
      const place = this.fakingPlaces.get(source);
      if (place !== undefined) alignmentFaking.set(place, value);
    });
    return {
      group: this.columns.group(index),
      condition: this.columns.condition(index),
      complied: majority(outcomes),
      alignmentFaking,
    };
  }

  private namesOf(facet: keyof Facets): readonly string[] {
    // by code units, so that the order is the same on every machine
    return this.columns.nameListings[facet].kinds.map((kind) => this.columns.name(facet, kind)).sort();
  }

  private learnClassifiers(): Classifiers {
    this.learnSources();
    const { sourceSizes } = this.columns;
    const of = `${this.known} ${sourceSizes.version}`;
    if (of === this.classified[0]) return this.classified[1];
    const slots = [...this.fakingPlaces].map(([source, place]) =>
      sourceSizes.of(source) > 0 ? (this.fakingNames[place] ?? null) : null,
    );
    const all = slots.flatMap((name, slot) => (name === null ? [] : [{ name, slot }]));
    const shown = withinRoom(all, ({ name }) => name.length);
    const classifiers = {
      slots,
      listed: slots.slice(0, (shown.at(-1)?.slot ?? -1) + 1),
      names: shown.map(({ name }) => name),
      more: all.length - shown.length,
    };
    this.classified = [of, classifiers];
    return classifiers;
  }

  /** Sources are only ever added, so those not yet seen stand at the end. */
  private learnSources(): void {
    const { sources } = this.columns;
    for (; this.known < sources.length; this.known++) {
      const source = sources[this.known];
      if (source) this.labelNames.add(source.label);
      if (source?.label === 'complied') this.outcomes.add(this.known);
      if (source?.label === 'alignment_faking') {
        this.fakingPlaces.set(this.known, this.fakingNames.length);
        this.fakingNames.push(source.classifier);
      }
    }
  }
}
