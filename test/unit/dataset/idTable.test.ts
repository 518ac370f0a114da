import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf, IdTable } from '../../../src/core/dataset/idTable';
import { stepsIn } from '../../support/countedSteps';

const encode = (text: string) => new TextEncoder().encode(text);

function batchOf(ids: readonly string[]): [Uint8Array, Uint32Array] {
  let end = 0;
  const ends = ids.map((id) => {
    end += encode(id).length;
    return end;
  });
  return [encode(ids.join('')), Uint32Array.from(ends)];
}

describe('IdTable', () => {
  it('finds each id where a Map does, over any batches', () => {
    const id = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.nat(400).map(String));
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 300 }), fc.nat(300), fc.array(id), (ids, cut, others) => {
        const table = new IdTable();
        table.push(...batchOf(ids.slice(0, cut)));
        table.push(...batchOf(ids.slice(cut)));
        for (const _ of table.trim());
        const places = new Map(ids.map((one, i) => [one, i]));
        expect(table.length).toBe(ids.length);
        for (const one of [...ids, ...others]) expect(table.indexOf(one)).toBe(places.get(one) ?? -1);
        expect(ids.map((_, i) => table.id(i))).toEqual(ids);
        const { ids: bytes, ends } = table.since(Math.min(cut, ids.length));
        expect([bytes, ends]).toEqual(batchOf(ids.slice(cut)));
      }),
    );
  });

  it('keeps apart ids of one hash', () => {
    const table = new IdTable();
    const ids = ['a', 'b', 'ab', 'ba', 'abc'].map(encode);
    for (const id of ids) table.add(id, 0, id.length, 7);
    expect(ids.map((id) => table.find(id, 0, id.length, 7))).toEqual([0, 1, 2, 3, 4]);
    expect(table.find(encode('c'), 0, 1, 7)).toBe(-1);
  });

  it('looks at a bounded number of ids for each, whatever their hashes are', () => {
    const ids = Array.from({ length: 5_000 }, (_, n) => encode(`id-${n}`));
    const steps = stepsIn(() => {
      const table = new IdTable();
      for (const id of ids) if (table.find(id, 0, id.length, 7) < 0) table.add(id, 0, id.length, 7);
      expect(ids.map((id) => table.find(id, 0, id.length, 7))).toEqual(ids.map((_, n) => n));
      expect(table.find(encode('other'), 0, 5, 7)).toBe(-1);
    }, 10_000);
    expect(steps).toBeGreaterThan(1_000);
  });

  it('can be added to after it gave its room back', () => {
    const table = new IdTable();
    for (let i = 0; i < 1_000; i++) {
      const id = encode(`id-${i}`);
      table.add(id, 0, id.length, hashOf(id));
      if (i % 90 === 0) for (const _ of table.trim());
    }
    for (let i = 0; i < 1_000; i++) expect(table.indexOf(`id-${i}`)).toBe(i);
    expect(() => table.id(1_000)).toThrow(RangeError);
  });
});
