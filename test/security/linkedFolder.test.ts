/** A review folder that is a link: refused where the workspace is not trusted, asked about once where it is. */
import { appendFileSync, mkdirSync, readdirSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
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

  it('is refused as long as nobody has answered', async () => {
    const asked = answering(undefined);
    const memory = memento();
    expect(await offered(memory)).toMatchObject({ decided: [], saved: false });
    appendFileSync(join(elsewhere, 'ben.jsonl'), encode({ ...bens, id: idAt(2) }));
    expect(await offered(memory)).toMatchObject({ decided: [], saved: false });
    expect(asked).toHaveBeenCalledTimes(2);
  });
});
