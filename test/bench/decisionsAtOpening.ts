/** What 100,000 decisions add to opening, and for how long they hold the main thread at a time. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { monotonicFactory } from 'ulid';
import { encode } from '../../src/core/review/codec';
import { NO_REVIEW } from '../../src/core/review/fold';
import { makeEntry } from '../../src/core/review/makeEntry';
import { ANSWERS } from '../../src/core/review/state';
import { seededRandom } from '../../src/core/sample/random';
import { TranscriptList } from '../../src/host/transcriptList';
import type { Audit } from '../../src/node/audit';
import { newAudit } from './audits';
import { madeUp, madeUpBatches, passOver } from './madeUp';
import { ms, row } from './measure';
import { settings } from './settings';

/** 1,000,000 where 20,000 is asked for, as it is when nothing is. */
const TRANSCRIPTS = settings.transcripts * 50;
const DECISIONS = TRANSCRIPTS / 10;
const REVIEWERS = 20;
/** As the worker sends them. */
const BATCH = 512;

/** Every tenth transcript is decided on once, by one reviewer after the other. */
function writeDecisions(folder: string): void {
  const random = seededRandom(3);
  const newId = monotonicFactory();
  const lines: string[][] = Array.from({ length: REVIEWERS }, () => []);
  for (let decision = 0; decision < DECISIONS; decision++) {
    const reviewer = decision % REVIEWERS;
    const label = random.pick(['complied', 'alignment_faking']);
    const entry = makeEntry(
      { kind: 'label', label, answer: random.pick(ANSWERS) },
      {
        ...{ id: newId(), at: new Date(), reviewer: `reviewer ${reviewer}`, hash: 'h', review: NO_REVIEW },
        transcript: madeUp(decision * 10, random),
      },
    );
    if (entry) lines[reviewer]?.push(encode(entry));
  }
  mkdirSync(folder, { recursive: true });
  for (const [reviewer, own] of lines.entries())
    writeFileSync(join(folder, `reviewer ${reviewer}.jsonl`), own.join(''));
}

interface Part {
  readonly took: number;
  /** Time of the processor, all threads: what else runs on the machine does not count. */
  readonly busy: number;
  readonly longest: number;
}

async function watched(work: () => Promise<void>): Promise<Part> {
  global.gc?.();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const took = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  await new Promise((resolve) => setTimeout(resolve, 20)); // what came last is seen a turn later
  delays.disable();
  return { took, busy: (user + system) / 1000, longest: delays.max / 1e6 };
}

interface Opening {
  readonly audit: Audit;
  /** The reviewers' files are read, and what they say is in the log. */
  readonly begun: Part;
  /** The dataset is indexed, every decision counted. */
  readonly indexed: Part;
}

/** As an open editor does it. */
async function open(path: string, run: Parameters<typeof newAudit>[1]): Promise<Opening> {
  const audit = newAudit(path, run);
  const list = new TranscriptList(audit, () => 'ana');
  audit.onChange((change) => {
    if (change.type === 'grown') list.grow(change.first);
    else if (change.type === 'reset') list.apply(list.filter);
  });
  const begun = await watched(async () => {
    await audit.readReviews();
    audit.begin();
  });
  const indexed = await watched(() => {
    const done = audit.index(new AbortController().signal);
    // the texts are compared afterwards, and there are none here
    return Promise.race([done, allIndexed(audit)]);
  });
  return { audit, begun, indexed };
}

async function allIndexed({ dataset }: Audit): Promise<void> {
  while (dataset.phase !== 'ready') await new Promise((resolve) => setTimeout(resolve, 1));
}

async function main(): Promise<void> {
  const folder = join(settings.folder, 'decided.transcripts.jsonl.review');
  writeDecisions(folder);
  const batches = [...madeUpBatches(TRANSCRIPTS, BATCH, madeUp)];
  const run = passOver(TRANSCRIPTS, batches);
  await open(join(settings.folder, 'undecided.transcripts.jsonl'), run); // what is made once: compiled code
  const without = await open(join(settings.folder, 'undecided.transcripts.jsonl'), run);
  without.audit.dispose();
  const decided = await open(join(settings.folder, 'decided.transcripts.jsonl'), run);
  const { reviewed, orphans } = decided.audit.totals;
  if (reviewed !== DECISIONS || orphans !== 0) throw new Error(`${reviewed} are decided, ${orphans} not met`);
  decided.audit.dispose();
  rmSync(folder, { recursive: true });
  const of = `${DECISIONS.toLocaleString('en')} decisions of ${REVIEWERS} reviewers on ${TRANSCRIPTS.toLocaleString('en')} transcripts`;
  const words = ({ took, busy, longest }: Part) =>
    `${ms(took)}, ${ms(busy)} of the processor, longest block ${ms(longest)}`;
  row(
    `reading ${of} into the log`,
    words(decided.begun),
    `without: ${words(without.begun)}`,
    'never over 16 ms at a time',
  );
  row(
    'counting them while the dataset is indexed',
    words(decided.indexed),
    `without: ${words(without.indexed)}`,
    'adds under 1 s with reading; never over 16 ms at a time',
  );
}

void main();
