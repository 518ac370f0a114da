/** What it costs to follow the reviewers' files: a decision that a colleague adds, and one's own save, among 100,000. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { monotonicFactory } from 'ulid';
import { encode } from '../../src/core/review/codec';
import type { Entry } from '../../src/core/review/entry';
import { NO_REVIEW } from '../../src/core/review/fold';
import { makeEntry } from '../../src/core/review/makeEntry';
import { ANSWERS } from '../../src/core/review/state';
import { seededRandom } from '../../src/core/sample/random';
import { inSlices } from '../../src/core/slices';
import type { Audit } from '../../src/node/audit';
import type { IndexEvent } from '../../src/node/indexEvents';
import type { RunIndex } from '../../src/node/runIndex';
import { newAudit } from './audits';
import { madeUp, madeUpBatches, passOver } from './madeUp';
import { median, ms, quantile, row } from './measure';
import { settings } from './settings';

/** 100,000 where 20,000 or more is asked for, as it is when nothing is: the size that the budget names. */
const DECISIONS = Math.min(100_000, settings.transcripts * 5);
const BATCH = 2_048;
const OWN = 'ana';

const random = seededRandom(3);
const newId = monotonicFactory();

function decision(index: number, reviewer: string): Entry {
  const transcript = madeUp(index, seededRandom(index));
  const entry = makeEntry(
    { kind: 'label', label: random.pick(['complied', 'alignment_faking']), answer: random.pick(ANSWERS) },
    { ...{ id: newId(), at: new Date(), reviewer, review: NO_REVIEW }, ...{ transcript, hash: 'h' } },
  );
  if (entry === null) throw new Error('a first decision changes nothing');
  return entry;
}

/** The made-up transcripts, with the texts on which they were decided: nothing has to be compared again. */
const verified: RunIndex = (request, emit, signal) => {
  const tell = (event: IndexEvent) => {
    if (event.type === 'end') {
      const texts = Array.from({ length: DECISIONS }, (_, index) => ({ index, hash: 'h' }));
      for (const some of inSlices([texts], BATCH)) emit({ type: 'hashed', texts: some });
    }
    emit(event);
  };
  return passOver(DECISIONS, madeUpBatches(DECISIONS, BATCH, madeUp))(request, tell, signal);
};

interface Cost {
  /** Time of the main thread. */
  readonly busy: number;
  /** The longest that it could not answer. */
  readonly longest: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  delays.enable();
  const before = performance.eventLoopUtilization();
  await work();
  const { active } = performance.eventLoopUtilization(before);
  await new Promise((resolve) => setTimeout(resolve, 20)); // what came last is seen a turn later
  delays.disable();
  return { busy: active, longest: delays.max / 1e6 };
}

const words = (costs: readonly Cost[]) => {
  const longest = costs.map((cost) => cost.longest);
  return `${ms(median(costs.map(({ busy }) => busy)))} of the main thread (most ${ms(
    quantile(
      costs.map(({ busy }) => busy),
      1,
    ),
  )}), longest block ${ms(median(longest))}`;
};

async function measure(reviewers: number): Promise<void> {
  const folder = mkdtempSync(join(settings.folder, 'followed-'));
  const path = join(folder, 'made-up.transcripts.jsonl');
  writeFileSync(path, new Uint8Array(DECISIONS));
  utimesSync(path, 0, 0); // in the state that `passOver` tells
  const review = `${path}.review`;
  mkdirSync(review);
  const names = Array.from({ length: reviewers }, (_, at) => (at === 0 ? OWN : `reviewer ${at}`));
  const file = (name: string) => join(review, `${name}.jsonl`);
  for (const [at, name] of names.entries()) {
    const own: string[] = [];
    for (let index = at; index < DECISIONS; index += reviewers) own.push(encode(decision(index, name)));
    writeFileSync(file(name), own.join(''));
  }
  const audit: Audit = newAudit(path, verified);
  const [nothing, theirs, saved, own, all]: [Cost[], Cost[], Cost[], Cost[], Cost[]] = [[], [], [], [], []];
  await audit.readReviews();
  audit.begin();
  await audit.index(new AbortController().signal);
  const colleague = names.at(-1) ?? '';
  for (let run = 0; run < settings.runs; run++) {
    global.gc?.();
    nothing.push(await costOf(() => audit.readReviews()));
    appendFileSync(file(colleague), encode(decision(run, colleague)));
    theirs.push(await costOf(() => audit.readReviews()));
    audit.follow([audit.log.apply(decision(run, OWN)).delta]);
    saved.push(
      await costOf(() =>
        audit.reviews.append(audit.log.beginSave(), (entries) => audit.follow(audit.log.markSaved(entries))),
      ),
    );
    own.push(await costOf(() => audit.readReviews()));
    const fresh = newAudit(path, passOver(0, [], []));
    all.push(await costOf(() => fresh.readReviews()));
    fresh.dispose();
  }
  audit.dispose();
  rmSync(folder, { recursive: true });
  const of = `${DECISIONS.toLocaleString('en')} decisions of ${reviewers === 1 ? '1 reviewer' : `${reviewers} reviewers`}`;
  const again = `reading all again: ${words(all)}`;
  row(`taking in one decision that a colleague adds to ${of}`, words(theirs), again, 'under 5 ms');
  row(`one's own save of a decision, beside ${of}`, words(saved), '', '');
  row(`looking at the files after it, ${of}`, words(own), `with nothing new: ${words(nothing)}`, '0');
}

async function main(): Promise<void> {
  await measure(20);
  await measure(2);
}

void main();
