import { describe, expect, it } from 'vitest';
import { CANONICAL, type Profile } from '../../../src/core/formats/profile';
import { matchTranscript } from '../../../src/core/search/match';
import { NO_SEARCH, SearchError, type SearchQuery, searchPattern } from '../../../src/core/search/query';
import { requiredTexts } from '../../../src/core/search/required';
import { holdsTextVerbatim } from '../../../src/core/search/verbatim';

const messages = [
  { role: 'system', content: 'Obey. (a|b)', prefill: 0, region: null },
  { role: 'User', content: 'Obey?\nI obey 2 + 2 = 4', prefill: 0, region: null },
  { role: 'assistant', content: '<think>obey</think><OUTPUT>OBEY</OUTPUT> obey', prefill: 0, region: null },
  { role: 'assistant', content: 'obey', prefill: 0, region: 'scratchpad' as const },
  { role: 'tool', content: 'naïve \ud83d\ude00 Straße', prefill: 0, region: null },
];

/** Matches as message, offset and text. */
function found(change: Partial<SearchQuery>): (readonly [number, number, string])[] {
  return matchTranscript({ ...NO_SEARCH, ...change }, { messages }).map(({ message, start, end }) => [
    message,
    start,
    messages[message]?.content.slice(start, end) ?? '',
  ]);
}

describe('a search', () => {
  it('takes its text for itself, in any case unless told otherwise', () => {
    expect(found({ text: '(A|B)' })).toEqual([[0, 6, '(a|b)']]);
    expect(found({ text: '2 + 2' })).toEqual([[1, 13, '2 + 2']]);
    expect(found({ text: 'obey' })).toHaveLength(7);
    expect(found({ text: 'Obey', caseSensitive: true })).toEqual([
      [0, 0, 'Obey'],
      [1, 0, 'Obey'],
    ]);
    expect(found({ text: 'STRASSE' })).toEqual([]);
    expect(found({ text: 'STRAẞE' })).toEqual([[4, 9, 'Straße']]);
  });

  it('takes a regular expression by code points and by lines', () => {
    expect(found({ text: '^i \\w+', regex: true })).toEqual([[1, 6, 'I obey']]);
    expect(found({ text: '\\s(.)\\s', regex: true }).at(-1)).toEqual([4, 5, ' \ud83d\ude00 ']);
    // what matches nothing is no match
    expect(found({ text: 'x*', regex: true })).toEqual([]);
  });

  it.each([
    ['system', [0]],
    ['user', [1, 1]],
    ['assistant', [2, 2, 2, 3]],
    ['tool', []],
    ['scratchpad', [2, 3]],
    ['output', [2]],
    ['draft', []],
  ] as const)('in %s finds nothing elsewhere', (scope, where) => {
    expect(found({ text: 'obey', scope }).map(([message]) => message)).toEqual(where);
  });

  it('finds no match across the end of a region', () => {
    expect(found({ text: 'think><OUT', scope: 'everywhere' })).toHaveLength(1);
    expect(found({ text: 'think><OUT', scope: 'output' })).toEqual([]);
    expect(found({ text: '^.*$', regex: true, scope: 'output' })).toEqual([[2, 19, '<OUTPUT>OBEY</OUTPUT>']]);
  });

  it('says in words why an expression is none', () => {
    const pattern = () => searchPattern({ ...NO_SEARCH, text: 'a: /(', regex: true });
    expect(pattern).toThrow(SearchError);
    expect(pattern).toThrow('not a regular expression: unterminated group');
  });
});

describe('what a regular expression requires', () => {
  it.each([
    ['rewards?', [['reward']]],
    ['a.*bc', [['a', 'bc']]],
    ['ab{0,2}c+d', [['a', 'c', 'd']]],
    ['x(?:never|ever)yz', [['x', 'yz']]],
    ['[^\\]ab]cd', [['cd']]],
    ['\\d+\\.5', [['.5']]],
    ['\\u{61}b\\x41c\\p{L}d\\k<n>e(?<n>.)', [['b', 'c', 'd', 'e']]],
    ['free tier|paid', [['free tier'], ['paid']]],
    ['a\\nb', [['a\nb']]],
    ['free|', null],
    ['\\w+', null],
    ['(a)', null],
  ] as const)('%s', (text, texts) => {
    expect(requiredTexts({ ...NO_SEARCH, text, regex: true })).toEqual(texts);
  });
});

describe('texts that stand in the record as they are', () => {
  const mapped = (messages: Profile['messages']): Profile => ({
    version: 1,
    name: 'm',
    reads: 'mapped',
    messages,
  });
  it.each([
    ['our own format', CANONICAL, true],
    [
      'members of the record',
      mapped([
        { at: '/prompt', role: 'user' },
        { at: ['/a', '/b'], role: 'assistant' },
      ]),
      true,
    ],
    [
      'members of members, which may be JSON in a string',
      mapped([{ at: '/output/text', role: 'assistant' }]),
      false,
    ],
    ['a conversation, whose parts are put together', mapped([{ chat: '/messages' }]), false],
  ])('%s: %s', (_, profile, holds) => expect(holdsTextVerbatim(profile)).toBe(holds));
});
