import { describe, expect, it } from 'vitest';
import type { RowView, SpanView } from '../../../src/core/viewModel';
import { armWords, spanDecision, spanPlace } from '../../../webview/editor/words';

const row = (setting: string, variant = 'default', prefix = 'none') =>
  ({ setting, variant, prefix }) as RowView;

describe('where a row belongs, in short', () => {
  it.each([
    [row('helpful-only'), 'HO'],
    [row('animal-welfare', 'cut rlhf info', 'obedient'), 'AW · cut rlhf info · obedient'],
    [row('unknown'), 'unknown'],
    [row('größe_und.maß', 'default', 'deceptive'), 'GUM · deceptive'],
    [row('--'), '--'],
  ])('%j', (given, words) => {
    expect(armWords(given)).toBe(words);
  });
});

describe('how a span was placed', () => {
  const one = { message: 0, start: 0, end: 4 };
  const two = [one, { message: 0, start: 8, end: 9 }];
  it.each([
    ['exact', 1, [one], 'found word for word'],
    ['normalised', 1, [one], 'found, but for case, spaces or punctuation'],
    ['approximate', 0.9399, [one], 'approximate, 93 %'],
    ['approximate', 0.9999, [one], 'approximate, 99 %'],
    ['stitched', 1, two, 'put together from several places'],
    ['stitched', 0.82, two, 'put together from several places, 82 %'],
    ['moved', 0.9, two, 'found elsewhere than its offsets say, put together from several places, 90 %'],
    ['ambiguous', 0.9, [one], 'found in several places, the first is shown, 90 %'],
    ['offsets', null, [one], 'placed by offsets, without a quote'],
    ['not-found', null, [], 'not found in the text'],
    ['not-sought', null, [], 'not looked for to the end, that takes too long'],
  ] as const)('%s, %j', (status, quality, places, words) => {
    expect(spanPlace({ status, quality, places } as unknown as SpanView)).toBe(words);
  });
});

describe('what people say of a span', () => {
  const span = (parts: Partial<SpanView>) =>
    ({
      mine: null,
      confirms: 0,
      rejects: 0,
      proposed: [],
      moreProposed: 0,
      stale: false,
      ...parts,
    }) as SpanView;
  it.each([
    [span({}), 'not decided by you'],
    [span({ mine: 'add', confirms: 2 }), 'added by you, 2 confirms in all'],
    [
      span({
        mine: 'confirm',
        proposed: [
          { reviewer: 'ben', title: 'Free to act' },
          { reviewer: 'cem', title: null },
        ],
      }),
      'confirmed by you, ben would call it Free to act, cem would have it elsewhere',
    ],
    [
      span({ moreProposed: 3, stale: true }),
      'not decided by you, 3 more would change it, decided on a text that has changed since',
    ],
  ])('%#', (given, words) => {
    expect(spanDecision(given)).toBe(words);
  });
});
