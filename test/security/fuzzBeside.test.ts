/**
 * Damaged and malicious files of every kind that lies beside a dataset: what comes of them is a value or words, what is
 * good in them is read, and a second file is none the worse. TRANSCRIPT_REVIEW_DEEP=1 tries 100,000 of each kind.
 */
import { mkdirSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeLog, encode } from '../../src/core/review/codec';
import type { Entry } from '../../src/core/review/entry';
import { BesideError, pathOf } from '../../src/node/besideFiles';
import { datasetFiles } from '../../src/node/datasetFiles';
import { leftBehind } from '../../src/node/endedSessions';
import { addAttributes, attributesState } from '../../src/node/gitAttributes';
import { readProfile } from '../../src/node/profileFile';
import { reviewFolder } from '../../src/node/reviewStore';
import { DatasetError } from '../../src/node/sources/source';
import { temporaryFolder } from '../support/dataset';
import { answer, entryOf, idAt } from '../support/entries';
import { mutation } from '../support/mutations';
import { readReviews } from '../support/reviews';
import { DEEP } from './deep';

/** What hangs is ended; a busy machine may take many times as long as an idle one. */
const HANGS_MS = DEEP ? 7_200_000 : 120_000;
const TRIES = DEEP ? 100_000 : 300;
const SEED = fc.readConfigureGlobal().seed ?? 20_250_711;
const OPTIONS = { numRuns: TRIES, seed: SEED };

const root = temporaryFolder();
const counts = new Map<string, number>();
afterAll(() => {
  const told = [...counts].map(([kind, count]) => `${count} of ${kind}`);
  console.log(`mutations with the seed ${SEED}: ${told.join(', ')}`);
});

function count(kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

/** Values where others are expected. */
const strange = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0.5, 1e308, '', '\0', '\u202e', '../../x', '/etc/passwd', [], {}, [
    [],
  ]),
  fc.constantFrom<unknown>('ben', 'ana', ' ANA ', '__proto__', '7'.padEnd(26, 'Z'), idAt(1), [
    idAt(1),
    idAt(2),
  ]),
  fc.constantFrom<unknown>({ length: 3 }, { toString: 1 }, { __proto__: null, valueOf: 'x' }),
  fc.nat(300).map((depth): unknown => JSON.parse('['.repeat(depth + 1) + ']'.repeat(depth + 1))),
  fc.nat(4_000).map((length): unknown => 'ü'.repeat(length)),
  fc.jsonValue() as fc.Arbitrary<unknown>,
);

interface Change {
  readonly where: number;
  readonly how: 'set' | 'remove' | 'rename' | 'add';
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  where: fc.nat(10_000),
  how: fc.constantFrom('set' as const, 'set' as const, 'remove' as const, 'rename' as const, 'add' as const),
  value: strange,
});

/** Changes one place in a JSON value, however deep. */
function changed(json: unknown, { where, how, value }: Change): unknown {
  const copy: unknown = structuredClone(json);
  const places: (readonly [holder: Record<string, unknown>, key: string])[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const key of Object.keys(part)) {
      const holder = part as Record<string, unknown>;
      places.push([holder, key]);
      visit(holder[key]);
    }
  };
  visit(copy);
  const place = places[where % Math.max(1, places.length)];
  if (!place) return value;
  const [holder, key] = place;
  if (how === 'set') holder[key] = value;
  else if (how === 'add') holder[`${key}x`] = value;
  else {
    if (how === 'rename') holder[typeof value === 'string' ? value : 'x'] = holder[key];
    delete holder[key];
  }
  return copy;
}

/** A JSON file with some of its parts changed, and perhaps its bytes as well. */
function damagedJson(json: unknown): fc.Arbitrary<Uint8Array> {
  const parts = fc
    .array(change, { maxLength: 3 })
    .map((all) => Buffer.from(JSON.stringify(all.reduce(changed, json)) ?? ''));
  return fc.oneof(parts, bytewise(Buffer.from(JSON.stringify(json, null, 2))), parts.chain(bytewise));
}

function bytewise(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  return mutation.map((damage) => damage(bytes));
}

const NOISE = [
  '<<<<<<< HEAD',
  '=======',
  '>>>>>>> theirs',
  '',
  '\ufeff',
  '{"drop":',
  '{"v":2}',
  'null',
  '[]',
  '{',
  '4711',
];

/** A file of lines with some of them changed, repeated, moved, in Windows' way, amid noise; and perhaps its bytes as well. */
function damagedLines(lines: readonly string[]): fc.Arbitrary<Uint8Array> {
  const step = fc.oneof(
    fc.tuple(fc.nat(20), change).map(([at, one]) => (all: string[]) => {
      const index = at % Math.max(1, all.length);
      all[index] = JSON.stringify(changed(parsed(all[index] ?? ''), one)) ?? '';
    }),
    fc.tuple(fc.nat(20), fc.nat(20)).map(([from, to]) => (all: string[]) => {
      all.splice(to % (all.length + 1), 0, all[from % Math.max(1, all.length)] ?? '');
    }),
    fc.tuple(fc.nat(20), fc.constantFrom(...NOISE)).map(([at, noise]) => (all: string[]) => {
      all.splice(at % (all.length + 1), 0, noise);
    }),
    fc.nat(20).map((at) => (all: string[]) => void all.splice(at % Math.max(1, all.length), 1)),
  );
  const parts = fc
    .tuple(fc.array(step, { minLength: 1, maxLength: 4 }), fc.constantFrom('\n', '\n', '\r\n'))
    .map(([steps, end]) => {
      const all = [...lines];
      for (const each of steps) each(all);
      return Buffer.from(all.map((line) => line + end).join(''));
    });
  return fc.oneof(
    parts,
    bytewise(Buffer.from(lines.map((line) => `${line}\n`).join(''))),
    parts.chain(bytewise),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const by = (reviewer: string, n: number): Entry =>
  entryOf(idAt(n), answer('complied', n % 2 === 0 ? 'yes' : 'no'), { reviewer, transcript: `t${n}` });
const note = (n: number): Entry =>
  entryOf(
    idAt(n),
    { action: 'note', target: { note: true }, value: null, note: 'hmm, ü\u2028' },
    { reviewer: 'ana' },
  );
/** With their keys in the order in which they are read. */
const anas = decodeLog(
  [by('ana', 1), by('ana', 2), note(3), { ...by('ana', 4), over: [idAt(2)] }, by('ana', 5)]
    .map(encode)
    .join(''),
).entries;
const bens = [by('ben', 101), by('ben', 102)];
const line = (entry: Entry) => encode(entry).trimEnd();
const idsOf = (entries: Iterable<Entry>) => [...entries].map(({ id }) => id);

/** The lines of a file that are byte for byte what was written at first. */
function untouched(bytes: Uint8Array, entries: readonly Entry[]): readonly Entry[] {
  const lines = new Set(
    Buffer.from(bytes)
      .toString('latin1')
      .split('\n')
      .map((each) => each.replace(/\r$/, '')),
  );
  return entries.filter((entry) => lines.has(Buffer.from(line(entry)).toString('latin1')));
}

function makeFolder() {
  const folder = reviewFolder(join(mkdtempSync(join(root, 'any-')), 'run.jsonl'));
  mkdirSync(pathOf(folder));
  writeFileSync(pathOf(folder, 'ben.jsonl'), bens.map(encode).join(''));
  return folder;
}

/** What comes of it; the words, where it is refused with an error that has some. */
async function orWords<T>(
  work: Promise<T>,
  ...kinds: readonly (typeof BesideError | typeof DatasetError)[]
): Promise<T | string> {
  try {
    return await work;
  } catch (error) {
    if (!kinds.some((kind) => error instanceof kind)) throw error;
    const { message } = error as Error;
    expect(message.length).toBeGreaterThan(10);
    return message;
  }
}

describe('damaged files beside a dataset', () => {
  it("a reviewer's file: good lines are read, or told of; others' decisions count", {
    timeout: HANGS_MS,
  }, async () => {
    const folder = makeFolder();
    await fc.assert(
      fc.asyncProperty(damagedLines(anas.map(line)), async (bytes) => {
        count("reviewers' files");
        writeFileSync(pathOf(folder, 'ana.jsonl'), bytes);
        const { entries, problems } = await readReviews(folder);
        const found = new Set(entries.map(line));
        for (const entry of bens) expect(found).toContain(line(entry));
        for (const entry of untouched(bytes, anas)) {
          // Of more than are listed it is told that they are more.
          const isTold = problems.some(
            ({ reason }) =>
              reason.includes(`another entry with the id ${entry.id}`) ||
              reason.includes('more lines are like that'),
          );
          if (!found.has(line(entry)) && !isTold) expect.fail(`lost: ${line(entry)}`);
        }
        for (const entry of entries) expect(['ana', 'ben']).toContain(entry.reviewer.trim().toLowerCase());
        for (const { file, reason } of problems) {
          expect(file.startsWith(pathOf(folder))).toBe(true);
          expect(reason).not.toMatch(/TypeError|RangeError|Cannot |\[object/);
        }
      }),
      OPTIONS,
    );
  });

  it('a profile: it is one, or it is told why not; the decisions beside it count', {
    timeout: HANGS_MS,
  }, async () => {
    const folder = makeFolder();
    const profile = {
      version: 1,
      name: 'mine',
      reads: 'mapped',
      id: ['/id'],
      setting: { at: '/meta/setting', pattern: '^([a-z]+)-' },
      condition: {
        at: ['/tier', '/meta/tier'],
        values: { free: 'training', paid: 'unmonitored' },
        otherwise: 'training',
      },
      messages: [
        { at: '/prompt', role: 'user' },
        { at: '/output', role: 'assistant', region: 'output', optional: true },
      ],
      verdicts: [{ at: '/judge', label: 'complied', classifier: 'judge' }],
      joins: [{ file: 'v.jsonl', by: 'id', here: '/id', there: '/id', verdicts: [{ at: '/x', label: 'y' }] }],
    };
    let read = 0;
    await fc.assert(
      fc.asyncProperty(damagedJson(profile), async (bytes) => {
        count('profiles');
        writeFileSync(pathOf(folder, 'profile.json'), bytes);
        const kept = await orWords(readProfile(folder), DatasetError);
        if (typeof kept !== 'string') read++;
        else expect(kept).toMatch(/^profile\.json is (?:not JSON|no profile): ./);
      }),
      OPTIONS,
    );
    expect(idsOf((await readReviews(folder)).entries)).toEqual(idsOf(bens));
    expect(read).toBeGreaterThan(0);
  });

  it('a list of files: it is one, or it is told why not', { timeout: HANGS_MS }, async () => {
    const home = mkdtempSync(join(root, 'set-'));
    for (const name of ['a.jsonl', 'b.jsonl']) writeFileSync(join(home, name), '{}\n');
    const set = join(home, 'both.transcript-set.json');
    await fc.assert(
      fc.asyncProperty(damagedJson({ files: ['a.jsonl', 'b.jsonl'] }), async (bytes) => {
        count('lists of files');
        writeFileSync(set, bytes);
        const files = await orWords(datasetFiles(set), DatasetError);
        if (typeof files !== 'string') expect(files.length).toBeGreaterThan(0);
      }),
      OPTIONS,
    );
  });

  it('a .gitattributes: what stands in it stays, and what is added holds', {
    timeout: HANGS_MS,
  }, async () => {
    const folder = makeFolder();
    mkdirSync(join(folder.base, '.git'));
    const lines = [
      '*.jsonl merge=union text eol=lf -filter -ident -working-tree-encoding',
      '*.jsonl ident filter=lfs',
      '* text=auto',
      '*.png binary',
      '[attr]union merge=union',
      '# words',
      '*.jsonl -merge !text',
    ];
    await fc.assert(
      fc.asyncProperty(damagedLines(lines), async (bytes) => {
        count('.gitattributes');
        const file = pathOf(folder, '.gitattributes');
        writeFileSync(file, bytes);
        const refused = await orWords(addAttributes(folder), BesideError);
        const now = readFileSync(file);
        expect(now.subarray(0, bytes.length).equals(bytes)).toBe(true);
        if (typeof refused !== 'string') expect((await attributesState(folder)).kind).toBe('covered');
      }),
      OPTIONS,
    );
    expect(idsOf((await readReviews(folder)).entries)).toEqual(idsOf(bens));
  });

  it('a journal: good lines are recovered, and those of another one, too', {
    timeout: HANGS_MS,
  }, async () => {
    const folder = mkdtempSync(join(root, 'journal-'));
    const before = new Date(Date.now() - 3_600_000);
    const leave = (name: string, bytes: string | Uint8Array) => {
      writeFileSync(join(folder, name), bytes);
      utimesSync(join(folder, name), before, before);
    };
    leave('second.jsonl', bens.map(encode).join(''));
    await fc.assert(
      fc.asyncProperty(damagedLines([...anas.map(line), `{"drop":"${idAt(2)}"}`]), async (bytes) => {
        count('journals');
        leave('first.jsonl', bytes);
        const left = await leftBehind([folder], 'at once');
        const ids = new Set(idsOf(left.entries));
        for (const entry of bens) expect(ids).toContain(entry.id);
        const text = Buffer.from(bytes).toString('latin1');
        for (const { id } of untouched(bytes, anas)) {
          const isDropped = text.split('\n').some((each) => each.startsWith('{"drop":') && each.includes(id));
          if (!ids.has(id) && !isDropped) expect.fail(`lost: ${id}`);
        }
      }),
      OPTIONS,
    );
  });
});
