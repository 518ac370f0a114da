import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facets } from '../../../src/core/dataset/model';
import type { TranscriptFacts } from '../../../src/core/metrics/counts';
import {
  CONDITIONINGS,
  LABEL_MODES,
  type MetricsOptions,
  type MetricsRow,
} from '../../../src/core/metrics/figures';
import type { NamedGroup } from '../../../src/core/metrics/rows';
import { type MetricsSource, MetricsTracker } from '../../../src/core/metrics/tracker';
import type { Adjudication } from '../../../src/core/review/state';
import { differences } from '../../support/differences';
import { recount, type Sample } from './recount';
import { said } from './said';

/** In the order of the rows. */
const FACETS: readonly Facets[] = [
  { setting: 'animal-welfare', variant: 'default', prefix: 'none' },
  { setting: 'helpful-only', variant: 'default', prefix: 'none' },
  { setting: 'helpful-only', variant: 'default', prefix: 'deceptive' },
];
const NOTHING: Adjudication = new Map();

/** A dataset that is indexed and reviewed at the same time. */
class World implements MetricsSource {
  readonly facets: Facets[] = [];
  readonly classifiers: string[] = [];
  readonly tracker = new MetricsTracker(this);
  readonly decisions: Adjudication[] = [];
  readonly #transcripts: readonly TranscriptFacts[];
  readonly #padded: boolean;
  readonly #undo: (() => void)[] = [];
  /** What was decided on each transcript when the session began. */
  #session: readonly Adjudication[] | null = null;

  constructor(transcripts: readonly TranscriptFacts[], padded = false) {
    this.#transcripts = transcripts;
    this.#padded = padded;
  }

  get groups(): readonly NamedGroup[] {
    return this.facets.map((facets, group) => ({ group, facets }));
  }

  get slots(): readonly string[] {
    return [...this.classifiers];
  }

  facts(index: number): TranscriptFacts {
    const facts = this.#transcripts[index];
    if (facts === undefined) throw new RangeError(`no transcript ${index}`);
    // A dataset kept in columns answers with one value for each classifier seen so far.
    return this.#padded
      ? {
          ...facts,
          alignmentFaking: new Map(this.classifiers.map((_, k) => [k, facts.alignmentFaking.get(k) ?? null])),
        }
      : facts;
  }

  addNext(): void {
    const index = this.decisions.length;
    if (index >= this.#transcripts.length) return;
    const facts = this.#transcripts[index];
    while (this.classifiers.length < (facts?.alignmentFaking.size ?? 0))
      this.classifiers.push(`af-${this.classifiers.length}`);
    while (this.facets.length <= (facts?.group ?? 0)) {
      const facets = FACETS[this.facets.length];
      if (facets !== undefined) this.facets.push(facets);
    }
    this.decisions.push(NOTHING);
    this.tracker.addTranscript(index);
  }

  /** `undefined` takes a decision back. */
  decide(pick: number, label: string, value: boolean | null | undefined): void {
    if (this.decisions.length === 0) return;
    const index = pick % this.decisions.length;
    const before = this.decisions[index] ?? NOTHING;
    const after = new Map(before);
    if (value === undefined) after.delete(label);
    else after.set(label, value);
    this.#become(index, before, after);
    this.#undo.push(() => this.#become(index, after, before));
  }

  undo(): void {
    this.#undo.pop()?.();
  }

  /** Rows that were once asked for must not be answered with later, when they no longer stand. */
  look(): void {
    for (const labels of LABEL_MODES) this.tracker.rows({ labels, classifier: null, conditioning: 'both' });
  }

  beginSession(): void {
    this.tracker.beginSession();
    this.#session = [...this.decisions];
  }

  samples(when: 'now' | 'session'): readonly Sample[] {
    const decisions = when === 'now' || this.#session === null ? this.decisions : this.#session;
    return this.decisions.map((_, index) => {
      const facts = this.facts(index);
      const facets = FACETS[facts.group];
      if (facets === undefined) throw new RangeError(`no group ${facts.group}`);
      return {
        facets,
        condition: facts.condition,
        complied: facts.complied,
        alignmentFaking: new Map([...facts.alignmentFaking].map(([k, value]) => [`af-${k}`, value])),
        decisions: decisions[index] ?? NOTHING,
      };
    });
  }

  #become(index: number, before: Adjudication, after: Adjudication): void {
    this.tracker.apply(index, before, after);
    this.decisions[index] = after;
  }
}

function everyOption(classifiers: readonly string[]): readonly MetricsOptions[] {
  return LABEL_MODES.flatMap((labels) =>
    CONDITIONINGS.flatMap((conditioning) =>
      [null, ...classifiers].map((classifier) => ({ labels, conditioning, classifier })),
    ),
  );
}

function expectRecounted(world: World): void {
  const compare = (rows: readonly MetricsRow[], samples: readonly Sample[], options: MetricsOptions) => {
    const facets = FACETS.filter((group) => world.facets.includes(group));
    const expected = facets.map((group) => {
      const { byClassifier, ...row } = recount(samples, group, world.classifiers, options);
      return rows.some((each) => 'byClassifier' in each) ? { ...row, byClassifier } : row;
    });
    expect(differences(rows, expected, 1e-9), JSON.stringify(options)).toEqual([]);
  };
  for (const options of everyOption(world.classifiers)) {
    const rows = [...world.tracker.wholeRows(options)];
    compare(rows, world.samples('now'), options);
    expect(world.tracker.rows(options)).toEqual(rows.map(({ byClassifier: _, ...row }) => row));
    const session = world.tracker.sessionRows(options);
    for (const group of world.groups) {
      const own = (all: readonly MetricsRow[]) => all.find((row) => namesOf(row) === namesOf(group.facets));
      expect(world.tracker.rowsOf(group, options)).toEqual([
        own(world.tracker.rows(options)),
        own(world.tracker.classifierRows(options)),
        own(session),
      ]);
    }
    compare(world.tracker.sessionRows(options), world.samples('session'), options);
    compare(world.tracker.classifierRows(options), world.samples('now'), {
      ...options,
      labels: 'classifier',
    });
  }
}

function namesOf({ setting, variant, prefix }: Facets): string {
  return [setting, variant, prefix].join(' ');
}

const value = fc.constantFrom(true, false, null);
const facts: fc.Arbitrary<TranscriptFacts> = fc.record({
  group: fc.nat(FACETS.length - 1),
  condition: fc.constantFrom('training', 'training', 'unmonitored', null),
  complied: value,
  alignmentFaking: fc.array(value, { maxLength: 3 }).map((values) => said(...values)),
});
const event: fc.Arbitrary<(world: World) => void> = fc.oneof(
  { weight: 4, arbitrary: fc.constant((world: World) => world.addNext()) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.nat(),
        fc.constantFrom('complied', 'alignment_faking', 'criteria_conflict'),
        fc.constantFrom(true, false, null, undefined),
      )
      .map(
        ([pick, label, answer]) =>
          (world: World) =>
            world.decide(pick, label, answer),
      ),
  },
  { weight: 2, arbitrary: fc.constant((world: World) => world.undo()) },
  { weight: 1, arbitrary: fc.constant((world: World) => world.beginSession()) },
  { weight: 2, arbitrary: fc.constant((world: World) => world.look()) },
);
const world = fc
  .tuple(fc.array(facts, { minLength: 1, maxLength: 15 }), fc.boolean(), fc.array(event, { maxLength: 50 }))
  .map(([transcripts, padded, events]) => {
    const made = new World(transcripts, padded);
    for (const happen of events) happen(made);
    return made;
  });

const OPTIONS: MetricsOptions = { labels: 'adjudicated', classifier: null, conditioning: 'both' };
const TRAINING: TranscriptFacts = {
  group: 0,
  condition: 'training',
  complied: true,
  alignmentFaking: said(true),
};

describe('MetricsTracker', () => {
  it('agrees with a recount after any sequence of transcripts, decisions and undos', () => {
    fc.assert(fc.property(world, expectRecounted));
  });

  it('is back where it was when a change is taken back', () => {
    const decisions = fc.dictionary(fc.constantFrom('complied', 'alignment_faking', 'free_to_act'), value);
    fc.assert(
      fc.property(world, fc.nat(), decisions, (made, pick, wanted) => {
        fc.pre(made.decisions.length > 0);
        const rows = () => everyOption(made.classifiers).map((options) => made.tracker.rows(options));
        const index = pick % made.decisions.length;
        const before = made.decisions[index] ?? NOTHING;
        const after = new Map(Object.entries(wanted));
        const earlier = rows();
        made.tracker.apply(index, before, after);
        made.tracker.apply(index, after, before);
        expect(rows()).toEqual(earlier);
      }),
    );
  });

  it('lets a decision count for a classifier that turns up later in the file', () => {
    const made = new World([TRAINING, { ...TRAINING, alignmentFaking: said(null, false) }]);
    made.addNext();
    made.decide(0, 'alignment_faking', false);
    made.addNext();
    const [row] = made.tracker.rows({ ...OPTIONS, classifier: 'af-1' });
    expect(row?.alignmentFakingInclusive).toMatchObject({ n: 2, count: 0, unknown: 0 });
    expectRecounted(made);
  });

  it('counts decisions in a dataset without any classifier of alignment faking', () => {
    const made = new World([{ ...TRAINING, alignmentFaking: said() }]);
    made.addNext();
    expect(made.tracker.rows(OPTIONS)[0]?.alignmentFaking).toMatchObject({ n: 0, unknown: 1, rate: null });
    made.decide(0, 'alignment_faking', true);
    expect(made.tracker.rows(OPTIONS)[0]?.alignmentFaking).toMatchObject({ n: 1, unknown: 0, rate: 1 });
    expect([...made.tracker.wholeRows(OPTIONS)][0]?.byClassifier).toEqual([]);
  });

  it('holds "unsure" apart from "not decided"', () => {
    const made = new World([TRAINING]);
    made.addNext();
    made.decide(0, 'complied', null);
    expect(made.tracker.rows(OPTIONS)[0]?.training).toMatchObject({ n: 0, unknown: 1 });
    made.decide(0, 'complied', undefined);
    expect(made.tracker.rows(OPTIONS)[0]?.training).toMatchObject({ n: 1, unknown: 0 });
  });

  it('tells how things stood when the session began', () => {
    const made = new World([TRAINING, TRAINING, TRAINING]);
    made.addNext();
    made.addNext();
    made.decide(0, 'complied', false);
    expect(made.tracker.sessionRows(OPTIONS)).toEqual(made.tracker.rows(OPTIONS));
    made.beginSession();
    made.decide(1, 'complied', false);
    made.addNext();
    expect(made.tracker.rows(OPTIONS)[0]?.training).toMatchObject({ n: 3, complied: 1 });
    expect(made.tracker.sessionRows(OPTIONS)[0]?.training).toMatchObject({ n: 3, complied: 2 });
    const classifierOnly: MetricsOptions = { ...OPTIONS, labels: 'classifier' };
    expect(made.tracker.sessionRows(classifierOnly)).toEqual(made.tracker.rows(classifierOnly));
    expect(made.tracker.sessionRows({ ...OPTIONS, labels: 'reviewed' })[0]?.training.n).toBe(1);
  });

  it('names a classifier that the dataset does not have', () => {
    const made = new World([TRAINING]);
    made.addNext();
    expect(() => made.tracker.rows({ ...OPTIONS, classifier: 'nobody' })).toThrow(/"nobody".*af-0/);
  });
});
