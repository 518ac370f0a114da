import { Listing } from '../core/dataset/listing';
import type { TranscriptFacts } from '../core/metrics/counts';
import type { Conditioning, LabelMode } from '../core/metrics/figures';
import { namesInWords } from '../core/metrics/format';
import type { NamedGroup } from '../core/metrics/rows';
import { type MetricsSource, MetricsTracker } from '../core/metrics/tracker';
import type { Audit } from '../node/audit';
import { UsageError } from './exit';
import { loadAudits, type ReadFlags } from './load';
import { type MetricsReport, metricsTable, type UnlistedRows } from './metricsTable';
import { exitStatus, problemLines, profileNotes } from './problems';
import { print, printError, printJsonRows } from './terminal';

export interface MetricsFlags extends ReadFlags {
  readonly labels: LabelMode;
  readonly classifier?: string;
  readonly conditioning: Conditioning;
  readonly json?: boolean;
}

/** Rows x classifiers that `--json` prints, a row without any as one: about two kilobytes each. */
const MOST_FIGURES = 200_000;

/**
 * Prints the figures of the files taken together. Returns the exit status: 1 when some records are bad.
 * @throws UsageError for a classifier that no file has, one review folder for several files, or JSON without end.
 */
export async function metrics(files: readonly string[], flags: MetricsFlags): Promise<number> {
  if (flags.reviews !== undefined && files.length > 1) {
    throw new UsageError('--reviews goes with one file: every file has a review folder of its own');
  }
  const audits = await loadAudits(files, flags);
  const { pool, counts, ...report } = countsOf(files, audits, flags);
  if (flags.json) {
    const groups = pool.allGroups();
    const { length } = report.classifiers;
    if (groups.length * Math.max(1, length) > MOST_FIGURES)
      throw new UsageError(
        `--json has each of ${groups.length} rows for each of ${length} classifiers; more than ${MOST_FIGURES} are not printed`,
      );
    printJsonRows(report, counts.wholeRows(report.options, groups));
  } else {
    const rows = counts.rows(report.options);
    for (const line of metricsTable({ ...report, rows }, pool.unlisted)) print(line);
  }
  if (flags.profile === undefined) for (const line of audits.flatMap(profileNotes)) printError(line);
  for (const line of audits.flatMap(problemLines)) printError(line);
  return exitStatus(audits);
}

/** A report but for its rows, and what they are made of. */
function countsOf(
  files: readonly string[],
  audits: readonly Audit[],
  flags: MetricsFlags,
): Omit<MetricsReport, 'rows'> & { readonly pool: Pool; readonly counts: MetricsTracker } {
  const pool = new Pool(audits);
  const options = {
    labels: flags.labels,
    classifier: flags.classifier ?? null,
    conditioning: flags.conditioning,
  };
  if (options.classifier !== null && !pool.slots.includes(options.classifier)) {
    const known = pool.slots.length === 0 ? 'none' : namesInWords(pool.slots);
    throw new UsageError(
      `no classifier of alignment faking is called "${options.classifier}" (there are: ${known})`,
    );
  }
  const sum = (count: (audit: Audit) => number) => audits.reduce((total, audit) => total + count(audit), 0);
  return {
    dataset: {
      files,
      transcripts: sum(({ dataset }) => dataset.columns.count - dataset.columns.badCount),
      bad: sum(({ dataset }) => dataset.columns.badCount),
      warnings: sum(({ dataset }) => dataset.warnings),
      noCondition: sum(({ dataset }) => dataset.columns.withoutConditionCount),
      reviewed: sum(({ totals }) => totals.reviewed),
      overrides: sum(({ totals }) => totals.overrides),
      stale: sum(({ totals }) => totals.stale),
    },
    options,
    classifiers: pool.slots,
    pool,
    counts: pool.count(),
  };
}

/** Several datasets as one: rows of the same setting, variant and prefix fall together, and classifiers by name. */
class Pool implements MetricsSource {
  readonly slots: readonly string[];
  private readonly named: NamedGroup[] = [];
  private readonly listing = new Listing((group) => {
    const { setting = '', variant = '', prefix = '' } = this.named[group]?.facets ?? {};
    return setting.length + variant.length + prefix.length;
  });
  private listed: readonly [of: readonly number[], readonly NamedGroup[]] = [[], []];
  private readonly members: {
    readonly audit: Audit;
    readonly first: number;
    /** Of each of the dataset's groups and slots the place among those of all. */
    readonly groups: readonly number[];
    readonly places: readonly (number | undefined)[];
  }[] = [];
  private total = 0;

  constructor(audits: readonly Audit[]) {
    this.slots = [...new Set(audits.flatMap(({ facts }) => facts.slots.filter((name) => name !== null)))];
    const pooled = new Map(this.slots.map((name, place) => [name, place]));
    const numbers = new Map<string, number>();
    for (const audit of audits) {
      const { columns } = audit.dataset;
      const groups = Array.from({ length: columns.groups }, (_, group) => {
        const facets = columns.facets(group);
        const key = JSON.stringify([facets.setting, facets.variant, facets.prefix]);
        const number = numbers.get(key) ?? numbers.size;
        if (number === numbers.size) this.named.push({ group: number, facets });
        numbers.set(key, number);
        return number;
      });
      const { slots } = audit.facts;
      const places = slots.map((name) => (name === null ? undefined : pooled.get(name)));
      this.members.push({ audit, first: this.total, groups, places });
      this.total += columns.count;
    }
  }

  get groups(): readonly NamedGroup[] {
    const { kinds } = this.listing;
    if (kinds !== this.listed[0]) this.listed = [kinds, this.namesOf(kinds)];
    return this.listed[1];
  }

  /** Those that have transcripts, listed or not. */
  allGroups(): readonly NamedGroup[] {
    return this.named.filter(({ group }) => this.listing.sizeOf(group) > 0);
  }

  get unlisted(): UnlistedRows {
    return { rows: this.listing.more, transcripts: this.listing.moreTranscripts };
  }

  facts(index: number): TranscriptFacts {
    const member = this.members.findLast(({ first }) => first <= index);
    if (!member) throw new RangeError(`no transcript ${index}`);
    const { audit, first, groups, places } = member;
    const facts = audit.facts.facts(index - first);
    return {
      ...facts,
      group: groups[facts.group] ?? 0,
      alignmentFaking: new Map(
        [...facts.alignmentFaking].flatMap(([slot, value]) => {
          const place = places[slot];
          return place === undefined ? [] : [[place, value]];
        }),
      ),
    };
  }

  /** Counts every readable transcript, with what was decided on it. */
  count(): MetricsTracker {
    const tracker = new MetricsTracker(this);
    for (const { audit, first, groups } of this.members) {
      for (let index = 0; index < audit.dataset.columns.count; index++) {
        if (audit.dataset.columns.isBad(index)) continue;
        tracker.addTranscript(first + index);
        this.listing.count(groups[audit.dataset.columns.group(index)] ?? 0, 1);
        const status = audit.statusOf(index);
        if (status) tracker.apply(first + index, new Map(), status.adjudication);
      }
    }
    this.listing.settle();
    return tracker;
  }

  private namesOf(kinds: readonly number[]): readonly NamedGroup[] {
    return kinds.flatMap((kind) => this.named[kind] ?? []);
  }
}
