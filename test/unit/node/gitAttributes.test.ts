import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { pathOf } from '../../../src/node/besideFiles';
import { ATTRIBUTES_LINE, addAttributes, attributesState } from '../../../src/node/gitAttributes';
import { reviewFolder } from '../../../src/node/reviewStore';
import { temporaryFolder } from '../../support/dataset';

const root = temporaryFolder();
const repository = join(root, 'repository');
const review = reviewFolder(join(repository, 'runs', 'run-42.jsonl'));
const file = pathOf(review, '.gitattributes');

const UNCHANGED = '-filter -ident -working-tree-encoding';

beforeEach(async () => {
  await rm(repository, { recursive: true, force: true });
  await mkdir(pathOf(review), { recursive: true });
  await mkdir(join(repository, '.git'));
});

describe('attributesState', () => {
  it('knows a repository by its .git, a folder or a file, at any height', async () => {
    const missing = { kind: 'missing', file, others: false };
    expect(await attributesState(review)).toEqual(missing);
    await rm(join(repository, '.git'), { recursive: true });
    expect(await attributesState(review)).toEqual({ kind: 'noRepository' });
    await writeFile(join(repository, 'runs', '.git'), 'gitdir: elsewhere\n');
    expect(await attributesState(review)).toEqual(missing);
  });

  it('looks where git will, when the folder of the dataset is a link', async () => {
    const link = join(root, 'link');
    await symlink(join(repository, 'runs'), link);
    expect((await attributesState(reviewFolder(join(link, 'run-42.jsonl')))).kind).toBe('missing');
  });

  it('has nothing to say against a review folder that is still to be made', async () => {
    await rm(pathOf(review), { recursive: true });
    expect((await attributesState(review)).kind).toBe('missing');
  });

  it.each([
    `${ATTRIBUTES_LINE}\n`,
    `# ours\r\n*.jsonl   text eol=lf\r\n*.jsonl merge=union ${UNCHANGED}\r\n`,
    `*.jsonl binary\n* merge=union text eol=lf ${UNCHANGED}\n`,
    `*.jsonl merge=union text eol=lf ${UNCHANGED}\n*.csv binary\n`,
  ])('finds git told by %j', async (text) => {
    await writeFile(file, text);
    expect(await attributesState(review)).toEqual({ kind: 'covered', file });
  });

  it.each([
    `*.csv merge=union text eol=lf ${UNCHANGED}\n`,
    `# *.jsonl merge=union text eol=lf ${UNCHANGED}\n`,
    `*.jsonl merge=union ${UNCHANGED}\n`,
    `*.jsonl merge=union -text eol=lf ${UNCHANGED}\n`,
    `*.jsonl merge=union text eol=crlf ${UNCHANGED}\n`,
    '*.jsonl merge=union text eol=lf\n',
    `${ATTRIBUTES_LINE}\n*.jsonl ident\n`,
    `${ATTRIBUTES_LINE}\n*.jsonl filter=lfs\n`,
    `${ATTRIBUTES_LINE}\n* working-tree-encoding=UTF-16\n`,
    `${ATTRIBUTES_LINE}\n*.jsonl !merge\n`,
    `${ATTRIBUTES_LINE}\n*.jsonl binary\n`,
    `${ATTRIBUTES_LINE}\n*.jsonl merge=ours\n`,
  ])('finds git not told by %j', async (text) => {
    await writeFile(file, text);
    expect(await attributesState(review)).toEqual({ kind: 'missing', file, others: true });
  });
});

describe('addAttributes', () => {
  it('makes the file, and the folder', async () => {
    await rm(pathOf(review), { recursive: true });
    await addAttributes(review);
    expect(await readFile(file, 'utf8')).toBe(`*.jsonl merge=union text eol=lf ${UNCHANGED}\n`);
  });

  it.each(['*.csv -text\n', '*.csv -text', '*.jsonl binary\r\n', '\n'])(
    'keeps what stands there: %j',
    async (text) => {
      await writeFile(file, text);
      await addAttributes(review);
      const after = await readFile(file, 'utf8');
      expect(after.startsWith(text)).toBe(true);
      expect(after.slice(text.length).trim()).toBe(ATTRIBUTES_LINE);
      expect((await attributesState(review)).kind).toBe('covered');
    },
  );

  it('writes nothing twice, and nothing outside of a repository', async () => {
    await addAttributes(review);
    await addAttributes(review);
    expect(await readFile(file, 'utf8')).toBe(`${ATTRIBUTES_LINE}\n`);
    await rm(file);
    await rm(join(repository, '.git'), { recursive: true });
    await addAttributes(review);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });
});
