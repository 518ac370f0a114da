/**
 * What was acknowledged is there: the extension's own modules decide and save in a process whose calls to the system are
 * made to fail, to write half, or to be the last, by a preloaded library (faults.c). Then somebody else reads what is left.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { leftBehind, takenBackIn } from '../../src/node/endedSessions';
import { journalFolder } from '../../src/node/journal';
import { reviewFolder } from '../../src/node/reviewStore';
import { temporaryFolder } from '../support/dataset';
import { readReviews } from '../support/reviews';
import { DEEP } from './deep';

/** What hangs is ended; a busy machine may take many times as long as an idle one. */
const HANGS_MS = DEEP ? 3_600_000 : 600_000;
const KILLS = DEEP ? 1_000 : 30;
const AT_ONCE = 2;
const ROUNDS = 12;
/** Decisions that so many rounds come to, without those that are undone. */
const DECIDED = 32;
const NOBODY = 65_534;

const root = temporaryFolder();
const library = join(root, 'faults.so');
const program = join(root, 'decider.cjs');

interface Fault {
  readonly call: 'write' | 'sync' | 'unlink' | 'any';
  readonly at: number;
  /** 0: for ever. */
  readonly many: 0 | 1 | 2;
  readonly does: 'EIO' | 'full' | 'short' | 'kill-before' | 'kill-half' | 'kill-after';
}

interface Outcome {
  /** The fault came to pass. */
  readonly hit: boolean;
  readonly killed: boolean;
  /** On files of decisions and journals; 0 where it was killed. */
  readonly calls: number;
  readonly failures: readonly string[];
  /** Acknowledged, and how many of them are there. */
  readonly saved: number;
  readonly savedThere: number;
  /** Promised by the journal, and how many of them are there, in it or on disk. */
  readonly journaled: number;
  readonly journaledThere: number;
  /** Undone, and how many of them the journal holds back from a backup that was made before. */
  readonly dropped: number;
  readonly heldBack: number;
}

function compiler(): string {
  const found = ['cc', 'gcc', 'g++'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  if (found === undefined)
    throw new Error(
      'Faults are injected by a library in C, and there is no compiler: install gcc (Debian: apt-get install gcc).',
    );
  return found;
}

interface Place {
  readonly dataset: string;
  readonly storage: string;
  readonly user?: number;
}

function makePlace(): Place {
  const home = mkdtempSync(join(root, 'run-'));
  const dataset = join(home, 'run.jsonl');
  writeFileSync(dataset, '');
  const storage = join(home, 'storage');
  mkdirSync(storage);
  return { dataset, storage };
}

async function runUnder(fault: Fault | null, place = makePlace()): Promise<Outcome> {
  const { dataset, storage, user } = place;
  const settings: Record<string, string> = fault
    ? {
        FAULT_CALL: fault.call,
        FAULT_AT: String(fault.at),
        FAULT_FOR: String(fault.many),
        FAULT_DOES: fault.does,
        LD_PRELOAD: library,
      }
    : {};
  const child = spawn(process.execPath, [program, dataset, storage, String(ROUNDS)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, UV_USE_IO_URING: '0', ...settings },
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  const heard = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    heard.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    heard.err += chunk;
  });
  const signal = await new Promise<string | null>((done) => child.on('close', (_, by) => done(by)));
  const errors = heard.err.split('\n').filter((line) => !/^(?:FAULT .*|CALLS \d+|)$/.test(line));
  expect(errors).toEqual([]);
  return {
    ...(await foundIn(place, heard.out)),
    hit: heard.err.includes('FAULT '),
    killed: signal === 'SIGKILL',
    calls: Number(/CALLS (\d+)/.exec(heard.err)?.[1] ?? 0),
  };
}

/** Compares what was promised with what somebody finds who comes later. */
async function foundIn(
  { dataset, storage }: Place,
  output: string,
): Promise<Omit<Outcome, 'hit' | 'killed' | 'calls'>> {
  // What is cut off was not told.
  const lines = output
    .slice(0, output.lastIndexOf('\n') + 1)
    .split('\n')
    .map((line) => line.split(' '));
  const idsAfter = (word: string) =>
    new Set(lines.filter(([first]) => first === word).flatMap(([, ...ids]) => ids));
  const [saved, journaled, undone] = [idsAfter('SAVED'), idsAfter('JOURNAL'), idsAfter('UNDONE')];
  for (const id of undone) journaled.delete(id);
  const folder = journalFolder(storage, dataset);
  // As if the process had ended a while ago.
  const before = new Date(Date.now() - 3_600_000);
  if (existsSync(folder))
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), before, before);
  const { entries, problems } = await readReviews(reviewFolder(dataset));
  const onDisk = new Set(entries.map(({ id }) => id));
  const left = new Set((await leftBehind([folder], 'at once')).entries.map(({ id }) => id));
  const dropped = idsAfter('DROPPED');
  const takenBack = await takenBackIn([folder]);
  // Nothing is broken but lines that a fault cut in the middle.
  for (const { reason } of problems)
    expect(reason).toMatch(/^decision not read: (half-written last line|not JSON)$/);
  return {
    failures: lines.filter(([first]) => first === 'FAILED').map(([, ...words]) => words.join(' ')),
    saved: saved.size,
    savedThere: [...saved].filter((id) => onDisk.has(id)).length,
    journaled: journaled.size,
    journaledThere: [...journaled].filter((id) => onDisk.has(id) || left.has(id)).length,
    dropped: dropped.size,
    heldBack: [...dropped].filter((id) => takenBack.has(id) && !left.has(id)).length,
  };
}

async function runAll(faults: readonly Fault[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = [...faults];
  const worker = async () => {
    for (let fault = queue.shift(); fault; fault = queue.shift()) {
      const outcome = await runUnder(fault);
      expect(outcome, JSON.stringify(fault)).toMatchObject({
        savedThere: outcome.saved,
        journaledThere: outcome.journaled,
        heldBack: outcome.dropped,
      });
      outcomes.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcomes;
}

function summary(what: string, outcomes: readonly Outcome[]): string {
  const sum = (of: (outcome: Outcome) => number) =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  return `${what}: ${sum(({ saved }) => saved)} decisions acknowledged as saved, ${sum(({ savedThere }) => savedThere)} there; ${sum(({ journaled }) => journaled)} promised by the journal, ${sum(({ journaledThere }) => journaledThere)} recovered or saved; ${sum(({ dropped }) => dropped)} undone, ${sum(({ heldBack }) => heldBack)} stay undone`;
}

/** A row of numbers from 0 to 1 that is the same each time. */
function* seeded(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe.skipIf(process.platform !== 'linux')(
  'what was acknowledged (only on Linux: a library is preloaded)',
  () => {
    beforeAll(async () => {
      const options = [
        '-shared',
        '-fPIC',
        '-x',
        'c',
        '-O1',
        '-o',
        library,
        resolve(__dirname, 'faults.c'),
        '-ldl',
      ];
      const made = spawnSync(compiler(), options, { encoding: 'utf8' });
      if (made.status !== 0) throw new Error(`faults.c could not be compiled: ${made.stderr}`);
      await build({
        entryPoints: [resolve(__dirname, 'decider.ts')],
        bundle: true,
        platform: 'node',
        format: 'cjs',
        outfile: program,
        logLevel: 'error',
      });
      chmodSync(root, 0o755);
    }, HANGS_MS);

    it('is all there where nothing goes wrong', { timeout: HANGS_MS }, async () => {
      const outcome = await runUnder({ call: 'any', at: 0, many: 1, does: 'EIO' });
      expect(outcome).toMatchObject({
        hit: false,
        killed: false,
        failures: [],
        saved: DECIDED,
        savedThere: DECIDED,
      });
      expect(outcome.journaledThere).toBe(outcome.journaled);
    });

    it(`is there after ${KILLS} kills`, { timeout: HANGS_MS }, async () => {
      const chance = seeded(20250711);
      // What is written in one go or in two depends on the moment, so the last calls are left out.
      const calls = (await runUnder({ call: 'any', at: 0, many: 1, does: 'EIO' })).calls - 6;
      expect(calls).toBeGreaterThan(30);
      const ways = ['kill-before', 'kill-half', 'kill-after'] as const;
      const faults = Array.from({ length: KILLS }, (_, n): Fault => {
        const does = ways[n % ways.length] ?? 'kill-half';
        return { call: 'any', at: 1 + Math.floor(chance.next().value * calls), many: 1, does };
      });
      const outcomes = await runAll(faults);
      expect(outcomes.every(({ killed, hit }) => killed && hit)).toBe(true);
      expect(outcomes.some(({ saved }) => saved > 0)).toBe(true);
      console.log(summary(`${KILLS} kills`, outcomes));
    });

    it('is there after a call that failed once, and so is what was decided afterwards', {
      timeout: HANGS_MS,
    }, async () => {
      const failing: readonly (readonly [Fault['call'], Fault['does'], number])[] = [
        ['write', 'short', 14],
        ['write', 'full', 14],
        ['write', 'EIO', 14],
        ['sync', 'EIO', 14],
        ['unlink', 'EIO', 4],
      ];
      const faults = failing.flatMap(([call, does, upTo]) =>
        Array.from(
          { length: upTo },
          (_, n): Fault => ({ call, does, at: n + 1, many: does === 'full' ? 2 : 1 }),
        ),
      );
      const outcomes = await runAll(faults);
      expect(faults.length).toBeGreaterThanOrEqual(60);
      expect(outcomes.every(({ hit, killed }) => hit && !killed)).toBe(true);
      // All that was decided is there in the end, since the last save worked; and who failed to save has heard why.
      for (const { saved } of outcomes) expect(saved).toBeGreaterThanOrEqual(DECIDED);
      const failures = outcomes.flatMap((outcome) => outcome.failures);
      expect(failures.length).toBeGreaterThan(0);
      for (const each of failures)
        expect(each).toMatch(/^The decisions could not be saved to .*ana\.jsonl: .+/);
      console.log(summary(`${faults.length} faults`, outcomes));
    });

    it('is there on a disk that is full or broken from some moment on, and no save is called done', {
      timeout: HANGS_MS,
    }, async () => {
      const faults = (['full', 'EIO'] as const).flatMap((does) =>
        [1, 4, 9].map((at): Fault => ({ call: 'write', does, at, many: 0 })),
      );
      const outcomes = await runAll(faults);
      for (const { hit, failures } of outcomes) {
        expect(hit).toBe(true);
        expect(failures.length).toBeGreaterThan(0);
      }
      const reasons = outcomes.flatMap(({ failures }) => failures).join('\n');
      expect(reasons).toMatch(/ENOSPC/);
      console.log(summary(`${faults.length} disks that stayed full or broken`, outcomes));
    });

    it('is in the journal where the folder of decisions is read-only', { timeout: HANGS_MS }, async () => {
      const place = makePlace();
      const reviews = `${place.dataset}.review`;
      mkdirSync(reviews);
      const isRoot = process.getuid?.() === 0;
      if (isRoot) {
        chmodSync(resolve(place.dataset, '..'), 0o755);
        chownSync(place.storage, NOBODY, NOBODY);
      }
      chmodSync(reviews, 0o555);
      // Permissions do not bind root.
      const outcome = await runUnder(null, isRoot ? { ...place, user: NOBODY } : place);
      expect(outcome).toMatchObject({ saved: 0, journaledThere: outcome.journaled });
      expect(outcome.journaled).toBeGreaterThan(30);
      expect(outcome.failures).toHaveLength(ROUNDS / 2);
      for (const each of outcome.failures) expect(each).toMatch(/permission denied \(EACCES\)$/);
      console.log(summary('a read-only folder', [outcome]));
    });
  },
);
