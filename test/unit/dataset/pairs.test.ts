import { expect, it } from 'vitest';
import { Pairs } from '../../../src/core/dataset/pairs';
import { stepsIn } from '../../support/countedSteps';

it('looks at few others for each pair, of numbers that were chosen for their hashes', () => {
  const lefts = Array.from({ length: 5_000 }, (_, n) => n);
  // what a hash with known factors makes one bucket of; a diagonal; multiples of powers of two; a row
  const chosen: readonly ((left: number) => number)[] = [
    (left) => (Math.imul(left, 0x9e3779b1) ^ 5) >>> 0,
    (left) => left,
    (left) => left << 14,
    () => 0,
  ];
  for (const right of chosen) {
    const steps = stepsIn(() => {
      const pairs = new Pairs();
      expect(lefts.map((left) => pairs.number(left, right(left)))).toEqual(lefts);
      expect(lefts.map((left) => pairs.find(left, right(left)))).toEqual(lefts);
      expect(pairs.find(1, 4_000_000_000)).toBe(-1);
    }, 50_000);
    expect(steps).toBeGreaterThan(100);
  }
});
