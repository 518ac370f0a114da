import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorSpans } from '../../../src/core/anchor/anchor';
import { normaliseQuote } from '../../../src/core/anchor/normalise';
import { OFFSET_UNITS } from '../../../src/core/dataset/model';
import { anchor, message, span } from './span';
import { boundaries, text } from './text';

const chat = [
  message('system', 'Be helpful. The tier decides.'),
  message('user', 'Do it. The tier?'),
  message('assistant', '😀 The tier is free. “I’ll  comply”, I said.'),
];

describe('offsets without a quote', () => {
  it.each([
    ['codepoint', 2, 10],
    ['utf16', 3, 11],
    ['byte', 5, 13],
  ] as const)('in %s land on the same text', (unit, start, end) => {
    expect(anchor(chat, { message: 2, start, end, unit })).toMatchObject({
      place: { message: 2, start: 3, end: 11 },
      status: 'offsets',
      quote: 'The tier',
      reason: null,
    });
  });

  it('without a message are read in the only one of the assistant', () => {
    expect(anchor(chat, { start: 2, end: 10 }).quote).toBe('The tier');
    const two = [...chat, message('assistant', 'More of the same text here.')];
    expect(anchor(two, { start: 2, end: 10 })).toMatchObject({ place: null, status: 'out-of-range' });
    expect(anchor(chat.slice(0, 2), { start: 2, end: 10 })).toMatchObject({ status: 'out-of-range' });
  });

  it.each([
    ['beyond the end', { message: 2, start: 2, end: 999 }, 'outside messages[2]'],
    ['before the start', { message: 2, start: -1, end: 4 }, 'outside messages[2]'],
    ['backwards', { message: 2, start: 9, end: 4 }, 'backwards'],
    ['empty', { message: 2, start: 4, end: 4 }, 'no text'],
    ['inside a character', { message: 2, start: 1, end: 9, unit: 'byte' }, 'inside a character'],
    ['between surrogates', { message: 2, start: 1, end: 9, unit: 'utf16' }, 'inside a character'],
    ['in no message', { message: 7, start: 0, end: 4 }, 'no messages[7]'],
    ['without an end', { message: 2, start: 0 }, 'only one of start and end'],
    ['missing', {}, 'neither a quote nor offsets'],
    ['with an empty quote', { quote: '' }, 'neither a quote nor offsets'],
  ] as const)('%s are out of range, in words', (_, fields, words) => {
    const found = anchor(chat, fields);
    expect(found).toMatchObject({ place: null, status: 'out-of-range', quote: '' });
    expect(found.reason).toContain(words);
    expect(found.reason).toContain('af-partial, alignment_faking');
  });
});

describe('a quote without offsets', () => {
  it('is looked for in what the assistant wrote before the rest', () => {
    expect(anchor(chat, { quote: 'The tier' })).toMatchObject({ place: { message: 2, start: 3, end: 11 } });
    expect(anchor(chat, { quote: 'Do it' })).toMatchObject({ place: { message: 1 }, status: 'exact' });
  });

  it('is looked for in the message that the span names', () => {
    expect(anchor(chat, { message: 0, quote: 'The tier' })).toMatchObject({
      place: { message: 0, start: 12, end: 20 },
      status: 'exact',
      reason: null,
    });
  });

  it('found only in another message than the span names is marked', () => {
    const found = anchor(chat, { message: 1, quote: 'is free' });
    expect(found).toMatchObject({ place: { message: 2 }, status: 'moved', quote: 'is free' });
    expect(found.reason).toContain('messages[2]');
    expect(anchor(chat, { message: 9, quote: 'is free' }).status).toBe('moved');
  });

  it('matches but for case, white space and quote marks', () => {
    const found = anchor(chat, { quote: `"i'll COMPLY",` });
    expect(found).toMatchObject({ status: 'normalised', quote: '“I’ll  comply”,', reason: null });
  });

  it('in several places marks the first and says so', () => {
    const found = anchor([message('assistant', 'no, no')], { quote: 'no' });
    expect(found).toMatchObject({ place: { message: 0, start: 0, end: 2 }, status: 'ambiguous' });
    expect(found.reason).toContain('several places');
    const across = [message('assistant', 'one'), message('assistant', 'ONE two one')];
    expect(anchor(across, { quote: 'one' })).toMatchObject({ place: { message: 0 }, status: 'ambiguous' });
    expect(anchor(across, { quote: 'Two' })).toMatchObject({ status: 'normalised' });
  });

  it('that stands nowhere is kept as not found', () => {
    const found = anchor(chat, { quote: 'never said' });
    expect(found).toMatchObject({ place: null, status: 'not-found', quote: 'never said' });
    expect(found.reason).toContain('“never said” was not found');
    expect(anchor(chat, { quote: ' \n \u202f' })).toMatchObject({ place: null, status: 'not-found' });
  });

  it('does not match half of an emoji or of a composed letter', () => {
    expect(anchor(chat, { quote: '\ud83d' }).status).toBe('not-found');
    expect(anchor([message('assistant', 'Éa')], { quote: 'e' }).status).toBe('not-found');
  });
});

describe('a quote and offsets', () => {
  const twice = [message('assistant', 'tier one, then Tier two, then tier three')];

  it('that agree are exact, or normalised', () => {
    expect(anchor(twice, { message: 0, start: 30, end: 34, quote: 'tier' })).toMatchObject({
      place: { start: 30 },
      status: 'exact',
      reason: null,
    });
    expect(anchor(twice, { message: 0, start: 15, end: 19, quote: 'tier' })).toMatchObject({
      place: { start: 15 },
      status: 'normalised',
      quote: 'Tier',
    });
  });

  it.each([
    [28, 30],
    [5, 0],
    [40, 30],
  ])('that disagree: from %i to the nearest place of the quote, %i', (start, expected) => {
    const found = anchor(twice, { message: 0, start, end: start + 4, quote: 'tier' });
    expect(found).toMatchObject({
      place: { start: expected, end: expected + 4 },
      status: 'moved',
      quote: 'tier',
    });
    expect(found.reason).toContain(`at ${expected}`);
  });

  it('whose offsets are nonsense: the quote is used and marked', () => {
    expect(anchor(chat, { message: 2, start: 900, end: 950, quote: 'is free' })).toMatchObject({
      place: { message: 2, start: 12, end: 19 },
      status: 'moved',
    });
  });

  it('whose quote is nowhere have no place: the offsets are not trusted', () => {
    expect(anchor(chat, { message: 2, start: 2, end: 6, quote: 'nowhere' })).toMatchObject({
      place: null,
      status: 'not-found',
      quote: 'nowhere',
    });
  });

  it('without a message are checked in each', () => {
    const found = anchor(chat, { start: 7, end: 15, quote: 'The tier' });
    expect(found).toMatchObject({ place: { message: 1, start: 7, end: 15 }, status: 'exact' });
  });
});

describe('laws', () => {
  const stretch = fc
    .tuple(text(), fc.nat(), fc.nat())
    .map(([content, a, b]) => {
      const positions = boundaries(content);
      const [start = 0, end = 0] = [a, b]
        .map((n) => positions[n % positions.length] ?? 0)
        .sort((x, y) => x - y);
      return { content, start, end };
    })
    .filter(({ start, end }) => start < end);

  const count = {
    utf16: (before: string) => before.length,
    codepoint: (before: string) => [...before].length,
    byte: (before: string) => new TextEncoder().encode(before).length,
  };

  it('offsets in each unit land on the same text', () => {
    fc.assert(
      fc.property(stretch, ({ content, start, end }) => {
        const spans = OFFSET_UNITS.map((unit) =>
          span({
            message: 0,
            unit,
            start: count[unit](content.slice(0, start)),
            end: count[unit](content.slice(0, end)),
          }),
        );
        for (const found of anchorSpans([message('assistant', content)], spans)) {
          expect(found.place).toEqual({ message: 0, start, end });
          expect(found.quote).toBe(content.slice(start, end));
        }
      }),
    );
  });

  it('a quote of the text is found as it stands, and with its offsets where it stands', () => {
    fc.assert(
      fc.property(stretch, ({ content, start, end }) => {
        const quote = content.slice(start, end);
        const messages = [message('assistant', content)];
        const found = anchor(messages, { quote });
        expect(['exact', 'ambiguous']).toContain(found.status);
        expect(found.quote).toBe(quote);
        expect(found.status === 'ambiguous').toBe(content.indexOf(quote) !== content.lastIndexOf(quote));
        const both = anchor(messages, { quote, start, end, message: 0, unit: 'utf16' });
        expect(both).toMatchObject({ status: 'exact', place: { message: 0, start, end } });
      }),
    );
  });

  it('whatever is looked for, a place that is found says the quote', () => {
    fc.assert(
      fc.property(text(), text(6), fc.integer({ min: -2, max: 70 }), (content, quote, start) => {
        fc.pre(quote !== '');
        const messages = [message('assistant', content), message('user', quote.toUpperCase())];
        for (const fields of [{ quote }, { quote, message: 0, start, end: start + 3 }]) {
          const found = anchor(messages, fields);
          if (!found.place) {
            expect(found.status).toBe('not-found');
            expect(content).not.toContain(quote);
            continue;
          }
          const said = messages[found.place.message]?.content.slice(found.place.start, found.place.end);
          expect(found.quote).toBe(said);
          expect(found.place.end).toBeGreaterThan(found.place.start);
          if (found.status === 'exact') expect(said).toBe(quote);
          expect(found.quality).toBe(1);
          if (normaliseQuote(found.quote) === normaliseQuote(quote)) continue;
          expect(normaliseQuote(quote, 'letters')).not.toBe('');
          expect(normaliseQuote(found.quote, 'letters')).toBe(normaliseQuote(quote, 'letters'));
        }
      }),
    );
  });

  it('a quote with its case and white space changed is found where it stood', () => {
    fc.assert(
      fc.property(stretch, ({ content, start, end }) => {
        const quote = content
          .slice(start, end)
          .trim()
          .replace(/\s+/g, '\n ')
          .replace(/[aBeis]/g, (letter) => (letter === 'B' ? 'b' : letter.toUpperCase()));
        fc.pre(quote !== '');
        const found = anchor([message('assistant', content)], { quote });
        expect(found.place).not.toBeNull();
        expect(normaliseQuote(found.quote)).toBe(normaliseQuote(quote));
      }),
    );
  });
});
