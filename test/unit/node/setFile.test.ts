/** A list of files that may come from a stranger. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dataset } from '../../../src/node/dataset';
import { datasetFiles } from '../../../src/node/datasetFiles';
import { inProcess } from '../../../src/node/runIndex';
import { commonFolder, MAX_SET_FILES, readSet, setFilePath, setText } from '../../../src/node/setFile';
import { DatasetError } from '../../../src/node/sources/source';
import { canonicalRecord, indexed, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { scanRow, writeScan } from '../../support/scoutScan';

const folder = temporaryFolder();
const setOf = (files: unknown, name = 'x.transcript-set.json') =>
  writeDataset(folder, name, JSON.stringify({ files }));

describe('a set of files', () => {
  it.each([
    '/etc/passwd',
    '../up.jsonl',
    'a/../../up.jsonl',
    'a/..',
    './a.jsonl',
    '',
    '.',
    'C:/x.jsonl',
    'c:x.jsonl',
    '//server/share/x.jsonl',
    '\\\\server\\share\\x.jsonl',
    'a\\..\\..\\x.jsonl',
    'a\\b.jsonl',
    'a.jsonl\0.eval',
  ])('names nothing but what is in its folder: %j is refused', async (file) => {
    const { phase, error } = await indexed(setOf(['a.jsonl', file]));
    expect(phase).toBe('failed');
    expect(error).toContain('x.transcript-set.json: files[1] is');
    expect(error).toContain('only files in its own folder');
  });

  it('is refused where it has two lists, of which one would be left out without a word', async () => {
    const set = writeDataset(
      folder,
      'two.transcript-set.json',
      '{"files": ["a.jsonl"], "files": ["b.jsonl"]}',
    );
    await expect(readSet(set)).rejects.toThrow(
      'two.transcript-set.json: the key "files" occurs more than once, and nothing says which list is meant',
    );
  });

  it('never leads out of its folder, whatever it names', async () => {
    const step = fc.constantFrom(
      '..',
      '.',
      '',
      'a',
      'b.jsonl',
      'C:',
      '~',
      '\\',
      '..\\',
      ' ',
      '%2e%2e',
      '。。',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const set = setOf([steps.join('/')], 'any.transcript-set.json');
        const files = await readSet(set).catch((error: unknown) => {
          expect(error).toBeInstanceOf(DatasetError);
          return [];
        });
        for (const file of files) expect(file.startsWith(`${resolve(folder)}/`)).toBe(true);
      }),
    );
  });

  it.skipIf(process.platform === 'win32')(
    'leads out of its folder through no link, of a file or a folder',
    async () => {
      const [outer, inner, store] = ['outer', 'outer/in', 'store'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      for (const path of [inner, store]) mkdirSync(path, { recursive: true });
      for (const path of [join(store, 'own.jsonl'), join(outer, 'here.jsonl')])
        writeFileSync(path, jsonl([canonicalRecord({ id: path })]));
      symlinkSync(store, join(outer, 'sub'));
      symlinkSync(join(store, 'own.jsonl'), join(outer, 'own.jsonl'));
      symlinkSync('../here.jsonl', join(inner, 'again.jsonl'));
      symlinkSync('gone', join(outer, 'gone.jsonl'));
      symlinkSync(outer, join(folder, 'way'));
      const open = (...files: string[]) => {
        writeFileSync(join(outer, 'some.transcript-set.json'), JSON.stringify({ files }));
        return indexed(join(folder, 'way/some.transcript-set.json'));
      };
      for (const file of ['own.jsonl', 'sub/own.jsonl']) {
        const { phase, error, columns } = await open('here.jsonl', file);
        expect([phase, columns.count]).toEqual(['failed', 0]);
        expect(error).toContain(`files[1], "${file}", leads through a link to ${join(store, 'own.jsonl')}`);
      }
      const scan = writeScan(join(outer, 'scan'), { judge: [scanRow('own', true)] });
      expect((await open('scan')).columns.count).toBe(1);
      renameSync(join(scan, 'judge.parquet'), join(store, 'judge.parquet'));
      symlinkSync(join(store, 'judge.parquet'), join(scan, 'judge.parquet'));
      const { error } = await open('here.jsonl', 'scan');
      expect(error).toContain(`files[1], "scan", leads through a link to ${join(store, 'judge.parquet')}`);
      expect((await open('in/again.jsonl')).columns.count).toBe(1);
      expect((await open('here.jsonl', 'gone.jsonl')).columns.count).toBe(1);
    },
  );

  it.each<[string, unknown, string]>([
    ['too many files', Array(MAX_SET_FILES + 1).fill('a.jsonl'), `names ${MAX_SET_FILES + 1} files`],
    ['more than a list has', ['a'.repeat(5 << 20)], 'larger than 4 MiB'],
    ['no file', [], 'is no list of files'],
    ['what is no list', { length: { toString: 'x' } }, 'is no list of files'],
    ['what is no name', [{ length: { toString: 'x' } }], 'is no list of files'],
  ])('is refused for %s', async (_, files, reason) => {
    expect((await indexed(setOf(files))).error).toContain(reason);
  });

  it('holds as many as it may, each once, and says of all that are missing that they are', async () => {
    const names = Array.from({ length: MAX_SET_FILES }, (_, index) => `gone/${index}.jsonl`);
    expect(await datasetFiles(setOf(names))).toHaveLength(MAX_SET_FILES);
    expect(await datasetFiles(setOf([...names.slice(1), 'gone/1.jsonl']))).toHaveLength(MAX_SET_FILES - 1);
  });

  it.skipIf(process.platform === 'win32')('waits for no pipe, whether it is one or names one', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.transcript-set.json'), join(folder, 'pipe.jsonl')]);
    const pipe = await indexed(join(folder, 'pipe.transcript-set.json'));
    expect(pipe.error).toContain('is a pipe or a device');
    writeDataset(folder, 'a.jsonl', jsonl([canonicalRecord({ id: 'a' })]));
    const { phase, problems, columns } = await indexed(setOf(['pipe.jsonl', 'a.jsonl']));
    expect([phase, columns.count]).toEqual(['ready', 1]);
    expect(problems).toMatchObject([{ file: 'pipe.jsonl', reason: expect.stringContaining('is a pipe') }]);
    const kept = new Dataset(setOf(['pipe.jsonl', 'a.jsonl']), { cache: temporaryFolder() });
    await kept.index(inProcess, new AbortController().signal);
    expect([kept.phase, kept.columns.count]).toEqual(['ready', 1]);
  });
});

describe('a set that is written', () => {
  it('has its ending once, whatever a dialog makes of the name', () => {
    for (const name of ['/a/x', '/a/x.transcript-set.json', '/a/x.transcript-set.json.transcript-set.json'])
      expect(setFilePath(name)).toBe('/a/x.transcript-set.json');
  });

  it('is read as the files that were picked, in the folder that holds them or above', async () => {
    mkdirSync(join(folder, 'runs/deep'), { recursive: true });
    const files = ['runs/a.jsonl', 'runs/deep/b 12:30.eval'].map((name) => join(folder, name));
    expect(commonFolder(files)).toBe(join(folder, 'runs'));
    for (const place of [join(folder, 'runs'), folder]) {
      const set = writeDataset(place, 'two.transcript-set.json', setText(files, place));
      expect(await readSet(set)).toEqual(files);
      expect(readFileSync(set, 'utf8')).not.toContain(folder);
    }
  });

  it('is refused beside other files, and where it would be too long to be read', () => {
    const file = join(folder, 'runs/a.jsonl');
    expect(() => setText([file], join(folder, 'elsewhere'))).toThrow(/is not in .*elsewhere/);
    expect(() => setText(Array(MAX_SET_FILES + 1).fill(file), folder)).toThrow(/more than a set may name/);
  });

  it('has a folder wherever files have one in common', () => {
    expect(commonFolder(['/a/b.jsonl', '/ab/c.jsonl'])).toBe('/');
    expect(commonFolder(['/a/b.jsonl', '/a/b/c.jsonl'])).toBe('/a');
  });
});
