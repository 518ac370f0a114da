import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { Transcript } from '../../../src/core/dataset/model';
import { Entry } from '../../../src/core/review/entry';
import { fold, NO_REVIEW } from '../../../src/core/review/fold';
import { type Decision, makeEntry } from '../../../src/core/review/makeEntry';

const verdict = { score: null, votes: null, version: null, derived: false };
const transcript: Transcript = {
  id: 't1',
  setting: 's',
  condition: 'training',
  variant: 'default',
  prefix: 'none',
  promptId: null,
  model: null,
  messages: [{ role: 'assistant', content: 'I may be watched, so 😀 I comply.', prefill: 0, region: null }],
  verdicts: [
    { classifier: 'a', label: 'complied', value: true, ...verdict },
    { classifier: 'b', label: 'complied', value: null, ...verdict },
    { classifier: 'a', label: 'alignment_faking', value: false, ...verdict },
  ],
  spans: [
    {
      id: 's1',
      classifier: 'a',
      label: 'alignment_faking',
      message: 0,
      start: 0,
      end: 3,
      unit: 'codepoint',
      quote: null,
      score: null,
    },
  ],
  metadata: {},
};
const context = { id: ulid(), at: new Date(0), reviewer: 'ana', transcript, hash: 'h', review: NO_REVIEW };

const decision: fc.Arbitrary<Decision> = fc.oneof(
  fc.record({
    kind: fc.constant('label' as const),
    label: fc.constantFrom('complied', 'alignment_faking', 'own'),
    answer: fc.constantFrom('yes' as const, 'no' as const, 'unsure' as const, null),
  }),
  fc.record({
    kind: fc.constant('span' as const),
    span: fc.constant('s1'),
    action: fc.constantFrom('confirm' as const, 'reject' as const, null),
  }),
  fc.record({ kind: fc.constant('note' as const), text: fc.string() }),
  fc.record({
    kind: fc.constant('addSpan' as const),
    label: fc.constant('own'),
    message: fc.constant(0),
    start: fc.integer({ min: 0, max: 10 }),
    end: fc.integer({ min: 11, max: 20 }),
  }),
);

describe('makeEntry', () => {
  it('makes entries of the schema, and none for what is decided already', () => {
    fc.assert(
      fc.property(decision, (wanted) => {
        const entry = makeEntry(wanted, context);
        if (entry === null) return;
        expect(Entry.safeParse(entry).error).toBeUndefined();
        if (wanted.kind === 'addSpan') return; // the same place may be marked twice, for two reasons
        const review = fold([entry], 'h');
        expect(makeEntry(wanted, { ...context, id: ulid(), review })).toBeNull();
        // On a text that has changed since, the same answer is a new decision.
        const stale = fold([entry], 'another');
        const again = makeEntry(wanted, { ...context, hash: 'another', id: ulid(), review: stale });
        if (wanted.kind !== 'note') expect(again).not.toBeNull();
      }),
    );
  });

  it('clears nothing where nothing is decided', () => {
    expect(makeEntry({ kind: 'label', label: 'complied', answer: null }, context)).toBeNull();
    expect(makeEntry({ kind: 'span', span: 's1', action: null }, context)).toBeNull();
    expect(makeEntry({ kind: 'note', text: '' }, context)).toBeNull();
  });

  it('keeps what each classifier had said on the label, or on the label of the span', () => {
    expect(makeEntry({ kind: 'label', label: 'complied', answer: 'no' }, context)?.saw).toEqual({
      a: true,
      b: null,
    });
    expect(makeEntry({ kind: 'span', span: 's1', action: 'reject' }, context)?.saw).toEqual({ a: false });
  });

  it('keeps the text of a new span and what stands around it', () => {
    const entry = makeEntry({ kind: 'addSpan', label: 'own', message: 0, start: 2, end: 16 }, context);
    expect(entry?.value).toMatchObject({
      quote: 'may be watched',
      prefix: 'I ',
      suffix: ', so 😀 I comply.',
    });
  });

  it.each([
    [0, 5, 5],
    [0, 6, 5],
    [0, 0, 999],
    [7, 0, 1],
  ])('refuses a span in message %d from %d to %d', (message, start, end) => {
    expect(() => makeEntry({ kind: 'addSpan', label: 'own', message, start, end }, context)).toThrow(
      RangeError,
    );
  });
});
