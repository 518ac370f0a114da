import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { encode } from '../../../src/core/review/codec';
import type { Entry } from '../../../src/core/review/entry';
import { ReviewLog, type SavedChange } from '../../../src/core/review/log';
import { type BesideFolder, pathOf } from '../../../src/node/besideFiles';
import { MAX_ON_TRANSCRIPT, MAX_TOGETHER } from '../../../src/node/crowd';
import { obstacleTo } from '../../../src/node/makeWay';
import { ReviewFiles } from '../../../src/node/reviewFiles';
import { reviewFolder } from '../../../src/node/reviewStore';
import { temporaryFolder } from '../../support/dataset';
import { answer, entryOf, idAt } from '../../support/entries';
import { entriesOf, readReviews } from '../../support/reviews';
import { unprivileged } from '../../support/unprivileged';

const root = temporaryFolder();
let folder: BesideFolder;
let path: string;
let files: ReviewFiles;

const by = (reviewer: string, n: number, value: 'yes' | 'no' = 'yes') =>
  entryOf(idAt(n), answer('complied', value), { reviewer, transcript: `t${n}` });
const idsOf = (entries: Iterable<Entry>) => [...entries].map(({ id }) => id).sort();
const reasons = () =>
  files.problems.map(({ file, line, reason }) => `${file.slice(path.length + 1)} ${line}: ${reason}`);

function write(name: string, ...entries: readonly Entry[]): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, name), entries.map(encode).join(''));
}

/** What has changed since the last reading, as ids with a sign. */
const changes = () => changesIn(files.changes());

async function changesIn(parts: AsyncIterable<SavedChange>): Promise<readonly string[]> {
  const told: string[] = [];
  for await (const { added, removed } of parts) {
    told.push(...idsOf(removed).map((id) => `-${Number(id)}`), ...idsOf(added).map((id) => `+${Number(id)}`));
  }
  return told;
}

beforeEach(() => {
  folder = reviewFolder(join(mkdtempSync(join(root, 'case-')), 'run.jsonl'));
  path = pathOf(folder);
  files = new ReviewFiles(folder);
});

const STEPS = [
  ...(['append', 'append half', 'end line', 'append another’s', 'insert', 'touch', 'save'] as const),
  ...(['drop line', 'remove', 'cut', 'read', 'give up'] as const),
];

describe('following the reviewers’ files', () => {
  it.skipIf(process.platform === 'win32')(
    'takes nobody’s decisions back while their folder, or their file, may not be read, and says so (not on Windows)',
    async () => {
      chmodSync(root, 0o755);
      chmodSync(dirname(path), 0o755);
      write('ana.jsonl', by('ana', 1));
      write('bo.jsonl', by('bo', 2));
      expect([...(await changes())].sort()).toEqual(['+1', '+2']);
      chmodSync(path, 0);
      expect(await unprivileged(changes)).toEqual([]);
      expect(reasons()).toEqual([
        ' null: decisions not read: permission denied (EACCES); those that were read before still count',
      ]);
      chmodSync(path, 0o755);
      write('bo.jsonl', by('bo', 2), by('bo', 3));
      chmodSync(join(path, 'bo.jsonl'), 0);
      expect(await unprivileged(changes)).toEqual([]);
      expect(reasons()).toEqual([
        'bo.jsonl null: decisions not read: permission denied (EACCES); those that were read before still count',
      ]);
      chmodSync(join(path, 'bo.jsonl'), 0o644);
      expect(await changes()).toEqual(['+3']);
      expect(reasons()).toEqual([]);
      rmSync(join(path, 'bo.jsonl'));
      expect([...(await changes())].sort()).toEqual(['-2', '-3']);
    },
  );

  it('tells what others have added, changed and removed, and nothing twice', async () => {
    expect(await changes()).toEqual([]);
    write('ana.jsonl', by('ana', 1), by('ana', 2));
    expect(await changes()).toEqual(['+1', '+2']);
    expect(await changes()).toEqual([]);
    appendFileSync(join(path, 'ana.jsonl'), encode(by('ana', 3)));
    write('ben.jsonl', by('ben', 4));
    expect(await changes()).toEqual(['+3', '+4']);
    write('ana.jsonl', by('ana', 2), by('ana', 3, 'no'));
    expect(await changes()).toEqual(['-1', '-3', '+3']);
    rmSync(path, { recursive: true });
    expect((await changes()).toSorted()).toEqual(['-2', '-3', '-4']);
  });

  it('reads no file again that has not changed, nor for what we have written ourselves', async () => {
    write('ben.jsonl', by('ben', 1));
    await changes();
    const read: string[] = [];
    await files.append([by('ana', 2), by('ben', 3)], () => {});
    for await (const _ of files.changes({ progress: (file) => read.push(file) }))
      expect.fail('nothing has changed');
    expect(read).toEqual([]);
    expect(idsOf((await readReviews(folder)).entries)).toEqual([1, 2, 3].map(idAt));
    appendFileSync(join(path, 'ana.jsonl'), encode(by('ana', 4)));
    expect(await changes()).toEqual(['+4']);
  });

  // Of numbers of which the ids, to the base of 32, have no letters.
  it('reads what was appended and nothing before it, be it a colleague’s or in one’s own file', async () => {
    write('ana.jsonl', ...Array.from({ length: 50 }, (_, n) => by('ana', n + 1)));
    write('ben.jsonl', ...Array.from({ length: 50 }, (_, n) => by('ben', n + 101)));
    await changes();
    const parsed = vi.spyOn(JSON, 'parse');
    const read = async () => {
      parsed.mockClear();
      return [await changes(), parsed.mock.calls.length];
    };
    appendFileSync(join(path, 'ben.jsonl'), encode(by('ben', 192)));
    expect(await read()).toEqual([['+60'], 1]);
    await files.append([by('ana', 193)], () => {});
    expect(await read()).toEqual([[], 0]);
    appendFileSync(
      join(path, 'ana.jsonl'),
      `${encode(by('ana', 194))}${encode(by('ana', 195)).slice(0, 50)}`,
    );
    expect(await read()).toEqual([['+62'], 2]);
    expect(reasons()).toEqual(['ana.jsonl 53: decision not read: half-written last line']);
    appendFileSync(join(path, 'ana.jsonl'), encode(by('ana', 195)).slice(50));
    expect(await read()).toEqual([['+63'], 1]);
    utimesSync(join(path, 'ana.jsonl'), 1, 1);
    expect(await read()).toEqual([[], 0]);
    expect(reasons()).toEqual([]);
    // What stands before it is not what it was: all is read, and nothing told twice.
    const text = readFileSync(join(path, 'ben.jsonl'), 'utf8');
    writeFileSync(join(path, 'ben.jsonl'), `${text.replace('"yes"', '"no"')}${encode(by('ben', 196))}`);
    expect(await read()).toEqual([['-35', '+35', '+64'], 52]);
    parsed.mockRestore();
  });

  it('reads anew what it gave up in the middle, and what was saved behind a colleague’s', async () => {
    write('ana.jsonl', by('ana', 1));
    await changes();
    const many = Array.from({ length: 300 }, (_, n) => by('ana', n + 10));
    appendFileSync(join(path, 'ana.jsonl'), many.map(encode).join(''));
    for (const last of [1, 2]) {
      const giving = new AbortController();
      let parts = 0;
      const hasRoom = () => {
        if (++parts === last) giving.abort();
        return true;
      };
      await expect(changesIn(files.changes({ signal: giving.signal, hasRoom }))).rejects.toThrow(/abort/i);
    }
    expect(await entriesOf(files)).toHaveLength(300);
    // One's own decision, made on another machine and here, which does not know of it yet.
    appendFileSync(join(path, 'ana.jsonl'), encode(by('ana', 2)));
    await files.append([by('ana', 3)], () => {});
    const parsed = vi.spyOn(JSON, 'parse');
    expect(await changes()).toEqual(['+2']);
    expect(parsed).toHaveBeenCalledTimes(2);
    expect(await changes()).toEqual([]);
    appendFileSync(join(path, 'ana.jsonl'), encode(by('ana', 6)));
    expect(await changes()).toEqual(['+6']);
    expect(parsed).toHaveBeenCalledTimes(3);
    parsed.mockRestore();
    // Saved behind what is not read yet, and gone before it was: only what is read anew tells.
    const before = readFileSync(join(path, 'ana.jsonl'));
    appendFileSync(join(path, 'ana.jsonl'), encode(by('ana', 4)));
    await files.append([by('ana', 5)], () => {});
    writeFileSync(join(path, 'ana.jsonl'), `${before}${encode(by('ana', 4))}`);
    expect(await changes()).toEqual(['-5', '+4']);
  });

  it('tells of decisions in another’s file once their own has lost them, and not of those saved meanwhile', async () => {
    const anas = Array.from({ length: 3_000 }, (_, n) => by('ana', n + 1));
    write('ana.jsonl', ...anas);
    write('bob.jsonl', ...anas.slice(0, 2));
    await changes();
    expect(files.foreignOf('ana').size).toBe(0);
    write('ana.jsonl', ...anas.slice(1));
    await changes();
    expect([...files.foreignOf('ana').values()].flat().map(({ id }) => id)).toEqual([idAt(1)]);
    let saved: Promise<void> | null = null;
    const progress = (file: string) => {
      if (file.endsWith('bob.jsonl')) saved ??= files.append([by('ana', 1)], () => {});
    };
    write('bob.jsonl', ...anas);
    for await (const _ of files.changes({ progress }));
    await saved;
    expect(files.foreignOf('ana').size).toBe(0);
  });

  it('tells of a line without an end what it says once it has one', async () => {
    write('ana.jsonl', by('ana', 1));
    const line = encode(by('ana', 2)).trimEnd();
    appendFileSync(join(path, 'ana.jsonl'), line);
    expect(await changes()).toEqual(['+1', '+2']);
    appendFileSync(join(path, 'ana.jsonl'), ' and more\n');
    expect(await changes()).toEqual(['-2']);
    expect(reasons()).toEqual([
      'ana.jsonl 2: decision not read: not JSON',
      'ana.jsonl null: 1 decision that stood there when it was read before, and no more',
    ]);
    appendFileSync(join(path, 'ana.jsonl'), line);
    expect(await changes()).toEqual(['+2']);
    await files.append([by('ana', 3)], () => {});
    expect(await changes()).toEqual([]);
    expect(idsOf((await readReviews(folder)).entries)).toEqual([1, 2, 3].map(idAt));
    expect(reasons()).toEqual(['ana.jsonl 2: decision not read: not JSON']);
  });

  it('counts no more than the last of very many on one transcript, however they came', async () => {
    const log = new ReviewLog({ newId: () => '', now: () => new Date() });
    files = new ReviewFiles(folder, log);
    const label = (n: number) => entryOf(idAt(n), answer(`label ${n}`, 'yes'), { reviewer: 'ana' });
    write('ana.jsonl', ...Array.from({ length: MAX_ON_TRANSCRIPT }, (_, n) => label(n + 1)));
    const read = async () => {
      for await (const change of files.changes()) log.changeSaved(change);
      while (log.foldPostponed());
    };
    await read();
    appendFileSync(join(path, 'ana.jsonl'), encode(label(MAX_ON_TRANSCRIPT + 1)));
    await read();
    expect(log.countOn('t1')).toBe(MAX_ON_TRANSCRIPT);
    expect(reasons()[0]).toContain('1 decision is not counted');
    appendFileSync(join(path, 'ana.jsonl'), encode(label(MAX_ON_TRANSCRIPT + 2)));
    await read();
    expect(log.countOn('t1')).toBe(MAX_ON_TRANSCRIPT);
    expect([1, 2, 3].map((n) => log.review('t1').labels.has(`label ${n}`))).toEqual([false, false, true]);
    expect(reasons()[0]).toContain('2 decisions are not counted');
  });

  it('saves what one reviewer decided though something stands in the place of others’ files, and says of how many', async () => {
    mkdirSync(join(path, 'ben.jsonl'), { recursive: true });
    const told: string[] = [];
    const append = () =>
      files.append(
        [by('ben', 1), by('ana', 2), by('cem', 3)].filter(({ reviewer }) => !told.includes(reviewer)),
        (own) => told.push(...own.map(({ reviewer }) => reviewer)),
      );
    await expect(append()).rejects.toThrow(
      /^The decisions could not be saved to .*ben\.jsonl: [^.]*\.jsonl is a folder/,
    );
    expect(told).toEqual(['ana', 'cem']);
    told.length = 0;
    rmSync(join(path, 'cem.jsonl'));
    mkdirSync(join(path, 'cem.jsonl'));
    await expect(append()).rejects.toThrow(/ben\.jsonl is a folder.*\. Nor could those of 1 more file$/);
    expect(told).toEqual(['ana']);
  });

  it('takes nothing back that is saved while it reads', async () => {
    write('ana.jsonl', ...Array.from({ length: 3_000 }, (_, n) => by('ana', n + 1)));
    const late = by('ana', 5_000);
    let saved: Promise<void> | null = null;
    const known = new Set<string>();
    const progress = () => {
      saved ??= files.append([late], () => known.add(late.id));
    };
    const take = async () => {
      for await (const { added, removed } of files.changes({ progress })) {
        for (const { id } of removed) known.delete(id);
        for (const { id } of added) known.add(id);
      }
    };
    await take();
    await saved;
    await take();
    expect(known.size).toBe(3_001);
    expect(idsOf((await readReviews(folder)).entries)).toHaveLength(3_001);
  });

  it('keeps what it knows when the reading is given up, and reads it the next time', async () => {
    write('ana.jsonl', by('ana', 1));
    await changes();
    appendFileSync(join(path, 'ana.jsonl'), encode(by('ana', 2)));
    const signal = AbortSignal.abort();
    const given = async () => {
      for await (const _ of files.changes({ signal })) expect.fail('it was given up');
    };
    await expect(given()).rejects.toThrow(/abort/i);
    expect(await changes()).toEqual(['+2']);
  });

  it('reads one reviewer’s files without waiting for another’s, and tells nothing twice', async () => {
    write('aaa.jsonl', ...Array.from({ length: 1_000 }, (_, n) => by('aaa', n + 10)));
    const long = { note: 'x'.repeat(1_000_000) }; // small files come first
    write('ana.jsonl', { ...by('ana', 1), ...long }, by('ana', 2));
    const all = files.changes();
    expect((await all.next()).done).toBe(false); // in the middle of aaa's
    const own: string[] = [];
    for await (const { added } of files.changesOf('Ana')) own.push(...idsOf(added));
    expect(own).toEqual([1, 2].map(idAt));
    let rest = 0;
    for await (const { added, removed } of all) {
      expect([...idsOf(added), ...idsOf(removed)]).not.toContain(idAt(1));
      rest += added.length;
    }
    expect(rest).toBeGreaterThan(700);
    expect(rest).toBeLessThan(1_000);
    expect(await changes()).toEqual([]);
  });

  it('tells what another reading has read and not come to tell, since it goes on with a longer file', async () => {
    write('ana.jsonl', by('ana', 1));
    const note = 'x'.repeat(900_000);
    write('bob.jsonl', ...Array.from({ length: 30 }, (_, n) => ({ ...by('bob', n + 10), note })));
    let goOn = () => {};
    const stuck = new Promise<void>((resolve) => (goOn = resolve));
    const all = files.changes({ progress: (file) => file.endsWith('bob.jsonl') && goOn() });
    const first = all.next();
    await stuck; // bob's file is being read, ana's was
    const own: string[] = [];
    for await (const { added } of files.changesOf('ana')) own.push(...idsOf(added));
    expect(own).toContain(idAt(1));
    let rest = (await first).value?.added.length ?? 0;
    for await (const { added } of all) rest += added.length;
    expect(own.length + rest).toBe(31);
  });

  it('tells in its order what one reading has added and another removes before that was told', async () => {
    write('ana.jsonl', by('ana', 1));
    write('bob.jsonl', ...Array.from({ length: 1_000 }, (_, n) => by('bob', n + 10)));
    const log = new ReviewLog({ newId: () => idAt(1), now: () => new Date(0) });
    const bobs = files.changesOf('bob');
    await bobs.next(); // in the middle of bob's, for which the reading of all waits
    let goOn = () => {};
    const wasRead = new Promise<void>((resolve) => (goOn = resolve));
    const all = files.changes({ progress: (file) => file.endsWith('ana.jsonl') && goOn() });
    const rest = all.next();
    await wasRead;
    write('ana.jsonl');
    for await (const change of files.changesOf('ana')) log.changeSaved(change);
    expect(log.review('t1').labels.size).toBe(0);
    for await (const change of bobs) log.changeSaved(change);
    log.changeSaved((await rest).value ?? { added: [], removed: [] });
    for await (const change of all) log.changeSaved(change);
    expect(log.review('t1').labels.size).toBe(0);
  });

  it('reads no more than there is memory for, the small files first, and says so', async () => {
    write('aaa.jsonl', ...Array.from({ length: 1_000 }, (_, n) => by('aaa', n + 10)));
    write('zoe.jsonl', by('zoe', 1));
    const told: string[] = [];
    let left = 3; // chunks
    for await (const { added } of files.changes({ hasRoom: () => left-- > 0 })) told.push(...idsOf(added));
    expect(told).toContain(idAt(1));
    expect(told.length).toBeGreaterThan(50);
    expect(told.length).toBeLessThan(500);
    expect(reasons()).toEqual([
      expect.stringMatching(
        /^aaa\.jsonl null: not read behind byte \d+ of \d+: there is no memory for more decisions$/,
      ),
    ]);
  });

  it('compares copies of decisions under another name once, however long they are', async () => {
    const saw = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`c${n}`, true]));
    const mine = Array.from({ length: 20 }, (_, n) => ({ ...by('ana', n + 1), saw }));
    const turned = mine.map(
      (entry) => Object.fromEntries(Object.entries(entry).reverse()) as unknown as Entry,
    );
    write('ana.jsonl', ...mine);
    write('bob.jsonl', ...turned);
    await changes();
    expect(reasons()).toEqual([]); // what ana's file has is there
    const looked = vi.spyOn(Object, 'hasOwn');
    appendFileSync(join(path, 'ana.jsonl'), encode(by('ana', 99)));
    await files.append([by('ana', 100)], () => {});
    await changes();
    const again = looked.mock.calls.length;
    await files.append([by('ana', 101)], () => {});
    await changes();
    // of ana's file, which was written to, all is read and compared anew; later only what is new
    expect(looked.mock.calls.length - again).toBeLessThan(1_000);
    looked.mockRestore();
  });

  it('waits for a file that is being read already, unless it is given up', async () => {
    write('ana.jsonl', ...Array.from({ length: 500 }, (_, n) => by('ana', n + 1)));
    const all = files.changes();
    await all.next();
    const given = new AbortController();
    const own = files.changesOf('ana', { signal: given.signal }).next();
    given.abort();
    await expect(own).rejects.toThrow(/abort/i);
    const waiting = files.changesOf('ana').next();
    for await (const _ of all);
    expect((await waiting).done).toBe(true);
  });

  it('agrees with reading all anew, after anything that happens to the files', {
    timeout: 60_000,
  }, async () => {
    const names = ['ana.jsonl', 'Ana.jsonl', 'ben.jsonl'];
    const step = fc.record({
      kind: fc.constantFrom(...STEPS),
      name: fc.constantFrom(...names),
      n: fc.integer({ min: 1, max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        folder = reviewFolder(join(mkdtempSync(join(root, 'any-')), 'run.jsonl'));
        path = pathOf(folder);
        files = new ReviewFiles(folder);
        let known: readonly Entry[] = [];
        const ever = new Set<string>();
        for (const { kind, name, n } of steps) {
          const file = join(path, name);
          const entry = by(name.slice(0, 3), n + 10 * names.indexOf(name)); // no two writers make one id
          const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
          if (kind === 'append' || kind === 'append half' || kind === 'append another’s') {
            mkdirSync(path, { recursive: true });
            const line = encode(kind === 'append another’s' ? by('zoe', n + 100) : entry);
            appendFileSync(file, kind === 'append half' ? line.slice(0, n * 40) : line);
          } else if (kind === 'end line' && text !== '') appendFileSync(file, '\r\n');
          else if (kind === 'insert' && text !== '') writeFileSync(file, `${encode(entry)}${text}`);
          else if (kind === 'touch' && text !== '') utimesSync(file, n, n);
          else if (kind === 'give up') {
            const giving = new AbortController();
            const [at, signal] = [n, giving.signal];
            let asked = 0;
            const hasRoom = () => {
              if (++asked === at) giving.abort();
              return true;
            };
            known = await entriesOf(files, known, { signal, hasRoom });
          } else if (kind === 'save') {
            await files.append([entry], (own) => {
              known = [
                ...known.filter(({ id, reviewer }) => id !== entry.id || reviewer !== entry.reviewer),
                ...own,
              ];
            });
          } else if (kind === 'drop line' && text !== '') {
            const lines = text.trimEnd().split('\n');
            lines.splice(n % lines.length, 1);
            writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
          } else if (kind === 'remove') rmSync(file, { force: true });
          else if (kind === 'cut' && text !== '') truncateSync(file, Math.max(0, text.length - n * 40));
          else if (kind === 'read') known = await entriesOf(files, known);
          for (const each of known) ever.add(encode(each));
        }
        known = await entriesOf(files, known);
        const fresh = await readReviews(folder);
        const told = (entries: readonly Entry[]) => entries.map(encode).sort();
        expect(told(known)).toEqual(told(fresh.entries));
        // Of one that was in two files, each may say that it is gone.
        const all = files.problems.map(({ reason }) => reason).sort();
        const gone = all.filter((reason) => reason.endsWith('and no more')).map(Number.parseFloat);
        expect(all.filter((reason) => !reason.endsWith('and no more'))).toEqual(
          fresh.problems.map(({ reason }) => reason).sort(),
        );
        const missing = [...ever].filter((line) => !told(fresh.entries).includes(line)).length;
        expect(gone.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(missing);
        expect(gone.length > 0).toBe(missing > 0);
      }),
      { numRuns: 60 },
    );
  });
});

describe('whose decision it is', () => {
  it('is told by the file: nobody speaks for another', async () => {
    const retraction = entryOf(
      idAt(9),
      { action: 'retract', target: { entry: idAt(1) }, value: null },
      { reviewer: 'ana' },
    );
    write('ana.jsonl', by('ana', 1));
    write('mallory.jsonl', by('mallory', 2), retraction, by('ana', 3));
    expect(await changes()).toEqual(['+1', '+2']);
    expect(reasons()).toEqual([
      'mallory.jsonl null: 2 decisions are signed by "ana", whose file this is not, and not counted; in ana.jsonl they would be',
    ]);
    expect([...files.foreignOf('Ana')].map(([name, entries]) => [name, idsOf(entries)])).toEqual([
      ['mallory.jsonl', [idAt(3), idAt(9)]],
    ]);
    expect(files.foreignOf('mallory').size).toBe(0);
  });

  it('is the same person’s in any spelling, which is told once', async () => {
    write('Ana@Example.org.jsonl', by('Ana@Example.org', 1));
    write('ana@example.org.jsonl', by('ana@example.org', 2), by(' ANA@example.org', 3));
    expect(await changes()).toEqual(['+1', '+2', '+3']);
    expect(reasons()).toEqual([
      'ana@example.org.jsonl null: " ANA@example.org" and "Ana@Example.org" and "ana@example.org" are counted as one reviewer',
    ]);
    await files.append([by('ANA@EXAMPLE.ORG', 4)], () => {});
    expect(readFileSync(join(path, 'ana@example.org.jsonl'), 'utf8')).toContain('ANA@EXAMPLE.ORG');
  });

  it('in a copy that a program for synchronising made is theirs once they have taken it over', async () => {
    const copy = 'ana (conflicted copy 2026-11-01).jsonl';
    write('ana.jsonl', by('ana', 1), by('ana', 2));
    write(copy, by('ana', 1), by('ana', 3));
    expect(await changes()).toEqual(['+1', '+2']);
    const [[name, entries] = ['', []]] = [...files.foreignOf('ana')];
    expect([name, idsOf(entries)]).toEqual([copy, [idAt(3)]]);
    await files.append(entries, () => {});
    await changes();
    expect(files.foreignOf('ana').size).toBe(0);
    appendFileSync(join(path, copy), '\n');
    await changes();
    expect(files.problems).toEqual([]);
  });
});

describe('what lies in the folder', () => {
  it('is read through no link, and waited for at no pipe; the rest counts', async () => {
    write('ana.jsonl', by('ana', 1));
    symlinkSync('/dev/zero', join(path, 'a.jsonl'));
    symlinkSync(join(path, 'ana.jsonl'), join(path, 'b.jsonl'));
    execFileSync('mkfifo', [join(path, 'pipe.jsonl')]);
    mkdirSync(join(path, 'folder.jsonl'));
    expect(await changes()).toEqual(['+1']);
    expect(reasons()).toEqual([
      'a.jsonl null: decisions not read: a.jsonl is a link, and links beside a dataset are not followed',
      'b.jsonl null: decisions not read: b.jsonl is a link, and links beside a dataset are not followed',
      'folder.jsonl null: decisions not read: folder.jsonl is a folder, not a file (EISDIR)',
      'pipe.jsonl null: decisions not read: pipe.jsonl is a pipe or a device; only files can be read',
    ]);
    expect(await changes()).toEqual([]);
    expect(files.problems).toHaveLength(4);
  });

  it('may be of any size, a line of at most 1 MiB', async () => {
    const long = { ...by('ana', 1), note: 'x'.repeat(2 ** 20 - 500) };
    const longer = { ...by('ana', 2), note: 'x'.repeat(2 ** 20) };
    write('ana.jsonl', long, longer, by('ana', 3));
    appendFileSync(join(path, 'ana.jsonl'), Buffer.alloc(5 << 20));
    expect(await changes()).toEqual(['+1', '+3']);
    expect(reasons()).toEqual([
      'ana.jsonl 2: decision not read: longer than 1 MiB',
      'ana.jsonl 4: decision not read: longer than 1 MiB',
    ]);
  });

  it('lists a thousand bad lines of a file, and counts the others', async () => {
    write('ana.jsonl', by('ana', 1));
    appendFileSync(join(path, 'ana.jsonl'), 'no decision\n'.repeat(5_000));
    expect(await changes()).toEqual(['+1']);
    expect(files.problems).toHaveLength(1_001);
    expect(reasons().at(-1)).toBe('ana.jsonl null: 4000 more lines are like that');
  });

  it('lists ten thousand of many files, the errors first, counts the others, and hides no decision behind them', async () => {
    write('zoe.jsonl', by('zoe', 1));
    const JUNK = 25;
    for (let n = 0; n < JUNK; n++) writeFileSync(join(path, `aa${n}.jsonl`), '{}\n'.repeat(1_500));
    // Theirs count once each signer has taken them over: a warning for each name.
    const signed = Array.from({ length: 900 }, (_, n) =>
      entryOf(idAt(n + 10), answer('complied', 'yes'), { reviewer: `r${n}` }),
    );
    for (let n = 0; n < 15; n++) write(`b${n}.jsonl`, ...signed.slice(n));
    symlinkSync('aa1.jsonl', join(path, 'z.jsonl'));
    expect(await changes()).toEqual(['+1']);
    const count = files.problems.length;
    expect(files.problems[0]).toMatchObject({ severity: 'error', file: join(path, 'z.jsonl') });
    expect(count).toBeLessThan(20_010);
    const lines = files.problems.filter(({ reason }) => reason.startsWith('decision not read: ')).length;
    const unlisted = reasons().flatMap((each) => {
      const [, more, wrong] =
        /: (?:(\d+) more lines are like that|something is wrong with (\d+) lines)/.exec(each) ?? [];
      return more ?? wrong ?? [];
    });
    expect(lines).toBeGreaterThan(9_000);
    expect(lines + unlisted.reduce((sum, each) => sum + Number(each), 0)).toBe(JUNK * 1_500);
    expect(reasons().at(-1)).toMatch(
      /^\. null: \d+ more warnings on files in it$|: \d+ more warnings on files in it$/,
    );
    // Room is made for what is wrong with another once a file is mended.
    for (let n = 0; n < JUNK - 1; n++) rmSync(join(path, `aa${n}.jsonl`));
    appendFileSync(join(path, `aa${JUNK - 1}.jsonl`), '{}\n');
    await changes();
    expect(files.problems.filter(({ file }) => file.includes('aa')).length).toBe(1_001);
  });

  it('is not taken for gone behind more files than are read, where it was read before or is one’s own', async () => {
    files = new ReviewFiles(folder, undefined, 100);
    write('zoe.jsonl', by('zoe', 1));
    expect(await changes()).toEqual(['+1']);
    for (let n = 0; n < 150; n++) writeFileSync(join(path, `a${n}.jsonl`), '');
    expect(await changes()).toEqual([]);
    expect(reasons()[0]).toContain('only 100 of its 151 files of decisions are read');
    const anew = new ReviewFiles(folder, undefined, 100);
    expect(await changesIn(anew.changesOf('zoe'))).toEqual(['+1']);
    expect(await changesIn(anew.changes())).toEqual([]);
    await files.append([by('zoe', 2)], () => {});
    expect(await changes()).toEqual([]);
    expect(reasons().filter((each) => each.includes('stood there'))).toEqual([]);
  });

  it('is told by its id where no later one can be made, and counts', async () => {
    write('ana.jsonl', { ...by('ana', 1), id: '7ZZZZZZZZZZZZZZZZZZZZZZZZZ' });
    const { entries } = await readReviews(folder);
    expect(entries).toHaveLength(1);
    await changes();
    expect(reasons()).toEqual([expect.stringMatching(/^ana\.jsonl 1: no later id can be made than 7Z+;/)]);
  });

  it.skipIf(process.platform === 'win32')(
    'reads no further in a file that claims to be a terabyte and is nothing, and counts what stood before',
    async () => {
      write('ana.jsonl', by('ana', 1));
      truncateSync(join(path, 'ana.jsonl'), 2 ** 40);
      let bytes = 0;
      const told: string[] = [];
      const progress = (_: string, at: number) => {
        bytes = at;
      };
      for await (const { added } of files.changes({ progress })) told.push(...idsOf(added));
      expect(told).toEqual([idAt(1)]);
      expect(bytes).toBeLessThan(2 ** 29);
      expect(reasons()[0]).toMatch(
        /^ana.jsonl null: not read behind byte \d+ of 1099511627776: 256 MiB of it are no decisions$/,
      );
    },
    120_000,
  );

  it('reads no further in lines of nothing, and in files under other spellings of a name not more than in one', async () => {
    write('ana.jsonl', by('ana', 1));
    appendFileSync(join(path, 'ana.jsonl'), '\n'.repeat(2 ** 22 + 10 ** 6));
    appendFileSync(join(path, 'ana.jsonl'), encode(by('ana', 2)));
    const junk = `${'x'.repeat(2 ** 16)}\n`.repeat(150);
    for (const [n, name] of ['Ana', 'aNa', 'anA', 'ANA'].entries()) {
      write(`${name}.jsonl`, by(name, 3 + 2 * n));
      appendFileSync(join(path, `${name}.jsonl`), `${junk}${encode(by(name, 4 + 2 * n))}`);
    }
    write('ben.jsonl', by('ben', 20));
    appendFileSync(join(path, 'ben.jsonl'), `${junk}${encode(by('ben', 21))}`);
    // Signed by somebody else they count for nobody, whatever they are padded with.
    const padded = encode(by('ben', 40)).replace('{', `{${' '.repeat(2 ** 19)}`);
    writeFileSync(join(path, 'ANa.jsonl'), padded.repeat(40));
    // Nine megabytes of it in each: the second of them is the last that is read into.
    const told: string[] = [];
    for await (const { added } of files.changes()) told.push(...idsOf(added));
    expect(told.sort()).toEqual([1, 3, 4, 5, 7, 9, 20, 21].map(idAt).sort());
    const cut = reasons().filter((reason) => reason.includes('not read behind'));
    expect(cut.filter((reason) => reason.startsWith('ana.jsonl'))).toEqual([
      expect.stringMatching(/: 4,194,304 of its lines are no decisions$/),
    ]);
    expect(cut.filter((reason) => /under other spellings of this name$/.test(reason))).toHaveLength(4);
    expect(cut).toHaveLength(5);
  }, 120_000);

  it('is not appended to where it is read by nobody; it can be put aside, and what was read stays', async () => {
    const nothing = '\n'.repeat((1 << 22) + 100_000);
    write('ana.jsonl', by('ana', 1), by('ana', 2));
    appendFileSync(join(path, 'ana.jsonl'), nothing);
    const before = readFileSync(join(path, 'ana.jsonl'));
    expect(await changes()).toEqual(['+1', '+2']);
    const saved: string[] = [];
    const append = () => files.append([by('ana', 3), by('ben', 4)], (own) => saved.push(...idsOf(own)));
    const refusal =
      /ana\.jsonl: it is not read behind byte \d+ of \d+: 4,194,304 of its lines are no decisions\. What is added/;
    await expect(append()).rejects.toThrow(refusal);
    expect(saved).toEqual([idAt(4)]);
    expect(readFileSync(join(path, 'ana.jsonl')).equals(before)).toBe(true);
    expect(await obstacleTo(files, 'ben')).toBeNull();
    const obstacle = await obstacleTo(files, 'ana');
    expect(obstacle?.kind).toBe('cut');
    expect(readFileSync((await obstacle?.remove()) ?? '').equals(before)).toBe(true);
    expect(await obstacleTo(files, 'ana')).toBeNull();
    await append();
    expect(await changes()).toEqual([]);
    expect(idsOf((await readReviews(folder)).entries)).toEqual([1, 2, 3, 4].map(idAt));
    expect(reasons()).toEqual([]);
  });

  it('is appended to where there was no memory here to read it to its end: others will', async () => {
    write('ana.jsonl', by('ana', 1));
    await changesIn(files.changes({ hasRoom: () => false }));
    expect(reasons()).toEqual([expect.stringContaining('no memory for more decisions')]);
    expect(await obstacleTo(files, 'ana')).toBeNull();
    await files.append([by('ana', 2)], () => {});
    expect(idsOf((await readReviews(folder)).entries)).toEqual([1, 2].map(idAt));
  });

  it('is put aside with what was read, and not copied, where it has a second name as well', async () => {
    write('ana.jsonl', by('ana', 1));
    appendFileSync(join(path, 'ana.jsonl'), '\n'.repeat((1 << 22) + 100_000));
    linkSync(join(path, 'ana.jsonl'), join(path, 'second name'));
    await changes();
    await (await obstacleTo(files, 'ana'))?.remove();
    await files.append([by('ana', 2)], () => {});
    expect(idsOf((await readReviews(folder)).entries)).toEqual([1, 2].map(idAt));
  });

  it('counts the last decisions of very many in a file on one transcript, and tells how many are left out', async () => {
    const many = Array.from({ length: MAX_ON_TRANSCRIPT + 3 }, (_, n) =>
      entryOf(idAt(n + 1), answer(`label ${n}`, 'yes'), { reviewer: 'ana' }),
    );
    const other = entryOf(idAt(900_000), answer('af', 'no'), { reviewer: 'ana', transcript: 'other' });
    write('ana.jsonl', other, ...many);
    const told: Entry[] = [];
    for await (const { added } of files.changes()) told.push(...added);
    expect(told.map(({ id }) => id)).toEqual([other, ...many.slice(3)].map(({ id }) => id));
    expect(reasons()).toEqual([
      'ana.jsonl null: 3 decisions are not counted: of very many on one transcript, the last 10,000 of a file count, and no more than 50,000 of all files',
    ]);
  });

  it('counts no more of all files on one transcript than a decision can look at, the small files first', async () => {
    const log = new ReviewLog({ newId: () => '', now: () => new Date() });
    files = new ReviewFiles(folder, log);
    const manyOf = (reviewer: string, count: number, first: number) =>
      Array.from({ length: count }, (_, n) =>
        entryOf(idAt(first + n), answer(`label ${n}`, 'yes'), { reviewer }),
      );
    const large = ['ana', 'cy', 'dee', 'eve', 'fay'];
    for (const [n, name] of large.entries())
      write(`${name}.jsonl`, ...manyOf(name, MAX_ON_TRANSCRIPT, n * MAX_ON_TRANSCRIPT));
    write('ben.jsonl', ...manyOf('ben', 3, 900_000));
    const read = async () => {
      for await (const change of files.changes()) log.changeSaved(change);
      while (log.foldPostponed()); // as whoever reads has to
    };
    await read();
    expect(log.countOn('t1')).toBe(MAX_TOGETHER);
    const deciders = (label: string) =>
      log
        .review('t1')
        .labels.get(label)
        ?.map(({ reviewer }) => reviewer);
    expect(deciders('label 2')).toContain('ben');
    const [cut] = reasons();
    expect(reasons()).toHaveLength(1);
    expect(cut).toMatch(/^(ana|cy|dee|eve|fay).jsonl null: 3 decisions are not counted/);
    // What one of them adds later counts, instead of what was first.
    write(
      'ben.jsonl',
      ...manyOf('ben', 3, 900_000),
      entryOf(idAt(900_010), answer('later', 'no'), { reviewer: 'ben' }),
    );
    await read();
    expect(log.countOn('t1')).toBe(MAX_TOGETHER);
    expect(deciders('later')).toEqual(['ben']);
    expect(deciders('label 0')).not.toContain('ben');
    expect(reasons()).toEqual(
      [cut, expect.stringMatching(/^ben.jsonl null: 1 decision is not counted/)].sort(),
    );
  });

  it('reads no decision with a name that nobody could read', async () => {
    const long = 'x'.repeat(1_001);
    write('ana.jsonl', entryOf(idAt(1), answer(long, 'yes'), { reviewer: 'ana' }), by('ana', 2));
    expect(await changes()).toEqual(['+2']);
    expect(reasons()).toEqual(['ana.jsonl 1: decision not read: label: longer than 1000 characters']);
  });

  it.skipIf(process.platform !== 'linux')('says of names that are none what is wrong with them', async () => {
    write('ANA.JSONL', by('ana', 1));
    writeFileSync(
      Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.jsonl')]),
      '',
    );
    expect(await changes()).toEqual([]);
    expect(reasons()).toEqual([
      'ANA.JSONL null: decisions not read: its name has to end in .jsonl, in lower case',
      '\uFFFD\uFFFD.jsonl null: decisions not read: its name is not UTF-8',
    ]);
  });
});
