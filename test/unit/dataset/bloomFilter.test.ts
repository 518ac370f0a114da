import { expect, it } from 'vitest';
import { BloomFilter } from '../../../src/core/dataset/bloomFilter';
import { idHash } from '../../../src/core/dataset/idTable';

it('never misses a hash that was added, and seldom takes another for one', () => {
  const filter = new BloomFilter();
  const hashes = Array.from({ length: 100_000 }, (_, n) => idHash(`t-${n}`));
  const others = Array.from({ length: 100_000 }, (_, n) => idHash(`other-${n}`));
  expect(others.some((hash) => filter.mayHave(hash))).toBe(false);
  for (const hash of hashes) filter.add(hash);
  expect(hashes.every((hash) => filter.mayHave(hash))).toBe(true);
  expect(others.filter((hash) => filter.mayHave(hash)).length).toBeLessThan(5_000);
});
