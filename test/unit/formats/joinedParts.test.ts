import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredSpan } from '../../../src/core/dataset/model';
import { type JoinedPart, type JoinedVerdicts, partUnits } from '../../../src/core/formats/join';
import { inMessages, JoinedParts } from '../../../src/core/formats/joinedParts';
import type { RawVerdict } from '../../../src/core/formats/verdictRule';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const spanOf = (classifier: string, quote: string): StoredSpan => ({
  ...{ id: '', classifier, label: 'alignment_faking', message: null, start: null, end: null },
  ...{ unit: 'codepoint' as const, quote, score: null },
});
const verdictOf = (classifier: string, value: boolean): RawVerdict => ({
  verdict: {
    ...{ classifier, label: 'complied', value, score: null, votes: null, version: null, derived: false },
  },
  pointer: `/${classifier}`,
  invertedIn: ['animal-welfare'],
  heldAgainstTags: false,
});

/** To another thread and back together. */
function crossed(joins: readonly JoinedVerdicts[]): readonly JoinedVerdicts[] {
  const parts = new JoinedParts();
  for (const [join, joined] of joins.entries())
    for (const pieces of inMessages(joined)) parts.add(join, structuredClone(pieces));
  return parts.take(joins.length);
}

describe('joins that cross to another thread', () => {
  it('are the same there, in the same order', () => {
    const part: fc.Arbitrary<JoinedPart> = fc.record({
      verdicts: fc.array(fc.tuple(fc.string(), fc.boolean()).map((said) => verdictOf(...said))),
      spans: fc.oneof(
        fc.array(fc.tuple(fc.string(), fc.string()).map((said) => spanOf(...said))),
        fc
          .integer({ min: 99, max: 402 })
          .map((count) => Array.from({ length: count }, (_, n) => spanOf('c', `${n}`))),
      ),
      warnings: fc.array(fc.string()),
    });
    const joined = fc.array(fc.tuple(fc.string(), part)).map((entries) => new Map(entries));
    fc.assert(
      fc.property(fc.array(joined, { maxLength: 3 }), (joins) => {
        const there = crossed(joins);
        expect(there).toEqual(joins);
        expect(there.map((join) => [...join.keys()])).toEqual(joins.map((join) => [...join.keys()]));
      }),
      { numRuns: 100 },
    );
  });

  it('cross in messages of a bounded size, one record of very many spans, too', () => {
    const long = 'x'.repeat(1_000);
    const spans = Array.from({ length: 20_000 }, () => spanOf(long, 'h'));
    const joined = new Map([
      ['a', { verdicts: [], spans, warnings: [] }],
      ['b', { verdicts: [verdictOf('c', true)], spans: [], warnings: ['w'] }],
    ]);
    const sizes = [...inMessages(joined)].map((pieces) =>
      pieces.reduce((units, [, part]) => units + partUnits(part), 0),
    );
    expect(sizes.length).toBeGreaterThan(50);
    expect(Math.max(...sizes)).toBeLessThan(2 ** 18 + 101 * 1_200);
  });

  it('hold a name once, however many spans have it', () => {
    const long = 'x'.repeat(1_000);
    const joined = new Map([
      ['a', { verdicts: [], spans: Array.from({ length: 50_000 }, () => spanOf(long, 'h')), warnings: [] }],
    ]);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const there = crossed([joined]);
    collectGarbage();
    const held = process.memoryUsage().heapUsed - before;
    expect(there[0]?.get('a')?.spans).toHaveLength(50_000);
    expect(held).toBeLessThan(25e6); // 50 MB, had each its own
  });
});
