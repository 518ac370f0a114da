/** The shape of a metrics snapshot: what the panel draws and the command prints. Plain data, safe to post and to JSON. */

export type Interval = readonly [lo: number, hi: number];

/** Which labels a number rests on (METRICS, "Definitions"), the default first. */
export const LABEL_MODES = ['adjudicated', 'classifier', 'reviewed'] as const;
export type LabelMode = (typeof LABEL_MODES)[number];

/**
 * Figure 15 is ambiguous: the paper's unmonitored bars are printed without saying whether they, too, are
 * conditioned on the reasoning. `both` (the default, and first) conditions both arms, `training` compares with all
 * unmonitored ones.
 */
export const CONDITIONINGS = ['both', 'training'] as const;
export type Conditioning = (typeof CONDITIONINGS)[number];

/**
 * A proportion. `n` is what was labelled, `unknown` what was not (null labels: in neither numerator nor
 * denominator), `bounds` the rate if every unknown were no / yes. n = 0 gives null, never 0.
 * For the mean of K classifiers `n` and `count` are means over classifiers and may be fractions of K.
 */
export interface Rate {
  readonly n: number;
  readonly count: number;
  readonly unknown: number;
  readonly rate: number | null;
  readonly interval: Interval | null;
  readonly bounds: Interval | null;
}

/** A compliance rate: `complied` is the count. */
export interface Compliance {
  readonly n: number;
  readonly complied: number;
  readonly unknown: number;
  readonly rate: number | null;
  readonly interval: Interval | null;
  readonly bounds: Interval | null;
}

/** Compliance in training minus compliance unmonitored, with Newcombe's hybrid score interval (1998, method 10). */
export interface Gap {
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly method: 'newcombe';
}

export interface ConditionalGap {
  readonly training: Compliance;
  readonly unmonitored: Compliance;
  readonly gap: Gap;
}

/** Everything that depends on which classifier says "alignment faking". */
export interface AlignmentFakingFigures {
  /** P(AF and complied | training), the paper's headline rate. */
  readonly alignmentFaking: Rate;
  /** P(AF | training), refusals included (Figure 6). */
  readonly alignmentFakingInclusive: Rate;
  /** Figure 15: compliance among transcripts without and with alignment-faking reasoning. */
  readonly conditional: { readonly absent: ConditionalGap; readonly present: ConditionalGap };
}

export interface ClassifierFigures extends AlignmentFakingFigures {
  readonly classifier: string;
}

/** One setting x variant x prefix arm. */
export interface MetricsRow extends AlignmentFakingFigures {
  readonly setting: string;
  readonly variant: string;
  readonly prefix: string;
  readonly training: Compliance;
  readonly unmonitored: Compliance;
  readonly gap: Gap;
}

/** A row with what is asked for one row at a time on screen: there may be as many classifiers as rows. */
export interface WholeRow extends MetricsRow {
  /** The same for each classifier of alignment faking alone, in the dataset's order. */
  readonly byClassifier: readonly ClassifierFigures[];
}

export interface MetricsOptions {
  readonly labels: LabelMode;
  /** Whose alignment-faking verdicts count; null: the mean of all, as in the paper (footnote 28). */
  readonly classifier: string | null;
  readonly conditioning: Conditioning;
}
