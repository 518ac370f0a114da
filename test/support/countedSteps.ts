import { vi } from 'vitest';
import { Chains } from '../../src/core/dataset/chains';

/** @returns how often the tables of numbers have gone on to the next one in a bucket while `work` ran. @throws beyond `most` */
export function stepsIn(work: () => void, most: number): number {
  const { next } = Chains.prototype;
  let steps = 0;
  const counted = vi.spyOn(Chains.prototype, 'next').mockImplementation(function (this: Chains, number) {
    if (++steps > most) throw new Error(`more than ${most} steps`);
    return next.call(this, number);
  });
  try {
    work();
  } finally {
    counted.mockRestore();
  }
  return steps;
}
