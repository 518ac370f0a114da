import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Region } from '../../../src/core/dataset/regions';
import { assignLanes, cutRuns, MOST_LISTED, type Stretch } from '../../../src/core/runs';

/** A message's length, its regions, overlapping stretches in order of start, and where the prefill ends. */
const message = fc
  .tuple(
    fc.integer({ min: 1, max: 40 }),
    fc.array(fc.nat(), { maxLength: 4 }),
    fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 12 }),
    fc.nat(),
  )
  .map(([length, cuts, pairs, prefill]) => {
    const borders = [...new Set([0, ...cuts.map((cut) => cut % length), length])].sort((a, b) => a - b);
    const regions = borders.slice(1).map(
      (end, n): Region => ({
        kind: n % 2 === 0 ? 'text' : 'scratchpad',
        start: borders[n] ?? 0,
        end,
        closed: true,
      }),
    );
    const stretches = pairs
      .map(([a, b]) => [a % (length + 1), b % (length + 1)].sort((x, y) => x - y))
      .filter(([start = 0, end = 0]) => start < end)
      .sort(([a = 0], [b = 0]) => a - b)
      .map(([start = 0, end = 0], index): Stretch => ({ index, start, end }));
    return { regions, stretches, prefill: prefill % (length + 1) };
  });

describe('runs', () => {
  it('tile each region, and hold just the spans that cover them', () => {
    fc.assert(
      fc.property(message, ({ regions, stretches, prefill }) => {
        const views = cutRuns(regions, stretches, prefill);
        expect(views.map(({ runs: _, ...region }) => region)).toEqual(regions);
        for (const view of views) {
          let covered = view.start;
          for (const run of view.runs) {
            expect(run.start).toBe(covered);
            expect(run.end).toBeGreaterThan(run.start);
            covered = run.end;
            for (let position = run.start; position < run.end; position += 1) {
              const over = stretches.filter(({ start, end }) => start <= position && position < end);
              expect([...run.spans].sort()).toEqual(over.map(({ index }) => index).sort());
              expect(run.prefill).toBe(position < prefill);
            }
            const lengths = run.spans.map((index) => {
              const stretch = stretches[index];
              return stretch ? stretch.end - stretch.start : Number.NaN;
            });
            expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
          }
          expect(covered).toBe(view.end);
        }
      }),
    );
  });

  it('list the outermost of many thousand spans over one another, and count the others', () => {
    const depth = 20_000;
    const stretches = Array.from({ length: depth }, (_, n) => ({ index: n, start: n, end: 2 * depth - n }));
    const region: Region = { kind: 'text', start: 0, end: 2 * depth, closed: true };
    const runs = cutRuns([region], stretches, 0)[0]?.runs ?? [];
    expect(runs).toHaveLength(2 * depth - 1);
    for (const { start, end, spans, more = 0 } of runs) {
      const over = Math.min(start + 1, 2 * depth - end + 1, depth);
      if (spans.length !== Math.min(over, MOST_LISTED) || spans.length + more !== over) {
        expect({ start, listed: spans.length, more }).toBe(`${over} spans`);
      }
    }
    expect(runs[depth - 1]?.spans.slice(0, 3)).toEqual([0, 1, 2]);
    expect(new Set(assignLanes(stretches)).size).toBe(depth);
  });

  it('break only at borders', () => {
    const [view] = cutRuns(
      [{ kind: 'text', start: 0, end: 10, closed: true }],
      [
        { index: 0, start: 2, end: 8 },
        { index: 1, start: 4, end: 6 },
      ],
      3,
    );
    expect(view?.runs).toEqual([
      { start: 0, end: 2, spans: [], prefill: true },
      { start: 2, end: 3, spans: [0], prefill: true },
      { start: 3, end: 4, spans: [0], prefill: false },
      { start: 4, end: 6, spans: [0, 1], prefill: false },
      { start: 6, end: 8, spans: [0], prefill: false },
      { start: 8, end: 10, spans: [], prefill: false },
    ]);
  });
});

describe('lanes', () => {
  it('differ where stretches overlap, and are no more than the deepest overlap', () => {
    fc.assert(
      fc.property(message, ({ stretches }) => {
        const lanes = assignLanes(stretches);
        let deepest = 0;
        for (const [n, a] of stretches.entries()) {
          const over = stretches.filter(({ start, end }) => start <= a.start && a.start < end);
          deepest = Math.max(deepest, over.length);
          for (const [m, b] of stretches.entries()) {
            if (n !== m && a.start < b.end && b.start < a.end) expect(lanes[n]).not.toBe(lanes[m]);
          }
        }
        expect(new Set(lanes).size).toBe(deepest);
        expect(Math.max(-1, ...lanes)).toBe(deepest - 1);
      }),
    );
  });
});
