/** A review folder that is a link: refused where the workspace is not trusted, asked about once where it is. */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encode } from '../../src/core/review/codec';
import { offerLinkedFolder } from '../../src/host/linkedFolder';
import { ReviewDocument } from '../../src/host/reviewDocument';
import { inProcess } from '../../src/node/runIndex';
import { temporaryFolder } from '../support/dataset';
import { answer, entryOf, idAt } from '../support/entries';
import { memento, vscodeStandIn } from '../support/vscodeStandIn';
import { makeWorld, plant, type World } from './world';

vi.mock('vscode', async () => (await import('../support/vscodeStandIn')).vscodeStandIn);

const { window, workspace } = vscodeStandIn;
const root = temporaryFolder();
const YES = { kind: 'label', label: 'complied', answer: 'yes' } as const;
const bens = entryOf(idAt(1), answer('complied', 'no'), { reviewer: 'ben' });
let world: World;
let elsewhere: string;

beforeEach(() => {
  workspace.isTrusted = true;
  world = makeWorld(root);
  plant(world, 'ben.jsonl', bens);
  elsewhere = join(world.root, 'home/decisions');
  renameSync(world.reviews, elsewhere);
  symlinkSync(elsewhere, world.reviews);
});
afterEach(() => vi.restoreAllMocks());

const answering = (button: string | undefined) =>
  vi.spyOn(window, 'showWarningMessage').mockResolvedValue(button);

/** Reviewers whose decisions count, and what is wrong, once the folder was offered. */
async function offered(memory: ReturnType<typeof memento>) {
  const uri = vscodeStandIn.Uri.file(world.dataset) as never;
  const document = await ReviewDocument.open({ uri, run: inProcess, cache: root, backup: undefined });
  await offerLinkedFolder(document, memory);
  await document.loading;
  await document.whenKnown();
  const decided = [...document.audit.log.review('t1').labels.values()].flat().map(({ reviewer }) => reviewer);
  const reasons = document.audit.reviewProblems.map(({ reason }) => reason).join('\n');
  const saved = await document.audit.reviews
    .append([entryOf(idAt(9), answer('complied', 'no'), { reviewer: 'ana' })], () => {})
    .then(() => true)
    .catch(() => false);
  document.dispose();
  return { decided, reasons, saved };
}

describe.skipIf(process.platform === 'win32')('a review folder that is a link (not on Windows)', () => {
  it('is refused without a question in a workspace that is not trusted, whatever was answered before', async () => {
    const memory = memento();
    answering('Use This Folder');
    expect((await offered(memory)).decided).toEqual(['ben']);
    unlinkSync(join(elsewhere, 'ana.jsonl'));
    const asked = answering('Use This Folder');
    asked.mockClear();
    workspace.isTrusted = false;
    const { decided, reasons, saved } = await offered(memory);
    expect({ decided, saved }).toEqual({ decided: [], saved: false });
    expect(reasons).toMatch(/is a link/);
    expect(asked).not.toHaveBeenCalled();
    expect(readdirSync(elsewhere)).toEqual(['ben.jsonl']);
  });

  it('is asked about once in one that is, and again when it leads elsewhere', async () => {
    const memory = memento();
    const asked = answering('Use This Folder');
    expect(await offered(memory)).toMatchObject({ decided: ['ben'], reasons: '', saved: true });
    await offered(memory);
    expect(asked).toHaveBeenCalledTimes(1);
    const third = join(world.root, 'home/third');
    mkdirSync(third);
    unlinkSync(world.reviews);
    symlinkSync(third, world.reviews);
    asked.mockResolvedValue('Do Not');
    expect(await offered(memory)).toMatchObject({ decided: [], saved: false });
    await offered(memory);
    expect(asked).toHaveBeenCalledTimes(2);
    expect(readdirSync(third)).toEqual([]);
  });

  it('is refused in a living window once the place that was allowed leads elsewhere, or the folder of the dataset', async () => {
    answering('Use This Folder');
    const uri = vscodeStandIn.Uri.file(world.dataset) as never;
    const document = await ReviewDocument.open({ uri, run: inProcess, cache: root, backup: undefined });
    await offerLinkedFolder(document, memento());
    await document.loading;
    await document.whenKnown();
    await document.decide(0, YES, 'ana');
    await document.save();
    const secret = join(world.root, 'home/secret');
    mkdirSync(secret);
    renameSync(elsewhere, `${elsewhere}.old`);
    symlinkSync(secret, elsewhere);
    await document.decide(1, YES, 'ana');
    await expect(document.save()).rejects.toThrow(/leads to .*secret by now, and led to/);
    await document.reloadReviews();
    expect(document.dirty).toBe(true);
    expect(readdirSync(secret)).toEqual([]);
    document.dispose();

    unlinkSync(world.reviews);
    const plain = await ReviewDocument.open({ uri, run: inProcess, cache: root, backup: undefined });
    await plain.loading;
    await plain.decide(0, YES, 'ana');
    const own = dirname(world.dataset);
    copyFileSync(world.dataset, join(secret, basename(world.dataset)));
    renameSync(own, `${own}.old`);
    symlinkSync(secret, own);
    await expect(plain.save()).rejects.toThrow(/leads to .*secret by now, and led to/);
    expect(plain.dirty).toBe(true);
    expect(readdirSync(secret)).toEqual([basename(world.dataset)]);
    plain.dispose();
  });

  it('is refused as long as nobody has answered', async () => {
    const asked = answering(undefined);
    const memory = memento();
    expect(await offered(memory)).toMatchObject({ decided: [], saved: false });
    appendFileSync(join(elsewhere, 'ben.jsonl'), encode({ ...bens, id: idAt(2) }));
    expect(await offered(memory)).toMatchObject({ decided: [], saved: false });
    expect(asked).toHaveBeenCalledTimes(2);
  });
});
