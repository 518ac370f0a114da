/**
 * What other windows left unsaved on a dataset, taken over for as long as it is open. Each test waits for some seconds to
 * pass, and all of them for the same ones.
 */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { encode } from '../../../src/core/review/codec';
import { ReviewLog } from '../../../src/core/review/log';
import { ReviewDocument } from '../../../src/host/reviewDocument';
import { TakingOver } from '../../../src/host/takingOver';
import { Journal, journalFolder } from '../../../src/node/journal';
import { inProcess } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { answer, entryOf, idAt, risingIds } from '../../support/entries';
import { eventually } from '../../support/eventually';
import { vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const root = temporaryFolder();
const storage = join(root, 'storage');
let datasets = 0;

const yes = (n: number) => entryOf(idAt(n), answer('complied', 'yes'), { transcript: `t${n}` });

/** A dataset that is open in a window. */
async function opened() {
  const dataset = writeDataset(root, `${datasets++}.jsonl`, jsonl([canonicalRecord({ id: 't1' })]));
  const uri = vscodeStandIn.Uri.file(dataset) as never;
  const document = await ReviewDocument.open({ uri, run: inProcess, cache: root, backup: undefined });
  await document.loading;
  const folder = journalFolder(storage, dataset);
  const { log } = document.audit;
  const journal = new Journal({ folder, dataset, log, onTrouble: () => {}, isSeen: async () => {} });
  log.onUnsaved(journal);
  const taking = new TakingOver(document, journal, [folder]);
  const close = async () => {
    document.dispose();
    await journal.close();
  };
  return { dataset, folder, document, log, journal, taking, close };
}

/** Another window with it, and what makes that go away and come back. */
function another({ folder, dataset }: { folder: string; dataset: string }) {
  const log = new ReviewLog({ newId: risingIds(1_000), now: () => new Date() });
  let isBack: Promise<void> = Promise.resolve();
  let comeBack = () => {};
  const journal = new Journal({ folder, dataset, log, onTrouble: () => {}, isSeen: () => isBack });
  log.onUnsaved(journal);
  const goAway = () => {
    isBack = new Promise((resolve) => {
      comeBack = resolve;
    });
  };
  return { log, journal, goAway, comeBack: () => comeBack() };
}

/** What is shown about a dataset. */
function about(dataset: string, shown: { mock: { calls: unknown[][] } }): string[] {
  return shown.mock.calls.map(([text]) => String(text)).filter((text) => text.includes(basename(dataset)));
}
const messages = vi.spyOn(vscodeStandIn.window, 'showInformationMessage');
const warnings = vi.spyOn(vscodeStandIn.window, 'showWarningMessage');

it.concurrent('takes over what is unsaved in a window that goes later, and what that has decided when it goes again', async () => {
  const here = await opened();
  const there = another(here);
  there.log.apply(yes(1));
  await here.taking.takeOverAll();
  expect(here.log.pendingCount).toBe(0); // it lives
  void here.taking.goOn();
  there.goAway();
  await eventually(() => expect(here.log.pending()).toEqual([yes(1)]));
  await eventually(() =>
    expect(about(here.dataset, messages)).toEqual([expect.stringContaining('1 unsaved decision on')]),
  );

  // Reverted here, while it stands there.
  here.log.discardPending();
  there.comeBack();
  there.log.apply(yes(2));
  await there.journal.settled();
  there.goAway();
  await eventually(() => expect(here.log.pending().map(({ id }) => id)).toEqual([idAt(1), idAt(2)]));
  there.comeBack();
  there.log.discardPending();
  await here.close();
  await there.journal.close();
}, 180_000);

it.concurrent('retracts what is undone while its window is away, or at the moment when that comes back', async () => {
  const here = await opened();
  const there = another(here);
  const { edit } = there.log.apply(yes(1));
  await there.journal.settled();
  void here.taking.goOn();
  there.goAway();
  await eventually(() => expect(here.log.pending()).toEqual([yes(1)]));
  there.log.undo(edit);
  expect(there.log.pending()).toEqual([yes(1), expect.objectContaining({ action: 'retract' })]);
  there.comeBack();
  there.log.discardPending();
  await here.close();
  await there.journal.close();
}, 180_000);

it.concurrent('retracts what is undone while another living window has something unsaved, which may be the same', async () => {
  const here = await opened();
  const { edit } = here.log.apply(yes(1));
  const there = another(here);
  there.log.restore([yes(1)]); // from the backup of the other tab
  await there.journal.settled();
  here.log.undo(edit);
  expect(here.log.pending()).toEqual([yes(1), expect.objectContaining({ action: 'retract' })]);
  here.log.redo(edit);
  expect(here.log.pending()).toHaveLength(3);
  there.log.discardPending();
  there.journal.tookOverAll();
  await there.journal.close();
  await eventually(() => expect(readdirSync(here.folder)).toHaveLength(1));
  const { edit: alone } = here.log.apply(yes(2));
  here.log.undo(alone);
  expect(here.log.pending()).toHaveLength(3);
  await here.close();
}, 180_000);

it.concurrent('keeps what another living window drops, and leaves undone what was undone here', async () => {
  const here = await opened();
  const { edit } = here.log.apply(yes(1));
  const there = another(here);
  there.log.restore([yes(1), yes(2)], true); // taken over, this one from a third
  here.log.restore([yes(2)], true);
  here.log.undo(edit);
  there.log.apply(yes(3));
  await Promise.all([here.journal.settled(), there.journal.settled()]);
  void here.taking.goOn();
  there.goAway();
  await eventually(() => expect(here.log.pending()).toEqual([yes(2), yes(3)]));
  there.comeBack();
  there.log.discardPending();
  await there.journal.settled();
  const looks = vi.spyOn(here.journal, 'isSeen');
  await eventually(() => expect(looks.mock.calls.length).toBeGreaterThan(2));
  expect(here.log.pending()).toEqual([yes(2), yes(3)]);
  await here.close();
  await there.journal.close();
}, 180_000);

it.concurrent('leaves all files where they are once the dataset is closed', async () => {
  const here = await opened();
  here.log.apply(yes(1));
  const there = another(here);
  const { edit } = there.log.apply(yes(2));
  there.log.undo(edit);
  await Promise.all([here.journal.settled(), there.journal.settled()]);
  there.goAway();
  const opening = here.taking.takeOverAll();
  await here.close();
  await opening;
  expect(readdirSync(here.folder)).toHaveLength(2);
  expect(await here.document.takeOver([])).toBeNull();
  there.comeBack();
  await there.journal.close();
}, 180_000);

it.runIf(process.platform === 'linux').concurrent(
  'tells once of lines and of files that cannot be read (only on Linux: /proc)',
  async () => {
    const here = await opened();
    mkdirSync(here.folder, { recursive: true });
    writeFileSync(join(here.folder, 'torn.jsonl'), `{}\n${encode(yes(1))}not a line\n${encode(yes(2))}`);
    symlinkSync('/proc/self/mem', join(here.folder, 'unreadable.jsonl'));
    await here.taking.takeOverAll();
    expect(here.log.pending()).toEqual([yes(1), yes(2)]);
    const texts = () => about(here.dataset, warnings);
    expect(texts()).toEqual([
      expect.stringMatching(/1 line of what a window left .*torn\.jsonl\.damaged/),
      expect.stringMatching(/what a window left .* could not be read.*unreadable\.jsonl/),
    ]);
    await here.taking.takeOverAll();
    expect(texts()).toHaveLength(2);
    here.log.discardPending();
    await here.close();
  },
  180_000,
);
