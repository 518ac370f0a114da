import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { takeAlong, tellLeftBehind } from '../../../src/host/renames';
import { temporaryFolder } from '../../support/dataset';
import { vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const folder = temporaryFolder();
const at = (name: string) => vscodeStandIn.Uri.file(join(folder, name)) as never;
const renamed = async (from: string, to: string) => {
  const edit = await takeAlong(at(from), at(to), []);
  return (edit as unknown as { readonly renamed: unknown }).renamed;
};

afterEach(() => vi.restoreAllMocks());

it('takes the folder of decisions along, where there is one', async () => {
  mkdirSync(join(folder, 'a.jsonl.review'));
  expect(await renamed('a.jsonl', 'b.jsonl')).toEqual([
    [join(folder, 'a.jsonl.review'), join(folder, 'b.jsonl.review')],
  ]);
  expect(await renamed('none.jsonl', 'b.jsonl')).toEqual([]);
});

it('leaves both folders where they are where the new name has one', async () => {
  mkdirSync(join(folder, 'c.jsonl.review'));
  mkdirSync(join(folder, 'd.jsonl.review'));
  expect(await renamed('c.jsonl', 'd.jsonl')).toEqual([]);
});

it('says when decisions have stayed behind, whatever kept them, and not when they went along', () => {
  const told = vi.spyOn(vscodeStandIn.window, 'showWarningMessage');
  const after = (from: string, to: string) => tellLeftBehind(at(from), at(to));
  mkdirSync(join(folder, 'went.jsonl.review'));
  after('was.jsonl', 'went.jsonl');
  expect(told).not.toHaveBeenCalled();
  for (const name of ['e', 'f', 'g']) mkdirSync(join(folder, `${name}.jsonl.review`));
  after('e.jsonl', 'f.jsonl');
  expect(told.mock.calls[0]?.[0]).toMatch(/e\.jsonl\.review and count no more: .*f\.jsonl\.review already/);
  after('g.jsonl', 'h.jsonl'); // "Skip Changes" in VS Code's preview
  expect(told.mock.calls[1]?.[0]).toMatch(
    /g\.jsonl\.review and count no more: .*Rename it to .*h\.jsonl\.review/,
  );
});

it('saves what is unsaved in a dataset that is renamed, or whose folder is, and knows that it is gone from there', async () => {
  const open = (name: string) => ({
    uri: at(name),
    dirty: true,
    save: vi.fn(async () => {}),
    isMoved: false,
  });
  const saved = vi.spyOn(vscodeStandIn.workspace, 'save').mockResolvedValue(undefined);
  const documents = [open('runs/e.jsonl'), open('runs/in/f.jsonl'), open('runs2/e.jsonl')];
  await takeAlong(at('runs'), at('runs3'), documents as never);
  await takeAlong(at('runs/e.jsonl'), at('runs/g.jsonl'), documents as never);
  expect(documents.map(({ save }) => save.mock.calls.length)).toEqual([2, 1, 0]);
  expect(saved).toHaveBeenCalledTimes(3);
  expect(documents.map(({ isMoved }) => isMoved)).toEqual([true, true, false]);
});

it('takes the saved ones along, and says what becomes of the others, where they cannot be saved', async () => {
  mkdirSync(join(folder, 'full.jsonl.review'));
  const told = vi.spyOn(vscodeStandIn.window, 'showWarningMessage');
  const document = {
    uri: at('full.jsonl'),
    dirty: true,
    isMoved: false,
    audit: { log: { pendingCount: 3 } },
    save: () => Promise.reject(new Error('no space is left on the disk')),
  };
  const edit = await takeAlong(at('full.jsonl'), at('to.jsonl'), [document] as never);
  expect((edit as unknown as { readonly renamed: unknown }).renamed).toHaveLength(1);
  expect(document.isMoved).toBe(true);
  expect(told.mock.calls[0]?.[0]).toMatch(
    /3 unsaved decisions on .*full\.jsonl .*no space is left.*They are kept/,
  );
});
