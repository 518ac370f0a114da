import { expect, it } from 'vitest';
import { HashSet } from '../../../src/core/dataset/hashSet';
import { idHash } from '../../../src/core/dataset/idTable';

it('never misses a hash that was added, and seldom takes another for one', () => {
  const set = new HashSet();
  const hashes = Array.from({ length: 100_000 }, (_, n) => idHash(`t-${n}`));
  const others = Array.from({ length: 100_000 }, (_, n) => idHash(`other-${n}`));
  expect(others.some((hash) => set.mayHave(hash))).toBe(false);
  for (const hash of hashes) set.add(hash);
  expect(hashes.every((hash) => set.mayHave(hash))).toBe(true);
  expect(others.filter((hash) => set.mayHave(hash)).length).toBeLessThan(5_000);
});
