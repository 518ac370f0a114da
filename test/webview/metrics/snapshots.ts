/** Snapshots of datasets that are given as counts; the figures are core's own. */
import { GapCounts } from '../../../src/core/metrics/counts';
import type { ClassifierFigures, MetricsOptions, MetricsRow } from '../../../src/core/metrics/figures';
import { chosenClassifiers, figuresByClassifier, metricsRow } from '../../../src/core/metrics/rows';
import type { MetricsSnapshot } from '../../../src/protocol/metrics';

/**
 * How many transcripts answer so: one character for each classifier (1 yes, 0 no, ? unknown), then the outcome
 * (C complied, N not, ? unknown), e.g. "10C".
 */
export type Cells = Readonly<Record<string, number>>;

export interface Group {
  readonly setting: string;
  readonly variant: string;
  readonly prefix: string;
  readonly training: Cells;
  readonly unmonitored: Cells;
}

export const DEFAULTS: MetricsOptions = { labels: 'adjudicated', classifier: null, conditioning: 'both' };
export const CLASSIFIERS = ['partial', 'full'];

const VALUES: Readonly<Record<string, boolean | null>> = { 1: true, 0: false, C: true, N: false, '?': null };

function value(character: string): boolean | null {
  const found = VALUES[character];
  if (found === undefined) throw new Error(`unknown cell character "${character}"`);
  return found;
}

function countsOf(groups: readonly Group[]): GapCounts {
  const counts = new GapCounts();
  groups.forEach((group, index) => {
    for (const condition of ['training', 'unmonitored'] as const) {
      for (const [answers, times] of Object.entries(group[condition])) {
        const contribution = {
          group: index,
          condition,
          complied: value(answers.slice(-1)),
          alignmentFaking: new Map([...answers.slice(0, -1)].map(value).entries()),
          otherwise: null,
        };
        for (let time = 0; time < times; time++) counts.add(contribution, 1);
      }
    }
  });
  return counts;
}

export function rowsOf(
  groups: readonly Group[],
  options = DEFAULTS,
  classifiers: readonly string[] = CLASSIFIERS,
): readonly MetricsRow[] {
  const counts = countsOf(groups);
  const chosen = chosenClassifiers(classifiers, options.classifier);
  return groups.map((group, index) => metricsRow(counts, index, group, chosen, options.conditioning));
}

/** What the host answers when it is asked for the first group's figures by each classifier. */
export function byClassifierOf(groups: readonly Group[]): readonly ClassifierFigures[] {
  return figuresByClassifier(countsOf(groups), 0, CLASSIFIERS, DEFAULTS.conditioning);
}

export interface SnapshotParts {
  readonly groups: readonly Group[];
  /** As the session began; the same where not given. */
  readonly session?: readonly Group[];
  /** As classifiers say; the session's where not given. */
  readonly classifier?: readonly Group[];
  readonly options?: Partial<MetricsOptions>;
  readonly classifiers?: readonly string[];
  readonly dataset?: Partial<NonNullable<MetricsSnapshot['dataset']>>;
  readonly current?: MetricsSnapshot['current'];
  readonly unlisted?: Partial<MetricsSnapshot['unlisted']>;
}

export function snapshotOf(parts: SnapshotParts): MetricsSnapshot {
  const options = { ...DEFAULTS, ...parts.options };
  const classifiers = parts.classifiers ?? CLASSIFIERS;
  const session = parts.session ?? parts.groups;
  return {
    dataset: {
      file: 'run-42.jsonl',
      transcripts: 1884,
      bad: 0,
      reviewed: 38,
      overrides: 5,
      stale: 0,
      noCondition: 0,
      notice: null,
      faults: null,
      decisions: 'known',
      decisionsProblem: null,
      phase: 'ready',
      ...parts.dataset,
    },
    options,
    current: parts.current ?? null,
    classifiers,
    unlisted: { rows: 0, transcripts: 0, classifiers: 0, ...parts.unlisted },
    currentRows: null,
    rows: rowsOf(parts.groups, options, classifiers),
    classifierRows: rowsOf(parts.classifier ?? session, options, classifiers),
    sessionRows: rowsOf(session, options, classifiers),
  };
}

/** About the paper's helpful-only rates: 14 % and 3 % compliance, 12 % alignment faking. */
export const HELPFUL_ONLY: Group = {
  setting: 'helpful-only',
  variant: 'default',
  prefix: 'none',
  training: { '11C': 38, '10C': 4, '00C': 6, '11N': 24, '00N': 268 },
  unmonitored: { '00C': 10, '11N': 2, '00N': 328 },
};

export const ANIMAL_WELFARE: Group = {
  setting: 'animal-welfare',
  variant: 'default',
  prefix: 'none',
  training: { '11C': 50, '10C': 6, '00C': 90, '11N': 20, '00N': 134 },
  unmonitored: { '11C': 15, '00C': 88, '00N': 197 },
};

/** The prefix arms stand in a variant of their own. */
export const ARMS: readonly Group[] = [
  { ...HELPFUL_ONLY, variant: 'prefix arms', unmonitored: { '00C': 3, '00N': 97 } },
  {
    ...HELPFUL_ONLY,
    variant: 'prefix arms',
    prefix: 'deceptive',
    training: { '11C': 45, '00N': 55 },
    unmonitored: { '00C': 1, '00N': 99 },
  },
  {
    ...HELPFUL_ONLY,
    variant: 'prefix arms',
    prefix: 'obedient',
    training: { '00C': 20, '00N': 80 },
    unmonitored: { '00C': 17, '00N': 83 },
  },
];
