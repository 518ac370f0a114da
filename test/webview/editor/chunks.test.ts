import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regions } from '../../../src/core/dataset/regions';
import { cutRuns, type MarkedMessage } from '../../../src/core/runs';
import { type Chunk, chunkAt, chunksOf, drawnUnasked } from '../../../webview/editor/chunks';

function view(content: string): MarkedMessage {
  const message = { role: 'assistant', content, prefill: 0, region: null };
  return { role: 'assistant', content, prefill: 0, regions: cutRuns(regions(message), [], 0) };
}

const content = fc
  .array(
    fc.tuple(
      fc.constantFrom('word ', 'line\n', '\u202e', '<think>', '</think>', '<output>a</output>', ' '),
      fc.constantFrom(1, 2, 400, 9_000),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.map(([text, times]) => text.repeat(times)).join(''));

describe('chunks', () => {
  it('are the whole transcript, in order, and know where each part begins and ends', () => {
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 40 }), (contents) => {
        const messages = contents.map(view);
        const chunks = chunksOf(messages);
        const parts = chunks.flatMap((chunk) => chunk.parts);
        expect(parts.filter(({ begins }) => begins).map(({ at }) => at)).toEqual([...contents.keys()]);
        for (const [at, message] of messages.entries()) {
          const its = parts.filter((part) => part.at === at).flatMap((part) => part.regions);
          expect(its.flatMap(({ blocks }) => blocks.map(({ text }) => text)).join('')).toBe(message.content);
          expect(its.filter(({ begins }) => begins).map(({ region }) => region)).toEqual(message.regions);
          expect(its.filter(({ ends }) => ends).map(({ region }) => region)).toEqual(message.regions);
        }
        for (const [n, chunk] of chunks.entries()) {
          for (const { at, regions: its } of chunk.parts) {
            for (const { start, text } of its.flatMap(({ blocks }) => blocks)) {
              expect(chunkAt(chunks, at, start)).toBe(n);
              expect(chunkAt(chunks, at, start + text.length - 1)).toBe(n);
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('hold a hundred messages or so, and one block at least', () => {
    const chunks = chunksOf(Array.from({ length: 10_000 }, (_, n) => view(`number ${n}`)));
    expect(Math.max(...chunks.map(({ parts }) => parts.length))).toBeLessThan(150);
    const [wide] = chunksOf([view('\u202e'.repeat(10_000))]);
    expect(wide?.parts).toHaveLength(1);
  });

  it('are drawn unasked as far as they have no more elements than a hundred ordinary ones', () => {
    const words = chunksOf(Array.from({ length: 50 }, () => view('some words and more '.repeat(500))));
    expect(drawnUnasked(words)).toBe(words.length);
    const marks = chunksOf([view('\u202e'.repeat(400_000))]);
    const units = ({ parts }: Chunk) =>
      parts
        .flatMap(({ regions }) => regions.flatMap(({ blocks }) => blocks))
        .reduce((sum, { text }) => sum + text.length, 0);
    const unasked = marks.slice(0, drawnUnasked(marks)).reduce((sum, chunk) => sum + units(chunk), 0);
    expect(unasked).toBeGreaterThan(10_000);
    expect(unasked).toBeLessThan(70_000);
  });
});
