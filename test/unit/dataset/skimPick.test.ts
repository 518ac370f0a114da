import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemberPicker } from '../../../src/core/dataset/skimPick';

const WANTED = new Set(['id', 'score', 'é', '__proto__', 'a longer key than others have']);
const encode = (text: string) => new TextEncoder().encode(text);
const parse = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

const key = fc.oneof(fc.constantFrom(...WANTED, 'i', 'ids', 'x'), fc.string());
const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' });
const space = fc.constantFrom('', ' ', '\n  ', '\t');
/** Keys may repeat, and have escapes where JSON.stringify makes some. */
const object = fc
  .tuple(fc.array(fc.tuple(key, value), { maxLength: 8 }), space)
  .map(
    ([members, gap]) =>
      `${gap}{${gap}${members
        .map(([name, some]) => `${JSON.stringify(name)}${gap}:${gap}${JSON.stringify(some, null, gap)}`)
        .join(`${gap},${gap}`)}${gap}}${gap}`,
  );

describe('MemberPicker', () => {
  it('picks what the whole object has under the wanted keys', () => {
    let picks = 0;
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 4 }), (texts) => {
        const picker = new MemberPicker(WANTED);
        for (const text of texts) {
          const picked = picker.pick(encode(text));
          if (picked === null) {
            expect(text).toContain('\\');
            continue;
          }
          picks++;
          const whole = Object.entries(parse(encode(text)) as object).filter(([name]) => WANTED.has(name));
          expect(Object.entries(parse(picked) as object).sort()).toEqual(whole.sort());
        }
      }),
      { numRuns: 500 },
    );
    expect(picks).toBeGreaterThan(300);
  });

  it('keeps the last of two members, and nothing of the others', () => {
    const picker = new MemberPicker(new Set(['id']));
    const pick = (text: string) => new TextDecoder().decode(picker.pick(encode(text)) ?? undefined);
    expect(pick('{"id":1,"text":"{\\"id\\":7}","in":{"id":5},"id": 2 }')).toBe('{"id":1,"id": 2}');
    expect(pick(' { } ')).toBe('{}');
    expect(pick('{"text":[1,{"a":"]"}]}')).toBe('{}');
  });

  it.each([
    '',
    '[]',
    '1',
    '{"id":1',
    '{"id"}',
    '{"a":"}',
    '{"id":1}}',
    '{"\\u0069d":1}',
    '{"a":1,}',
    '{a:1}',
  ])('leaves %s to the parser', (text) => {
    expect(new MemberPicker(new Set(['id'])).pick(encode(text))).toBe(null);
  });

  it('survives any bytes, and parts of a larger array', () => {
    const picker = new MemberPicker(WANTED);
    const parts = fc.oneof(
      fc.constantFrom('{', '}', '"', ':', ',', '[', ']', '\\', '"id"', '1', ' ', '\u00e9'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (some) => {
        const bytes = encode(`{"id":${some.join('')}`);
        const padded = encode(`xx${new TextDecoder().decode(bytes)}"}`);
        expect(picker.pick(padded.subarray(2, -2))).toEqual(new MemberPicker(WANTED).pick(bytes));
      }),
      { numRuns: 500 },
    );
  });
});
