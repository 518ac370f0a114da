/** Nobody waits for a colleague's files to decide and to save. */
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { decodeLog } from '../../src/core/review/codec';
import { ReviewDocument } from '../../src/host/reviewDocument';
import { inProcess } from '../../src/node/runIndex';
import { temporaryFolder } from '../support/dataset';
import { answer, entryOf, idAt } from '../support/entries';
import { vscodeStandIn } from '../support/vscodeStandIn';
import { makeWorld, plant } from './world';

vi.mock('vscode', async () => (await import('../support/vscodeStandIn')).vscodeStandIn);

/** Of nothing, but a good part of each has to be read to know that. */
const LONG_BYTES = 2 ** 36;
const LONG_FILES = 50;
const root = temporaryFolder();

afterEach(() => vi.restoreAllMocks());

it.skipIf(process.platform === 'win32')(
  'decides, names what that replaces, and saves, while colleagues’ files are still being read',
  async () => {
    const world = makeWorld(root);
    mkdirSync(world.reviews, { recursive: true });
    for (let n = 0; n < LONG_FILES; n++) {
      const colleagues = join(world.reviews, `aaa${n}.jsonl`);
      writeFileSync(colleagues, '');
      truncateSync(colleagues, LONG_BYTES);
    }
    plant(world, 'ana.jsonl', entryOf(idAt(1), answer('complied', 'no'), { reviewer: 'Ana' }));
    const uri = vscodeStandIn.Uri.file(world.dataset) as never;
    const document = await ReviewDocument.open({ uri, run: inProcess, cache: root, backup: undefined });
    let isKnown = false;
    void document.whenKnown().then(() => {
      isKnown = true;
    });
    await vi.waitFor(() => expect(document.audit.dataset.columns.count).toBeGreaterThan(0), {
      timeout: 60_000,
    });
    expect(await document.decide(0, { kind: 'label', label: 'complied', answer: 'yes' }, 'ana')).toBe(true);
    await document.save();
    expect(isKnown).toBe(false);
    document.dispose();
    const { entries } = decodeLog(readFileSync(join(world.reviews, 'ana.jsonl')));
    expect(entries).toHaveLength(2);
    expect(entries[1]).toMatchObject({ value: 'yes', over: [idAt(1)] });
  },
  120_000,
);
