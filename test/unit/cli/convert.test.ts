import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConvertFlags, convert } from '../../../src/cli/convert';
import { UsageError } from '../../../src/cli/exit';
import { canonicalRecord, jsonl, loadedAudit, temporaryFolder, writeDataset } from '../../support/dataset';
import { answer, entryOf, idAt } from '../../support/entries';
import { transcriptsOf } from '../../support/readBack';

const folder = temporaryFolder();
/** First 32 hex digits of the SHA-256 of `[["assistant","I will help."]]`, made with another tool. */
const HASH = '7a434589076147542976c8245cce04b8';
const CLI = resolve(__dirname, '../../../dist/cli.js');

let stderr = '';
beforeEach(() => {
  stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const verdicts = [{ classifier: 'judge', label: 'complied', value: true }];
const records = ['a', 'b', 'c'].map((id) => canonicalRecord({ id, setting: 's', verdicts }));

/** A folder of its own with a dataset in it; `a` is decided, against the judge. */
function decidedDataset(name: string, lines = jsonl(records)) {
  const dir = join(folder, name);
  mkdirSync(join(dir, 'run.jsonl.review'), { recursive: true });
  const entry = entryOf(idAt(1), answer('complied', 'no'), { transcript: 'a', hash: HASH });
  writeFileSync(join(dir, 'run.jsonl.review/ana@example.org.jsonl'), `${JSON.stringify(entry)}\n`);
  return { dir, path: writeDataset(dir, 'run.jsonl', lines), out: (file: string) => join(dir, file) };
}

function run(files: readonly string[], flags: Partial<ConvertFlags> & { out: string }): Promise<number> {
  return convert(files, { to: 'canonical', labels: 'classifier', ...flags });
}

const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('transcript-review convert', () => {
  it('has columns for labels that transcripts of the dataset are decided on, on the text as it is', async () => {
    const { dir, path, out } = decidedDataset('labels');
    const entries = ['gone', 'b', 'c'].map((transcript, n) =>
      entryOf(idAt(n + 2), answer(`of ${transcript}`, 'no'), {
        transcript,
        reviewer: 'bob',
        hash: transcript === 'b' ? 'f'.repeat(32) : HASH,
      }),
    );
    writeFileSync(join(dir, 'run.jsonl.review/bob.jsonl'), jsonl(entries));
    expect(await run([path], { to: 'csv', out: out('run.csv') })).toBe(0);
    const header = readFileSync(out('run.csv'), 'utf8').split('\n')[0] ?? '';
    expect(header.match(/adjudicated:[^,]*/g)).toEqual(['adjudicated:complied', 'adjudicated:of c']);
  });

  it('writes canonical lines that read back equal, and to which the decisions still apply', async () => {
    const { path, out } = decidedDataset('canonical');
    expect(await run([path], { out: out('out.jsonl') })).toBe(0);
    expect(await transcriptsOf(out('out.jsonl'))).toEqual(await transcriptsOf(path));
    cpSync(`${path}.review`, `${out('out.jsonl')}.review`, { recursive: true });
    const { totals, tracker } = await loadedAudit(out('out.jsonl'));
    expect(totals).toEqual({ reviewed: 1, overrides: 1, stale: 0, orphans: 0 });
    expect(tracker).toBeDefined();
    expect(stderr).toContain('out.jsonl: written as canonical, from 3 transcripts');
  });

  it('writes Parquet that reads back equal: verdicts and spans as stored, not what the text alone would tell', async () => {
    const rich = canonicalRecord({
      ...{ id: 'd', setting: 's', condition: 'training', prefix: 'obedient', promptId: 'p' },
      messages: [{ role: 'assistant', content: 'Well. <rejected/>', prefill: 4, region: 'output' }],
      verdicts: [...verdicts, { classifier: 'af', label: 'alignment_faking', value: null, score: 0.25 }],
      spans: [{ classifier: 'af', label: 'alignment_faking', quote: 'Well', score: 0.5 }],
      metadata: { verdicts: 'of something else' },
    });
    const { path, out } = decidedDataset('rows', jsonl([...records, rich]));
    expect(await run([path], { to: 'parquet', out: out('out.parquet') })).toBe(0);
    expect(await transcriptsOf(out('out.parquet'))).toEqual(await transcriptsOf(path));
  });

  it('writes judgements without texts as canonical lines that read back equal', async () => {
    const judged = [
      { row: 9, human_label: 1, our_label: 1, our_confidence: 1.2, skipped: false },
      { row: 2, human_label: 0, our_label: 1, our_confidence: 0.6, skipped: true },
    ];
    const { path, out } = decidedDataset('judgements', jsonl(judged));
    expect(await run([path], { out: out('out.jsonl') })).toBe(0);
    const read = await transcriptsOf(out('out.jsonl'));
    expect(read.map((one) => one.verdicts.map(({ value }) => value))).toEqual([
      [true, true],
      [null, true],
    ]);
    expect(read).toEqual(await transcriptsOf(path));
  });

  it('puts adjudicated labels among the verdicts with --labels adjudicated', async () => {
    const { path, out } = decidedDataset('adjudicated');
    expect(await run([path], { out: out('out.jsonl'), labels: 'adjudicated' })).toBe(0);
    const [a, b] = linesOf(out('out.jsonl'));
    expect(a.verdicts).toEqual([...verdicts, { classifier: 'adjudicated', label: 'complied', value: false }]);
    expect(b.verdicts).toEqual(verdicts);
  });

  it('marks as text what a spreadsheet would run, and says how many; --raw does not', async () => {
    const formulas = ['=1+1', '@x', 'b'].map((id) => canonicalRecord({ id, setting: 's' }));
    const { path, out } = decidedDataset('formulas', jsonl(formulas));
    const ids = async (name: string, flags: Partial<ConvertFlags>) => {
      stderr = '';
      await run([path], { to: 'csv', out: out(name), ...flags });
      const rows: Record<string, string>[] = parse(readFileSync(out(name)), { columns: true });
      return rows.map(({ id }) => id);
    };
    expect(await ids('marked.csv', {})).toEqual(["'=1+1", "'@x", 'b']);
    expect(stderr).toContain('2 cells');
    expect(await ids('raw.csv', { raw: true })).toEqual(['=1+1', '@x', 'b']);
    expect(stderr).toContain('2 cells begin with = + - @ or a tab and stand as they are');
  });

  it.each([
    ['csv', 'out.csv'],
    ['scout', 'out.csv'],
    ['inspect', 'out.jsonl'],
    ['web-annotation', 'out.json'],
    ['parquet', 'out.parquet'],
  ] as const)('carries the decision to %s', async (to, name) => {
    const { path, out } = decidedDataset(to);
    expect(await run([path], { to, out: out(name) })).toBe(0);
    const bytes = readFileSync(out(name));
    if (to === 'csv') {
      const rows: Record<string, string>[] = parse(bytes, { columns: true });
      expect(rows.map((row) => row['adjudicated:complied'])).toEqual(['false', '', '']);
    } else if (to === 'scout') {
      expect(parse(bytes)).toEqual([
        ['id', 'label_complied'],
        ['a', 'false'],
      ]);
    } else if (to === 'inspect') {
      expect(linesOf(out(name))).toMatchObject([{ id: 'a', value: { complied: false } }]);
    } else if (to === 'web-annotation') {
      const { items } = JSON.parse(bytes.toString());
      expect(items).toHaveLength(1);
      expect(items[0].target.source).toBe('run.jsonl#transcript=a');
    } else {
      const { parquetReadObjects } = await import('hyparquet');
      const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
      expect(rows.map((row) => row['adjudicated:complied'] ?? null)).toEqual([false, null, null]);
    }
  });

  it('hears the decisions of another folder with --reviews', async () => {
    const { dir, path, out } = decidedDataset('elsewhere');
    mkdirSync(join(dir, 'none'));
    expect(await run([path], { to: 'scout', out: out('out.json'), reviews: join(dir, 'none') })).toBe(0);
    expect(JSON.parse(readFileSync(out('out.json'), 'utf8'))).toEqual([]);
    expect(stderr).toContain('no transcript has an adjudicated value');
  });

  it('leaves bad records out, names them and exits with 1', async () => {
    const { path, out } = decidedDataset('bad', `${jsonl(records)}{oops\n{"messages":1}\n`);
    expect(await run([path], { out: out('out.jsonl') })).toBe(1);
    expect(linesOf(out('out.jsonl'))).toHaveLength(3);
    expect(stderr).toContain('run.jsonl:4: error: not JSON');
    expect(stderr).toContain('run.jsonl:5: error: messages');
  });

  it('names a record that cannot be read, writes the others and exits with 1', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const line = `{"id":"d","messages":[{"role":"user","content":"x"}],"metadata":{"deep":${deep}}}\n`;
    const { path, out } = decidedDataset('deep', `${line}${jsonl(records)}`);
    expect(await run([path], { out: out('out.jsonl') })).toBe(1);
    expect(linesOf(out('out.jsonl')).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(stderr).toContain('run.jsonl:1: error: nested more than');
  });

  it('names a record that the target cannot hold, writes the others and exits with 1', async () => {
    const lines = jsonl([
      { key: 'a', text: 'one' },
      { key: 'b', text: 'two' },
    ]);
    const { dir, path, out } = decidedDataset('nameless', lines);
    const profile = writeDataset(
      dir,
      'profile.json',
      JSON.stringify({
        version: 1,
        name: 'with a setting that has no name',
        reads: 'mapped',
        id: ['/key'],
        messages: [{ at: '/text', role: 'assistant' }],
        setting: { at: '/key', values: { b: '' } },
      }),
    );
    expect(await run([path], { profile, out: out('out.jsonl') })).toBe(1);
    expect(linesOf(out('out.jsonl')).map(({ id }) => id)).toEqual(['a']);
    expect(stderr).toContain('run.jsonl:2: error: b not written');
  });

  it('writes nothing when a file cannot be read at all', async () => {
    const { dir, path, out } = decidedDataset('unreadable');
    const other = writeDataset(dir, 'other.json', 'hello');
    expect(await run([path, other], { out: out('out.jsonl') })).toBe(1);
    expect(existsSync(out('out.jsonl'))).toBe(false);
    expect(stderr).toContain('nothing was written');
  });

  it('keeps the ids of several files apart, and says so', async () => {
    const { dir, path, out } = decidedDataset('several');
    const two = writeDataset(dir, 'two.jsonl', jsonl([...records, canonicalRecord({ id: 'a#2' })]));
    expect(await run([path, two], { out: out('out.jsonl') })).toBe(0);
    const ids = linesOf(out('out.jsonl')).map(({ id }) => id);
    expect(ids).toHaveLength(7);
    expect(new Set(ids).size).toBe(7);
    expect(ids.slice(0, 3)).toEqual(['a', 'b', 'c']);
    expect(stderr).toContain('4 ids stand in an earlier file');
  });

  it('never writes over an input, by whatever name, nor among the decisions', async () => {
    const { dir, path, out } = decidedDataset('inputs');
    const before = readFileSync(path);
    symlinkSync(path, out('link.jsonl'));
    mkdirSync(join(dir, 'other.jsonl.review', 'audits'), { recursive: true });
    writeFileSync(join(dir, 'other.jsonl.review', 'ana@example.org.jsonl'), 'decisions');
    for (const name of [
      path,
      out('link.jsonl'),
      join(dir, '.', '..', 'inputs', 'run.jsonl'),
      `${path}.review/ana@example.org.jsonl`,
      `${path}.review/new.jsonl`,
      join(dir, 'other.jsonl.review', 'ana@example.org.jsonl'),
      join(dir, 'other.jsonl.review', 'new.jsonl'),
      join(dir, 'other.jsonl.review', 'audits', 'new.json'),
      join(dir, 'another.jsonl.review'),
    ]) {
      await expect(run([path], { out: name, force: true }), name).rejects.toThrow(UsageError);
    }
    await expect(run([dir], { out: out('new.jsonl'), force: true })).rejects.toThrow(UsageError);
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(`${path}.review`)).toEqual(['ana@example.org.jsonl']);
  });

  it('writes over no file of a set, none that verdicts are joined from, and not over the profile', async () => {
    const { dir, path, out } = decidedDataset('read');
    writeFileSync(out('all.transcript-set.json'), '{"files": ["run.jsonl"]}');
    await expect(run([out('all.transcript-set.json')], { out: path, force: true })).rejects.toThrow(
      UsageError,
    );
    const profile = writeDataset(
      dir,
      'profile.json',
      JSON.stringify({
        version: 1,
        name: 'joined',
        reads: 'mapped',
        id: ['/id'],
        messages: [{ chat: '/messages' }],
        joins: [
          {
            file: 'said.jsonl',
            by: 'id',
            here: '/id',
            there: '/id',
            verdicts: [{ at: '/said', label: 'x' }],
          },
        ],
      }),
    );
    const said = writeDataset(dir, 'said.jsonl', jsonl(['a', 'b', 'c'].map((id) => ({ id, said: true }))));
    const before = readFileSync(said, 'utf8');
    for (const name of [said, profile]) {
      await expect(run([path], { out: name, profile, force: true }), name).rejects.toThrow(UsageError);
    }
    expect(readFileSync(said, 'utf8')).toBe(before);
    expect(await run([path], { out: out('out.jsonl'), profile })).toBe(0);
  });

  it('writes to no link, which may lead to any file', async () => {
    const { dir, path, out } = decidedDataset('links');
    writeFileSync(out('precious'), 'precious');
    symlinkSync(out('precious'), out('link.jsonl'));
    symlinkSync(out('nothing'), out('dangling.jsonl'));
    for (const name of ['link.jsonl', 'dangling.jsonl'])
      await expect(run([path], { out: out(name), force: true })).rejects.toThrow(/is a link/);
    expect(readFileSync(out('precious'), 'utf8')).toBe('precious');
    expect(existsSync(join(dir, 'nothing'))).toBe(false);
  });

  it('writes over another file only with --force, and leaves nothing else behind', async () => {
    const { dir, path, out } = decidedDataset('force');
    writeFileSync(out('out.jsonl'), 'kept');
    linkSync(out('out.jsonl'), out('same.txt'));
    await expect(run([path], { out: out('out.jsonl') })).rejects.toThrow(/is there already; --force/);
    expect(readFileSync(out('out.jsonl'), 'utf8')).toBe('kept');
    expect(await run([path], { out: out('out.jsonl'), force: true })).toBe(0);
    expect(linesOf(out('out.jsonl'))).toHaveLength(3);
    expect(readFileSync(out('same.txt'), 'utf8')).toBe('kept');
    expect(readdirSync(dir).sort()).toEqual(['out.jsonl', 'run.jsonl', 'run.jsonl.review', 'same.txt']);
  });

  it.each<[string, Partial<ConvertFlags> & { out: string }]>([
    ['a folder that is not there', { out: 'missing/out.jsonl' }],
    ['a folder as the file', { out: '.', force: true }],
    ['a device as the file', { out: '/dev/null', force: true }],
    ['a Scout set of no known form', { to: 'scout', out: 'out.txt' }],
    ['a Scout set on standard output, which has no name', { to: 'scout', out: '-' }],
    ['a label that nobody knows', { to: 'inspect', label: 'nonsense', out: 'x.jsonl' }],
    ['--label for a target of all labels', { to: 'csv', label: 'complied', out: 'x.csv' }],
    ['--raw for what is no spreadsheet', { to: 'scout', raw: true, out: 'x.csv' }],
    ['a review folder that is not there', { reviews: 'missing', out: 'x.jsonl' }],
  ])('refuses %s', async (what, { out, ...flags }) => {
    const { dir, path } = decidedDataset(`refuses ${what.replace(/\W+/g, ' ')}`);
    await expect(run([path], { out: /^[-/]/.test(out) ? out : join(dir, out), ...flags })).rejects.toThrow(
      UsageError,
    );
    expect(readdirSync(dir).sort()).toEqual(['run.jsonl', 'run.jsonl.review']);
  });

  it('refuses to write data to a terminal, which may take parts of it for commands', async () => {
    const { path } = decidedDataset('terminal');
    const { isTTY } = process.stdout;
    process.stdout.isTTY = true;
    try {
      await expect(run([path], { out: '-' })).rejects.toThrow(UsageError);
    } finally {
      process.stdout.isTTY = isTTY;
    }
  });

  it('refuses one review folder for two files', async () => {
    const { path, out } = decidedDataset('two');
    await expect(run([path, path], { out: out('o.jsonl'), reviews: `${path}.review` })).rejects.toThrow(
      UsageError,
    );
  });
});

describe('transcript-review convert, as a program', () => {
  it('writes to standard output, and only the data goes there', () => {
    if (!existsSync(CLI)) throw new Error('dist/cli.js is missing; run "npm run build" first');
    const { path } = decidedDataset('stdout');
    const args = ['convert', path, '--to', 'canonical', '--out', '-'];
    const {
      status,
      stdout,
      stderr: told,
    } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(['a', 'b', 'c']);
    expect(told).toContain('standard output: written as canonical, from 3 transcripts');
  });
});
