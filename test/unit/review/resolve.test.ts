import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjudicate, resolveLabel, resolveSpan } from '../../../src/core/review/resolve';
import { ANSWERS, type Answer, type LabelDecision, type SpanDecision } from '../../../src/core/review/state';

const decision = (answer: Answer, stale = false): LabelDecision => ({
  reviewer: 'ana',
  entry: 'e1',
  answer,
  at: '2025-01-01T00:00:00Z',
  stale,
});

it('makes out once what very many labels come to, and all of them', () => {
  const labels = new Map(
    Array.from({ length: 1_001 }, (_, n) => [`l${n}`, [decision(n % 2 === 0 ? 'yes' : 'no')]]),
  );
  const review = { labels, spans: new Map(), notes: [] };
  expect(adjudicate(review)).toBe(adjudicate(review));
  expect(adjudicate(review)).toEqual(new Map([...labels.keys()].map((label, n) => [label, n % 2 === 0])));
});

describe('the resolution rule', () => {
  it.each<[string, Answer[], boolean | null | undefined]>([
    ['nobody', [], undefined],
    ['one yes', ['yes'], true],
    ['one no', ['no'], false],
    ['a majority', ['yes', 'no', 'yes'], true],
    ['a tie', ['yes', 'no'], null],
    ['unsure abstains', ['unsure', 'no', 'unsure'], false],
    ['only unsure', ['unsure'], null],
  ])('%s', (_, answers, value) => {
    expect(resolveLabel(answers.map((answer) => decision(answer)))).toBe(value);
  });

  it('never hears a stale decision, and does not depend on the order', () => {
    const decisions = fc.array(fc.tuple(fc.constantFrom(...ANSWERS), fc.boolean()));
    fc.assert(
      fc.property(decisions, (drawn) => {
        const all = drawn.map(([answer, stale]) => decision(answer, stale));
        const value = resolveLabel(all);
        expect(resolveLabel(all.filter(({ stale }) => !stale))).toBe(value);
        expect(resolveLabel(all.toReversed())).toBe(value);
      }),
    );
  });

  it('lists only labels that somebody decided', () => {
    const labels = new Map([
      ['complied', [decision('yes')]],
      ['alignment_faking', [decision('unsure')]],
      ['free_to_act', [decision('yes', true)]],
      ['criteria_conflict', []],
    ]);
    expect([...adjudicate({ labels, spans: new Map(), notes: [] })]).toEqual([
      ['complied', true],
      ['alignment_faking', null],
    ]);
  });

  it('counts confirms and rejects of a span', () => {
    const of = (action: SpanDecision['action'], stale = false): SpanDecision => ({
      ...decision('yes', stale),
      action,
      of: null,
      label: null,
      range: null,
    });
    expect(resolveSpan([of('confirm'), of('reject'), of('confirm'), of('reject', true), of('add')])).toEqual({
      confirms: 2,
      rejects: 1,
    });
  });
});
