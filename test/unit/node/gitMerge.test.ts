/** One person decides on two machines: what git makes of the two logs, by git itself. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathOf } from '../../../src/node/besideFiles';
import { addAttributes } from '../../../src/node/gitAttributes';
import { appendEntries, reviewFolder } from '../../../src/node/reviewStore';
import { answer, entryOf, idAt } from '../../support/entries';
import { readReviews } from '../../support/reviews';

const ANA = 'ana@example.org';
/** Each test starts git some fifty times. */
const PATIENT = { timeout: 120_000 };
const reviews = (machine: string) => reviewFolder(join(machine, 'run-42.jsonl'));

let root: string;
let environment: NodeJS.ProcessEnv;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'two-machines-'));
  // Nothing of the machine's own configuration, nor of a repository that the tests run in.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  environment = {
    ...Object.fromEntries(own),
    HOME: root,
    XDG_CONFIG_HOME: root,
    GIT_CONFIG_GLOBAL: join(root, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_EDITOR: 'true',
  };
});
afterEach(() => rm(root, { recursive: true }));

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A repository in the middle and a clone on each of two machines, with or without the attributes. */
async function twoMachines(settings: string, attributes: boolean): Promise<readonly [string, string]> {
  writeFileSync(
    join(root, 'gitconfig'),
    `[user]\n\tname = Ana\n\temail = ${ANA}\n[init]\n\tdefaultBranch = main\n[pull]\n\trebase = false\n[gc]\n\tauto = 0\n${settings}`,
  );
  git(root, 'init', '--quiet', '--bare', 'middle');
  git(root, 'clone', '--quiet', 'middle', 'desk');
  const [desk, laptop] = [join(root, 'desk'), join(root, 'laptop')];
  writeFileSync(join(desk, 'run-42.jsonl'), '{}\n');
  mkdirSync(pathOf(reviews(desk)));
  if (attributes) await addAttributes(reviews(desk));
  commit(desk);
  git(desk, 'push', '--quiet', 'origin', 'HEAD:main');
  git(root, 'clone', '--quiet', 'middle', 'laptop');
  return [desk, laptop];
}

function commit(machine: string): void {
  git(machine, 'add', '--all');
  git(machine, 'commit', '--quiet', '--message', 'Decide');
}

async function decide(machine: string, ids: readonly number[]): Promise<void> {
  for (const n of ids) {
    const entry = entryOf(idAt(n), answer('complied', 'yes'), { transcript: `t${n}` });
    await appendEntries(reviews(machine), ANA, [entry]);
  }
}

async function idsAt(machine: string): Promise<readonly string[]> {
  const { entries, problems } = await readReviews(reviews(machine));
  expect(problems).toEqual([]);
  return [...new Set(entries.map(({ id }) => id))].sort();
}

const ids = (last: number) => Array.from({ length: last }, (_, i) => idAt(i + 1));
const log = (machine: string) => readFileSync(pathOf(reviews(machine), `${ANA}.jsonl`));

const HOW = {
  merge: ['pull', '--quiet', '--no-rebase', '--no-edit', 'origin', 'main'],
  rebase: ['pull', '--quiet', '--rebase', 'origin', 'main'],
} as const;
const SETTINGS = {
  'as it comes': '',
  'core.autocrlf=true': '[core]\n\tautocrlf = true\n',
  'merge.conflictStyle=zdiff3': '[merge]\n\tconflictStyle = zdiff3\n',
} as const;
const cases = (['merge', 'rebase'] as const).flatMap((how) =>
  (Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]).map((setting) => ({ how, setting })),
);

describe('with the .gitattributes of a review folder', PATIENT, () => {
  it.each(cases)('$how keeps all decisions, $setting', async ({ how, setting }) => {
    const [desk, laptop] = await twoMachines(SETTINGS[setting], true);
    // First the same new file on both sides, then its end on both sides, over and over.
    let made = 0;
    for (let round = 0; round < 2; round++) {
      await decide(desk, [made + 1, made + 3]);
      await decide(laptop, [made + 2, made + 4, made + 5]);
      made += 5;
      for (const machine of [desk, laptop]) commit(machine);
      git(desk, 'push', '--quiet', 'origin', 'HEAD:main');
      git(laptop, ...HOW[how]);
      git(laptop, 'push', '--quiet', 'origin', 'HEAD:main');
      git(desk, ...HOW[how]);
      expect(await idsAt(laptop)).toEqual(ids(made));
      expect(log(desk)).toEqual(log(laptop));
    }
    expect(log(desk).includes('\r')).toBe(false);
    expect(git(desk, 'status', '--porcelain')).toBe('');
  });

  it('has git change nothing in the lines, whatever it does to other JSONL', async () => {
    const [desk, laptop] = await twoMachines('[filter "loud"]\n\tclean = tr a-z A-Z\n', true);
    writeFileSync(join(desk, '.gitattributes'), '*.jsonl filter=loud ident\n');
    const noted = { action: 'note', target: { note: true }, value: null, note: 'said $Id: 7f$' } as const;
    const entry = entryOf(idAt(1), noted, { transcript: '$Id$' });
    await appendEntries(reviews(desk), ANA, [entry]);
    commit(desk);
    git(desk, 'push', '--quiet', 'origin', 'HEAD:main');
    git(laptop, ...HOW.merge);
    expect(readFileSync(join(laptop, '.gitattributes'), 'utf8')).toContain('filter=loud');
    expect((await readReviews(reviews(laptop))).entries).toEqual([entry]);
    expect(git(laptop, 'status', '--porcelain')).toBe('');
  });

  it('keeps a line that was cut short apart from what the other side wrote', async () => {
    const [desk, laptop] = await twoMachines('', true);
    await decide(desk, [1]);
    commit(desk);
    git(desk, 'push', '--quiet', 'origin', 'HEAD:main');
    git(laptop, ...HOW.merge);
    writeFileSync(pathOf(reviews(laptop), `${ANA}.jsonl`), `${log(laptop)}{"v":1,"id":`);
    await decide(desk, [2]);
    for (const machine of [desk, laptop]) commit(machine);
    git(desk, 'push', '--quiet', 'origin', 'HEAD:main');
    git(laptop, ...HOW.merge);
    await decide(laptop, [3]);
    const { entries, problems } = await readReviews(reviews(laptop));
    expect(entries.map(({ id }) => id).sort()).toEqual(ids(3));
    expect(problems).toHaveLength(1);
  });
});

describe('without it', PATIENT, () => {
  it.each(cases)('$how stops at a conflict, and no decision is lost, $setting', async ({ how, setting }) => {
    const [desk, laptop] = await twoMachines(SETTINGS[setting], false);
    await decide(desk, [1]);
    commit(desk);
    git(desk, 'push', '--quiet', 'origin', 'HEAD:main');
    git(laptop, ...HOW.merge);
    await decide(desk, [2, 4]);
    await decide(laptop, [3, 5]);
    for (const machine of [desk, laptop]) commit(machine);
    git(desk, 'push', '--quiet', 'origin', 'HEAD:main');
    expect(() => git(laptop, ...HOW[how])).toThrow();
    expect(git(laptop, 'status', '--porcelain')).toMatch(/^UU /m);
    const { entries, problems } = await readReviews(reviews(laptop));
    expect([...new Set(entries.map(({ id }) => id))].sort()).toEqual(ids(5));
    expect(problems.length).toBeGreaterThanOrEqual(3);
    expect(new Set(problems.map(({ reason }) => reason))).toEqual(
      new Set(['decision not read: conflict marker of a git merge']),
    );
  });
});
