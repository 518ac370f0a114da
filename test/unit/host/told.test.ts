import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { canonicalRecord, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { eventually } from '../../support/eventually';
import { asAna, openSession } from '../../support/openSession';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const root = temporaryFolder();
const SPANS = 500;
/** Longer than all that a decision may send. */
const TEXT = 'a word of the scratchpad '.repeat(4_000);

beforeEach(() => asAna([]));

async function opened() {
  const spans = Array.from({ length: SPANS }, (_, n) => ({
    ...{ id: `s${n}`, classifier: 'c', label: 'intent', message: 0, start: 20 * n, end: 20 * n + 10 },
  }));
  const records = ['t1', 't2'].map((id) =>
    canonicalRecord({ id, messages: [{ role: 'assistant', content: TEXT }], spans }),
  );
  const path = writeDataset(mkdtempSync(join(root, 'told-')), 'run.jsonl', jsonl(records));
  const posted: string[] = [];
  const { session } = await openSession(path, join(root, 'cache'), undefined, (message) =>
    posted.push(JSON.stringify(message)),
  );
  const sent = async (work: () => unknown) => {
    posted.length = 0;
    await work();
    const named = () =>
      posted
        .map((text) => [JSON.parse(text).method as string, text.length] as const)
        .filter(([method]) => method !== 'summary' && method !== 'facets');
    await eventually(() => expect(named()).not.toEqual([]));
    return named();
  };
  return { session, sent };
}

describe('what the page of an editor is told', () => {
  it('is the transcript once; of the focus less than 1 kB, and of a decision what it changed', async () => {
    const { session, sent } = await opened();
    const seen = () => {
      const { transcript } = session;
      if (!transcript) throw new Error('no transcript is on screen');
      return { id: transcript.id, hash: transcript.hash };
    };
    const moved = await sent(() => session.moveTo(1));
    expect(moved.map(([method]) => method)).toEqual(['transcript']);
    expect(moved[0]?.[1]).toBeGreaterThan(TEXT.length);
    const focused = await sent(() => session.focusOn({ span: 's250' }));
    expect(focused).toEqual([['cursor', expect.any(Number)]]);
    expect(focused[0]?.[1]).toBeLessThan(1_000);
    const decided = await sent(() =>
      session.decide(seen(), { kind: 'span', span: 's250', action: 'confirm' }),
    );
    expect(decided.map(([method]) => method)).toEqual(['review']);
    expect(decided[0]?.[1]).toBeLessThan(2_000);
    const answered = await sent(() =>
      session.decide(seen(), { kind: 'label', label: 'complied', answer: 'yes' }),
    );
    expect(answered.map(([method]) => method)).toEqual(['review']);
    expect(answered[0]?.[1]).toBeLessThan(2_000);
    session.dispose();
  });
});
