import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { hashOf, IdTable } from '../../../src/core/dataset/idTable';
import { stepsIn } from '../../support/countedSteps';

const encode = (text: string) => new TextEncoder().encode(text);

/** Parts of ids, of which either continues an id to the same FNV-1a hash. */
const ALIKE = [
  ['1e56rtr', '0f94688'],
  ['100l7js', '0may6i3'],
  ['1ddo14d', '0krgalb'],
  ['10z6tws', '150knqy'],
  ['0vfmb4d', '14vgg2r'],
  ['1avt43g', '1vu98wf'],
  ['10oywdw', '0gowtlj'],
  ['182jueb', '1g64iwg'],
] as const;

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
    const steps = stepsIn(
      () => {
        const table = new IdTable();
        for (const id of ids) if (table.find(id, 0, id.length, 7) < 0) table.add(id, 0, id.length, 7);
        expect(ids.map((id) => table.find(id, 0, id.length, 7))).toEqual(ids.map((_, n) => n));
        expect(table.find(encode('other'), 0, 5, 7)).toBe(-1);
      },
      3 * 64 * ids.length + 64,
    );
    expect(steps).toBeGreaterThan(1_000);
  });

  it('makes strings of no others than those that were made alike, and of few at once', () => {
    const alike = ALIKE.reduce<string[]>(
      (ids, parts) => ids.flatMap((id) => parts.map((one) => id + one)),
      [''],
    ).map(encode);
    expect(new Set(alike.map((id) => hashOf(id))).size).toBe(1);
    const table = new IdTable();
    for (let n = 0; n < 20_000; n++) {
      const id = encode(`id-${n}`);
      table.add(id, 0, id.length, hashOf(id));
    }
    const decoded = vi.spyOn(TextDecoder.prototype, 'decode');
    try {
      const perId = alike.map((id) => {
        const before = decoded.mock.calls.length;
        if (table.find(id, 0, id.length, hashOf(id)) < 0) table.add(id, 0, id.length, hashOf(id));
        return decoded.mock.calls.length - before;
      });
      expect(Math.max(...perId)).toBeLessThanOrEqual(2);
    } finally {
      decoded.mockRestore();
    }
    expect(alike.map((id) => table.find(id, 0, id.length, hashOf(id)))).toEqual(
      alike.map((_, n) => 20_000 + n),
    );
    expect(table.indexOf('id-19999')).toBe(19_999);
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
