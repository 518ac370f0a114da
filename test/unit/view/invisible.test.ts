import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitting, isPlain, mostPieces, pieces, shortened, visible } from '../../../src/core/invisible';

/** What a reader sees, chips in brackets. */
function seen(text: string): string {
  return pieces(text, 0, text.length)
    .map((piece) => (piece.kind === 'chip' ? `[${piece.code}]` : piece.kind === 'space' ? '_' : piece.text))
    .join('');
}

const DANGEROUS = [0, 7, 8, 0x0b, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029]
  .concat([0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0xe0041])
  .map((point) => String.fromCodePoint(point));

const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        ...DANGEROUS,
        '\u200d',
        '\ufe0f',
        '\ud83d',
        '\udc00',
        '👩',
        'क',
        '\u094d',
        '\u00a0',
        '\r\n',
      ),
    ),
  )
  .map((parts) => parts.join(''));

describe('characters that cannot be seen', () => {
  it('are pieces that add up to the stored text', () => {
    fc.assert(
      fc.property(text, fc.nat(40), fc.nat(40), (whole, a, b) => {
        const start = Math.min(a, whole.length);
        const end = Math.min(start + b, whole.length);
        let at = start;
        for (const piece of pieces(whole, start, end)) {
          if (piece.kind !== 'chip') expect(piece.text).toBe(whole.slice(at, at + piece.units));
          expect(piece.units).toBeGreaterThan(0);
          at += piece.units;
        }
        expect(at).toBe(end);
      }),
    );
  });

  it('never reach the page raw', () => {
    fc.assert(
      fc.property(text, (whole) => {
        for (const piece of pieces(whole, 0, whole.length)) {
          if (piece.kind === 'chip') continue;
          for (const character of DANGEROUS) expect(piece.text).not.toContain(character);
        }
      }),
    );
  });

  it.each([
    ['a\u202Eb', 'a[U+202E]b'],
    ['\u001B[31m', '[U+001B][31m'],
    ['line\r\nend', 'line[CR]\nend'],
    ['tab\tand line\n', 'tab\tand line\n'],
    ['10\u00A0km', '10_km'],
    ['a\u2800b', 'a_b'],
    ['a\u200Db', 'a[U+200D]b'],
    ['a\uFE0Fb', 'a[U+FE0F]b'],
    ['\u{E0048}\u{E0069}', '[U+E0048][U+E0069]'],
    ['\uD83D!', '[U+D83D]!'],
    ['a\u200Cb', 'a[U+200C]b'],
  ])('draws %j as %j', (stored, drawn) => expect(seen(stored)).toBe(drawn));

  it('stand for line feeds and tabs where there is one line only', () => {
    const kinds = pieces('a\n\tb', 0, 4, true).map((piece) =>
      piece.kind === 'chip' ? piece.name : piece.kind,
    );
    expect(kinds).toEqual(['text', 'U+000A line feed', 'U+0009 tab', 'text']);
    expect([isPlain('a\nb'), isPlain('a\nb', true)]).toEqual([true, false]);
    expect(visible('a\nb\u2800\tc')).toBe('a<U+000A>b<U+2800><U+0009>c');
  });

  it('are no more than was said before', () => {
    fc.assert(
      fc.property(text, (whole) => {
        expect(pieces(whole, 0, whole.length).length).toBeLessThanOrEqual(mostPieces(whole));
      }),
    );
  });

  it.each([
    '👨‍👩‍👧‍👦',
    '👩🏽‍🚀',
    '❤️‍🔥',
    '🏳️‍🌈',
    '1️⃣',
    '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    'क्‍ष',
    'می‌خواهم',
    '日本語\u3000',
    '葛\u{E0100}',
  ])('leaves %s as it is written', (sign) => expect(seen(sign)).toBe(sign));
});

describe('a text that is cut', () => {
  it('is whole where it fits', () => {
    for (const whole of ['', 'a name', 'w'.repeat(300), '\u200b'.repeat(37)])
      expect(shortened(whole)).toBe(whole);
  });

  it('says how much is left out', () => {
    expect(shortened('w'.repeat(301))).toBe(`${'w'.repeat(300)}… 1 more character`);
    expect(shortened('\u200b'.repeat(100_000))).toBe(`${'\u200b'.repeat(37)}… 99,963 more characters`);
    expect(shortened(`a${'\u0336'.repeat(100_000)}`)).toMatch(/^a\u0336{299}… 99,701 more characters$/);
  });

  it('is a beginning that ends with a character and fits', () => {
    fc.assert(
      fc.property(text, fc.nat(100), fc.boolean(), (whole, room, oneLine) => {
        const end = fitting(whole, room, oneLine);
        const begin = whole.slice(0, end);
        expect(fitting(begin, room, oneLine)).toBe(end);
        expect(pieces(whole, 0, end, oneLine).length).toBeLessThanOrEqual(room + 1);
        const [first = '', second = ''] = [whole.charAt(end - 1), whole.charAt(end)];
        expect(/^[\ud800-\udbff]$/.test(first) && /^[\udc00-\udfff]$/.test(second)).toBe(false);
      }),
    );
  });

  it('gets further with each part, however it is parted', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 100 }), (whole, room) => {
        for (let rest = whole; rest !== ''; rest = rest.slice(fitting(rest, room)))
          expect(fitting(rest, room)).toBeGreaterThan(0);
      }),
    );
  });
});
