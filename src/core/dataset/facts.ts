import type { TranscriptFacts } from '../metrics/counts';
import { majority } from '../metrics/outcome';
import type { MetricsSource } from '../metrics/tracker';
import type { Columns } from './columns';
import type { Facets } from './model';

/** The values by which transcripts can be filtered, each list sorted. */
export interface FacetValues {
  readonly settings: readonly string[];
  readonly variants: readonly string[];
  readonly prefixes: readonly string[];
}

/** The columns as the metrics see them: of each transcript its arm, its outcome and what each classifier said. */
export class DatasetFacts implements MetricsSource {
  private known = 0;
  private readonly outcomes = new Set<number>();
  /** Source number -> place among the classifiers of alignment faking. */
  private readonly fakingPlaces = new Map<number, number>();
  private readonly fakingNames: string[] = [];
  private readonly labelNames = new Set<string>();
  private values: FacetValues = { settings: [], variants: [], prefixes: [] };
  /** How many facets `values` were made of. */
  private valued = 0;

  constructor(private readonly columns: Columns) {}

  get facets(): readonly Facets[] {
    return this.columns.facets;
  }

  get groups(): readonly (Facets | null)[] {
    return this.facets.map((facets, group) => (this.columns.hasGroup(group) ? facets : null));
  }

  /** Of all facets seen so far, those of bad records included; made anew only when there are more. */
  get facetValues(): FacetValues {
    const { facets } = this;
    if (facets.length !== this.valued) {
      const distinct = (values: readonly string[]) => [...new Set(values)].sort();
      this.values = {
        settings: distinct(facets.map(({ setting }) => setting)),
        variants: distinct(facets.map(({ variant }) => variant)),
        prefixes: distinct(facets.map(({ prefix }) => prefix)),
      };
      this.valued = facets.length;
    }
    return this.values;
  }

  /** Every label that some classifier speaks of, in the order in which the dataset first names them. */
  get labels(): readonly string[] {
    this.learnSources();
    return [...this.labelNames];
  }

  /** Names of those that said something about alignment faking, in the order in which the dataset first names them. */
  get classifiers(): readonly string[] {
    return this.slots.filter((name) => name !== null);
  }

  get slots(): readonly (string | null)[] {
    this.learnSources();
    return [...this.fakingPlaces].map(([source, place]) =>
      this.columns.hasSource(source) ? (this.fakingNames[place] ?? null) : null,
    );
  }

  /** Setting, variant and prefix arm of a transcript; null for a bad record or an index that is none. */
  facetsOf(index: number): Facets | null {
    if (index < 0 || index >= this.columns.count || this.columns.isBad(index)) return null;
    return this.facets[this.columns.group(index)] ?? null;
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
