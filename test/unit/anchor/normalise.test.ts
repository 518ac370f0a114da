import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_UNITS, NormalisedText, normaliseQuote } from '../../../src/core/anchor/normalise';
import { brokenText } from './text';

describe('normalised text', () => {
  it.each([
    ['Hello   World', 'hello world'],
    ['a\r\n\t b\u00a0\u202fc', 'a b c'],
    ['“Don’t” ‘x’ «y»', `"don't" 'x' "y"`],
    ['a—b–c‑d−e', 'a-b-c-d-e'],
    ['ΟΔΟΣ', 'οδος'.replace('ς', 'σ')],
    ['οδος', 'οδοσ'],
    ['café', 'cafe\u0301'],
    ['cafe\u0301', 'cafe\u0301'],
    ['İstanbul', 'i\u0307stanbul'],
    ['한', '\u1112\u1161\u11ab'],
    ['', ''],
  ])('%j reads %j', (stored, expected) => {
    expect(new NormalisedText(stored).text).toBe(expected);
  });

  it('leads back to the stored range when lengths change', () => {
    const normalised = new NormalisedText('İ  said  É!');
    const at = normalised.text.indexOf('said');
    expect(normalised.storedRange(at, at + 4)).toEqual({ start: 3, end: 7 });
    const e = normalised.text.indexOf('e');
    expect(normalised.storedRange(e, e + 2)).toEqual({ start: 9, end: 10 });
    expect(normalised.storedRange(e, e + 1)).toBeNull();
    expect(normalised.storedRange(0, normalised.text.length)).toEqual({ start: 0, end: 11 });
  });

  it('a stored range that it names folds to the part of the text that it was named for', () => {
    fc.assert(
      fc.property(brokenText(), fc.nat(), fc.nat(), (stored, a, b) => {
        const normalised = new NormalisedText(stored);
        const [start, end] = [a, b].map((n) => n % (normalised.text.length + 1)).sort((x, y) => x - y);
        if (start === undefined || end === undefined) throw new Error('two positions');
        const range = normalised.storedRange(start, end);
        if (range) {
          expect(new NormalisedText(stored.slice(range.start, range.end)).text).toBe(
            normalised.text.slice(start, end),
          );
        }
        expect(normalised.storedRange(0, normalised.text.length)).toEqual({ start: 0, end: stored.length });
      }),
    );
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(brokenText(), (stored) => {
        const once = normaliseQuote(stored);
        expect(normaliseQuote(once)).toBe(once);
      }),
    );
  });

  it('has at most so many units for one of the text, and one for one of ASCII', () => {
    for (const kept of ['all', 'letters'] as const) {
      for (let code = 0; code < 0x20000; code += 1) {
        const stored = String.fromCodePoint(code);
        const { length } = new NormalisedText(stored, kept).text;
        if (length > (code < 0x80 ? 1 : MOST_UNITS * stored.length)) expect([code, length]).toEqual([]);
      }
    }
  });
});
