/** The figures of a dataset while people decide: each decision is a constant amount of work. */
import type { Adjudication } from '../review/state';
import { inSlices } from '../slices';
import { CombinedCounts, type Contribution, GapCounts, type TranscriptFacts } from './counts';
import type { ClassifierFigures, LabelMode, MetricsOptions, MetricsRow, WholeRow } from './figures';
import type { NamedGroup } from './rows';
import { inRowOrder, MetricsTable } from './table';

/** The indexed dataset as the tracker sees it. May grow while it is read; nothing in it may change. */
export interface MetricsSource {
  /** Groups whose rows are listed, in any order; the same array as long as they are the same. */
  readonly groups: readonly NamedGroup[];
  /**
   * Classifiers of alignment faking, in the order in which the dataset first names them; null at the place of one that
   * only bad records name, whose silence must not count in a mean. The same array as long as they are the same.
   */
  readonly slots: readonly (string | null)[];
  /** `index` is that of a readable transcript. */
  facts(index: number): TranscriptFacts;
}

/** Groups whose rows are computed in one step. */
const SLICE = 32;

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

/** What decisions do to the counts: nothing is kept of a group in which nobody decided. */
class Decided {
  /** By how much adjudicated labels differ from those of classifiers. */
  readonly difference = new GapCounts();
  readonly reviewed = new GapCounts();

  follow(facts: TranscriptFacts, before: Adjudication, after: Adjudication): void {
    const [was, is] = [adjudicated(facts, before), adjudicated(facts, after)];
    this.difference.add(was, -1);
    this.difference.add(is, 1);
    if (before.size > 0) this.reviewed.add(was, -1);
    if (after.size > 0) this.reviewed.add(is, 1);
  }
}

/** Keeps counts only, nothing for each transcript: what a transcript is made of is asked of the source. */
export class MetricsTracker {
  readonly #source: MetricsSource;
  /** All transcripts, as classifiers left them. */
  readonly #undecided = new GapCounts();
  readonly #decided = new Decided();
  readonly #now: Tables = {
    classifier: new MetricsTable(this.#undecided),
    adjudicated: new MetricsTable(new CombinedCounts(this.#undecided, [[this.#decided.difference, 1]])),
    reviewed: new MetricsTable(this.#decided.reviewed),
  };
  /** What has been decided since the session began; null before that. */
  #since: Decided | null = null;
  /** How things stood then. */
  #session: Tables = this.#now;

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
    const facts = this.#source.facts(index);
    this.#decided.follow(facts, before, after);
    // The session's rows stay what they are: the change is taken out of them as it comes in.
    this.#since?.follow(facts, before, after);
    this.#now.adjudicated.touch(facts.group);
    this.#now.reviewed.touch(facts.group);
  }

  /**
   * What people had decided on a transcript that was added after the session began is no change of the session's, as it
   * would not be had it been there.
   */
  countBeforeSession(index: number, decisions: Adjudication): void {
    this.countSinceSession(index, decisions, UNDECIDED);
  }

  /** Counts as a change of the session what is in the figures already: decisions on a transcript, before and as they are. */
  countSinceSession(index: number, before: Adjudication, after: Adjudication): void {
    if (!this.#since) return;
    const facts = this.#source.facts(index);
    this.#since.follow(facts, before, after);
    this.#session.adjudicated.touch(facts.group);
    this.#session.reviewed.touch(facts.group);
  }

  /** From now on `sessionRows` tells how things stand at this moment: call it once saved decisions are applied. */
  beginSession(): void {
    const since = new Decided();
    const { difference, reviewed } = this.#decided;
    this.#since = since;
    this.#session = {
      // Decisions never touch these, so the session's are the same ones.
      classifier: this.#now.classifier,
      adjudicated: new MetricsTable(
        new CombinedCounts(this.#undecided, [
          [difference, 1],
          [since.difference, -1],
        ]),
      ),
      reviewed: new MetricsTable(new CombinedCounts(reviewed, [[since.reviewed, -1]])),
    };
  }

  /**
   * The figures on the labels that `options` choose, of the groups that are listed. `reviewed` counts the transcripts on
   * which a person decided some label, with adjudicated values.
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
    return this.#rows(this.#session[options.labels], options);
  }

  /** Computes what has changed of the rows of these options, in steps of at most a few ms: asking for them is quick then. */
  *prepare(options: MetricsOptions): Generator<void> {
    for (const groups of inSlices([this.#source.groups], SLICE)) {
      for (const group of groups) this.rowsOf(group, options);
      yield;
    }
  }

  /** The rows of one group, which need not be listed: now, resting on classifiers alone, and as the session began. */
  rowsOf(group: NamedGroup, options: MetricsOptions): readonly [MetricsRow, MetricsRow, MetricsRow] {
    const { slots } = this.#source;
    return [
      this.#now[options.labels].row(group, slots, options),
      this.#now.classifier.row(group, slots, options),
      this.#session[options.labels].row(group, slots, options),
    ];
  }

  /** A group's figures by each of these classifiers alone, null at the places of others. */
  byClassifier(
    group: number,
    options: MetricsOptions,
    classifiers = this.#source.slots,
  ): readonly ClassifierFigures[] {
    return this.#now[options.labels].byClassifier(group, classifiers, options);
  }

  /**
   * Rows with the figures of each classifier alone, one at a time: there may be as many as transcripts, each with as many
   * as classifiers. @throws as `rows`
   */
  *wholeRows(options: MetricsOptions, groups = this.#source.groups): Generator<WholeRow> {
    for (const group of inRowOrder(groups)) {
      const row = this.#now[options.labels].row(group, this.#source.slots, options);
      yield { ...row, byClassifier: this.byClassifier(group.group, options) };
      this.#now[options.labels].touch(group.group); // nobody asks for it twice
    }
  }

  #countUndecided(index: number, sign: 1 | -1): void {
    const contribution = adjudicated(this.#source.facts(index), UNDECIDED);
    this.#undecided.add(contribution, sign);
    this.#now.classifier.touch(contribution.group);
    this.#now.adjudicated.touch(contribution.group);
    // It was in the dataset when the session began, only not read yet: no change of the session's.
    this.#session.adjudicated.touch(contribution.group);
  }

  #rows(table: MetricsTable, options: MetricsOptions): readonly MetricsRow[] {
    return table.rows(this.#source.groups, this.#source.slots, options);
  }
}
