/**
 * The log against a model that anyone can check by eye: a list of the decisions that are done, the last of
 * which stands in each slot. Decisions, undo, redo, writes that end well or badly, reloads and restarts come in
 * any order.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLog, encode } from '../../../src/core/review/codec';
import type { Entry } from '../../../src/core/review/entry';
import { type Delta, type Edit, ReviewLog } from '../../../src/core/review/log';
import type { TranscriptReview } from '../../../src/core/review/state';
import { answer, diskOf, entryOf, idAt } from '../../support/entries';

const TRANSCRIPTS = ['t1', 't2'];
const place = { message: 0, start: 1, end: 3, unit: 'utf16', quote: 'ab' } as const;

type Decided = Parameters<typeof entryOf>[1];
const decided: fc.Arbitrary<Decided> = fc.oneof(
  fc
    .tuple(fc.constantFrom('complied', 'free_to_act'), fc.constantFrom('yes', 'no', 'unsure', null))
    .map(([label, value]) => answer(label, value as 'yes')),
  fc
    .tuple(fc.constantFrom('confirm', 'reject', 'clear'), fc.constantFrom('s1', 's2'))
    .map(([action, span]) => ({ action: action as 'confirm', target: { span }, value: null })),
  fc.constant({
    action: 'add' as const,
    target: { span: 'its own' },
    value: { ...place, label: 'free_to_act', prefix: '', suffix: '' },
  }),
  fc
    .constantFrom('', 'odd', 'very odd')
    .map((note) => ({ action: 'note' as const, target: { note: true as const }, value: null, note })),
);

/** An added span is called by the entry that adds it. */
function made(id: string, decided: Decided, fields: Partial<Entry> = {}): Entry {
  return entryOf(id, decided.action === 'add' ? { ...decided, target: { span: id } } : decided, fields);
}

type Step =
  | { readonly kind: 'do' | 'other'; readonly decided: Decided; readonly transcript: string }
  | { readonly kind: 'undo' | 'redo' | 'beginSave' | 'endSave' | 'reload' | 'restart' }
  | { readonly kind: 'failSave'; readonly part: number };

const transcript = fc.constantFrom(...TRANSCRIPTS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('do' as const), decided, transcript }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('other' as const), decided, transcript }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'undo' as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'redo' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'beginSave' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'endSave' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('failSave' as const),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'reload' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

/** What stands in each slot, as text: of decisions in the order in which they were made, the last. */
function modelOf(done: readonly Entry[]): Record<string, string> {
  const slots: Record<string, string> = {};
  const set = (entry: Entry, slot: string, content: string | null) => {
    const key = `${entry.transcript} ${entry.reviewer} ${slot}`;
    if (content === null) delete slots[key];
    else slots[key] = `${content} by ${entry.id}`;
  };
  for (const entry of done) {
    if (entry.action === 'label') set(entry, entry.target.label, entry.value);
    else if (entry.action === 'note') set(entry, 'note', entry.note || null);
    else if (entry.action === 'add') set(entry, `add ${entry.target.span}`, 'add');
    else if (entry.action === 'clear') set(entry, `on ${entry.target.span}`, null);
    else if (entry.action !== 'retract') set(entry, `on ${entry.target.span}`, entry.action);
  }
  return slots;
}

/** The same of a log's reviews. */
function slotsOf(review: (transcript: string) => TranscriptReview): Record<string, string> {
  const slots: Record<string, string> = {};
  for (const transcript of TRANSCRIPTS) {
    const { labels, spans, notes } = review(transcript);
    for (const [label, list] of labels) {
      for (const each of list)
        slots[`${transcript} ${each.reviewer} ${label}`] = `${each.answer} by ${each.entry}`;
    }
    for (const [span, list] of spans) {
      for (const each of list) {
        const slot = each.action === 'add' ? 'add' : 'on';
        slots[`${transcript} ${each.reviewer} ${slot} ${span}`] = `${each.action} by ${each.entry}`;
      }
    }
    for (const each of notes) slots[`${transcript} ${each.reviewer} note`] = `${each.text} by ${each.entry}`;
  }
  return slots;
}

function unexpected(): never {
  throw new Error('there is nothing to do');
}

/** A session as VS Code would drive it, with the model beside it. */
class Session {
  disk = '';
  /** In the order in which they were made, which their ids do not tell: this clock jumps to and fro. */
  private readonly made = new Map<string, number>();
  private readonly newId = () => {
    const id = idAt(1 + ((this.made.size * 61) % 997));
    this.made.set(id, this.made.size);
    return id;
  };
  private log = this.newLog();
  private setDisk = diskOf(this.log);
  /** VS Code's undo stack: of `edits`, those before `cursor` are done. */
  private edits: Edit[] = [];
  private cursor = 0;
  /** Done for good as far as this session's stack is concerned: by others, or before a restart. */
  private settled: Entry[] = [];
  private writing: readonly Entry[] | null = null;
  /** What a listener that hears only Deltas believes. */
  private heard = new Map<string, TranscriptReview>();

  run(step: Step): void {
    switch (step.kind) {
      case 'do':
        this.edits.length = this.cursor;
        this.edits.push(this.decide(made(this.newId(), step.decided, { transcript: step.transcript })));
        this.cursor++;
        return;
      case 'other': {
        // Ben's own session, which has read what he decided before.
        const parts = { transcript: step.transcript, reviewer: 'ben@example.org' };
        const theirs = this.newLog();
        theirs.changeSaved({ added: decodeLog(this.disk).entries, removed: [] });
        const { entry } = theirs.apply(made(this.newId(), step.decided, parts)).edit;
        this.disk += encode(entry);
        this.settled.push(entry);
        this.hear(this.setDisk(decodeLog(this.disk).entries));
        return;
      }
      case 'undo': {
        const edit = this.edits[this.cursor - 1];
        if (!edit) return;
        this.hear([this.log.undo(edit) ?? unexpected()]);
        this.cursor--;
        return;
      }
      case 'redo': {
        const edit = this.edits[this.cursor];
        if (!edit) return;
        this.hear([this.log.redo(edit) ?? unexpected()]);
        this.cursor++;
        return;
      }
      case 'beginSave':
        this.writing ??= this.log.beginSave();
        return;
      case 'endSave':
        this.save();
        return;
      case 'failSave': {
        const lines = (this.writing ?? this.log.beginSave()).map(encode).join('');
        const torn = lines.slice(0, Math.floor(lines.length * step.part));
        this.disk += torn === '' ? '' : `${torn}\n`;
        this.writing = null;
        return;
      }
      case 'reload':
        this.hear(this.setDisk(decodeLog(this.disk).entries));
        return;
      case 'restart': {
        // The window is killed; the backup was taken after the last step.
        const backup = decodeLog(this.log.pending().map(encode).join('')).entries;
        this.settled = this.done();
        this.edits = [];
        this.cursor = 0;
        this.writing = null;
        this.heard = new Map();
        this.log = this.newLog();
        this.setDisk = diskOf(this.log);
        this.hear(this.setDisk(decodeLog(this.disk).entries));
        this.hear(this.log.restore(backup));
      }
    }
  }

  save(): void {
    const entries = this.writing ?? this.log.beginSave();
    this.disk += entries.map(encode).join('');
    this.writing = null;
    this.hear(this.log.markSaved(entries));
  }

  pending(): readonly Entry[] {
    return this.log.pending();
  }

  check(): void {
    const model = modelOf(this.done());
    expect(slotsOf((transcript) => this.log.review(transcript))).toEqual(model);
    expect(slotsOf((id) => this.heard.get(id) ?? { labels: new Map(), spans: new Map(), notes: [] })).toEqual(
      model,
    );
    const decidedOn = TRANSCRIPTS.filter((id) => Object.keys(model).some((key) => key.startsWith(`${id} `)));
    expect([...this.log.reviewedTranscripts()].sort()).toEqual(decidedOn);
  }

  /** What another reader makes of the disk, its lines in the order that `order` gives. */
  readDisk(order: (lines: string[]) => string[]): Record<string, string> {
    const other = this.newLog();
    const lines = this.disk.split('\n').filter((line) => line !== '');
    other.changeSaved({ added: decodeLog(order(lines).join('\n')).entries, removed: [] });
    return slotsOf((transcript) => other.review(transcript));
  }

  model(): Record<string, string> {
    return modelOf(this.done());
  }

  private done(): Entry[] {
    const mine = this.edits.slice(0, this.cursor).map((edit) => edit.entry);
    return [...this.settled, ...mine].sort((a, b) => this.orderOf(a) - this.orderOf(b));
  }

  private orderOf({ id }: Entry): number {
    return this.made.get(id) ?? Number.NaN;
  }

  private decide(entry: Entry): Edit {
    const { edit, delta } = this.log.apply(entry);
    this.hear([delta]);
    return edit;
  }

  private hear(deltas: readonly Delta[]): void {
    for (const { transcript, before, after } of deltas) {
      const empty = { labels: new Map(), spans: new Map(), notes: [] };
      expect(before).toEqual(this.heard.get(transcript) ?? empty);
      this.heard.set(transcript, after);
    }
  }

  private newLog(): ReviewLog {
    return new ReviewLog({ newId: this.newId, now: () => new Date(0) });
  }
}

const steps = fc.array(step, { maxLength: 40, size: 'max' });

describe('ReviewLog and the list of done decisions', () => {
  it('agree after every step', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const session = new Session();
        for (const each of all) {
          session.run(each);
          session.check();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('agree with the disk once saved, in any order of its lines', () => {
    fc.assert(
      fc.property(steps, fc.infiniteStream(fc.nat()), (all, numbers) => {
        const session = new Session();
        for (const each of all) session.run(each);
        session.save();
        session.save(); // what was decided while a write ran
        session.check();
        expect(session.pending()).toEqual([]);
        expect(session.readDisk((lines) => lines)).toEqual(session.model());
        const shuffle = (lines: string[]) =>
          lines
            .map((line) => ({ line, key: Number(numbers.next().value) }))
            .sort((a, b) => a.key - b.key)
            .map(({ line }) => line);
        expect(session.readDisk(shuffle)).toEqual(session.model());
      }),
      { numRuns: 200 },
    );
  });

  it('agree that undoing everything leaves nothing, wherever the saves fell', () => {
    const doOrSave = step.filter(({ kind }) => ['do', 'beginSave', 'endSave', 'failSave'].includes(kind));
    fc.assert(
      fc.property(fc.array(doOrSave, { maxLength: 15 }), (all) => {
        const session = new Session();
        for (const each of all) session.run(each);
        for (const _ of all) session.run({ kind: 'undo' });
        session.check();
        expect(session.model()).toEqual({});
        session.save();
        session.save();
        expect(session.readDisk((lines) => lines)).toEqual({});
      }),
    );
  });
});
