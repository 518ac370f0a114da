import { describe, expect, it } from 'vitest';
import { Growable, withRoom } from '../../../src/core/dataset/growable';

const PAGE = 65_536;

describe('Growable', () => {
  it('holds what was pushed and added, across pages and after trimming', () => {
    const values = new Growable(Float64Array);
    const expected: number[] = [];
    for (const length of [0, 3, 255, 1_000, PAGE - 1_258, 1, 2 * PAGE + 5, 7]) {
      const some = Float64Array.from({ length }, (_, i) => expected.length + i / 2);
      values.push(some);
      for (const value of some) expected.push(value);
      values.add(-1);
      expected.push(-1);
      if (length % 2 === 1) values.trim();
      expect(values.length).toBe(expected.length);
    }
    expect(expected.every((value, i) => values.at(i) === value)).toBe(true);
  });

  it('sets and reads within its length only', () => {
    const values = new Growable(Uint8Array);
    values.push(new Uint8Array(PAGE + 2));
    values.set(PAGE + 1, 9);
    expect([values.at(PAGE), values.at(PAGE + 1)]).toEqual([0, 9]);
    for (const index of [-1, PAGE + 2]) {
      expect(() => values.at(index)).toThrow(RangeError);
      expect(() => values.set(index, 1)).toThrow(RangeError);
    }
  });
});

describe('withRoom', () => {
  it('keeps the values, and the array itself where it is long enough', () => {
    const some = Uint16Array.of(1, 2, 3);
    expect(withRoom(some, 3)).toBe(some);
    expect([...withRoom(some, 4)]).toEqual([1, 2, 3, 0, 0, 0]);
    expect(withRoom(some, 10)).toHaveLength(10);
    expect(withRoom(new Uint8Array(0), 1)).toHaveLength(1);
  });
});
