/** What 100,000 decisions add to opening a dataset, and for how long they hold the main thread at a time. */
import { createWriteStream, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { monotonicFactory } from 'ulid';
import { contentHash } from '../../src/core/dataset/hash';
import type { Message, Transcript } from '../../src/core/dataset/model';
import { canonicalRecord } from '../../src/core/export/canonicalLine';
import { encode } from '../../src/core/review/codec';
import { NO_REVIEW } from '../../src/core/review/fold';
import { makeEntry } from '../../src/core/review/makeEntry';
import { ANSWERS } from '../../src/core/review/state';
import { seededRandom } from '../../src/core/sample/random';
import { TranscriptList } from '../../src/host/transcriptList';
import { inWorker } from '../../src/node/runIndex';
import { newAudit } from './audits';
import { madeUp } from './madeUp';
import { median, ms, row } from './measure';
import { settings, workerScript } from './settings';

/** 1,000,000 where 20,000 or more is asked for, as it is when nothing is: the size that the budget names. */
const TRANSCRIPTS = Math.min(1_000_000, settings.transcripts * 50);
const DECISIONS = TRANSCRIPTS / 10;
const REVIEWERS = 20;
const RUNS = 3;

/** A short transcript of 24 groups, with five verdicts. */
function transcript(index: number): Transcript {
  const message = (role: Message['role'], content: string): Message => ({
    role,
    content,
    prefill: 0,
    region: null,
  });
  return {
    ...madeUp(index, seededRandom(index)),
    messages: [message('user', `Question ${index}`), message('assistant', `An answer to question ${index}.`)],
  };
}

function* lines(): Generator<string> {
  for (let index = 0; index < TRANSCRIPTS; ) {
    const some: string[] = [];
    for (; some.length < 1_000 && index < TRANSCRIPTS; index++)
      some.push(`${JSON.stringify(canonicalRecord(transcript(index)))}\n`);
    yield some.join('');
  }
}

/** Every tenth transcript is decided on once, by one reviewer after the other. */
function writeDecisions(folder: string): void {
  const random = seededRandom(3);
  const newId = monotonicFactory();
  const own: string[][] = Array.from({ length: REVIEWERS }, () => []);
  for (let decision = 0; decision < DECISIONS; decision++) {
    const decided = transcript(decision * 10);
    const entry = makeEntry(
      { kind: 'label', label: random.pick(['complied', 'alignment_faking']), answer: random.pick(ANSWERS) },
      {
        ...{ id: newId(), at: new Date(), reviewer: `reviewer ${decision % REVIEWERS}`, review: NO_REVIEW },
        ...{ transcript: decided, hash: contentHash(decided.messages) },
      },
    );
    if (entry) own[decision % REVIEWERS]?.push(encode(entry));
  }
  mkdirSync(folder, { recursive: true });
  for (const [reviewer, entries] of own.entries())
    writeFileSync(join(folder, `reviewer ${reviewer}.jsonl`), entries.join(''));
}

interface Opening {
  /** Until every transcript and every decision is counted. */
  readonly took: number;
  /** Time of the main thread in it. */
  readonly busy: number;
  readonly longest: number;
  /** From then on, until the text of each decided transcript has been compared with the one decided on. */
  readonly compared: number;
  readonly longestComparing: number;
}

/** As an open editor does it: decisions and dataset are read at the same time. */
async function open(path: string, decisions: number, cache?: string): Promise<Opening> {
  const audit = newAudit(path, inWorker(workerScript), cache);
  const list = new TranscriptList(audit, () => 'ana');
  audit.onChange((change) => {
    if (change.type === 'grown') list.grow(change.first);
    else if (change.type === 'reset') list.apply(list.filter);
  });
  global.gc?.();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const longest = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20)); // what came last is seen a turn later
    const most = delays.max / 1e6;
    delays.reset();
    return most;
  };
  delays.enable();
  const before = performance.eventLoopUtilization();
  const start = performance.now();
  const known = audit.readReviews();
  audit.begin();
  const compared = audit.index(new AbortController().signal, known);
  while (audit.dataset.phase !== 'ready') await new Promise((resolve) => setTimeout(resolve, 1));
  await known;
  const took = performance.now() - start;
  const { active } = performance.eventLoopUtilization(before);
  const longestOpening = await longest();
  await compared;
  const opening = {
    ...{ took, busy: active, longest: longestOpening },
    ...{ compared: performance.now() - start - took, longestComparing: await longest() },
  };
  const { reviewed, orphans, stale } = audit.totals;
  if (audit.dataset.columns.count !== TRANSCRIPTS)
    throw new Error(`${audit.dataset.columns.count} transcripts`);
  if (reviewed !== decisions || orphans + stale !== 0)
    throw new Error(`${reviewed} are decided, ${orphans} not met, ${stale} stale`);
  audit.dispose();
  return opening;
}

async function main(): Promise<void> {
  const [plain, decided] = ['undecided', 'decided'].map((name) =>
    join(settings.folder, `${name}.transcripts.jsonl`),
  ) as [string, string];
  await pipeline(Readable.from(lines()), createWriteStream(plain));
  symlinkSync(plain, decided);
  writeDecisions(`${decided}.review`);
  await open(plain, 0); // what is made once: compiled code, the system's cache of the file
  const [without, having]: [Opening[], Opening[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    without.push(await open(plain, 0));
    having.push(await open(decided, DECISIONS));
  }
  const cache = join(settings.folder, 'kept');
  const [again, againDecided]: [Opening[], Opening[]] = [[], []];
  for (let run = 0; run <= RUNS; run++) {
    const [undecidedAgain, decidedAgain] = [
      await open(plain, 0, cache),
      await open(decided, DECISIONS, cache),
    ];
    if (run === 0) continue; // the index is kept now
    again.push(undecidedAgain);
    againDecided.push(decidedAgain);
  }
  for (const path of [plain, decided, `${decided}.review`, cache]) rmSync(path, { recursive: true });
  const of = (openings: readonly Opening[], part: keyof Opening) =>
    median(openings.map((each) => each[part]));
  const words = (openings: readonly Opening[]) =>
    `${ms(of(openings, 'took'))}, ${ms(of(openings, 'busy'))} of the main thread, longest block ${ms(of(openings, 'longest'))}`;
  const added = (some: readonly Opening[], none: readonly Opening[]) =>
    `${ms(Math.max(0, of(some, 'took') - of(none, 'took')))} added`;
  row(
    `opening ${TRANSCRIPTS.toLocaleString('en')} transcripts with ${DECISIONS.toLocaleString('en')} decisions of ${REVIEWERS} reviewers`,
    `${words(having)}; ${added(having, without)}`,
    `without: ${words(without)}`,
    'adds under 1 s; never over 16 ms at a time',
  );
  row(
    'the same, opened again from the kept index, until all is counted',
    `${words(againDecided)}; ${added(againDecided, again)}`,
    `without: ${words(again)}`,
    'adds under 1 s; never over 16 ms at a time',
  );
  row(
    'then, until the texts that were decided on are compared with those that are there now; everything can be used meanwhile',
    `${ms(of(againDecided, 'compared'))}, longest block ${ms(of(againDecided, 'longestComparing'))}`,
    '',
    'never over 16 ms at a time',
  );
}

void main();
