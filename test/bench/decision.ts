/** From a decision to the figures that follow it, at two sizes of dataset; records are made up, nothing is read. */

import { monotonicFactory } from 'ulid';
import type { MetricsOptions } from '../../src/core/metrics/figures';
import { MetricsTracker } from '../../src/core/metrics/tracker';
import { makeEntry } from '../../src/core/review/makeEntry';
import { ANSWERS } from '../../src/core/review/state';
import { seededRandom } from '../../src/core/sample/random';
import type { Audit } from '../../src/node/audit';
import { loaded } from './audits';
import { madeUp, madeUpBatches, passOver } from './madeUp';
import { percentiles, ratio, row, time } from './measure';
import { settings } from './settings';

const DECISIONS = 2_000;
const BATCH = 2_048;
const LARGEST = 1_000_000;
const OPTIONS: MetricsOptions = { labels: 'adjudicated', classifier: null, conditioning: 'both' };

/** What the panel draws, and what its view asks of the dataset beside the figures. */
function figures({ tracker }: Audit) {
  return [tracker.rows(OPTIONS), tracker.classifierRows(OPTIONS), tracker.sessionRows(OPTIONS)];
}

/** Prints the rows of one size; returns how long each batch was held, in ms. */
async function measure(count: number): Promise<number[]> {
  const taken: number[] = [];
  const audit = await loaded(
    'made-up.transcripts.jsonl',
    passOver(count, madeUpBatches(count, BATCH, madeUp), taken),
  );
  const random = seededRandom(2);
  const newId = monotonicFactory();
  const [decided, surroundings]: [number[], number[]] = [[], []];
  for (let decision = 0; decision < DECISIONS; decision++) {
    const transcript = madeUp(random.int(0, count - 1), random);
    const label = random.pick(['complied', 'alignment_faking']);
    const entry = makeEntry(
      { kind: 'label', label, answer: random.pick(ANSWERS) },
      {
        ...{ id: newId(), at: new Date(), reviewer: 'ana', transcript, hash: 'h' },
        review: audit.log.review(transcript.id),
      },
    );
    if (entry === null) continue;
    decided.push(
      await time(() => {
        audit.follow([audit.log.apply(entry).delta]);
        figures(audit);
      }),
    );
    surroundings.push(await time(() => [audit.totals, audit.dataset.columns.withoutConditionCount]));
  }
  const recount = await time(() => {
    const tracker = new MetricsTracker(audit.facts);
    for (let index = 0; index < count; index++) tracker.addTranscript(index);
    tracker.rows(OPTIONS);
  });
  const of = `of ${count.toLocaleString('en')} transcripts`;
  row(
    `decision to new figures, ${of}, ${decided.length} decisions`,
    percentiles(decided),
    ratio(decided, 'counting all again', [recount]),
    'under 1 ms (1,000,000)',
  );
  row(`totals beside the figures in a snapshot, ${of}`, percentiles(surroundings), '', 'in the same 1 ms');
  return taken;
}

async function main(): Promise<void> {
  await measure(settings.transcripts);
  const taken = await measure(LARGEST);
  row(
    `taking in a batch of ${BATCH} on the main thread, up to ${LARGEST.toLocaleString('en')} transcripts`,
    percentiles(taken),
    '',
    'never over 16 ms',
  );
}

void main();
