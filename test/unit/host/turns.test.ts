import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

import { editorHandlers } from '../../../src/host/editorHandlers';
import type { EditorSession } from '../../../src/host/editorSession';
import type { MadeEdit, ReviewDocument } from '../../../src/host/reviewDocument';
import { Reviewers } from '../../../src/host/reviewer';
import { Dataset } from '../../../src/node/dataset';
import { canonicalRecord, jsonl } from '../../support/dataset';
import { eventually } from '../../support/eventually';
import { asAna, openSession } from '../../support/openSession';
import { Control, memento, vscodeStandIn } from '../../support/vscodeStandIn';

const base = mkdtempSync(join(tmpdir(), 'transcript-review-turns-'));
const told: string[] = [];
let count = 0;

beforeEach(() => asAna(told));

function written(ids: readonly string[]): string {
  const path = join(base, `${++count}.jsonl`);
  const record = (id: string) =>
    canonicalRecord({ id, messages: [{ role: 'assistant', content: `of ${id} because of training` }] });
  writeFileSync(path, jsonl(ids.map(record)));
  return path;
}

async function opened(ids: readonly string[] = ['t1', 't2', 't3', 't4', 't5'], reviewers?: Reviewers) {
  const { document, session } = await openSession(written(ids), base, reviewers);
  await session.who.looked();
  session.focusOn({ label: 'complied' });
  return { document, session, page: editorHandlers(session) };
}

/** A gate: what awaits `isOpen` goes on once it is opened. */
function gate() {
  let open = () => {};
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isOpen, open };
}

/** Reading the record of an index waits for the gate. Tells which were asked for. */
function slowly(document: ReviewDocument, slow: number) {
  const { isOpen, open } = gate();
  const { dataset } = document.audit;
  const read = dataset.record.bind(dataset);
  const asked: number[] = [];
  dataset.record = async (index) => {
    asked.push(index);
    if (index === slow) await isOpen;
    return read(index);
  };
  return { open, asked };
}

/** The next key waits for the gate, as it does while a filter is looked for. */
function held(session: EditorSession) {
  const { isOpen, open } = gate();
  const { list } = session;
  const applied = list.applied.bind(list);
  list.applied = () => isOpen;
  return () => {
    list.applied = applied;
    open();
  };
}

/** All that was done before has had its turn. */
const done = (session: EditorSession) => session.act(() => {});

/** What need not wait is done by then. */
async function others() {
  for (let turn = 0; turn < 100; turn++) await setImmediate();
}

const answers = ({ audit }: ReviewDocument) =>
  audit.log
    .pending()
    .map(({ transcript, value }) => `${transcript} ${value}`)
    .sort();

const seenIn = (session: EditorSession) => {
  const { transcript } = session;
  if (!transcript) throw new Error('no transcript is on screen');
  return { id: transcript.id, hash: transcript.hash };
};

describe('what is done before a transcript is on screen', () => {
  it('keeps its order: arrow keys in the list and answers', async () => {
    const { document, session, page } = await opened();
    const { open } = slowly(document, 1);
    const moves = [page.moveTo({ position: 1 })];
    session.run('answerYes');
    moves.push(page.moveTo({ position: 2 }));
    session.run('answerNo');
    open();
    await Promise.all(moves);
    await done(session);
    expect(answers(document)).toEqual(['t2 yes', 't3 no']);
  });

  it('keeps its order: a key to the next one, an answer, and a click on another', async () => {
    const { document, session, page } = await opened();
    const { open } = slowly(document, 1);
    session.run('nextTranscript');
    session.run('answerYes');
    const click = page.moveTo({ position: 3 });
    open();
    await click;
    expect(session.record?.id).toBe('t4');
    expect(answers(document)).toEqual(['t2 yes']);
  });

  it('keeps its order while one’s own decisions are read', async () => {
    const { document, session, page } = await opened();
    const { isOpen, open } = gate();
    document.whenOwnKnown = () => isOpen;
    session.run('answerYes');
    session.run('nextTranscript');
    session.run('answerNo');
    const click = page.moveTo({ position: 4 });
    open();
    await click;
    expect(answers(document)).toEqual(['t1 yes', 't2 no']);
  });

  it('keeps its order: a key and a click on another answer', async () => {
    const { document, session, page } = await opened();
    const goOn = held(session);
    session.run('answerYes');
    const answer = { kind: 'label', label: 'complied', answer: 'no' } as const;
    const click = page.decide({ ...seenIn(session), ...answer });
    await others();
    goOn();
    await click;
    await done(session);
    expect(document.audit.log.review('t1').labels.get('complied')).toMatchObject([{ answer: 'no' }]);
  });

  it('keeps its order where an undo leads to another transcript', async () => {
    const { document, session } = await opened();
    const edits: MadeEdit[] = [];
    document.onDidEdit((edit) => edits.push(edit));
    session.run('answerNo');
    session.run('nextTranscript');
    await done(session);
    const goOn = held(session);
    session.run('answerYes');
    edits[0]?.undo();
    goOn();
    await done(session);
    expect(session.record?.id).toBe('t1');
    expect(answers(document)).toEqual(['t2 yes']);
  });

  it('keeps its order: a filter, and what is pressed before and behind it', async () => {
    const { document, session, page } = await opened();
    session.run('answerYes');
    void page.filter({ ...session.list.filter, text: 't4' });
    session.run('answerNo');
    await done(session);
    expect(session.record?.id).toBe('t4');
    expect(answers(document)).toEqual(['t1 yes', 't4 no']);
  });

  it('is not made on one that comes on screen by itself', async () => {
    // So many long ones that looking for the filter's takes several steps.
    const long = (name: string) => name + '-'.repeat(2_000);
    const others = Array.from({ length: 400 }, (_, at) => long(`a${at}`));
    const { document, session, page } = await opened([...others, long('d')]);
    void page.filter({ ...session.list.filter, text: 'd-' });
    await done(session);
    expect(session.list.isApplied).toBe(false);
    session.run('answerYes'); // on `a`, which is still on screen
    session.run('nextLabel'); // which decides nothing
    await done(session);
    expect(session.record?.id).toMatch(/^d/);
    expect(answers(document)).toEqual([]);
    expect(session.focus.label).toBe('alignment_faking');
    await page.focusLabel({ label: 'complied' });
    session.run('answerNo');
    await done(session);
    expect(answers(document)).toEqual([`${long('d')} no`]);
  });

  it('is not made on one that replaces what has gone', async () => {
    const { document, session } = await opened(['t1', 't2']);
    const path = document.uri.fsPath;
    session.run('nextTranscript');
    await done(session);
    const read = Dataset.prototype.record;
    const { isOpen, open } = gate();
    const asked = vi.fn();
    Dataset.prototype.record = async function (index) {
      asked();
      await isOpen;
      return read.call(this, index);
    };
    try {
      writeFileSync(path, jsonl([canonicalRecord({ id: 'u1' })]));
      document.reload();
      await document.loading;
      await eventually(() => expect(asked).toHaveBeenCalled());
      session.run('answerYes');
      open();
      await done(session);
    } finally {
      Dataset.prototype.record = read;
    }
    expect(session.record?.id).toBe('u1');
    expect(answers(document)).toEqual([]);
  });
});

describe('rows of the list', () => {
  it('that are passed before they could be read are not read', async () => {
    const { document, session, page } = await opened();
    const { open, asked } = slowly(document, 1);
    const moves = [1, 2, 3, 4].map((position) => page.moveTo({ position }));
    open();
    await Promise.all(moves);
    expect(session.record?.id).toBe('t5');
    expect(asked).not.toContain(2);
    expect(asked).not.toContain(3);
  });

  it('are where it stays that were chosen last, before or after a question came up', async () => {
    const { session, page } = await opened();
    session.selection = async () => null;
    const { box } = questions();
    session.run('addSpan');
    const waiting = page.moveTo({ position: 1 });
    const words = await box;
    await page.moveTo({ position: 3 });
    expect(session.record?.id).toBe('t4');
    words.dispose();
    await waiting;
    await done(session);
    expect(session.record?.id).toBe('t4');
  });

  it('can be chosen again where reading it failed', async () => {
    const { document, session, page } = await opened();
    const { dataset } = document.audit;
    const read = dataset.record.bind(dataset);
    dataset.record = async () => {
      throw new Error('the disk has failed');
    };
    await expect(Promise.resolve(page.moveTo({ position: 1 }))).rejects.toThrow('the disk has failed');
    dataset.record = read;
    await page.moveTo({ position: 1 });
    expect(session.record?.id).toBe('t2');
  });

  it('can be chosen while a question is open', async () => {
    const { document, session, page } = await opened();
    session.selection = async () => null;
    const { box, pick } = questions();
    session.run('addSpan');
    const words = await box;
    await page.moveTo({ position: 1 });
    expect(session.record?.id).toBe('t2');
    // It stands in both, and is meant for the first.
    words.type('because of training');
    words.accept();
    const labels = await pick;
    labels.selectedItems = labels.items.slice(0, 1);
    labels.accept();
    await eventually(() => expect(told).toEqual([expect.stringContaining('no span was added: another')]));
    expect(document.audit.log.pending()).toEqual([]);
  });
});

it('keys are no answers to a question that was not asked: git names the reviewer after a while', async () => {
  const reviewers = new Reviewers(memento());
  const { isOpen, open } = gate();
  const look = reviewers.look.bind(reviewers);
  reviewers.look = async (dataset) => {
    await isOpen;
    return look(dataset);
  };
  const { document, session } = await openSession(written(['t1', 't2', 't3']), base, reviewers);
  session.focusOn({ label: 'complied' });
  for (const key of ['answerYes', 'nextTranscript', 'answerNo', 'nextTranscript'] as const) session.run(key);
  session.run('answerUnsure');
  open();
  await done(session);
  expect(answers(document)).toEqual(['t1 yes', 't2 no', 't3 unsure']);
});

it('decisions are made in the order in which they come, however long their texts take to be read', async () => {
  const { document } = await opened();
  const { dataset } = document.audit;
  const { isOpen, open } = gate();
  const read = dataset.record.bind(dataset);
  let times = 0;
  dataset.record = async (index) => {
    if (++times === 1) await isOpen;
    return read(index);
  };
  const decide = (answer: 'yes' | 'no') =>
    document.decide(0, { kind: 'label', label: 'complied', answer }, 'ana');
  const both = [decide('yes'), decide('no')];
  await others();
  open();
  await Promise.all(both);
  expect(document.audit.log.review('t1').labels.get('complied')).toMatchObject([{ answer: 'no' }]);
});

it('an undo that was on its way when a save ended is told as unsaved', async () => {
  const { document } = await opened();
  const edits: MadeEdit[] = [];
  document.onDidEdit((edit) => edits.push(edit));
  const missed = vi.fn();
  document.onDidMissEdit(missed);
  await document.decide(0, { kind: 'label', label: 'complied', answer: 'yes' }, 'ana');
  await document.decide(1, { kind: 'label', label: 'complied', answer: 'yes' }, 'ana');
  const answer = gate();
  const commands = { executeCommand: () => answer.isOpen };
  Object.assign(vscodeStandIn, { commands });
  onTestFinished(() => void Reflect.deleteProperty(vscodeStandIn, 'commands'));
  await document.save();
  // VS Code has counted it, and then takes the save's end for what is there now.
  edits[1]?.undo();
  expect(document.dirty).toBe(true);
  expect(missed).toHaveBeenCalledTimes(1);
  edits[1]?.redo();
  // What is undone after the window has heard of the end it counts itself: else its tab would stay unsaved for nothing.
  answer.open();
  await others();
  edits[1]?.undo();
  edits[1]?.redo();
  expect(document.dirty).toBe(false);
  expect(missed).toHaveBeenCalledTimes(1);
});

it('a span that the transcript does not have cannot be decided on', async () => {
  const { document, session, page } = await opened();
  const decision = { ...seenIn(session), kind: 'span', span: 'none', action: 'confirm' } as const;
  await expect(Promise.resolve(page.decide(decision))).rejects.toThrow(/this span is not in the transcript/);
  await page.focusSpan({ span: 'none' });
  expect(session.focus.span).toBeNull();
  expect(document.audit.log.pending()).toEqual([]);
});

/** The next input box and the next menu. */
function questions() {
  const box = new Promise<Control>((resolve) => {
    vscodeStandIn.window.createInputBox = () => {
      const control = new Control(() => undefined);
      return Object.assign(control, { show: () => resolve(control) });
    };
  });
  const pick = new Promise<Control>((resolve) => {
    vscodeStandIn.window.createQuickPick = () => {
      const control = new Control(() => undefined);
      return Object.assign(control, { show: () => resolve(control) });
    };
  });
  return { box, pick };
}

it('filters by what two fields say at the same time: neither takes the other’s back', async () => {
  const { session, page } = await opened(['t1', 't2', 'u2']);
  await Promise.all([page.filter({ text: 't' }), page.filter({ review: 'unreviewed' })]);
  await page.filter({ condition: null });
  expect(session.list.filter).toMatchObject({ text: 't', review: 'unreviewed' });
  expect(session.list.length).toBe(2);
});
