import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { LISTED_PROBLEMS } from '../../../src/core/dataset/model';
import { Dataset } from '../../../src/node/dataset';
import { datasetFiles } from '../../../src/node/datasetFiles';
import { inProcess, type RunIndex } from '../../../src/node/runIndex';
import { setText } from '../../../src/node/setFile';
import { JsonFile } from '../../../src/node/sources/jsonFile';
import { DatasetError } from '../../../src/node/sources/source';
import {
  canonicalRecord,
  indexed,
  jsonl,
  loadedAudit,
  temporaryFolder,
  writeDataset,
} from '../../support/dataset';

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = join(temporaryFolder(), 'runs');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeDataset(folder, name, content);
  }
  return folder;
}

const one = (id: string, text: string) =>
  canonicalRecord({ id, messages: [{ role: 'assistant', content: text }] });

it('has no more rows of packed files together than there is room for, and says which it leaves out', async () => {
  const folder = folderOf({});
  const data = Array<string>(505_000).fill('<think>x</think>');
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data, type: 'STRING' }] }));
  expect(bytes.length).toBeLessThan(100_000);
  mkdirSync(folder, { recursive: true });
  for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, `${name}.parquet`), bytes);
  const dataset = await indexed(folder);
  expect(dataset.columns.count).toBe(1_000_000 + Math.ceil((3 * bytes.length) / 2));
  expect(
    dataset.problems.filter(({ severity }) => severity === 'error').map(({ file, reason }) => [file, reason]),
  ).toEqual([
    ['b.parquet', expect.stringMatching(/^the rest is skipped: the dataset has more records by then/)],
    ['c.parquet', expect.stringMatching(/^skipped: the dataset has more records by then/)],
  ]);
}, 120_000);

describe('a folder opened as one dataset', () => {
  const folder = folderOf({
    'b.jsonl': jsonl([one('b1', 'first of b'), { messages: 'none' }, one('same', 'of b')]),
    'a/nested.jsonl': jsonl([one('a1', 'first of a'), one('same', 'of a')]),
    'a/README.json': '{"title": "about these runs"}',
    'c.json': JSON.stringify([one('c1', 'of c')]),
    'c.json.review/ana@example.org.jsonl': '{"not":"data"}\n',
    '.hidden/x.jsonl': jsonl([one('hidden', 'never')]),
    'notes.txt': 'not data',
  });

  it('reads its files in the order of their names, and a record from the file it stands in', async () => {
    const dataset = await indexed(folder);
    expect(dataset.phase).toBe('ready');
    expect(dataset.files.map(({ name }) => name)).toEqual(['a/nested.jsonl', 'b.jsonl', 'c.json']);
    const { columns } = dataset;
    const ids = Array.from({ length: columns.count }, (_, i) => columns.id(i));
    expect(ids.filter((_, i) => !columns.isBad(i))).toEqual(['a1', 'same', 'b1', 'same#2', 'c1']);
    for (const [id, text] of [
      ['a1', 'first of a'],
      ['same', 'of a'],
      ['same#2', 'of b'],
      ['c1', 'of c'],
    ]) {
      const record = await dataset.record(columns.indexOf(id ?? ''));
      expect(record.kind === 'transcript' && record.transcript.messages[0]?.content).toBe(text);
    }
  });

  it('leaves what was read of a file in it, when the rest cannot be read', async () => {
    const runs = folderOf({
      'a.json': JSON.stringify([one('a1', 'first of a'), one('a2', 'second of a')]),
      'b.jsonl': jsonl([one('b1', 'first of b')]),
    });
    const chunks = JsonFile.prototype.chunks;
    let opened = 0;
    const broken = vi.spyOn(JsonFile.prototype, 'chunks').mockImplementation(async function* (
      this: JsonFile,
    ) {
      const isSecond = this.container === 'JSON' && opened++ > 0; // the first looks what it is
      for await (const chunk of chunks.call(this)) {
        yield chunk;
        if (isSecond) throw new DatasetError('its disk is gone');
      }
    });
    const dataset = await indexed(runs);
    broken.mockRestore();
    expect(dataset.problems.map(({ file, reason }) => [file, reason])).toEqual([
      ['a.json', 'the rest is skipped: its disk is gone'],
    ]);
    for (const [index, text] of ['first of a', 'second of a', 'first of b'].entries()) {
      const record = await dataset.record(index);
      expect(record.kind === 'transcript' && record.transcript.messages[0]?.content).toBe(text);
    }
  });

  it('holds no line of a file that was replaced meanwhile against records of another', async () => {
    const runs = folderOf({ 'a.jsonl': jsonl([one('a1', 'a')]), 'b.jsonl': jsonl([one('b1', 'b')]) });
    const dataset = new Dataset(runs);
    const run: RunIndex = (request, emit, signal) =>
      inProcess(
        request,
        (event) => {
          emit(event);
          // as many bytes as there were, and more lines
          if (event.type === 'file end') writeDataset(runs, 'a.jsonl', '0\n'.repeat(100));
        },
        signal,
      );
    await dataset.index(run, new AbortController().signal);
    expect([dataset.phase, dataset.error]).toEqual([
      'failed',
      'a.jsonl has changed on disk while it was read',
    ]);
    expect(dataset.columns.badCount).toBe(0);
  });

  it('says of each problem in which file it is', async () => {
    const { problems } = await indexed(folder);
    expect(problems.map(({ file, line, severity }) => [file, line, severity])).toEqual([
      ['a/README.json', null, 'warning'],
      ['b.jsonl', 2, 'error'],
      ['b.jsonl', 3, 'warning'],
    ]);
  });

  it('reads a file by the profile that is kept beside it', async () => {
    const profile = {
      version: 1,
      name: 'answers',
      reads: 'mapped',
      id: ['/n'],
      messages: [{ at: '/a', role: 'assistant' }],
    };
    const mixed = folderOf({
      'answers.csv': 'n,a\nx1,yes\nx2,no\n',
      'answers.csv.review/profile.json': JSON.stringify(profile),
      'ours.jsonl': jsonl([one('o1', 'ours')]),
      'all.transcript-set.json': '{"files": ["ours.jsonl"]}',
    });
    const { columns, problems, files } = await indexed(mixed);
    expect(files.map(({ name, profile: read }) => [name, read.name])).toEqual([
      ['answers.csv', 'answers'],
      ['ours.jsonl', 'canonical'],
    ]);
    expect(Array.from({ length: columns.count }, (_, i) => columns.id(i))).toEqual(['x1', 'x2', 'o1']);
    expect(problems).toEqual([]);
  });

  it('does so where there is no other, and says that the joins of that profile are not made', async () => {
    const joins = [
      {
        file: 'judged.csv',
        by: 'id',
        here: '/n',
        there: '/n',
        verdicts: [{ at: '/v', label: 'complied', classifier: 'judge' }],
      },
    ];
    const profile = {
      version: 1,
      name: 'turned',
      reads: 'mapped',
      id: ['/n'],
      messages: [{ at: '/a', role: 'assistant' }],
      joins,
    };
    const lonely = folderOf({
      'answers.csv': 'n,a\nx1,yes\n',
      'answers.csv.review/profile.json': JSON.stringify(profile),
      'all.transcript-set.json': '{"files": ["answers.csv"]}',
    });
    for (const path of [lonely, join(lonely, 'all.transcript-set.json')]) {
      const { columns, files, fileErrors } = await indexed(path);
      expect(files.map(({ profile: read, profileOf }) => [read.name, profileOf])).toEqual([
        ['turned', 'file'],
      ]);
      expect(columns.id(0)).toBe('x1');
      expect(fileErrors.map(({ file, reason }) => [file, reason])).toEqual([
        ['answers.csv', 'the verdicts of judged.csv are joined only when it is opened by itself'],
      ]);
    }
    // By itself it is read as the user says, who has said nothing here.
    expect((await indexed(join(lonely, 'answers.csv'))).phase).toBe('failed');
  });

  it('says what of a file as a whole there is to say, however much is bad in another', async () => {
    const bad = folderOf({
      'a.jsonl': `${JSON.stringify(one('a1', 'good'))}\n${'1\n'.repeat(LISTED_PROBLEMS + 1)}`,
      'b.jsonl': '{"of": "no known shape"}\n',
    });
    const { problems } = await indexed(bad);
    expect(problems.filter(({ file }) => file !== 'a.jsonl')).toMatchObject([
      { severity: 'warning', file: 'b.jsonl', reason: expect.stringMatching(/^skipped: .* no known shape/) },
    ]);
    expect(problems.filter(({ file }) => file === 'a.jsonl')).toHaveLength(LISTED_PROBLEMS);
  });

  it('takes what is of no known shape for data that is missing, but for JSON beside the data that nobody named', async () => {
    const of = '{"of": "no known shape"}';
    const logs = folderOf({
      'a.jsonl': jsonl([one('a1', 'good')]),
      'b.jsonl': of,
      'eval-set.json': of,
      'config.json': of,
      'some.transcript-set.json': '{"files": ["a.jsonl", "config.json"]}',
    });
    const { problems, unread } = await indexed(logs);
    expect(problems.map(({ severity, file }) => [severity, file])).toEqual(
      ['b.jsonl', 'config.json', 'eval-set.json'].map((file) => ['warning', file]),
    );
    expect(unread.map(({ file }) => file)).toEqual(['b.jsonl']);
    const named = await indexed(join(logs, 'some.transcript-set.json'));
    expect(named.unread.map(({ file }) => file)).toEqual(['config.json']);
  });

  it('says of a compressed file that it is to be unpacked, unless it was', async () => {
    const packed = folderOf({
      'a.jsonl': jsonl([one('a1', 'good')]),
      'a.jsonl.gz': 'the same',
      'more/b.CSV.zst': 'packed',
      'more/c.json.bz2': 'packed',
      'more/d.jsonl.gz': 'packed',
      'more/e.tar.gz': 'packed',
    });
    const { problems, unread, errors } = await indexed(packed);
    expect(problems.map(({ severity, file, reason }) => [severity, file, reason])).toEqual(
      ['b.CSV.zst', 'c.json.bz2', 'd.jsonl.gz'].map((name) => [
        'warning',
        `more/${name}`,
        `skipped: ${name} is compressed; unpack it first`,
      ]),
    );
    expect([unread, errors]).toEqual([problems, 0]);
    await expect(datasetFiles(join(packed, 'more'))).rejects.toThrow(
      /^more holds no file that could be a dataset .*; b\.CSV\.zst is compressed; unpack it first$/,
    );
  });

  it('does not read a file that it skipped as the one that grows', async () => {
    const growing = folderOf({
      'a.jsonl': jsonl([one('a1', 'good')]),
      'b.jsonl': '{"of": "no known shape"}\n',
    });
    const dataset = await indexed(growing);
    const before = dataset.problems.length;
    appendFileSync(join(growing, 'a.jsonl'), jsonl([one('a2', 'good')]));
    expect(await dataset.readAdded(inProcess, new AbortController().signal)).toBe(true);
    expect([before, dataset.problems.length, dataset.errors]).toEqual([1, 1, 0]);
    expect(dataset.columns.count).toBe(2);
  });

  it('tells when a file that could not be read has changed, and when one that was empty has its first lines', async () => {
    const sweep = folderOf({
      'a.jsonl': jsonl([one('a1', 'good')]),
      'b.jsonl': '',
      'c.jsonl.gz': 'packed',
      'd.jsonl': '{"of": "no known shape"}\n',
      // What is beside data on purpose, and written again and again.
      'status.json': '{"step": 1}',
    });
    const dataset = await indexed(sweep);
    expect(dataset.unread.map(({ file }) => file)).toEqual(['c.jsonl.gz', 'b.jsonl', 'd.jsonl']);
    expect(await dataset.lookAtUnread()).toEqual({ kind: 'same' });
    // What was read tells of itself.
    appendFileSync(join(sweep, 'a.jsonl'), jsonl([one('a2', 'good')]));
    expect([await dataset.look(), await dataset.lookAtUnread()]).toEqual([
      { kind: 'grown' },
      { kind: 'same' },
    ]);
    expect(await dataset.readAdded(inProcess, new AbortController().signal)).toBe(true);
    writeFileSync(join(sweep, 'status.json'), '');
    expect(await dataset.lookAtUnread()).toEqual({ kind: 'same' });
    writeFileSync(join(sweep, 'status.json'), '{"step": 2}');
    expect(await dataset.lookAtUnread()).toEqual({ kind: 'same' });
    utimesSync(join(sweep, 'b.jsonl'), 1, 1);
    expect(await dataset.lookAtUnread()).toEqual({ kind: 'same' });
    appendFileSync(join(sweep, 'd.jsonl'), '{"of": "none either"}\n');
    expect([await dataset.look(), await dataset.lookAtUnread()]).toEqual([
      { kind: 'same' },
      { kind: 'changed', what: 'd.jsonl, which was not read whole, has changed on disk since' },
    ]);
    appendFileSync(join(sweep, 'b.jsonl'), jsonl([one('b1', 'good')]));
    expect(await dataset.lookAtUnread()).toEqual({ kind: 'begun' });
  });

  it('keeps decisions beside itself', async () => {
    const audit = await loadedAudit(folder);
    expect(audit.reviewProblems).toEqual([]);
    expect(audit.totals.orphans).toBe(0);
  });

  it.skipIf(process.platform === 'win32')(
    'is read without a folder in it that cannot be listed, which is told in few words',
    async () => {
      const folder = folderOf({ 'a.jsonl': jsonl([one('a', 'of a')]) });
      const deep = 'for i in $(seq 600); do mkdir deepfold && cd deepfold || exit 1; done';
      execFileSync('bash', ['-c', deep], { cwd: folder });
      onTestFinished(() => void execFileSync('rm', ['-r', join(folder, 'deepfold')])); // Node cannot
      const { phase, columns, problems } = await indexed(folder);
      expect([phase, columns.count]).toEqual(['ready', 1]);
      expect(problems.map(({ reason }) => reason)).toEqual([
        'skipped: deepfold cannot be read: the name is too long (ENAMETOOLONG)',
      ]);
    },
  );

  it('is refused when it holds no data', async () => {
    const dataset = await indexed(folderOf({ 'notes.txt': 'none' }));
    expect(dataset.phase).toBe('failed');
    expect(dataset.error).toContain('holds no file that could be a dataset');
  });
});

describe('files opened as one dataset', () => {
  const folder = folderOf({
    'b.jsonl': jsonl([one('b1', 'of b')]),
    'deep/a.jsonl': jsonl([one('a1', 'of a')]),
    'other.jsonl': jsonl([one('other', 'not named')]),
  });
  const setOf = (name: string, text: string) => writeDataset(folder, name, text);

  it('are those that the set names, in its order', async () => {
    const files = [join(folder, 'b.jsonl'), join(folder, 'deep/a.jsonl')];
    const dataset = await indexed(setOf('two.transcript-set.json', setText(files, folder)));
    expect(dataset.files.map(({ name }) => name)).toEqual(['b.jsonl', 'deep/a.jsonl']);
    expect([dataset.columns.id(0), dataset.columns.id(1), dataset.columns.count]).toEqual(['b1', 'a1', 2]);
  });

  it('are read as far as they are there', async () => {
    const dataset = await indexed(setOf('gone.transcript-set.json', '{"files": ["gone.jsonl", "b.jsonl"]}'));
    expect([dataset.phase, dataset.columns.count]).toEqual(['ready', 1]);
    expect(dataset.problems).toMatchObject([
      { file: 'gone.jsonl', severity: 'error', reason: expect.stringContaining('is not there') },
    ]);
  });

  it('are refused when the set is none', async () => {
    const dataset = await indexed(setOf('bad.transcript-set.json', '{"files": "b.jsonl"}'));
    expect(dataset.error).toContain('bad.transcript-set.json is no list of files');
  });
});
