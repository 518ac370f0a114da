import type { FileHandle } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PeekFile } from '../../../src/node/sources/peekFile';

/** A file in memory that counts the bytes that were read from it. */
function fileOf(bytes: Buffer) {
  const counted = { bytes: 0 };
  const handle = {
    read: async (into: Buffer, offset: number, length: number, position: number) => {
      const bytesRead = bytes.copy(into, offset, position, position + length);
      counted.bytes += bytesRead;
      return { bytesRead };
    },
  } as unknown as FileHandle;
  return { file: new PeekFile(handle, bytes.length), counted };
}

async function placesOf(file: PeekFile, pattern: Buffer): Promise<readonly number[]> {
  const places: number[] = [];
  for (let at = await file.find(pattern, 0); at >= 0; at = await file.find(pattern, at + 1)) places.push(at);
  return places;
}

it('reads what holds the pattern everywhere once', async () => {
  const pattern = Buffer.from('PK\u0003\u0004', 'latin1');
  const bytes = Buffer.concat(Array(300_000).fill(pattern));
  const { file, counted } = fileOf(bytes);
  expect(await placesOf(file, pattern)).toHaveLength(300_000);
  expect(counted.bytes).toBeLessThan(2 * bytes.length);
});

it('finds the pattern wherever it stands, over the edges of what is in memory too', async () => {
  const at = fc.nat({ max: 600_000 });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(at, { maxLength: 20 }), at, async (places, peek) => {
      const bytes = Buffer.alloc(600_010);
      const far = places.toSorted((a, b) => a - b).filter((place, i, all) => place - (all[i - 1] ?? -9) >= 4);
      for (const place of far) bytes.write('PKab', place, 'latin1');
      const { file } = fileOf(bytes);
      await file.at(peek, 100);
      expect(await placesOf(file, Buffer.from('PKab'))).toEqual(far);
    }),
    { numRuns: 50 },
  );
});

it('looks no further than it is told', async () => {
  const { file } = fileOf(Buffer.from('....PKab'));
  expect(await file.find(Buffer.from('PKab'), 0, 7)).toBe(-1);
  expect(await file.find(Buffer.from('PKab'), 0, 8)).toBe(4);
});
