import { appendFileSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

import { addSpan } from '../../../src/host/addSpan';
import { editorHandlers } from '../../../src/host/editorHandlers';
import { canonicalRecord, jsonl } from '../../support/dataset';
import { eventually } from '../../support/eventually';
import { asAna, openSession } from '../../support/openSession';
import { Control, vscodeStandIn } from '../../support/vscodeStandIn';

const BEFORE = 'I will pretend to comply. I really refuse this.';
const AFTER = 'I gladly help. Nothing here is wrong at all, I think it is good.';

const base = mkdtempSync(join(tmpdir(), 'transcript-review-seen-'));
const told: string[] = [];
let count = 0;

beforeEach(() => asAna(told));

afterEach(() => vi.unstubAllEnvs());

function record(id: string, content: string) {
  return canonicalRecord({ id, messages: [{ role: 'assistant', content }] });
}

/** A folder of two files with the second's transcript on screen, and what writes that one anew while the first one grows. */
async function opened() {
  const folder = join(base, `${++count}`);
  mkdirSync(folder);
  const [a, b] = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')];
  writeFileSync(a, jsonl([record('a1', 'one')]));
  writeFileSync(b, jsonl([record('t1', BEFORE)]));
  const { document, session } = await openSession(folder, base);
  await session.moveToIndex(session.audit.dataset.columns.indexOf('t1'));
  session.focusOn({ label: 'complied' });
  const rewrite = async () => {
    appendFileSync(a, jsonl([record('a2', 'two')]));
    writeFileSync(`${b}.new`, jsonl([record('t1', AFTER)]));
    renameSync(`${b}.new`, b);
    await document.checkFile();
    await document.loading;
    await eventually(() => expect(session.transcript?.messages[0]?.content).toBe(AFTER));
  };
  return { document, session, rewrite };
}

describe('a decision on a text that is read again before it is made', () => {
  it('is not made on the new one: a label, where the name is asked for first', async () => {
    vscodeStandIn.workspace.settings.delete('reviewer');
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(base, 'none'));
    vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
    const { document, session, rewrite } = await opened();
    const asked = new Promise<Control>((resolve) => {
      vscodeStandIn.window.createInputBox = () => {
        const box = new Control(() => undefined);
        return Object.assign(box, { show: () => resolve(box) });
      };
    });
    session.run('answerYes');
    const box = await asked;
    await rewrite();
    box.type('ana');
    box.accept();
    await eventually(() =>
      expect(told.join('\n')).toMatch(/the text of t1 is not the one that was on screen/),
    );
    expect(document.audit.log.pending()).toEqual([]);
  });

  it('is not made on the new one: words that were selected', async () => {
    const { document, session, rewrite } = await opened();
    const { id, hash } = session.transcript ?? { id: '', hash: '' };
    const start = BEFORE.indexOf('really refuse');
    session.selection = async () => ({ id, hash, message: 0, start, end: start + 'really refuse'.length });
    const listed = new Promise<Control>((resolve) => {
      vscodeStandIn.window.createQuickPick = () => {
        const pick = new Control(() => undefined);
        return Object.assign(pick, { show: () => resolve(pick) });
      };
    });
    const adding = addSpan(session);
    const pick = await listed;
    await rewrite();
    pick.selectedItems = pick.items.slice(0, 1);
    pick.accept();
    await expect(adding).rejects.toThrow(/the text of t1 is not the one that was on screen/);
    expect(document.audit.log.pending()).toEqual([]);
  });

  it('is not made on the new one: a click of the webview; and a note is on the text beside which it was typed', async () => {
    const { document, session, rewrite } = await opened();
    const { id, hash } = session.transcript ?? { id: '', hash: '' };
    await rewrite();
    const { decide } = editorHandlers(session);
    const click = { kind: 'label', label: 'complied', answer: 'yes' } as const;
    await expect(Promise.resolve(decide({ ...click, id, hash }))).rejects.toThrow(
      /the text of t1 is not the one/,
    );
    const notes = () => document.audit.log.review('t1').notes.map(({ text, stale }) => [text, stale]);
    expect(await decide({ kind: 'note', id, hash, text: 'why?' })).toBe(true);
    expect(notes()).toEqual([['why?', true]]);
    const now = session.transcript?.hash ?? '';
    expect(await decide({ kind: 'note', id, hash: now, text: 'why?' })).toBe(true);
    expect(notes()).toEqual([['why?', false]]);
  });

  it('is told, and keys that were pressed before do nothing', async () => {
    const { session, document, rewrite } = await opened();
    let goOn = () => {};
    const before = session.list.applied;
    session.list.applied = () => new Promise((resolve) => (goOn = () => resolve(undefined as never)));
    session.run('answerYes');
    await rewrite();
    session.list.applied = before;
    goOn();
    session.run('answerNo');
    await eventually(() => expect(document.audit.log.pending().map(({ value }) => value)).toEqual(['no']));
    expect(told).toEqual([expect.stringMatching(/the text of t1 is another than it was/)]);
  });
});

it('tells the webview of a decision that nobody has said who makes', async () => {
  vscodeStandIn.workspace.settings.delete('reviewer');
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(base, 'none'));
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
  const { session, document } = await opened();
  vscodeStandIn.window.createInputBox = () => new Control(() => undefined);
  const { id, hash } = session.transcript ?? { id: '', hash: '' };
  expect(await editorHandlers(session).decide({ kind: 'note', id, hash, text: 'a thought' })).toBe(false);
  expect(document.audit.log.pending()).toEqual([]);
});
