import { expect, it, vi } from 'vitest';
import { ReviewDocument } from '../../../src/host/reviewDocument';
import { inProcess } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

/** A disk that answers no question about the dataset. */
const slow = vi.hoisted(() => ({ path: '' }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const stat = (path: string) => (path === slow.path ? new Promise(() => {}) : real.stat(path));
  return { ...real, stat };
});

const folder = temporaryFolder();

it('waits for nothing once all is written: what is decided meanwhile would be called saved', async () => {
  const path = writeDataset(folder, 'run.jsonl', jsonl([canonicalRecord({ id: 't1' })]));
  const uri = vscodeStandIn.Uri.file(path) as never;
  const document = await ReviewDocument.open({ uri, run: inProcess, cache: folder, backup: undefined });
  await document.loading;
  await document.decide(0, { kind: 'label', label: 'complied', answer: 'yes' }, 'ana');
  slow.path = path;
  await document.save();
  expect(document.dirty).toBe(false);
  document.dispose();
});
