import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Listing, MOST_LISTED } from '../../../src/core/dataset/listing';

const listing = (counts: readonly number[], units = 1): Listing => {
  const made = new Listing(() => units);
  counts.forEach((count, kind) => {
    for (let time = 0; time < count; time++) made.count(kind, 1);
  });
  return made;
};

describe('a listing', () => {
  it('has those of most transcripts, of as many the first, once it is settled, and counts the others', () => {
    const counts = fc.array(fc.nat(3), { minLength: MOST_LISTED, maxLength: 3 * MOST_LISTED });
    fc.assert(
      fc.property(counts, fc.boolean(), (counts, asked) => {
        const made = new Listing(() => 1);
        counts.forEach((count, kind) => {
          for (let time = 0; time < count; time++) made.count(kind, 1);
          // whoever looks meanwhile changes nothing
          if (asked)
            expect(made.kinds.length + made.more).toBe(counts.slice(0, kind + 1).filter(Boolean).length);
        });
        made.settle();
        const expected = counts
          .map((count, kind) => ({ count, kind }))
          .filter(({ count }) => count > 0)
          .sort((a, b) => b.count - a.count || a.kind - b.kind);
        expect(made.kinds).toEqual(expected.slice(0, MOST_LISTED).map(({ kind }) => kind));
        expect(made.more).toBe(Math.max(0, expected.length - MOST_LISTED));
        const left = expected.slice(MOST_LISTED).reduce((sum, { count }) => sum + count, 0);
        expect(made.moreTranscripts).toBe(left);
      }),
    );
  });

  it('has all as they come, while they are few, and none that is left without a transcript', () => {
    const made = listing([1, 2, 0, 1]);
    expect(new Set(made.kinds)).toEqual(new Set([0, 1, 3]));
    made.count(3, -1);
    expect(new Set(made.kinds)).toEqual(new Set([0, 1]));
    expect(made.more).toBe(0);
  });

  it('takes none up in place of one that is left without, before it is settled', () => {
    const made = listing(Array.from({ length: MOST_LISTED + 5 }, () => 1));
    expect(made.kinds).toHaveLength(MOST_LISTED);
    made.count(0, -1);
    expect(made.kinds).toHaveLength(MOST_LISTED - 1);
    expect(made.more).toBe(5);
    made.settle();
    expect(made.kinds).toHaveLength(MOST_LISTED);
    expect(made.more).toBe(4);
  });

  it('is the same array until it changes', () => {
    const made = listing(Array.from({ length: 2 * MOST_LISTED }, () => 1));
    const before = made.kinds;
    made.count(2 * MOST_LISTED, 1);
    expect(made.kinds).toBe(before);
    expect(made.more).toBe(MOST_LISTED + 1);
    made.settle();
    expect(made.kinds).toBe(before);
  });

  it('leaves out long names, but for the first', () => {
    const made = listing([3, 1, 1], 1 << 19);
    expect(made.kinds).toEqual([0]);
    expect(made.more).toBe(2);
    expect(listing([1], 1 << 25).more).toBe(0);
  });
});
