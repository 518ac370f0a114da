import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OffsetMap } from '../../../src/core/anchor/offsets';
import { OFFSET_UNITS } from '../../../src/core/dataset/model';
import { boundaries, brokenText } from './text';

/** An independent count; TextEncoder writes a lone surrogate as U+FFFD, which has three bytes as well. */
function counted(text: string, position: number, unit: (typeof OFFSET_UNITS)[number]): number {
  const before = text.slice(0, position);
  if (unit === 'utf16') return before.length;
  return unit === 'codepoint' ? [...before].length : new TextEncoder().encode(before).length;
}

describe('offsets in any unit', () => {
  it('counts as the standard library does, and to and fro is identity', () => {
    fc.assert(
      fc.property(brokenText(), fc.constantFrom(...OFFSET_UNITS), (text, unit) => {
        const map = new OffsetMap(text);
        for (const position of boundaries(text)) {
          const offset = counted(text, position, unit);
          expect(map.fromUtf16(position, unit)).toBe(offset);
          expect(map.toUtf16(offset, unit)).toBe(position);
        }
      }),
    );
  });

  it('has no answer for any other offset: inside a character, outside the text, not whole', () => {
    fc.assert(
      fc.property(brokenText(), fc.constantFrom(...OFFSET_UNITS), (text, unit) => {
        const map = new OffsetMap(text);
        const positions = new Set(boundaries(text));
        const offsets = new Set([...positions].map((position) => counted(text, position, unit)));
        const beyond = Math.max(...offsets) + 3;
        for (let n = -2; n <= beyond; n += 0.5) {
          if (!offsets.has(n)) expect(map.toUtf16(n, unit)).toBeNull();
          if (!positions.has(n)) expect(map.fromUtf16(n, unit)).toBeNull();
        }
      }),
    );
  });

  it('agrees far into a text that has several checkpoints', () => {
    const text = 'ab é 中 😀 '.repeat(2_000);
    const map = new OffsetMap(text);
    for (const position of boundaries(text).filter((_, n) => n % 97 === 0)) {
      for (const unit of OFFSET_UNITS) {
        expect(map.toUtf16(counted(text, position, unit), unit)).toBe(position);
        expect(map.fromUtf16(position, unit)).toBe(counted(text, position, unit));
      }
    }
  });
});
