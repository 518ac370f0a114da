import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarkedRegion, Run } from '../../../src/core/runs';
import { blocksOf, MAX_DEPTH, type Nested, nest } from '../../../webview/editor/layout';

function region(content: string, runs: readonly Run[]): MarkedRegion {
  return { kind: 'output', start: 0, end: content.length, closed: true, runs };
}

/** Runs that cover `length` units, each under some of `spans` spans. */
function runsOver(length: number, cuts: readonly number[], spans: readonly (readonly number[])[]): Run[] {
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (length + 1)), length])].sort((a, b) => a - b);
  return edges.slice(1).map((end, i) => ({
    start: edges[i] ?? 0,
    end,
    spans: [...new Set(spans[i % Math.max(1, spans.length)] ?? [])],
    prefill: i === 0,
  }));
}

const lines = fc
  .array(fc.tuple(fc.constantFrom('word ', 'x', '😀', 'é', '\r'), fc.nat(6000)), { maxLength: 6 })
  .map((parts) => parts.map(([part, times]) => part.repeat(times)).join('\n'));
const someRuns = fc.tuple(fc.array(fc.nat()), fc.array(fc.array(fc.nat(9), { maxLength: 9 })));

describe('blocks of a region', () => {
  it('cover its text and its runs, in order', () => {
    fc.assert(
      fc.property(lines, someRuns, (content, [cuts, spans]) => {
        const runs = runsOver(content.length, cuts, spans);
        const blocks = blocksOf(content, region(content, runs));
        expect(blocks.map((block) => block.text).join('')).toBe(content);
        let at = 0;
        for (const run of blocks.flatMap((block) => block.runs)) {
          expect(run.start).toBe(at);
          const whole = runs.find((one) => one.start <= run.start && run.end <= one.end);
          expect(run.spans).toEqual(whole?.spans);
          at = run.end;
        }
        expect(at).toBe(content.length);
      }),
      { numRuns: 40 },
    );
  });

  it('end at line ends, or say that they do not, and never inside a character', () => {
    fc.assert(
      fc.property(lines, (content) => {
        const blocks = blocksOf(content, region(content, []));
        for (const block of blocks.slice(0, -1)) {
          expect(block.cut).toBe(!block.text.endsWith('\n'));
          expect(block.text).not.toMatch(/[\ud800-\udbff]$/);
        }
        expect(blocks.at(-1)?.cut ?? false).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('are small enough for the browser to skip', () => {
    const content = 'x'.repeat(1_000_000);
    const sizes = blocksOf(content, region(content, [])).map((block) => block.text.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(16_384);
  });
});

describe('nested marks', () => {
  function leaves(nodes: readonly Nested[], above: readonly number[] = []): [number, number, number[]][] {
    return nodes.flatMap((node) =>
      node.kind === 'text'
        ? [[node.start, node.end, [...above, ...node.more]] as [number, number, number[]]]
        : leaves(node.children, node.kind === 'span' ? [...above, node.span] : above),
    );
  }

  it('put every run under exactly its spans, drawn or counted', () => {
    fc.assert(
      fc.property(someRuns, fc.integer({ min: -1, max: 9 }), ([cuts, spans], focused) => {
        const runs = runsOver(100, cuts, spans);
        const under = runs.filter((run) => run.spans.includes(focused));
        const places = under.map(({ start, end }) => ({ message: 0, start, end }));
        const found = leaves(nest(runs, focused, places));
        expect(found.map(([start, end]) => [start, end])).toEqual(runs.map((run) => [run.start, run.end]));
        found.forEach(([, , under], i) => {
          expect([...under].sort()).toEqual([...(runs[i]?.spans ?? [])].sort());
        });
      }),
    );
  });

  it('share one mark between neighbours, outermost first', () => {
    const runs: Run[] = [
      { start: 0, end: 2, spans: [0], prefill: false },
      { start: 2, end: 4, spans: [0, 1], prefill: false },
      { start: 4, end: 6, spans: [1], prefill: false },
    ];
    expect(nest(runs, -1, [])).toEqual([
      {
        kind: 'span',
        span: 0,
        children: [
          { kind: 'text', start: 0, end: 2, more: [], beyond: 0 },
          { kind: 'span', span: 1, children: [{ kind: 'text', start: 2, end: 4, more: [], beyond: 0 }] },
        ],
      },
      { kind: 'span', span: 1, children: [{ kind: 'text', start: 4, end: 6, more: [], beyond: 0 }] },
    ]);
  });

  it('always draw the span in focus, however deep it lies', () => {
    const spans = Array.from({ length: MAX_DEPTH + 5 }, (_, i) => i);
    const places = [{ message: 0, start: 0, end: 1 }];
    const drawn = JSON.stringify(nest([{ start: 0, end: 1, spans, prefill: false }], MAX_DEPTH + 3, places));
    expect(drawn).toContain(`"span":${MAX_DEPTH + 3}`);
    expect(drawn.match(/"kind":"span"/g)).toHaveLength(MAX_DEPTH);
  });

  it('count the spans that a run does not list, and draw the one in focus even if it is one of those', () => {
    const spans = Array.from({ length: 50 }, (_, i) => i);
    const run: Run = { start: 2, end: 3, spans, more: 10, prefill: false };
    const text = (places: readonly { message: number; start: number; end: number }[]) =>
      JSON.stringify(nest([run], 55, places));
    expect(text([{ message: 0, start: 0, end: 4 }])).toMatch(/"span":55.*"beyond":9\}/);
    // it is in focus, but does not run through here
    expect(text([{ message: 0, start: 3, end: 4 }])).toMatch(/"beyond":10\}/);
    expect(text([{ message: 0, start: 3, end: 4 }])).not.toContain('"span":55');
  });
});
