import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentHash } from '../../../src/core/dataset/hash';
import { encode } from '../../../src/core/review/codec';
import { saveOrOffer } from '../../../src/host/inTheWay';
import { ReviewDocument } from '../../../src/host/reviewDocument';
import { replaceAside } from '../../../src/node/besideFiles';
import { obstacleTo } from '../../../src/node/makeWay';
import { inProcess } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder } from '../../support/dataset';
import { answer, entryOf, idAt } from '../../support/entries';
import { eventually } from '../../support/eventually';
import { vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

/**
 * Review folders on a file system that ignores case as macOS does, by which a name is found in any that folds alike, and
 * that has no hard links, as on a memory stick.
 */
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const { basename, dirname, join } = await import('node:path');
  const folded = (name: string) => name.normalize('NFD').toUpperCase().toLowerCase();
  const found = async (path: unknown) => {
    if (typeof path !== 'string' || !dirname(path).endsWith('.review')) return path;
    const names = await real.readdir(dirname(path)).catch(() => []);
    const name = names.find((each) => folded(each) === folded(basename(path)));
    return join(dirname(path), name ?? basename(path));
  };
  const finding =
    (work: (path: never, ...rest: never[]) => unknown) =>
    async (path: unknown, ...rest: never[]) =>
      work((await found(path)) as never, ...rest);
  const link = () => Promise.reject(Object.assign(new Error('ENOTSUP: made up'), { code: 'ENOTSUP' }));
  return { ...real, link, open: finding(real.open), lstat: finding(real.lstat), rm: finding(real.rm) };
});

const { window, workspace } = vscodeStandIn;
const root = temporaryFolder();
const HASH = contentHash([
  { role: 'assistant', content: 'I will help.', prefill: 0 },
] as unknown as Parameters<typeof contentHash>[0]);
const YES = { kind: 'label', label: 'complied', answer: 'yes' } as const;
const NO = encode(
  entryOf(idAt(1), answer('complied', 'no'), { reviewer: 'ana', transcript: 't2', hash: HASH }),
);
let path: string;
let document: ReviewDocument;

const names = () => readdirSync(`${path}.review`);
const textOf = (name: string) => readFileSync(join(`${path}.review`, name), 'utf8');

async function opened(): Promise<ReviewDocument> {
  const uri = vscodeStandIn.Uri.file(path) as never;
  const options = { uri, run: inProcess, cache: join(root, 'index'), backup: undefined };
  const one = await ReviewDocument.open(options);
  await one.loading;
  return one;
}

/** A reviewer has decided where a file of this name lies. */
async function decided(reviewer: string, there: string): Promise<void> {
  mkdirSync(`${path}.review`);
  writeFileSync(join(`${path}.review`, there), NO);
  document = await opened();
  await document.decide(0, YES, reviewer);
}

beforeEach(() => {
  path = join(mkdtempSync(join(root, 'case-')), 'run.jsonl');
  writeFileSync(path, jsonl(['t1', 't2'].map((id) => canonicalRecord({ id }))));
  vi.spyOn(workspace, 'save').mockImplementation(async () => void (await document.save()));
});
afterEach(() => vi.restoreAllMocks());

describe('where the file system ignores case', () => {
  it.each([
    ['ana', 'ana.JSONL'],
    ['weiss', 'weiß.jsonl'],
    ['νικοσ', 'νικος.jsonl'],
  ])('nothing of %s is saved to %s, which is not read as theirs', async (reviewer, there) => {
    vi.spyOn(window, 'showWarningMessage').mockResolvedValue(undefined);
    await decided(reviewer, there);
    await expect(saveOrOffer(document)).rejects.toThrow(
      `${reviewer}.jsonl: ${there} stands in its place, as this file system takes the two names for one`,
    );
    expect([document.dirty, names(), textOf(there)]).toEqual([true, [there], NO]);
  });

  it.each([
    ['ana', 'Ana.jsonl'],
    ['josé', 'jose\u0301.jsonl'],
  ])('that of %s is saved to %s, in which it is read', async (reviewer, there) => {
    await decided(reviewer, there);
    await saveOrOffer(document);
    expect(names()).toEqual([there]);
    expect(textOf(there).split('\n')).toHaveLength(3);
  });

  it('one’s own file with another ending is renamed by a click, and its decisions count', async () => {
    const asked = vi.spyOn(window, 'showWarningMessage').mockResolvedValue('Rename It and Save');
    await decided('ana', 'ana.JSONL');
    await expect(saveOrOffer(document)).rejects.toThrow(/could not be saved/);
    await eventually(() => expect(document.dirty).toBe(false));
    expect(asked.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(
        /ana\.JSONL stands where your decisions belong, and is not read, .* It can be renamed/,
      ),
    ]);
    expect(names()).toEqual(['ana.jsonl']);
    await document.reloadReviews();
    const again = await opened();
    expect([document, again].map(({ audit }) => audit.totals.reviewed)).toEqual([2, 2]);
    expect(again.audit.reviewProblems).toEqual([]);
  });

  it('a file is put aside with all that is in it, where there are no hard links', async () => {
    await decided('ana', 'ana.jsonl');
    const aside = await replaceAside(document.reviewFolder, 'ana.jsonl', (draft) => draft.writeFile('new'));
    expect([textOf(aside), textOf('ana.jsonl'), names().length]).toEqual([NO, 'new', 2]);
  });

  it('another’s file is not asked about', async () => {
    const asked = vi.spyOn(window, 'showWarningMessage').mockResolvedValue('Put It Aside and Save');
    await decided('weiss', 'weiß.jsonl');
    await expect(saveOrOffer(document)).rejects.toThrow(/could not be saved/);
    expect(await obstacleTo(document.audit.reviews, 'weiss')).toBeNull();
    expect([asked.mock.calls, names()]).toEqual([[], ['weiß.jsonl']]);
  });
});
