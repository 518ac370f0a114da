import { mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { contentHash } from '../../../src/core/dataset/hash';
import type { Message } from '../../../src/core/dataset/model';
import { ReviewLog } from '../../../src/core/review/log';
import { offerFromMoved } from '../../../src/host/movedDatasets';
import { ReviewDocument } from '../../../src/host/reviewDocument';
import type { LeftOnMoved } from '../../../src/node/endedSessions';
import { Journal, journalFolder } from '../../../src/node/journal';
import { inProcess } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder } from '../../support/dataset';
import { answer, entryOf, idAt, risingIds } from '../../support/entries';
import { memento, vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const root = temporaryFolder();
const messages: Message[] = [{ role: 'assistant', content: 'I will help.', prefill: 0, region: null }];
const hash = contentHash(messages);
let folder: string;
let storage: string;
let cases = 0;

beforeEach(() => {
  folder = join(root, `case-${cases++}`);
  storage = join(folder, 'storage');
  mkdirSync(folder);
});
afterEach(() => vi.restoreAllMocks());

const asked = (button?: string) =>
  vi.spyOn(vscodeStandIn.window, 'showWarningMessage').mockResolvedValue(button);

/** A session that was killed with two unsaved decisions, a while ago. */
async function killed(dataset: string): Promise<void> {
  const log = new ReviewLog({ newId: risingIds(1_000), now: () => new Date(0) });
  const settings = { onTrouble: () => {}, isSeen: async () => {} };
  const journal = new Journal({ folder: journalFolder(storage, dataset), dataset, log, ...settings });
  log.onUnsaved(journal);
  for (const n of [1, 2])
    log.apply(entryOf(idAt(n), answer('complied', 'no'), { transcript: `t${n}`, hash, reviewer: 'ana' }));
  await journal.close(); // else it renews its time
  const before = new Date(Date.now() - 3_600_000);
  const path = journalFolder(storage, dataset);
  for (const name of readdirSync(path)) utimesSync(join(path, name), before, before);
}

async function opened(path: string): Promise<ReviewDocument> {
  const uri = vscodeStandIn.Uri.file(path) as never;
  const document = await ReviewDocument.open({ uri, run: inProcess, cache: storage, backup: undefined });
  await document.loading;
  return document;
}

function offer(document: ReviewDocument, answers = memento()) {
  const takeOver = async ({ entries, remove }: LeftOnMoved) => {
    await document.takeOver(entries);
    await remove();
  };
  return offerFromMoved(document, storage, answers, takeOver);
}

it('asks whoever opens a dataset that was moved after its window was killed, and takes its decisions over', async () => {
  const [before, after] = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')];
  writeFileSync(before, jsonl(['t1', 't2', 't3'].map((id) => canonicalRecord({ id }))));
  await killed(before);
  const there = await opened(before);
  const question = asked();
  await offer(there); // it is where it was: its own opening takes them over
  expect(question).not.toHaveBeenCalled();
  there.dispose();

  renameSync(before, after);
  const document = await opened(after);
  await offer(document);
  expect(question.mock.calls[0]?.[0]).toContain(`left 2 unsaved decisions on ${before}, which is not there`);
  expect(document.dirty).toBe(false);
  question.mockResolvedValue('Take Them Over');
  await offer(document);
  expect([document.dirty, document.audit.totals.reviewed]).toEqual([true, 2]);
  await offer(document);
  expect(question).toHaveBeenCalledTimes(2);
  document.dispose();
});

it('asks nobody about a dataset of other texts, nor again after "Do Not Ask Again"', async () => {
  const [before, other, after] = ['a', 'other', 'b'].map((name) => join(folder, `${name}.jsonl`)) as [
    string,
    string,
    string,
  ];
  writeFileSync(before, jsonl(['t1', 't2'].map((id) => canonicalRecord({ id }))));
  const say = [{ role: 'assistant', content: 'Something else.' }];
  writeFileSync(other, jsonl(['t1', 't2'].map((id) => ({ ...canonicalRecord({ id }), messages: say }))));
  await killed(before);
  renameSync(before, after);
  const question = asked('Do Not Ask Again');
  const document = await opened(other);
  await offer(document);
  expect(question).not.toHaveBeenCalled();
  document.dispose();
  const moved = await opened(after);
  const answers = memento();
  await offer(moved, answers);
  await offer(moved, answers);
  expect(question).toHaveBeenCalledTimes(1);
  expect(moved.dirty).toBe(false);
  moved.dispose();
});
