import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encode } from '../../../src/core/review/codec';
import { type BesideFolder, pathOf } from '../../../src/node/besideFiles';
import { appendEntries, reviewFolder } from '../../../src/node/reviewStore';
import { answer, entryOf, idAt } from '../../support/entries';
import { readReviews } from '../../support/reviews';
import { unprivileged } from '../../support/unprivileged';

const ANA = 'ana@example.org';
const BEN = 'ben@example.org';
const one = entryOf(idAt(1), answer('complied', 'yes'));
const two = entryOf(idAt(2), answer('complied', 'no'));
const bens = entryOf(idAt(3), answer('complied', 'unsure'), { reviewer: BEN });

let root: string;
let folder: BesideFolder;
let path: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'reviews-'));
  folder = reviewFolder(join(root, 'run-42.jsonl'));
  path = pathOf(folder);
});
afterEach(() => rm(root, { recursive: true }));

describe('the folder of decisions', () => {
  it('stands beside the dataset, with a file for each reviewer', async () => {
    await appendEntries(folder, ANA, [one]);
    await appendEntries(folder, BEN, [bens]);
    await appendEntries(folder, ANA, [two]);
    expect(path).toBe(join(root, 'run-42.jsonl.review'));
    expect((await readdir(path)).sort()).toEqual([`${ANA}.jsonl`, `${BEN}.jsonl`]);
    expect(await readFile(join(path, `${ANA}.jsonl`), 'utf8')).toBe(encode(one) + encode(two));
    expect(await readReviews(folder)).toEqual({ entries: [one, two, bens], problems: [] });
  });

  it('holds nothing when it does not exist, and is not made by reading', async () => {
    expect(await readReviews(folder)).toEqual({ entries: [], problems: [] });
    expect(existsSync(path)).toBe(false);
  });

  it('may hold other things, which are left alone', async () => {
    await appendEntries(folder, ANA, [one]);
    await writeFile(join(path, 'README.md'), 'not JSON');
    expect(await readReviews(folder)).toEqual({ entries: [one], problems: [] });
  });
});

describe('readReviews reports, and reads the rest', () => {
  it('a bad line, by file and line', async () => {
    await appendEntries(folder, BEN, [bens]);
    const file = join(path, `${ANA}.jsonl`);
    await writeFile(file, `${encode(one)}<<<<<<< HEAD\n${encode(two)}`);
    expect(await readReviews(folder)).toEqual({
      entries: [one, two, bens],
      problems: [
        {
          severity: 'warning',
          file,
          line: 2,
          offset: null,
          index: null,
          reason: 'decision not read: conflict marker of a git merge',
        },
      ],
    });
  });

  it('a file that cannot be read', async () => {
    await appendEntries(folder, BEN, [bens]);
    await mkdir(join(path, `${ANA}.jsonl`));
    const { entries, problems } = await readReviews(folder);
    expect(entries).toEqual([bens]);
    expect(problems).toMatchObject([{ severity: 'error', file: join(path, `${ANA}.jsonl`), line: null }]);
    expect(problems[0]?.reason).toContain('EISDIR');
  });

  it('a file in place of the folder', async () => {
    await writeFile(path, '');
    const { entries, problems } = await readReviews(folder);
    expect(entries).toEqual([]);
    expect(problems).toMatchObject([{ severity: 'error', file: path }]);
    expect(problems[0]?.reason).toContain('ENOTDIR');
  });
});

describe('appendEntries', () => {
  it('leaves a half-written line as it is, begins a new one, and the broken one is reported', async () => {
    const file = join(path, `${ANA}.jsonl`);
    const torn = encode(one) + encode(two).slice(0, 50);
    await mkdir(path);
    await writeFile(file, torn);
    const before = await readReviews(folder);
    expect(before.entries).toEqual([one]);
    expect(before.problems).toMatchObject([{ line: 2, reason: 'decision not read: half-written last line' }]);

    await appendEntries(folder, ANA, [two]);
    expect(await readFile(file, 'utf8')).toBe(`${torn}\n${encode(two)}`);
    const after = await readReviews(folder);
    expect(after.entries).toEqual([one, two]);
    expect(after.problems).toMatchObject([{ file, line: 2, reason: 'decision not read: not JSON' }]);
  });

  it('keeps a last entry that lacks only its line feed', async () => {
    await mkdir(path);
    await writeFile(join(path, `${ANA}.jsonl`), encode(one).trimEnd());
    await appendEntries(folder, ANA, [two]);
    expect(await readReviews(folder)).toEqual({ entries: [one, two], problems: [] });
  });

  it('may be called again with the same entries, as after a failure', async () => {
    await appendEntries(folder, ANA, [one]);
    await appendEntries(folder, ANA, [one, two]);
    expect(await readReviews(folder)).toEqual({ entries: [one, two], problems: [] });
  });

  it('says so when a file stands in place of the folder', async () => {
    await writeFile(path, 'precious');
    const file = join(path, `${ANA}.jsonl`);
    await expect(appendEntries(folder, ANA, [one])).rejects.toThrow(
      `The decisions could not be saved to ${file}: run-42.jsonl.review is no folder (ENOTDIR)`,
    );
    expect(await readFile(path, 'utf8')).toBe('precious');
  });

  it.skipIf(process.platform === 'win32')(
    'says so when the folder is not writable (needs POSIX permissions)',
    async () => {
      await chmod(root, 0o755);
      await mkdir(path, { mode: 0o555 });
      await unprivileged(() =>
        expect(appendEntries(folder, ANA, [one])).rejects.toThrow('permission denied (EACCES)'),
      );
    },
  );

  it("does not make the dataset's folder when that has gone", async () => {
    const gone = reviewFolder(join(root, 'gone', 'run-42.jsonl'));
    await expect(appendEntries(gone, ANA, [one])).rejects.toThrow('no such file or folder (ENOENT)');
    expect(existsSync(join(root, 'gone'))).toBe(false);
  });

  it('loses no line when many append at once', async () => {
    const entries = Array.from({ length: 60 }, (_, n) => entryOf(idAt(n + 1), answer(`l${n}`, 'yes')));
    await Promise.all(entries.map((entry) => appendEntries(folder, ANA, [entry])));
    const read = await readReviews(folder);
    expect(read.problems).toEqual([]);
    expect(read.entries.map((entry) => entry.id).sort()).toEqual(entries.map((entry) => entry.id));
  });

  it('loses no line when two processes append at once', async () => {
    const store = join(root, 'store.cjs');
    await build({
      entryPoints: ['src/node/reviewStore.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: store,
      logLevel: 'error',
    });
    const ROUNDS = 40;
    // Long entries of different lengths, so that writes which mixed would show.
    const source = (firstId: number) => `
      const { appendEntries } = require(${JSON.stringify(store)});
      (async () => {
        for (let n = 0; n < ${ROUNDS}; n++) {
          const entry = ${JSON.stringify(one)};
          entry.id = String(${firstId} + n).padStart(26, '0');
          entry.note = 'x'.repeat(5000 + n * 311);
          await appendEntries(${JSON.stringify(folder)}, ${JSON.stringify(ANA)}, [entry]);
        }
      })();`;
    const run = promisify(execFile);
    await Promise.all([1000, 2000].map((firstId) => run(process.execPath, ['-e', source(firstId)])));
    const read = await readReviews(folder);
    expect(read.problems).toEqual([]);
    expect(read.entries).toHaveLength(2 * ROUNDS);
  });
});

describe('the files of reviewers', () => {
  it('are as many as the reviewers, whatever these are called', async () => {
    const reviewers = ['..', 'a/b', 'a\\b', 'nul', 'été', '🦊 fox', ' spaced '];
    for (const [n, reviewer] of reviewers.entries()) {
      await appendEntries(folder, reviewer, [entryOf(idAt(n + 1), answer('complied', 'yes'), { reviewer })]);
    }
    const { entries, problems } = await readReviews(folder);
    expect(problems).toEqual([]);
    expect(entries.map((entry) => entry.reviewer).sort()).toEqual([...reviewers].sort());
    expect(await readdir(path)).toHaveLength(reviewers.length);
  });
});
