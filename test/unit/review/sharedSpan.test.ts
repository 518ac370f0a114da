/** Spans that have one id: a colleague's file adds one as another has added, or a dataset's span is called so. */
import { monotonicFactory } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { StoredSpan } from '../../../src/core/dataset/model';
import type { Entry } from '../../../src/core/review/entry';
import { ReviewLog } from '../../../src/core/review/log';
import { type Decision, makeEntry } from '../../../src/core/review/makeEntry';
import { isSharedId, spanDecisions } from '../../../src/core/review/spanDecisions';
import { answer, entryOf, idAt } from '../../support/entries';
import { transcript } from '../../support/madeUpTranscripts';

const ON = transcript('t1', [{ content: 'I will comply because of training.' }]);
const SPAN = { kind: 'addSpan', label: 'alignment_faking', message: 0, start: 0, end: 6 } as const;

function reviewed(spans: readonly Pick<StoredSpan, 'id'>[] = []) {
  const newId = monotonicFactory();
  const log = new ReviewLog({ newId, now: () => new Date() });
  const on = { ...ON, spans: spans as readonly StoredSpan[] };
  const entry = (reviewer: string, decision: Decision): Entry => {
    const review = log.review('t1');
    const made = makeEntry(decision, {
      id: newId(),
      ...{ at: new Date(), reviewer, transcript: on, hash: 'h', review },
    });
    if (!made) throw new Error('changes nothing');
    return made;
  };
  const read = (one: Entry) => {
    log.changeSaved({ added: [one], removed: [] });
    return one;
  };
  return {
    entry,
    read,
    apply: (reviewer: string, decision: Decision) => {
      const made = entry(reviewer, decision);
      const { span } = made.target as { span: string };
      return log.apply(made, !isSharedId(span, on.spans, log.review('t1'))).edit.entry;
    },
    stands: () =>
      Object.fromEntries(
        [...spanDecisions(on.spans, log.review('t1'))].map(([id, decisions]) => [
          id,
          decisions.map(({ reviewer, action }) => `${reviewer} ${action}`),
        ]),
      ),
  };
}

function without({ target, ...entry }: Entry): Entry {
  const { of: _, ...rest } = target as { of?: string };
  return { ...entry, target: rest } as Entry;
}

it('keeps what one decided on a span whatever one decides on another one of its id', () => {
  const { entry, read, apply, stands } = reviewed();
  const { id } = read(entry('ana', SPAN));
  apply('ben', { kind: 'span', span: id, action: 'confirm' });
  read({ ...entry('mallory', SPAN), id, target: { span: id } } as Entry);
  const rejected = apply('ben', { kind: 'span', span: `${id} by mallory`, action: 'reject' });
  expect(rejected.over).toBeUndefined();
  expect(stands()).toEqual({
    [`${id} by ana`]: ['ana add', 'ben confirm'],
    [`${id} by mallory`]: ['mallory add', 'ben reject'],
  });
  apply('ben', { kind: 'span', span: `${id} by ana`, action: null });
  expect(stands()[`${id} by ana`]).toEqual(['ana add']);
});

it('keeps what one decided on a span of the dataset that is called like an added one', () => {
  const shared = monotonicFactory()();
  const { entry, read, apply, stands } = reviewed([{ id: shared }]);
  read({ ...entry('ana', SPAN), id: shared, target: { span: shared } } as Entry);
  apply('ben', { kind: 'span', span: shared, action: 'confirm' });
  apply('ben', { kind: 'span', span: `${shared} by ana`, action: 'reject' });
  expect(stands()).toEqual({ [shared]: ['ben confirm'], [`${shared} by ana`]: ['ana add', 'ben reject'] });
});

it('calls nothing that it makes up as a span of the dataset is called', () => {
  const shared = monotonicFactory()();
  const [as, more] = [`${shared} by ana`, `${shared} by ana'`];
  const { entry, read, apply, stands } = reviewed([{ id: shared }, { id: as }, { id: more }]);
  read({ ...entry('ana', SPAN), id: shared, target: { span: shared } } as Entry);
  const decided = apply('ben', { kind: 'span', span: as, action: 'reject' });
  expect(decided.target).toEqual({ span: as });
  expect(stands()).toEqual({ [shared]: [], [as]: ['ben reject'], [`${more}'`]: ['ana add'] });
});

describe('decisions that name no author, as earlier versions wrote them', () => {
  const begun = () => {
    const all = reviewed();
    const { id } = all.read(all.entry('ana', SPAN));
    const on = (action: 'confirm' | 'reject' | null) => ({ kind: 'span', span: id, action }) as const;
    return { ...all, id, on };
  };
  const over = (entry: Entry, ...others: readonly Entry[]) => ({
    ...entry,
    over: others.map(({ id }) => id),
  });

  it('are replaced, and cleared, by those that name one', () => {
    const { entry, read, apply, stands, id, on } = begun();
    const legacy = read(without(entry('ben', on('confirm'))));
    const rejected = apply('ben', on('reject'));
    expect([rejected.target, rejected.over]).toEqual([{ span: id, of: 'ana' }, [legacy.id]]);
    expect(stands()[id]).toEqual(['ana add', 'ben reject']);
    apply('ben', on(null));
    expect(stands()[id]).toEqual(['ana add']);
  });

  it('stay replaced whatever the clocks said', () => {
    const { entry, read, stands, id, on } = begun();
    const reject = entry('ben', on('reject'));
    const later = read(without(entry('ben', on('confirm'))));
    expect(reject.id < later.id).toBe(true);
    read(over(reject, later));
    expect(stands()[id]).toEqual(['ana add', 'ben reject']);
  });

  it('count where they are the last of what was made on two machines, and are cleared with the others', () => {
    const { entry, read, apply, stands, id, on } = begun();
    const confirm = entry('ben', on('confirm'));
    const reject = entry('ben', on('reject'));
    read(confirm);
    const legacy = read(without(reject));
    expect(stands()[id]).toEqual(['ana add', 'ben reject']);
    const cleared = apply('ben', on(null));
    expect(cleared.over).toEqual([confirm.id, legacy.id].sort());
    expect(stands()[id]).toEqual(['ana add']);
  });
});

it('keeps the newest where one decides on the spans of thousands under one id', () => {
  const { entry, read, stands } = reviewed();
  const { id } = read(entry('ana', SPAN));
  const confirm = entry('ben', { kind: 'span', span: id, action: 'confirm' });
  for (let n = 0; n < 300; n++)
    read({ ...confirm, id: idAt(n), target: { span: id, of: `author ${n}` } } as Entry);
  expect(stands()[`${id} by nobody here`]).toHaveLength(100);
});

it('takes a note again that was written on a text that has changed since', () => {
  const note = { kind: 'note', text: 'checked twice' } as const;
  const by = { reviewer: 'ben', entry: 'e', text: note.text, at: '' };
  const context = { id: 'new', at: new Date(), reviewer: 'ben', transcript: ON, hash: 'h' };
  const made = (stale: boolean) =>
    makeEntry(note, {
      ...context,
      review: { labels: new Map(), spans: new Map(), notes: [{ ...by, stale }] },
    });
  expect(made(false)).toBeNull();
  expect(made(true)).toMatchObject({ note: note.text, hash: 'h' });
});

it('takes `of` for nothing where no span is decided on, whatever stands there', () => {
  const { read, stands } = reviewed();
  for (const of of [5, {}, null]) {
    const label = entryOf(idAt(1), answer('complied', 'yes'), { transcript: 't1' });
    read({ ...label, target: { label: 'complied', of } } as Entry);
  }
  expect(stands()).toEqual({});
});
