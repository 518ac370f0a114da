/**
 * Hostile layouts of files beside a dataset, as they come with a clone. Whatever lies there: opening ends, what is good
 * counts, what is refused is named, a decision is saved into a file of its own or not at all, and nothing elsewhere changes.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { monotonicFactory } from 'ulid';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/dataset/model';
import { encode } from '../../src/core/review/codec';
import type { Entry } from '../../src/core/review/entry';
import type { Audit } from '../../src/node/audit';
import { addAttributes } from '../../src/node/gitAttributes';
import { readProfile, writeProfile } from '../../src/node/profileFile';
import { ReviewFiles } from '../../src/node/reviewFiles';
import { DatasetError } from '../../src/node/sources/source';
import { newAudit, temporaryFolder } from '../support/dataset';
import { answer, entryOf, idAt } from '../support/entries';
import { COMMAND_ID, makeWorld, outside, plant, type World } from './world';

/** What hangs is ended; a busy machine may take many times as long as an idle one. */
const HANGS_MS = 120_000;
/** Bytes of an endless file; more than are ever held of it in memory. */
const GIVEN_UP_AT = 256 << 20;
const OPTIONS = { labels: 'adjudicated', classifier: null, conditioning: 'both' } as const;
const root = temporaryFolder();
const newId = monotonicFactory();
const servers: Server[] = [];
let hash: string;

const by = (reviewer: string, n: number, parts: Partial<Entry> = {}, transcript = 't1'): Entry =>
  ({ ...entryOf(idAt(n), answer('complied', 'no'), { reviewer, transcript, hash }), ...parts }) as Entry;
const retraction = (reviewer: string, n: number, of: string): Entry =>
  entryOf(idAt(n), { action: 'retract', target: { entry: of }, value: null }, { reviewer, hash });
const bens = () => by('ben', 1);

async function opened(world: World): Promise<Audit> {
  const audit = newAudit(world.dataset);
  await audit.load(new AbortController().signal);
  return audit;
}

function figuresOf(audit: Audit) {
  const { phase, columns } = audit.dataset;
  return { phase, records: columns.count, totals: audit.totals, rows: audit.tracker.rows(OPTIONS) };
}

/** The figures of a dataset beside which nothing but these decisions lies. */
async function figuresWith(entries: readonly Entry[]) {
  const world = makeWorld(root);
  for (const entry of entries) {
    mkdirSync(world.reviews, { recursive: true });
    appendFileSync(join(world.reviews, `${entry.reviewer}.jsonl`), encode(entry));
  }
  const audit = await opened(world);
  const figures = figuresOf(audit);
  audit.dispose();
  return figures;
}

const told = (problems: readonly Problem[]) =>
  problems.map(({ file, line, reason }) => `${file}${line === null ? '' : `:${line}`} ${reason}`).join('\n');

beforeAll(async () => {
  const audit = await opened(makeWorld(root));
  hash = (await audit.dataset.hashes([0]))[0] ?? '';
  audit.dispose();
  expect(hash).not.toBe('');
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Layout {
  readonly name: string;
  readonly make: (world: World) => void | Promise<void>;
  /** Each has to be told of. */
  readonly problems?: readonly RegExp[];
  /** Decisions that count; ben's one without it. */
  readonly counts?: () => readonly Entry[];
  /** Why nothing of ana's can be saved; without it, it has to be. */
  readonly unsaved?: RegExp;
}

/** What may stand in the place of a file. */
const IN_PLACE: readonly (readonly [string, (world: World, path: string) => void | Promise<void>, RegExp])[] =
  [
    ['a link to a start-up file', ({ victim }, path) => symlinkSync(victim, path), /is a link/],
    [
      'a link to a file that is not there',
      (world, path) => symlinkSync(join(world.root, 'home/.bash_login'), path),
      /is a link/,
    ],
    ['a link to /dev/zero', (_, path) => symlinkSync('/dev/zero', path), /is a link/],
    ['a link to /dev/stdin', (_, path) => symlinkSync('/dev/stdin', path), /is a link/],
    ['a link to itself', (_, path) => symlinkSync(path, path), /is a link/],
    ['a pipe', (_, path) => void execFileSync('mkfifo', [path]), /is a pipe or a device/],
    ['a socket', listenAt, /is a pipe or a device/],
    ['a folder', (_, path) => void mkdirSync(path), /is a folder/],
  ];

function listenAt(_: World, path: string): Promise<void> {
  const server = createServer();
  servers.push(server);
  return new Promise((done) => server.listen(path, done));
}

const inFolder = (make: (world: World) => void | Promise<void>) => (world: World) => {
  plant(world, 'ben.jsonl', bens());
  return make(world);
};

/** Names that mean something to a file system, a terminal, a shell or a decoder. */
const NAMES = [
  'line\nbreak.jsonl',
  '\u202elnosj.ana.jsonl',
  '%2e%2e%2f.jsonl',
  '%2E%2E%2Fhome%2F.bashrc.jsonl',
  '..jsonl',
  '.jsonl',
  'con.jsonl',
  'a\\b.jsonl',
  '$(touch pwned).jsonl',
  '-rf.jsonl',
  'ana\u200b.jsonl',
  '__proto__.jsonl',
];

const NESTED = 100_000;
const nested = (entry: Entry) =>
  encode(entry).replace(/}\n$/, `,"x":${'['.repeat(NESTED)}${']'.repeat(NESTED)}}\n`);

const LAYOUTS: readonly Layout[] = [
  ...IN_PLACE.map(
    ([kind, make, reason]): Layout => ({
      name: `${kind} as the reviewer's own file`,
      make: inFolder((world) => make(world, join(world.reviews, 'ana.jsonl'))),
      problems: [new RegExp(`ana\\.jsonl decisions not read: ana\\.jsonl ${reason.source}`)],
      unsaved: reason,
    }),
  ),
  ...IN_PLACE.map(
    ([kind, make, reason]): Layout => ({
      name: `${kind} as a colleague's file`,
      make: inFolder((world) => make(world, join(world.reviews, 'mallory.jsonl'))),
      problems: [new RegExp(`mallory\\.jsonl decisions not read: mallory\\.jsonl ${reason.source}`)],
    }),
  ),
  {
    name: "a second name of a start-up file as the reviewer's own file",
    make: inFolder(({ victim, reviews }) => linkSync(victim, join(reviews, 'ana.jsonl'))),
    problems: [/ana\.jsonl:1 decision not read: not JSON/],
    unsaved: /has a second name elsewhere/,
  },
  {
    name: 'a review folder that is a link to a folder',
    make: ({ root, reviews }) => symlinkSync(join(root, 'home'), reviews),
    problems: [/run\.jsonl\.review decisions not read: run\.jsonl\.review is a link/],
    counts: () => [],
    unsaved: /is a link/,
  },
  {
    name: 'a review folder that is a link to a file',
    make: ({ victim, reviews }) => symlinkSync(victim, reviews),
    problems: [/run\.jsonl\.review is a link/],
    counts: () => [],
    unsaved: /is a link/,
  },
  {
    name: 'a review folder that is a link to nothing',
    make: ({ root, reviews }) => symlinkSync(join(root, 'home/none'), reviews),
    problems: [/run\.jsonl\.review is a link/],
    counts: () => [],
    unsaved: /is a link/,
  },
  {
    name: 'a review folder that is a link to itself',
    make: ({ reviews }) => symlinkSync(reviews, reviews),
    problems: [/run\.jsonl\.review is a link/],
    counts: () => [],
    unsaved: /is a link/,
  },
  {
    name: 'a review folder that is a file',
    make: ({ reviews }) => writeFileSync(reviews, 'x'),
    problems: [/run\.jsonl\.review is no folder/],
    counts: () => [],
    unsaved: /is no folder/,
  },
  {
    name: 'a review folder that is a pipe',
    make: ({ reviews }) => void execFileSync('mkfifo', [reviews]),
    problems: [/run\.jsonl\.review is no folder/],
    counts: () => [],
    unsaved: /is no folder/,
  },
  ...NAMES.map(
    (name): Layout => ({
      name: `a file with the name ${JSON.stringify(name)}, which speaks for ana and ben`,
      make: inFolder((world) => {
        plant(world, name, by('ana', 2), retraction('ben', 3, idAt(1)));
      }),
      problems: [new RegExp(`${escaped(name)} `)],
    }),
  ),
  {
    name: 'retractions by mallory in the name of ana and ben',
    make: inFolder((world) => {
      plant(world, 'ana.jsonl', by('ana', 2));
      plant(world, 'mallory.jsonl', retraction('ana', 8, idAt(2)), retraction('ben', 9, idAt(1)));
    }),
    problems: [
      /mallory\.jsonl 1 decision is signed by "ana"/,
      /mallory\.jsonl 1 decision is signed by "ben"/,
    ],
    counts: () => [bens(), by('ana', 2)],
  },
  {
    name: "a retraction by mallory, in mallory's name, of ben's decision",
    make: inFolder((world) => plant(world, 'mallory.jsonl', retraction('mallory', 9, idAt(1)))),
  },
  {
    name: "a span of mallory's under the id of ben's decision",
    make: inFolder((world) => {
      const place = { message: 0, start: 0, end: 3, unit: 'utf16', quote: 'the' } as const;
      const value = { ...place, label: 'complied', prefix: '', suffix: '' };
      const add = { action: 'add', target: { span: idAt(1) }, value } as const;
      plant(world, 'mallory.jsonl', entryOf(idAt(9), add, { reviewer: 'mallory' }));
    }),
    problems: [/mallory\.jsonl:1 decision not read: it adds a span under another id than its own/],
  },
  {
    name: "a decision of mallory's that is over everybody's",
    make: inFolder((world) =>
      plant(world, 'mallory.jsonl', by('mallory', 9, { over: [idAt(1), idAt(9), idAt(77)] })),
    ),
    counts: () => [bens(), by('mallory', 9)],
  },
  {
    name: 'the last id that there is',
    make: inFolder((world) => plant(world, 'mallory.jsonl', by('mallory', 2, { id: '7'.padEnd(26, 'Z') }))),
    problems: [/mallory\.jsonl:1 no later id can be made than 7Z+/],
    counts: () => [bens(), by('mallory', 2)],
  },
  {
    name: "ben's id on another decision in another file",
    make: inFolder((world) => plant(world, 'mallory.jsonl', by('mallory', 1))),
    problems: [/different decisions of "ben" and "mallory" have the id 0+1; all of them count/],
    counts: () => [bens(), by('mallory', 2)],
  },
  {
    name: 'an entry that is a prototype',
    make: inFolder((world) =>
      plant(
        world,
        'mallory.jsonl',
        '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}\n',
        encode(by('mallory', 3)).replace('{', '{"__proto__":{"polluted":true,"toJSON":null},'),
      ),
    ),
    problems: [/mallory\.jsonl:1 decision not read/],
    counts: () => [bens(), by('mallory', 3)],
  },
  {
    name: 'a line of more than 1 MiB',
    make: inFolder((world) =>
      plant(world, 'mallory.jsonl', by('mallory', 2, { note: 'x'.repeat(1 << 20) }), by('ben', 7)),
    ),
    problems: [
      /mallory\.jsonl:1 decision not read: longer than 1 MiB/,
      /mallory\.jsonl 1 decision is signed by "ben"/,
    ],
  },
  {
    name: 'brackets a hundred thousand deep, twice under one id',
    make: inFolder((world) =>
      plant(world, 'mallory.jsonl', nested(by('mallory', 2)), nested(by('mallory', 2))),
    ),
    problems: [
      /mallory\.jsonl:1 decision not read: more than 100 levels deep/,
      /mallory\.jsonl:2 decision not read: more than 100 levels deep/,
    ],
  },
  {
    name: "brackets a hundred thousand deep, under ben's id",
    make: inFolder((world) => plant(world, 'mallory.jsonl', nested(by('mallory', 1)), by('mallory', 5))),
    problems: [/mallory\.jsonl:1 decision not read: more than 100 levels deep/],
    counts: () => [bens(), by('mallory', 5)],
  },
  {
    name: 'brackets without an end, and an empty line, and no UTF-8',
    make: inFolder((world) => {
      plant(world, 'mallory.jsonl', `${'['.repeat(NESTED)}\n`, '\n', '\ufeff\n');
      appendFileSync(join(world.reviews, 'mallory.jsonl'), Buffer.from([0xff, 0xfe, 0x0a, 0xed, 0xa0, 0x80]));
    }),
    problems: [/mallory\.jsonl:1 decision not read: not JSON/],
  },
  {
    name: '10,100 names',
    make: inFolder((world) => {
      for (let n = 0; n < 10_100; n++) writeFileSync(join(world.reviews, `m${n}.jsonl`), '');
    }),
    problems: [/only 10000 of its 10101 files of decisions are read/],
  },
  {
    name: '1,000 files with one id',
    make: inFolder((world) => {
      for (let n = 0; n < 1_000; n++) plant(world, `m${n}.jsonl`, by(`m${n}`, 1, {}, 'not there'));
    }),
    problems: [/different decisions of .* have the id 0+1; all of them count/],
    counts: () => [bens(), ...Array.from({ length: 1_000 }, (_, n) => by(`m${n}`, 2, {}, 'not there'))],
  },
  {
    name: '30,000 names that are signed with in one file',
    make: inFolder((world) =>
      plant(world, 'mallory.jsonl', ...Array.from({ length: 30_000 }, (_, n) => by(`m${n}`, n + 2))),
    ),
    problems: [
      /mallory\.jsonl 1 decision is signed by "m0"/,
      /mallory\.jsonl decisions under 29000 more names/,
    ],
  },
];

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

describe.skipIf(process.platform === 'win32')(
  'beside a dataset (not on Windows, which has no such files)',
  () => {
    it('are at least twenty hostile layouts', () => {
      expect(new Set(LAYOUTS.map(({ name }) => name)).size).toBeGreaterThanOrEqual(20);
    });

    it.each(LAYOUTS)('$name', { timeout: HANGS_MS }, async ({ make, problems = [], counts, unsaved }) => {
      const world = makeWorld(root);
      await make(world);
      const before = outside(world);
      const audit = await opened(world);
      expect(figuresOf(audit)).toEqual(await figuresWith(counts?.() ?? [bens()]));
      for (const problem of problems) expect(told(audit.reviewProblems)).toMatch(problem);
      expect(audit.reviewProblems.length).toBeLessThan(2_100);

      const own = by('ana', 0, { id: newId() }, COMMAND_ID);
      const saved = audit.reviews.append([own], () => {});
      const file = join(world.reviews, 'ana.jsonl');
      if (unsaved) {
        await expect(saved).rejects.toThrow(unsaved);
        await expect(saved).rejects.toThrow(`The decisions could not be saved to ${file}`);
      } else {
        await saved;
        expect(lstatSync(file).isFile()).toBe(true);
        expect(readFileSync(file, 'utf8').endsWith(encode(own))).toBe(true);
      }
      // Once more: what was refused is no reason to hold up the second reading, either.
      await audit.readReviews();
      expect(outside(world)).toBe(before);
      expect(existsSync(join(world.root, 'home/.bash_login'))).toBe(false);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      audit.dispose();
    });

    const profiles = [
      ...IN_PLACE,
      [
        'a second name of a start-up file',
        ({ victim }: World, path: string) => linkSync(victim, path),
        /is not JSON/,
      ],
      [
        '5 MiB of text',
        (_: World, path: string) => writeFileSync(path, ' '.repeat(5 << 20)),
        /is too large: over 4 MiB/,
      ],
      [
        'brackets without an end',
        (_: World, path: string) => writeFileSync(path, '['.repeat(NESTED)),
        /is not JSON/,
      ],
      [
        'brackets a hundred thousand deep',
        (_: World, path: string) => writeFileSync(path, '['.repeat(NESTED) + ']'.repeat(NESTED)),
        /is no profile/,
      ],
    ] as const;
    it.each(profiles)('%s as profile.json', { timeout: HANGS_MS }, async (_kind, make, reason) => {
      const world = makeWorld(root);
      plant(world, 'ben.jsonl', bens());
      await make(world, join(world.reviews, 'profile.json'));
      const before = outside(world);
      const audit = await opened(world);
      expect(audit.dataset.error).toMatch(/profile\.json/);
      expect(audit.dataset.error).toMatch(reason);
      await expect(readProfile(world.folder)).rejects.toBeInstanceOf(DatasetError);
      await audit.reviews.append([by('ana', 0, { id: newId() })], () => {});
      // Who keeps another profile either has it in a file of its own, or hears why not.
      await writeProfile(world.folder, { name: 'x' } as never).catch((error: Error) =>
        expect(error.message).toMatch(/profile\.json/),
      );
      expect(outside(world)).toBe(before);
      audit.dispose();
    });

    const attributes = [
      ...IN_PLACE,
      [
        'a second name of a start-up file',
        ({ victim }: World, path: string) => linkSync(victim, path),
        /has a second name elsewhere/,
      ],
    ] as const;
    it.each(attributes)('%s as .gitattributes', { timeout: HANGS_MS }, async (_kind, make, reason) => {
      const world = makeWorld(root);
      plant(world, 'ben.jsonl', bens());
      await make(world, join(world.reviews, '.gitattributes'));
      const before = outside(world);
      const audit = await opened(world);
      expect(figuresOf(audit)).toEqual(await figuresWith([bens()]));
      await expect(addAttributes(world.folder)).rejects.toThrow(reason);
      expect(outside(world)).toBe(before);
      audit.dispose();
    });

    it('a review folder that becomes a link between two saves', { timeout: HANGS_MS }, async () => {
      const world = makeWorld(root);
      const audit = await opened(world);
      await audit.reviews.append([by('ana', 1)], () => {});
      const elsewhere = join(world.root, 'home/elsewhere');
      renameSync(world.reviews, elsewhere);
      symlinkSync(elsewhere, world.reviews);
      const before = outside(world);
      await expect(audit.reviews.append([by('ana', 2)], () => {})).rejects.toThrow(/is a link/);
      await audit.readReviews();
      expect(told(audit.reviewProblems)).toMatch(/is a link/);
      expect(outside(world)).toBe(before);
      audit.dispose();
    });

    it.skipIf(process.getuid?.() !== 0)('a device (made only as root)', { timeout: HANGS_MS }, async () => {
      const world = makeWorld(root);
      plant(world, 'ben.jsonl', bens());
      for (const name of ['ana.jsonl', 'mallory.jsonl'])
        execFileSync('mknod', [join(world.reviews, name), 'c', '1', '5']);
      const audit = await opened(world);
      expect(figuresOf(audit)).toEqual(await figuresWith([bens()]));
      expect(told(audit.reviewProblems)).toMatch(/mallory\.jsonl is a pipe or a device/);
      await expect(audit.reviews.append([by('ana', 2)], () => {})).rejects.toThrow(/is a pipe or a device/);
      audit.dispose();
    });

    it('two gigabytes of nothing: read in little memory, given up at once, and a save waits for none of it', {
      timeout: HANGS_MS,
    }, async () => {
      const world = makeWorld(root);
      plant(world, 'ben.jsonl', bens());
      plant(world, 'zeros.jsonl', '');
      truncateSync(join(world.reviews, 'zeros.jsonl'), 2 ** 31);
      const files = new ReviewFiles(world.folder);
      const giveUp = new AbortController();
      const start = process.memoryUsage().arrayBuffers;
      const seen: number[] = [];
      const added: Entry[] = [];
      const progress = (path: string, bytes: number): void => {
        if (!path.endsWith('zeros.jsonl')) return;
        seen.push(bytes);
        expect(process.memoryUsage().arrayBuffers - start).toBeLessThan(GIVEN_UP_AT);
        if (bytes >= GIVEN_UP_AT) giveUp.abort();
      };
      const read = async () => {
        for await (const change of files.changes({ signal: giveUp.signal, progress })) {
          added.push(...change.added);
          await files.append([by('ana', 2)], () => {}); // in the middle of a reading, which does not go on before
        }
      };
      await expect(read()).rejects.toThrow(/abort/i);
      await new Promise((done) => setImmediate(done));
      expect(seen.at(-1)).toBe(GIVEN_UP_AT);
      expect(added).toEqual([bens()]);
      expect(readFileSync(join(world.reviews, 'ana.jsonl'), 'utf8')).toBe(encode(by('ana', 2)));
    });
  },
);
