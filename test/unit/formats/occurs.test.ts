import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { occurs } from '../../../src/core/formats/occurs';

describe('occurs', () => {
  it('says what includes says', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (needle, whole) => {
        expect(occurs(needle, whole)).toBe(whole.includes(needle));
      }),
      {
        numRuns: 2_000,
        examples: [
          ['', ''],
          ['aab', 'aaab'],
          ['abab', 'abaabab'],
        ],
      },
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, needle, behind) => {
        expect(occurs(needle, before + needle + behind)).toBe(true);
      }),
    );
  });
});
