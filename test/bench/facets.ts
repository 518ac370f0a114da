/** What a step and a decision cost the host where a dataset has many settings, classifiers, variants and labels. */
import { monotonicFactory } from 'ulid';
import type { Transcript } from '../../src/core/dataset/model';
import type { MetricsOptions } from '../../src/core/metrics/figures';
import { NO_REVIEW } from '../../src/core/review/fold';
import { makeEntry } from '../../src/core/review/makeEntry';
import { ANSWERS } from '../../src/core/review/state';
import { type Random, seededRandom } from '../../src/core/sample/random';
import { recordView } from '../../src/core/view';
import { figuresByClassifier, metricsSnapshot } from '../../src/host/metricsSnapshot';
import type { Audit } from '../../src/node/audit';
import type { MetricsSnapshot } from '../../src/protocol/metrics';
import { updateOf } from '../../src/protocol/metricsUpdate';
import { loaded, newAudit } from './audits';
import { madeUpBatches, passOver } from './madeUp';
import { percentiles, ratio, row, spread, time } from './measure';
import { settings } from './settings';

const STEPS = 500;
const BATCH = 512;
const MANY = 100;
const OPENED = 100_000;
const OPTIONS: MetricsOptions = { labels: 'adjudicated', classifier: null, conditioning: 'both' };

/** Every transcript is in one of `facets` settings or variants, and has all of the verdicts. */
interface Shape {
  readonly facet: 'setting' | 'variant';
  readonly facets: number;
  readonly verdicts: readonly { readonly classifier: string; readonly label: string }[];
}

const numbered = <T>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, number) => make(number));

const bySetting = (count: number): Shape => ({
  facet: 'setting',
  facets: count,
  verdicts: numbered(count, (number) => ({ classifier: `af-${number}`, label: 'alignment_faking' })),
});
const byVariant = (count: number): Shape => ({
  facet: 'variant',
  facets: count,
  verdicts: numbered(count, (number) => ({ classifier: 'judge', label: `label_${number}` })),
});

function maker({ facet, facets, verdicts }: Shape): (index: number, random: Random) => Transcript {
  return (index, random) => ({
    ...{ id: `t-${index}`, setting: 'setting', variant: 'default', prefix: 'none' },
    [facet]: `${facet} ${index % facets}`,
    condition: random.pick(['training', 'unmonitored']),
    promptId: null,
    model: null,
    messages: [],
    verdicts: [{ classifier: 'preference', label: 'complied' }, ...verdicts].map((each) => ({
      ...each,
      ...{ value: random.chance(20), score: null, votes: null, version: null, derived: false },
    })),
    spans: [],
    metadata: {},
  });
}

/** What the Gap Metrics view holds, and what it is sent as things change; as JSON, which VS Code makes of it. */
class Panel {
  private shown: MetricsSnapshot;

  constructor(private readonly audit: Audit) {
    this.shown = metricsSnapshot(audit, OPTIONS, 0);
  }

  /** Bytes that are sent. */
  follow(index: number): number {
    const next = metricsSnapshot(this.audit, OPTIONS, index);
    const update = updateOf(this.shown, next);
    this.shown = next;
    return JSON.stringify(update ?? next).length;
  }

  /** Asked by the panel when the row that it shows is another one. */
  byClassifier(): number {
    const { current } = this.shown;
    return JSON.stringify(current && figuresByClassifier(this.audit, OPTIONS, current, 0)).length;
  }
}

interface Costs {
  readonly step: number[];
  readonly decision: number[];
  readonly byClassifier: number[];
  /** Bytes that a step sends to the panel. */
  readonly sent: number;
}

async function measure(shape: Shape): Promise<Costs> {
  const make = maker(shape);
  const count = Math.max(MANY * 10, settings.transcripts / 10);
  const audit = await loaded('made-up.transcripts.jsonl', passOver(count, madeUpBatches(count, BATCH, make)));
  const panel = new Panel(audit);
  const random = seededRandom(2);
  const newId = monotonicFactory();
  const costs = { step: [] as number[], decision: [] as number[], byClassifier: [] as number[], sent: 0 };
  for (let index = 0; index < STEPS; index++) {
    const transcript = make(index, random);
    const of = { hash: '', index, line: index + 1, reviewer: 'ana', problems: [] };
    costs.step.push(
      await time(() => {
        const review = audit.log.review(transcript.id);
        JSON.stringify(recordView({ ...of, transcript, review, labels: audit.facts.labels }));
        JSON.stringify(audit.facts.facetValues);
        costs.sent = panel.follow(index);
      }),
    );
    costs.byClassifier.push(await time(() => panel.byClassifier()));
    const entry = makeEntry(
      { kind: 'label', label: random.pick(['complied', 'alignment_faking']), answer: random.pick(ANSWERS) },
      { id: newId(), at: new Date(), reviewer: 'ana', transcript, hash: 'h', review: NO_REVIEW },
    );
    if (entry === null) continue;
    costs.decision.push(
      await time(() => {
        audit.follow([audit.log.apply(entry).delta]);
        panel.follow(index);
      }),
    );
  }
  return costs;
}

async function compare(words: string, shapeOf: (count: number) => Shape): Promise<void> {
  await measure(shapeOf(1)); // what is made once: compiled code
  const [one, many] = [await measure(shapeOf(1)), await measure(shapeOf(MANY))];
  row(
    `a step among ${MANY} x ${MANY} ${words}, ${(many.sent / 1000).toPrecision(3)} kB to the panel`,
    percentiles(many.step),
    ratio(many.step, '1 x 1', one.step),
    'grows with what is shown, not with rows x classifiers',
  );
  row(
    `a decision among ${MANY} x ${MANY} ${words}`,
    percentiles(many.decision),
    ratio(many.decision, '1 x 1', one.decision),
    'under 1 ms',
  );
  row(
    `the figures by each classifier of the row on screen, ${MANY} x ${MANY} ${words}`,
    percentiles(many.byClassifier),
    ratio(many.byClassifier, '1 x 1', one.byClassifier),
    'never over 16 ms',
  );
}

/** Opens made-up transcripts as an editor with the panel does, which look at every batch. */
async function openMany(facets: number, blocks: number[]): Promise<number> {
  const make = maker({
    facet: 'setting',
    facets,
    verdicts: [{ classifier: 'af', label: 'alignment_faking' }],
  });
  const audit = newAudit(
    'made-up.transcripts.jsonl',
    passOver(OPENED, madeUpBatches(OPENED, BATCH, make), blocks),
  );
  let shown = metricsSnapshot(audit, OPTIONS, -1);
  let listed: unknown = null;
  audit.onChange(() => {
    const { facetValues } = audit.facts;
    if (facetValues !== listed) JSON.stringify(facetValues);
    listed = facetValues;
    const next = metricsSnapshot(audit, OPTIONS, 0);
    JSON.stringify(updateOf(shown, next) ?? next);
    shown = next;
  });
  return time(() => audit.load(new AbortController().signal));
}

async function compareOpening(): Promise<void> {
  await openMany(1, []); // what is made once: compiled code
  await openMany(OPENED, []);
  const [one, many, blocks]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < settings.runs; run++) {
    one.push(await openMany(1, []));
    many.push(await openMany(OPENED, blocks));
  }
  const words = OPENED.toLocaleString('en');
  row(
    `opening ${words} transcripts of ${words} settings, without reading them`,
    spread(many),
    ratio(many, 'one setting', one),
    'grows with transcripts',
  );
  row('of that, a batch taken in, counted and sent', percentiles(blocks), '', 'never over 16 ms');
}

async function main(): Promise<void> {
  await compareOpening();
  await compare('settings and classifiers', bySetting);
  await compare('variants and labels', byVariant);
}

void main();
