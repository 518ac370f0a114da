import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalRecord, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';

const ROOT = resolve(__dirname, '../../..');
const CLI = join(ROOT, 'dist/cli.js');
const folder = temporaryFolder();
const STACK = /\n\s+at |node:internal/;

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 100_000,
    maxBuffer: 1 << 24,
  });
  return { status, stdout, stderr };
}

const good = (name: string, ...ids: string[]) =>
  writeDataset(folder, name, jsonl(ids.map((id) => canonicalRecord({ id }))));

beforeAll(() => {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is missing; run "npm run build" first');
});

describe('what the command is given', () => {
  it('prints the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(run('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it('wants a folder for --reviews', () => {
    const path = good('one.jsonl', 'a');
    const { status, stderr } = run('metrics', path, '--reviews', path);
    expect(status).toBe(2);
    expect(stderr).toBe(`transcript-review: ${path} is not a folder\n`);
  });

  it('takes a folder without data for no dataset', () => {
    const empty = temporaryFolder();
    const { status, stdout, stderr } = run('validate', empty);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toContain('holds no file that could be a dataset');
  });

  it.skipIf(process.platform === 'win32')('waits for no pipe, and takes no device for an empty file', () => {
    const pipe = join(folder, 'pipe.jsonl');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    for (const path of [pipe, '/dev/null']) {
      const { status, stdout } = run('validate', path);
      expect(status).toBe(1);
      expect(stdout).toContain('is a pipe or a device; only files can be read');
    }
  });
});

describe('what is wrong with the data', () => {
  it('names the review file and its line, not the dataset, for a decision that cannot be read', () => {
    const path = good('reviewed.jsonl', 'a', 'b', 'c');
    mkdirSync(`${path}.review`);
    const review = join(`${path}.review`, 'ana.jsonl');
    writeFileSync(review, '<<<<<<< HEAD\n{"v":1}\n');
    for (const command of ['validate', 'metrics']) {
      const { status, stdout, stderr } = run(command, path);
      expect(status).toBe(0);
      expect(stdout + stderr).toContain(
        `${review}:1: warning: decision not read: conflict marker of a git merge`,
      );
      expect(stdout + stderr).not.toContain(`${path}:1: warning`);
    }
  });

  it('exits with 1, and prints the rest, when the decisions cannot be read', () => {
    const path = good('locked.jsonl', 'a');
    writeFileSync(`${path}.review`, 'a file where the folder should be');
    const { status, stdout, stderr } = run('metrics', path, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout).dataset.transcripts).toBe(1);
    expect(stderr).toContain(`${path}.review: error: decisions not read`);
  });

  it.each([
    ['cut.json', (records: string) => `[${records},`, 'the file ends at line 1 before its JSON is closed'],
    [
      'twice.json',
      (records: string) => `[${records}]\n[${records}]`,
      'there is text after the end of the JSON',
    ],
  ])('exits with 1 for %s, of which a part may be missing', (name, frame, reason) => {
    const path = writeDataset(folder, name, frame(JSON.stringify(canonicalRecord())));
    const { status, stdout } = run('validate', path);
    expect(status).toBe(1);
    expect(stdout).toContain(`${path}: error: ${reason}`);
    expect(stdout).toContain('1 transcripts (canonical), 0 bad, 0 warnings');
  });

  it('says how many problems it does not list, and counts them', () => {
    const path = writeDataset(
      folder,
      'many.jsonl',
      `${jsonl([canonicalRecord()])}${'{"messages":[]}\n'.repeat(10_005)}`,
    );
    const { stdout } = run('validate', path);
    expect(stdout).toContain('5 more problems are not listed');
    expect(stdout).toContain('1 transcripts (canonical), 10005 bad, 0 warnings');
  });

  it('lets no escape sequence of the data through in the table', () => {
    const record = canonicalRecord({ setting: 'a\u001b[31mb', variant: 'c\u009b1md', condition: 'training' });
    const { stdout } = run('metrics', writeDataset(folder, 'escapes.jsonl', jsonl([record])));
    expect(stdout).toContain('a<U+001B>[31mb · c<U+009B>1md · prefix none');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('who reads the output', () => {
  /** The command with nobody at the other end of its standard output. */
  function unread(...args: string[]) {
    return new Promise<{ status: number | null; stderr: string }>((settle) => {
      const child = spawn(process.execPath, [CLI, ...args], { cwd: folder });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      child.on('close', (status) => settle({ status, stderr }));
    });
  }

  it('may stop reading: no stack, and the status that the data has', async () => {
    expect(await unread('metrics', good('fine.jsonl', 'a'), '--json')).toEqual({ status: 0, stderr: '' });
    const bad = writeDataset(folder, 'one-bad.jsonl', `${jsonl([canonicalRecord()])}oops\n`);
    expect(await unread('validate', bad)).toEqual({ status: 1, stderr: '' });
  });

  it.skipIf(!existsSync('/dev/full'))('is told when the output cannot be written (needs /dev/full)', () => {
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', `"$0" "$1" validate fine.jsonl >/dev/full`, process.execPath, CLI],
      { encoding: 'utf8', cwd: folder },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/^transcript-review: cannot print: /);
    expect(stderr).not.toMatch(STACK);
  });
});
