import type { Facets } from '../core/dataset/model';
import type { TranscriptFacts } from '../core/metrics/counts';
import type { Conditioning, LabelMode, MetricsOptions, MetricsRow, WholeRow } from '../core/metrics/figures';
import { type MetricsSource, MetricsTracker } from '../core/metrics/tracker';
import type { Audit } from '../node/audit';
import { UsageError } from './exit';
import { loadAudits, type ReadFlags } from './load';
import { metricsTable } from './metricsTable';
import { exitStatus, problemLines } from './problems';
import { print, printError, printJson } from './terminal';

export interface MetricsFlags extends ReadFlags {
  readonly labels: LabelMode;
  readonly classifier?: string;
  readonly conditioning: Conditioning;
  readonly json?: boolean;
}

/** What `--json` prints, with whole rows; the table takes plain ones. */
export interface MetricsReport<Row extends MetricsRow = WholeRow> {
  readonly dataset: {
    readonly files: readonly string[];
    readonly transcripts: number;
    readonly bad: number;
    readonly warnings: number;
    readonly noCondition: number;
    readonly reviewed: number;
    readonly overrides: number;
    readonly stale: number;
  };
  readonly options: MetricsOptions;
  readonly classifiers: readonly string[];
  readonly rows: readonly Row[];
}

/** Rows x classifiers that `--json` prints: about two kilobytes each, in one text. */
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
  const { counts, ...report } = countsOf(files, audits, flags);
  const rows = counts.rows(report.options);
  if (!flags.json) for (const line of metricsTable({ ...report, rows })) print(line);
  else {
    const { length } = report.classifiers;
    if (rows.length * length > MOST_FIGURES)
      throw new UsageError(
        `--json has each of ${rows.length} rows for each of ${length} classifiers; more than ${MOST_FIGURES} are not printed`,
      );
    printJson({ ...report, rows: counts.wholeRows(report.options) } satisfies MetricsReport);
  }
  for (const line of audits.flatMap(problemLines)) printError(line);
  return exitStatus(audits);
}

/** A report but for its rows, and what they are made of. */
function countsOf(
  files: readonly string[],
  audits: readonly Audit[],
  flags: MetricsFlags,
): Omit<MetricsReport, 'rows'> & { readonly counts: MetricsTracker } {
  const pool = new Pool(audits);
  const options = {
    labels: flags.labels,
    classifier: flags.classifier ?? null,
    conditioning: flags.conditioning,
  };
  if (options.classifier !== null && !pool.slots.includes(options.classifier)) {
    const known = pool.slots.length === 0 ? 'none' : pool.slots.join(', ');
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
    counts: pool.count(),
  };
}

/** Several datasets as one: rows of the same setting, variant and prefix fall together, and classifiers by name. */
class Pool implements MetricsSource {
  readonly groups: Facets[] = [];
  readonly slots: readonly string[];
  private readonly members: {
    readonly audit: Audit;
    readonly first: number;
    readonly groups: readonly number[];
    /** Of each of the dataset's slots the place among those of all. */
    readonly places: readonly (number | undefined)[];
  }[] = [];
  private total = 0;

  constructor(audits: readonly Audit[]) {
    this.slots = [...new Set(audits.flatMap(({ facts }) => facts.classifiers))];
    const pooled = new Map(this.slots.map((name, place) => [name, place]));
    const groups = new Map<string, number>();
    for (const audit of audits) {
      const numbers = audit.facts.groups.map((facets) => {
        if (facets === null) return -1;
        const key = JSON.stringify([facets.setting, facets.variant, facets.prefix]);
        const number = groups.get(key) ?? this.groups.push(facets) - 1;
        groups.set(key, number);
        return number;
      });
      const { slots } = audit.facts;
      const places = slots.map((name) => (name === null ? undefined : pooled.get(name)));
      this.members.push({ audit, first: this.total, groups: numbers, places });
      this.total += audit.dataset.columns.count;
    }
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
    for (const { audit, first } of this.members) {
      for (let index = 0; index < audit.dataset.columns.count; index++) {
        if (audit.dataset.columns.isBad(index)) continue;
        tracker.addTranscript(first + index);
        const status = audit.statusOf(index);
        if (status) tracker.apply(first + index, new Map(), status.adjudication);
      }
    }
    return tracker;
  }
}
