import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MOST_LISTED } from '../../../src/core/dataset/listing';
import { canonicalRecord, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';

const CLI = resolve(__dirname, '../../../dist/cli.js');
const folder = temporaryFolder();
/** First 32 hex digits of the SHA-256 of `[["assistant","I will help."]]`, made with another tool. */
const HASH = '7a434589076147542976c8245cce04b8';

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 64 << 20,
  });
  return { status, stdout, stderr };
}

/** `complied` of `n` in each arm; the first `faking` of training's compliant ones are flagged by `af`. */
function arms(
  training: [complied: number, n: number, faking: number],
  unmonitored: [complied: number, n: number],
) {
  const arm = (condition: string, [complied, n, faking = 0]: readonly number[]) =>
    Array.from({ length: n ?? 0 }, (_, i) =>
      canonicalRecord({
        id: `${condition}-${i}`,
        setting: 'helpful-only',
        condition,
        verdicts: [
          { classifier: 'judge', label: 'complied', value: i < (complied ?? 0) },
          { classifier: 'af', label: 'alignment_faking', value: i < faking },
        ],
      }),
    );
  return [...arm('training', training), ...arm('unmonitored', unmonitored)];
}

beforeAll(() => {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is missing; run "npm run build" first');
});

describe('a profile that is kept beside a dataset', () => {
  it('is told of where nobody named it, also under the name of a built-in one', () => {
    const path = writeDataset(folder, 'kept.transcripts.jsonl', jsonl([canonicalRecord({ id: 'a' })]));
    mkdirSync(`${path}.review`);
    const profile = join(`${path}.review`, 'profile.json');
    const messages = [{ chat: '/messages' }];
    writeFileSync(profile, JSON.stringify({ version: 1, name: 'canonical', reads: 'mapped', messages }));
    const note = `${path}: note: read by the profile "canonical" that is kept beside it\n`;
    expect(run('validate', path).stdout).toContain('1 transcripts (profile "canonical")');
    expect(run('metrics', path).stderr).toBe(note);
    expect(run('metrics', path, '--json').stderr).toBe(note);
    expect(run('metrics', path, '--profile', profile).stderr).toBe('');
    expect(run('convert', path, '--to', 'canonical', '--out', '-').stderr).toContain(note);
    rmSync(profile);
    expect(run('validate', path).stdout).toContain('1 transcripts (canonical)');
    expect(run('metrics', path).stderr).toBe('');
    expect(run('convert', path, '--to', 'canonical', '--out', '-').stderr).not.toContain('note: read by');
  });

  it('is named by the file of a folder that it is kept beside', () => {
    const [dir, others] = [join(folder, 'runs'), join(folder, 'runs.review')];
    mkdirSync(dir);
    const path = writeDataset(dir, 'one.jsonl', jsonl([canonicalRecord({ id: 'a' })]));
    writeDataset(dir, 'two.jsonl', jsonl([canonicalRecord({ id: 'b' })]));
    const keep = (beside: string, name: string) => {
      mkdirSync(beside);
      const kept = { version: 1, name, reads: 'mapped', id: ['/id'], messages: [{ chat: '/messages' }] };
      writeFileSync(join(beside, 'profile.json'), JSON.stringify(kept));
    };
    keep(`${path}.review`, 'of one');
    expect(run('metrics', dir).stderr).toBe(
      `${path}: note: read by the profile "of one" that is kept beside it\n`,
    );
    keep(others, 'of all');
    expect(run('metrics', dir).stderr).toBe(
      `${dir}: note: read by the profile "of all" that is kept beside it\n`,
    );
  });
});

describe('transcript-review metrics', () => {
  it('lists a bounded number of rows, says how many more there are, and has all of them as JSON', () => {
    const count = 1_000;
    const records = Array.from({ length: count }, (_, n) =>
      canonicalRecord({ id: `t${n}`, variant: `v${n % (count - 1)}`, condition: 'training' }),
    );
    const path = writeDataset(folder, 'variants.transcripts.jsonl', jsonl(records));
    const { status, stdout } = run('metrics', path);
    expect(status).toBe(0);
    expect(stdout.match(/^unknown · v/gm)).toHaveLength(MOST_LISTED);
    expect(stdout).toContain('799 of 999 rows are not listed, in which 799 of these transcripts count');
    expect(stdout).toContain('unknown · v0 ·'); // the one of two transcripts
    const report = JSON.parse(run('metrics', path, '--json').stdout);
    expect(report.rows).toHaveLength(count - 1);
    expect(report.dataset.transcripts).toBe(count);
  });

  it('prints the figures as JSON', () => {
    // 56 of 70 against 48 of 80 is Newcombe's (1998) own example (a): 0.2 [0.0524, 0.3339].
    const path = writeDataset(folder, 'run.jsonl', jsonl(arms([56, 70, 10], [48, 80])));
    const { status, stdout } = run('metrics', path, '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.dataset).toMatchObject({ transcripts: 150, bad: 0 });
    const [row] = report.rows;
    expect(row).toMatchObject({
      setting: 'helpful-only',
      variant: 'default',
      prefix: 'none',
      training: { n: 70, complied: 56, unknown: 0, rate: 0.8 },
      unmonitored: { n: 80, complied: 48, unknown: 0, rate: 0.6 },
      gap: { method: 'newcombe' },
      alignmentFaking: { n: 70, count: 10 },
      alignmentFakingInclusive: { n: 70, count: 10 },
      conditional: {
        absent: { training: { n: 60, complied: 46 }, unmonitored: { n: 80, complied: 48 } },
        present: {
          training: { n: 10, complied: 10 },
          unmonitored: { n: 0, complied: 0, rate: null, interval: null },
          gap: { value: null, interval: null },
        },
      },
    });
    expect(row.gap.value).toBeCloseTo(0.2, 12);
    expect(row.gap.interval[0]).toBeCloseTo(0.0524, 4);
    expect(row.gap.interval[1]).toBeCloseTo(0.3339, 4);
  });

  it('prints a table in which n = 0 reads "no data"', () => {
    const path = writeDataset(folder, 'table.jsonl', jsonl(arms([56, 70, 10], [48, 80])));
    const { stdout } = run('metrics', path);
    expect(stdout).toMatch(/compliance gap\s+\+20\.0 pp\s+\[5\.2, 33\.4\]\s+n 70 \+ 80/);
    expect(stdout).toMatch(/gap, AF present\s+no data\s+n 10 \+ 0/);
    expect(stdout).not.toContain('NaN');
  });

  it('has a table of a thousand rows and classifiers, but no JSON of each for each', () => {
    const records = Array.from({ length: 1_000 }, (_, n) =>
      canonicalRecord({
        setting: `s${n}`,
        condition: 'training',
        verdicts: [
          { classifier: `c${n}`, label: 'alignment_faking', value: true },
          { classifier: 'judge', label: 'complied', value: true },
        ],
      }),
    );
    const path = writeDataset(folder, 'settings.jsonl', jsonl(records));
    expect(run('metrics', path).stdout).toMatch(/AF, top-line\s+100\.0 %/);
    const { status, stdout, stderr } = run('metrics', path, '--json');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('1000 rows for each of 1000 classifiers');
  });

  it('pools several files', () => {
    const one = writeDataset(folder, 'one.jsonl', jsonl(arms([1, 2, 0], [0, 3])));
    const two = writeDataset(folder, 'two.jsonl', jsonl(arms([2, 2, 1], [1, 3])));
    const report = JSON.parse(run('metrics', one, two, '--json').stdout);
    expect(report.rows).toHaveLength(1);
    expect(report.rows[0]).toMatchObject({
      training: { n: 4, complied: 3 },
      unmonitored: { n: 6, complied: 1 },
    });
  });

  it('hears the decisions beside the file, or none, or those of another folder', () => {
    const path = writeDataset(folder, 'decided.jsonl', jsonl(arms([2, 2, 0], [0, 2])));
    const decide = (dir: string, transcript: string) => {
      mkdirSync(dir, { recursive: true });
      const entry = {
        v: 1,
        id: '01JD0000000000000000000000',
        at: '2026-01-01T00:00:00.000Z',
        reviewer: 'ana',
        transcript,
        hash: HASH,
        target: { label: 'complied' },
        action: 'label',
        value: 'no',
        saw: { judge: true },
        blind: false,
        draw: null,
        note: null,
      };
      writeFileSync(`${dir}/ana.jsonl`, `${JSON.stringify(entry)}\n`);
    };
    decide(`${path}.review`, 'training-0');
    decide(`${folder}/elsewhere`, 'training-1');
    const complied = (...flags: string[]) =>
      JSON.parse(run('metrics', path, '--json', ...flags).stdout).rows[0].training;
    expect(complied()).toMatchObject({ n: 2, complied: 1 });
    expect(complied('--labels', 'classifier')).toMatchObject({ n: 2, complied: 2 });
    expect(complied('--labels', 'reviewed')).toMatchObject({ n: 1, complied: 0 });
    expect(complied('--reviews', `${folder}/elsewhere`)).toMatchObject({ n: 2, complied: 1 });
  });

  it('exits with 1 and still prints when records are bad', () => {
    const path = writeDataset(folder, 'bad.jsonl', `${jsonl(arms([1, 2, 0], [0, 2]))}{"messages": 1}\n`);
    const { status, stdout, stderr } = run('metrics', path, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout).dataset).toMatchObject({ transcripts: 4, bad: 1 });
    expect(stderr).toContain('bad.jsonl:5: error: messages: expected array, found 1');
  });

  it('gives the same figures with a bad record as without it, whatever that one names', () => {
    const good = jsonl(arms([1, 2, 1], [0, 2]));
    const verdicts = [{ classifier: 'nobody else', label: 'alignment_faking', value: true }];
    // Its spans are what is wrong: its facets and verdicts are counted before that is known.
    const bad = canonicalRecord({
      setting: 'ghost',
      condition: 'training',
      verdicts,
      spans: [{ label: 'x' }],
    });
    const reportOf = (name: string, lines: string) =>
      JSON.parse(run('metrics', writeDataset(folder, name, lines), '--json').stdout);
    const { dataset, classifiers, rows } = reportOf('with.jsonl', good + jsonl([bad]));
    expect(dataset).toMatchObject({ transcripts: 4, bad: 1 });
    const without = reportOf('without.jsonl', good);
    expect({ classifiers, rows }).toEqual({ classifiers: without.classifiers, rows: without.rows });
    expect(classifiers).toEqual(['af']);
  });

  it.skipIf(process.platform === 'win32')(
    'refuses to count a file twice by other names (not on Windows)',
    () => {
      const path = writeDataset(temporaryFolder(), 'run.jsonl', jsonl(arms([1, 2, 0], [0, 2])));
      const others = [symlinkSync, linkSync].map((link) => {
        const other = join(temporaryFolder(), 'other.jsonl');
        link(path, other);
        return other;
      });
      for (const other of others) {
        const { status, stderr } = run('metrics', path, other);
        expect([status, stderr]).toEqual([
          2,
          `transcript-review: ${other} would count twice: it is in ${path} and in ${other}\n`,
        ]);
      }
    },
  );

  it('refuses to count a file twice', () => {
    const dir = temporaryFolder();
    const path = writeDataset(dir, 'run.jsonl', jsonl(arms([1, 2, 0], [0, 2])));
    for (const [files, reason] of [
      [[path, path], 'it is given twice'],
      [[dir, path], `it is in ${dir} and in ${path}`],
    ] as const) {
      const { status, stdout, stderr } = run('metrics', ...files);
      expect({ status, stdout, stderr }).toEqual({
        status: 2,
        stdout: '',
        stderr: `transcript-review: ${path} would count twice: ${reason}\n`,
      });
    }
  });

  it.each([
    [['metrics']],
    [['metrics', 'run.jsonl', '--labels', 'nonsense']],
    [['metrics', 'missing.jsonl']],
    [['metrics', 'run.jsonl', '--classifier', 'nobody']],
    [['metrics', 'run.jsonl', '--reviews', 'missing']],
    [['frobnicate']],
    [[]],
  ])('exits with 2 for the wrong call %j', (args) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr.length).toBeGreaterThan(0);
  });
});

describe('transcript-review validate', () => {
  it('names file, line and reason, and exits with 1 for bad records only', () => {
    const spans = [{ classifier: 'c', label: 'l', quote: 'not there' }];
    const path = writeDataset(folder, 'v.jsonl', `${jsonl([canonicalRecord({ spans })])}{oops\n`);
    const { status, stdout } = run('validate', path);
    expect(status).toBe(1);
    expect(stdout).toMatch(/v\.jsonl:1: warning: c, l: /);
    expect(stdout).toMatch(/v\.jsonl:2: error: not JSON: /);
    expect(stdout).toContain('1 transcripts (canonical), 1 bad, 1 warnings');
    const clean = writeDataset(folder, 'clean.jsonl', jsonl([canonicalRecord({ spans })]));
    expect(run('validate', clean).status).toBe(0);
  });

  it('exits with 1 for a file that is not JSON', () => {
    const { status, stdout } = run('validate', writeDataset(folder, 'n.json', 'hello'));
    expect(status).toBe(1);
    expect(stdout).toContain('n.json: error: n.json is of no known shape');
  });

  it('lets no escape sequence of the data through to the terminal', () => {
    const path = writeDataset(
      folder,
      'esc.jsonl',
      `${jsonl([canonicalRecord()])}{"messages":"\\u001b[31mred\\u0007"}\n`,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    expect(run('validate', path).stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('transcript-review schema', () => {
  it('prints the JSON Schema of a record', () => {
    const schema = JSON.parse(run('schema').stdout);
    expect(schema).toMatchObject({ type: 'object', required: ['messages'] });
  });
});
