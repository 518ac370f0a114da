import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrefixDigest } from '../../../src/node/prefixDigest';
import { temporaryFolder } from '../../support/dataset';

const path = join(temporaryFolder(), 'log');
const MEBIBYTE = 1 << 20;

/** Of all sizes around the blocks that it is made out by. */
const sizes = fc.oneof(
  fc.nat(100),
  fc.integer({ min: -2, max: 2 }).map((more) => MEBIBYTE + more),
  fc.integer({ min: -2, max: 2 }).map((more) => 2 * MEBIBYTE + more),
);

async function isOf(digest: PrefixDigest, bytes: Uint8Array): Promise<boolean> {
  await writeFile(path, bytes);
  const handle = await open(path);
  try {
    return await digest.isOf(handle);
  } finally {
    await handle.close();
  }
}

describe('what a file began with', () => {
  it('is told from all that differs in a byte, however it was handed over, whatever follows', async () => {
    const property = fc.asyncProperty(
      sizes,
      fc.array(fc.nat(), { maxLength: 4 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (size, cuts, place, more) => {
        const bytes = new Uint8Array(size).map((_, at) => at % 251);
        const digest = new PrefixDigest();
        const ends = [...cuts.map((cut) => cut % (size + 1)), size].sort((a, b) => a - b);
        ends.forEach((end, at) => void digest.push(bytes.subarray(ends[at - 1] ?? 0, end)));
        expect(digest.size).toBe(size);
        expect(await isOf(digest, bytes)).toBe(true);
        expect(await isOf(digest, Buffer.concat([bytes, Buffer.from('more')]))).toBe(true);
        if (size === 0) return;
        expect(await isOf(digest, bytes.subarray(0, -1))).toBe(false);
        const other = Uint8Array.from(bytes);
        other[place % size] = (bytes[place % size] ?? 0) ^ more;
        expect(await isOf(digest, other)).toBe(false);
      },
    );
    await fc.assert(property, { numRuns: 30 });
  });

  it('is not made out to its end where that is given up', async () => {
    const digest = new PrefixDigest();
    digest.push(new Uint8Array(3));
    await writeFile(path, new Uint8Array(3));
    const handle = await open(path);
    await expect(digest.isOf(handle, AbortSignal.abort())).rejects.toThrow(/abort/i);
    await handle.close();
  });
});
