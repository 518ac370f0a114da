import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLog, encode } from '../../../src/core/review/codec';
import type { Entry } from '../../../src/core/review/entry';
import { NO_REVIEW } from '../../../src/core/review/fold';
import { type Delta, ReviewLog } from '../../../src/core/review/log';
import { answer, diskOf, entryOf, flip, idAt, risingIds } from '../../support/entries';

const NOW = '2025-06-07T08:09:10.111Z';

/** Ids of retractions start at 100. */
function newLog(saved: readonly Entry[] = []): ReviewLog {
  return withDisk(saved).log;
}

function withDisk(saved: readonly Entry[] = []) {
  const log = new ReviewLog({ newId: risingIds(100), now: () => new Date(NOW) });
  const setDisk = diskOf(log);
  setDisk(saved);
  return { log, setDisk };
}

function complied(log: ReviewLog, transcript = 't1'): readonly (string | boolean)[][] | undefined {
  const decisions = log.review(transcript).labels.get('complied');
  return decisions?.map(({ reviewer, answer }) => [reviewer.slice(0, 3), answer]);
}

const transcripts = (deltas: readonly Delta[]) => deltas.map((delta) => delta.transcript);
const ids = (entries: readonly Entry[]) => entries.map((entry) => entry.id);

const yes = entryOf(idAt(1), answer('complied', 'yes'));
const no = entryOf(idAt(2), answer('complied', 'no'));
const bens = entryOf(idAt(3), answer('complied', 'unsure'), { reviewer: 'ben@example.org' });
const elsewhere = entryOf(idAt(4), answer('complied', 'no'), { transcript: 't2' });

describe('an entry that is read again from disk', () => {
  const again = (entry: Entry) => decodeLog(encode(entry)).entries;

  it('is the one that was made, in whatever order its keys are written', () => {
    const log = newLog();
    log.apply(yes);
    const { edit } = log.apply(no);
    expect(edit.entry.over).toEqual([yes.id]);
    log.markSaved(log.beginSave());
    flip(log, edit);
    const made = [yes, edit.entry, ...log.pending()];
    // As when another program has touched the file: nothing in it is new.
    log.changeSaved({ added: made.flatMap(again), removed: [] });
    expect(log.hasPending).toBe(false);
    expect(log.sharedIds()).toEqual([]);
    expect(complied(log)).toEqual([['ana', 'yes']]);
  });

  it('can still be undone', () => {
    const log = newLog();
    log.apply(yes);
    const { edit } = log.apply(no);
    log.markSaved(log.beginSave());
    log.changeSaved({ added: again(edit.entry), removed: [edit.entry] });
    expect(log.isDone(edit)).toBe(true);
    flip(log, edit);
    expect(complied(log)).toEqual([['ana', 'yes']]);
  });
});

describe('ReviewLog', () => {
  it('is empty for a transcript that it has never heard of', () => {
    expect(newLog().review('t9')).toEqual({ labels: new Map(), spans: new Map(), notes: [] });
  });

  it('knows on which transcripts decisions stand', () => {
    const log = newLog([bens, elsewhere, entryOf(idAt(5), answer('complied', null), { transcript: 't3' })]);
    expect([...log.reviewedTranscripts()]).toEqual(['t1', 't2']);
  });

  it('keeps a decision on "__proto__" apart from the machinery', () => {
    const log = newLog();
    log.apply(entryOf(idAt(1), answer('__proto__', 'yes'), { transcript: '__proto__' }));
    expect(log.review('__proto__').labels.get('__proto__')?.[0]?.answer).toBe('yes');
  });

  it('tells what an applied decision changed', () => {
    const log = newLog([yes]);
    const before = log.review('t1');
    const { delta } = log.apply(no);
    expect(delta).toEqual({ transcript: 't1', before, after: log.review('t1') });
    expect(delta.before.labels.get('complied')?.[0]?.answer).toBe('yes');
    expect(delta.after.labels.get('complied')?.[0]?.answer).toBe('no');
    expect(log.pending()).toEqual([{ ...no, over: [yes.id] }]);
  });

  it('takes no decision that, once written, would not be read again', () => {
    const log = newLog();
    const span = {
      message: 0,
      start: 0,
      end: 1,
      unit: 'utf16',
      label: 'af',
      prefix: '',
      suffix: '',
    } as const;
    const value = { ...span, quote: 'x'.repeat(2 ** 20) };
    const large = entryOf(idAt(1), { action: 'add', target: { span: idAt(1) }, value });
    expect(() => log.apply(large)).toThrow('this decision cannot be kept: it would be longer than 1 MiB');
    expect(log.hasPending).toBe(false);
  });

  it('names no more of what a decision replaces than is read again', () => {
    const log = newLog();
    const many = Array.from({ length: 30_000 }, (_, at) => entryOf(idAt(at + 1), answer('af', 'yes')));
    log.changeSaved({ added: many, removed: [] });
    const { entry } = log.apply(entryOf(idAt(40_000), answer('af', 'no'))).edit;
    expect(entry.over?.at(-1)).toBe(idAt(30_000));
    expect(decodeLog(encode(entry)).entries).toEqual([entry]);
    expect(log.review('t1').labels.get('af')).toMatchObject([{ answer: 'no' }]);
  });

  it('folds many entries on one transcript a few times, however many parts they are read in', () => {
    const log = newLog();
    const label = (at: number) => answer(`label ${at}`, 'yes');
    const entries = Array.from({ length: 20_000 }, (_, at) => entryOf(idAt(at + 1), label(at)));
    let folds = 0;
    for (let at = 0; at < entries.length; at += 100)
      folds += log.changeSaved({ added: entries.slice(at, at + 100), removed: [] }).length;
    expect(folds).toBeLessThan(30);
    expect(log.review('t1').labels.size).toBeLessThan(20_000);
    const before = log.review('t1');
    const late = log.foldPostponed();
    expect(late?.before).toBe(before);
    expect(late?.after).toBe(log.review('t1'));
    expect(log.review('t1').labels.size).toBe(20_000);
    expect(log.foldPostponed()).toBeNull();
    for (let at = 0; at < entries.length; at += 100)
      folds += log.changeSaved({ added: [], removed: entries.slice(at, at + 100) }).length;
    log.foldPostponed();
    expect(log.review('t1')).toBe(NO_REVIEW);
    expect(folds).toBeLessThan(50);
  });

  it('folds each of many transcripts a few times, whose decisions stand in turns in a file', () => {
    const log = newLog();
    const entries = Array.from({ length: 20_000 }, (_, at) =>
      entryOf(idAt(at + 1), answer(`label ${at}`, 'yes'), { transcript: `t${at % 100}` }),
    );
    let folds = 0;
    let folded = 0;
    const count = (
      reviews: readonly { readonly after: { readonly labels: { readonly size: number } } }[],
    ) => {
      folds += reviews.length;
      for (const { after } of reviews) folded += after.labels.size;
    };
    for (let at = 0; at < entries.length; at += 200)
      count(log.changeSaved({ added: entries.slice(at, at + 200), removed: [] }));
    for (let late = log.foldPostponed(); late; late = log.foldPostponed()) count([late]);
    expect([...Array(100).keys()].map((n) => log.review(`t${n}`).labels.size)).toEqual(Array(100).fill(200));
    expect(folds).toBeLessThan(100 * 30);
    expect(folded).toBeLessThan(20_000 * 8); // with each part it would be 50 times as many
  });

  it('folds all when a decision is made before that', () => {
    const log = newLog();
    const part = (first: number) =>
      Array.from({ length: 1_100 }, (_, at) =>
        entryOf(idAt(first + at), answer(`label ${first + at}`, 'yes')),
      );
    log.changeSaved({ added: part(1), removed: [] });
    expect(log.changeSaved({ added: part(2_000).slice(0, 100), removed: [] })).toEqual([]);
    const { delta } = log.apply(entryOf(idAt(9_000), answer('complied', 'no')));
    expect(delta.before.labels.size).toBe(1_100);
    expect(delta.after.labels.size).toBe(1_201);
    expect(log.foldPostponed()).toBeNull();
  });

  it('tells what would stand had nothing been made here', () => {
    const { log, setDisk } = withDisk([yes]);
    const { edit } = log.apply(entryOf(idAt(50), answer('complied', 'no')));
    log.restore([entryOf(idAt(51), answer('af', 'no'))], true);
    log.restore([entryOf(idAt(52), answer('conflict', 'no'))]);
    setDisk([yes, bens]);
    const answers = () => log.reviewBefore('t1').labels;
    expect([...answers().keys()]).toEqual(['complied', 'conflict']);
    expect(
      answers()
        .get('complied')
        ?.map(({ answer }) => answer),
    ).toEqual(['yes', bens.value]);
    log.markSaved(log.beginSave());
    flip(log, edit);
    expect(
      answers()
        .get('complied')
        ?.map(({ answer }) => answer),
    ).toEqual(['yes', bens.value]);
  });

  it('undoes an unsaved decision without a trace', () => {
    const log = newLog([yes]);
    const { edit } = log.apply(no);
    flip(log, edit);
    expect(complied(log)).toEqual([['ana', 'yes']]);
    expect(log.pending()).toEqual([]);
    flip(log, edit);
    expect(complied(log)).toEqual([['ana', 'no']]);
    expect(ids(log.pending())).toEqual([no.id]);
  });

  it('undoes a saved decision by a retraction, whose own undo takes it out again', () => {
    const log = newLog([yes]);
    const { edit } = log.apply(no);
    expect(log.markSaved(log.beginSave())).toEqual([]);
    const { before, after } = flip(log, edit);
    expect(before.labels.get('complied')?.[0]?.answer).toBe('no');
    expect(after.labels.get('complied')?.[0]?.answer).toBe('yes');
    expect(log.pending()).toEqual([
      {
        ...no,
        id: idAt(100),
        at: NOW,
        action: 'retract',
        target: { entry: no.id },
        value: null,
      },
    ]);
    flip(log, edit);
    expect(complied(log)).toEqual([['ana', 'no']]);
    expect(log.pending()).toEqual([]);
  });

  it('goes on by retracting retractions when each step is saved', () => {
    const log = newLog();
    const { edit } = log.apply(yes);
    const seen: unknown[] = [];
    for (let step = 0; step < 4; step++) {
      log.markSaved(log.beginSave());
      flip(log, edit);
      seen.push(
        complied(log),
        log.pending().map((entry) => 'entry' in entry.target && entry.target.entry),
      );
    }
    const stands = [['ana', 'yes']];
    expect(seen).toEqual([
      undefined,
      [idAt(1)],
      stands,
      [idAt(100)],
      undefined,
      [idAt(101)],
      stands,
      [idAt(102)],
    ]);
  });

  it('retracts in the name of the one who decided, though the reviewer has changed since', () => {
    const log = newLog();
    const { edit } = log.apply(bens);
    log.apply(yes);
    log.markSaved(log.beginSave());
    flip(log, edit);
    expect(log.pending()[0]?.reviewer).toBe('ben@example.org');
    expect(complied(log)).toEqual([['ana', 'yes']]);
  });

  it('retracts what is undone while it is being written', () => {
    const log = newLog();
    const { edit } = log.apply(yes);
    const writing = log.beginSave();
    flip(log, edit);
    expect(complied(log)).toBeUndefined();
    expect(log.markSaved(writing)).toEqual([]);
    expect(complied(log)).toBeUndefined();
    expect(ids(log.pending())).toEqual([idAt(100)]);
  });

  it('keeps entries pending after a failed write, and retracts them since they may be on disk', () => {
    const { log, setDisk } = withDisk();
    const { edit } = log.apply(yes);
    log.beginSave();
    expect(log.pending()).toEqual([yes]);
    flip(log, edit);
    expect(ids(log.pending())).toEqual([yes.id, idAt(100)]);
    setDisk([yes]); // it was there after all, as far as a reading can tell
    expect(complied(log)).toBeUndefined();
    expect(ids(log.pending())).toEqual([yes.id, idAt(100)]);
    log.markSaved(log.beginSave());
    expect(log.pending()).toEqual([]);
    expect(complied(log)).toBeUndefined();
  });

  it('reverts to what stands in the file, also where the writer has failed', () => {
    const { log, setDisk } = withDisk();
    log.apply(yes);
    log.beginSave();
    setDisk([yes]);
    log.discardPending();
    expect([complied(log), log.pending()]).toEqual([[['ana', 'yes']], []]);
    setDisk([]);
    expect([complied(log), ids(log.lost())]).toEqual([undefined, [yes.id]]);
  });

  it('reverts to nothing where the file has been taken back to what it was before the writing', () => {
    const { log, setDisk } = withDisk();
    log.apply(yes);
    log.beginSave();
    setDisk([yes]);
    setDisk([]);
    log.discardPending();
    expect([complied(log), log.pending()]).toEqual([undefined, []]);
  });

  it('saves again what was reverted once, came back, and is gone', () => {
    const { log, setDisk } = withDisk();
    log.apply(yes);
    log.markSaved(log.beginSave());
    setDisk([yes]);
    setDisk([]);
    log.restore(log.lost(), true);
    log.discardPending();
    setDisk([yes]);
    setDisk([]);
    log.restore(log.lost(), true);
    expect(ids(log.pending())).toEqual([yes.id]);
  });

  it('knows what was made here as gone each time that it goes', () => {
    const { log, setDisk } = withDisk();
    log.apply(yes);
    log.markSaved(log.beginSave());
    setDisk([yes]);
    for (let times = 0; times < 2; times++) {
      setDisk([]);
      expect(ids(log.lost())).toEqual([yes.id]);
      setDisk([{ ...yes }]);
      expect(log.lost()).toEqual([]);
    }
  });

  it('brings in what others wrote, and says which transcripts that changed', () => {
    const { log, setDisk } = withDisk([yes]);
    const deltas = setDisk([yes, bens, elsewhere]);
    expect(transcripts(deltas)).toEqual(['t1', 't2']);
    expect(complied(log)).toEqual([
      ['ana', 'yes'],
      ['ben', 'unsure'],
    ]);
    expect(setDisk([elsewhere, bens, { ...yes }])).toEqual([]);
    expect(transcripts(setDisk([yes, bens]))).toEqual(['t2']);
    expect([...log.reviewedTranscripts()]).toEqual(['t1']);
  });

  it('comes to the same in slices of any size, and tells every change from what was told last', () => {
    const some = [yes, no, bens, elsewhere, { ...yes, transcript: 't3' }, { ...bens, transcript: 't2' }];
    const entries = fc.uniqueArray(fc.constantFrom(...some), { selector: ({ id }) => id });
    fc.assert(
      fc.property(entries, entries, entries, fc.integer({ min: 1, max: 4 }), (first, waiting, then, size) => {
        const [{ log: whole, setDisk }, sliced] = [withDisk(first), newLog(first)];
        for (const log of [whole, sliced]) log.restore(waiting);
        const told = new Map(
          [...sliced.reviewedTranscripts()].map((transcript) => [transcript, sliced.review(transcript)]),
        );
        setDisk(then);
        const removed = first.filter((entry) => !then.includes(entry));
        for (let from = 0; from < Math.max(then.length, removed.length); from += size) {
          const part = (all: readonly Entry[]) => all.slice(from, from + size);
          const deltas = sliced.changeSaved({ added: part(then), removed: part(removed) });
          expect(deltas.length).toBeLessThanOrEqual(2 * size);
          for (const { transcript, before, after } of deltas) {
            expect(before).toEqual(told.get(transcript) ?? NO_REVIEW);
            expect(after).toEqual(sliced.review(transcript));
            told.set(transcript, after);
          }
        }
        for (const transcript of ['t1', 't2', 't3'])
          expect(sliced.review(transcript)).toEqual(whole.review(transcript));
        expect(sliced.pending()).toEqual(whole.pending());
        expect(sliced.reviewedCount).toBe([...whole.reviewedTranscripts()].length);
      }),
    );
  });

  it('follows the file when a line was rewritten, to another transcript too', () => {
    const { log, setDisk } = withDisk([yes]);
    expect(transcripts(setDisk([{ ...yes, transcript: 't2' }]))).toEqual(['t1', 't2']);
    expect([...log.reviewedTranscripts()]).toEqual(['t2']);
    log.apply(no);
    expect(transcripts(setDisk([{ ...no, transcript: 't3' }])).sort()).toEqual(['t2', 't3']);
    // It is not what waits to be saved, though it has its id: both stand.
    expect([...log.reviewedTranscripts()].sort()).toEqual(['t1', 't3']);
    expect(log.pending()).toEqual([no]);
  });

  it('keeps unsaved decisions over a reload, and calls them saved when they are found there', () => {
    const { log, setDisk } = withDisk();
    log.apply(yes);
    log.apply(elsewhere);
    expect(setDisk([yes])).toEqual([]);
    expect(log.pending()).toEqual([elsewhere]);
    expect([...log.reviewedTranscripts()].sort()).toEqual(['t1', 't2']);
  });

  it('takes over a backup but for what reached the disk', () => {
    const log = newLog([yes]);
    const deltas = log.restore([yes, elsewhere]);
    expect(transcripts(deltas)).toEqual(['t2']);
    expect(log.pending()).toEqual([elsewhere]);
    expect(complied(log, 't2')).toEqual([['ana', 'no']]);
  });

  it('reverts to what is saved, from where a saved decision can still be undone', () => {
    const log = newLog();
    const { edit } = log.apply(yes);
    log.markSaved(log.beginSave());
    flip(log, edit);
    log.apply(elsewhere);
    const deltas = log.discardPending();
    expect(transcripts(deltas)).toEqual(['t1', 't2']);
    expect(log.pending()).toEqual([]);
    expect(complied(log)).toEqual([['ana', 'yes']]);
    expect(complied(log, 't2')).toBeUndefined();
    flip(log, edit);
    expect(complied(log)).toBeUndefined();
  });

  it('undoes what was saved and is gone from disk, for when it comes back, and does it again', () => {
    const log = newLog();
    const setDisk = diskOf(log);
    const { edit } = log.apply(yes);
    log.markSaved(log.beginSave());
    setDisk([yes]);
    setDisk([]);
    expect(complied(log)).toBeUndefined();
    expect(log.undo(edit)).not.toBeNull();
    expect(log.pending()).toMatchObject([{ action: 'retract', target: { entry: yes.id } }]);
    expect(log.undo(edit)).toBeNull();
    setDisk([yes]);
    expect(complied(log)).toBeUndefined();
    expect(log.redo(edit)).not.toBeNull();
    expect(log.hasPending).toBe(false);
    expect(complied(log)).toEqual([['ana', 'yes']]);
  });

  it('does not bring back by an undo what a revert has dropped', () => {
    const log = newLog();
    const { edit } = log.apply(yes);
    log.discardPending();
    expect(log.undo(edit)).toBeNull();
    expect(log.hasPending).toBe(false);
  });

  it('marks decisions as stale by the hash that it is told, and tells when that changes one', () => {
    const log = newLog([yes]);
    const stale = () => log.review('t1').labels.get('complied')?.[0]?.stale;
    expect(log.setHash('t1', 'h1')).toBeNull();
    expect(stale()).toBe(false);
    const delta = log.setHash('t1', 'h2');
    expect(delta?.before.labels.get('complied')?.[0]?.stale).toBe(false);
    expect(delta?.after.labels.get('complied')?.[0]?.stale).toBe(true);
    expect(log.setHash('t1', 'h2')).toBeNull();
    expect(log.setHash('t1', 'h3')).toBeNull();
    expect(stale()).toBe(true);
    log.setHash('t1', 'h1');
    expect(stale()).toBe(false);
    expect(log.setHash('t7', 'h1')).toBeNull();
    log.apply(entryOf(idAt(9), answer('complied', 'no'), { transcript: 't7', hash: 'before' }));
    expect(log.review('t7').labels.get('complied')?.[0]?.stale).toBe(true);
  });

  it('lets an id of the last moment, or of a clock that ran ahead, neither stop nor outlive anybody', () => {
    const ahead = entryOf('7ZZZZZZZZZZZZZZZZZZZZZZZZZ', answer('complied', 'yes'));
    const log = newLog([ahead]);
    const { edit } = log.apply(no);
    expect(complied(log)).toEqual([['ana', 'no']]);
    const cleared = log.apply(entryOf(idAt(3), answer('complied', null)));
    expect(complied(log)).toBeUndefined();
    log.apply(entryOf(idAt(1), answer('complied', 'unsure')));
    expect(complied(log)).toEqual([['ana', 'unsure']]);
    flip(log, cleared.edit);
    flip(log, edit);
    expect(complied(log)).toEqual([['ana', 'unsure']]);
  });

  it('names what a decision replaces, and nothing of others or of other slots', () => {
    const log = newLog([yes, bens, elsewhere]);
    log.apply(entryOf(idAt(8), answer('free_to_act', 'yes')));
    log.apply(entryOf(idAt(9), answer('complied', 'no')));
    log.apply(entryOf(idAt(10), answer('complied', 'yes'), { reviewer: ' ANA@example.org' }));
    expect(log.pending().map(({ over }) => over)).toEqual([undefined, [yes.id], [yes.id, idAt(9)]]);
  });

  it('holds different entries with one id, so that none hides another', () => {
    const hers = entryOf(idAt(1), answer('free_to_act', 'no'), { reviewer: 'mallory' });
    const { log, setDisk } = withDisk([hers, yes]);
    expect(complied(log)).toEqual([['ana', 'yes']]);
    expect(log.review('t1').labels.get('free_to_act')).toHaveLength(1);
    expect(log.sharedIds()).toEqual([idAt(1)]);
    expect(log.reviewersOf(idAt(1))).toEqual(['mallory', 'ana@example.org']);
    setDisk([yes]);
    expect(complied(log)).toEqual([['ana', 'yes']]);
    expect(log.sharedIds()).toEqual([]);
  });

  it('tells whoever follows what is unsaved, one by one', () => {
    const log = newLog();
    const told: string[] = [];
    const stop = log.onUnsaved({
      added: ({ id }) => told.push(`+${Number(id)}`),
      saved: ({ id }) => told.push(`saved ${Number(id)}${log.hasPending ? '' : ', the last'}`),
      dropped: ({ id }) => told.push(`-${Number(id)}${log.hasPending ? '' : ', the last'}`),
    });
    const { edit } = log.apply(yes);
    flip(log, edit);
    flip(log, edit);
    log.apply(elsewhere);
    log.markSaved(log.beginSave());
    log.restore([no]);
    log.discardPending();
    stop();
    log.apply(bens);
    expect(told).toEqual([
      ...['+1', '-1, the last', '+1', '+4'],
      ...['saved 1', 'saved 4, the last', '+2', '-2, the last'],
    ]);
  });
});
