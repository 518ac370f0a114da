/** The figures of a dataset while people decide: each decision is a constant amount of work. */
import type { Adjudication } from '../review/state';
import type { Contribution, TranscriptFacts } from './counts';
import type { ClassifierFigures, LabelMode, MetricsOptions, MetricsRow, WholeRow } from './figures';
import type { Facets } from './rows';
import { MetricsTable } from './table';

/** The indexed dataset as the tracker sees it. May grow while it is read; nothing in it may change. */
export interface MetricsSource {
  /** Of each group, at its number; null while it has no readable transcript. */
  readonly groups: readonly (Facets | null)[];
  /**
   * Classifiers of alignment faking, in the order in which the dataset first names them; null at the place of one that
   * only bad records name, whose silence must not count in a mean.
   */
  readonly slots: readonly (string | null)[];
  /** `index` is that of a readable transcript. */
  facts(index: number): TranscriptFacts;
}

const UNDECIDED: Adjudication = new Map();
const NOTHING_SAID: TranscriptFacts['alignmentFaking'] = new Map();

/** A person's decision replaces the outcome, and what every classifier said, seen or yet to be seen. */
function adjudicated(facts: TranscriptFacts, decisions: Adjudication): Contribution {
  const complied = decisions.get('complied');
  const alignmentFaking = decisions.get('alignment_faking');
  return {
    group: facts.group,
    condition: facts.condition,
    complied: complied === undefined ? facts.complied : complied,
    alignmentFaking: alignmentFaking === undefined ? facts.alignmentFaking : NOTHING_SAID,
    otherwise: alignmentFaking ?? null,
  };
}

type Tables = Readonly<Record<LabelMode, MetricsTable>>;

function follow(
  { adjudicated: all, reviewed }: Tables,
  facts: TranscriptFacts,
  before: Adjudication,
  after: Adjudication,
): void {
  const [was, is] = [adjudicated(facts, before), adjudicated(facts, after)];
  all.add(was, -1);
  all.add(is, 1);
  if (before.size > 0) reviewed.add(was, -1);
  if (after.size > 0) reviewed.add(is, 1);
}

/** Keeps counts only, nothing for each transcript: what a transcript is made of is asked of the source. */
export class MetricsTracker {
  readonly #source: MetricsSource;
  readonly #now: Tables = {
    classifier: new MetricsTable(),
    adjudicated: new MetricsTable(),
    reviewed: new MetricsTable(),
  };
  #session: Tables | null = null;

  constructor(source: MetricsSource) {
    this.#source = source;
  }

  /** Counts a transcript that was just indexed, each once, as one that nobody has decided on. */
  addTranscript(index: number): void {
    this.#countUndecided(index, 1);
  }

  /** Takes it out again: it turned out to be no transcript. Decisions on it are taken back first. */
  removeTranscript(index: number): void {
    this.#countUndecided(index, -1);
  }

  /**
   * Follows a change in what people decided on a transcript that was added; O(1) in the dataset's size.
   * `before` and `after` swapped take it back exactly.
   */
  apply(index: number, before: Adjudication, after: Adjudication): void {
    follow(this.#now, this.#source.facts(index), before, after);
  }

  /**
   * What people had decided on a transcript that was added after the session began is no change of the session's, as it
   * would not be had it been there.
   */
  countBeforeSession(index: number, decisions: Adjudication): void {
    if (this.#session) follow(this.#session, this.#source.facts(index), UNDECIDED, decisions);
  }

  /** From now on `sessionRows` tells how things stand at this moment: call it once saved decisions are applied. */
  beginSession(): void {
    this.#session = {
      // Decisions never touch these, so the session's are the same ones.
      classifier: this.#now.classifier,
      adjudicated: this.#now.adjudicated.clone(),
      reviewed: this.#now.reviewed.clone(),
    };
  }

  /**
   * The figures on the labels that `options` choose. `reviewed` counts the transcripts on which a person
   * decided some label, with adjudicated values.
   *
   * @throws RangeError where `options.classifier` names none of the dataset's
   */
  rows(options: MetricsOptions): readonly MetricsRow[] {
    return this.#rows(this.#now[options.labels], options);
  }

  /** The same rows resting on classifiers alone. */
  classifierRows(options: MetricsOptions): readonly MetricsRow[] {
    return this.#rows(this.#now.classifier, options);
  }

  /** The same rows as they stood when the session began; before that, as they stand. */
  sessionRows(options: MetricsOptions): readonly MetricsRow[] {
    return this.#rows((this.#session ?? this.#now)[options.labels], options);
  }

  /** One row's figures by each classifier alone; none where nothing was counted in such a row. */
  byClassifier({ setting, variant, prefix }: Facets, options: MetricsOptions): readonly ClassifierFigures[] {
    const { groups, slots } = this.#source;
    const group = groups.findIndex(
      (facets) => facets?.setting === setting && facets.variant === variant && facets.prefix === prefix,
    );
    return group < 0 ? [] : this.#now[options.labels].byClassifier(group, slots, options);
  }

  /** The rows with the figures of each classifier alone: rows x classifiers. @throws as `rows` */
  wholeRows(options: MetricsOptions): readonly WholeRow[] {
    return this.#now[options.labels].wholeRows(this.#source.groups, this.#source.slots, options);
  }

  #countUndecided(index: number, sign: 1 | -1): void {
    const contribution = adjudicated(this.#source.facts(index), UNDECIDED);
    this.#now.classifier.add(contribution, sign);
    this.#now.adjudicated.add(contribution, sign);
    // It was in the dataset when the session began, only not read yet: no change of the session's.
    this.#session?.adjudicated.add(contribution, sign);
  }

  #rows(table: MetricsTable, options: MetricsOptions): readonly MetricsRow[] {
    return table.rows(this.#source.groups, this.#source.slots, options);
  }
}
