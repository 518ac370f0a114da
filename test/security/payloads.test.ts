import { describe, expect, it } from 'vitest';
import { pieces, visible } from '../../src/core/invisible';
import { plainText } from '../../src/host/plainText';
import { PAYLOADS, RAW } from './payloads';

it('there are enough of them, and no two alike', () => {
  expect(PAYLOADS.length).toBeGreaterThanOrEqual(60);
  expect(new Set(PAYLOADS).size).toBe(PAYLOADS.length);
  expect(PAYLOADS.filter((text) => RAW.test(text)).length).toBeGreaterThan(15);
});

describe.each(PAYLOADS.map((text) => [text.length > 80 ? `${text.slice(0, 80)}…` : text, text]))(
  '%j',
  (_, text) => {
    it('is text where there is only text', () => {
      const line = visible(text);
      expect(line).not.toMatch(RAW);
      expect(line).not.toMatch(/[\t\n]/);
      expect(visible(line)).toBe(line);
      const plain = plainText(text);
      expect(plain).not.toContain('](');
      expect(plain).not.toContain('$(');
      expect(plain).not.toMatch(RAW);
    });

    it('is all there in pieces', () => {
      const all = pieces(text, 0, text.length);
      expect(all.reduce((units, piece) => units + piece.units, 0)).toBe(text.length);
      for (const piece of all) if (piece.kind === 'text') expect(piece.text).not.toMatch(RAW);
    });
  },
);
