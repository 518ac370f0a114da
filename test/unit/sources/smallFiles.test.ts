/** A dataset may be a hundred thousand small files: each costs what it holds, not what a large one would need. */

import { writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { JsonFile } from '../../../src/node/sources/jsonFile';
import { openSource } from '../../../src/node/sources/open';
import { temporaryFolder } from '../../support/dataset';

const root = temporaryFolder();
const MOST_BYTES = 1 << 17;
let prototype: FileHandle;

beforeAll(async () => {
  const handle = await open(root, 'r');
  prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
});
afterEach(() => vi.restoreAllMocks());

it.each([
  ['a.jsonl', '{"a":1}\n{"a":2}\n'],
  ['a.json', '[{"a":1},\n{"a":2}]'],
  ['a.csv', 'a,b\n1,2\n3,4\n'],
])('asks for no more room than %s has', async (name, text) => {
  const path = join(root, name);
  writeFileSync(path, text);
  const read = vi.spyOn(prototype, 'read');
  const source = await openSource(path, null);
  let records = 0;
  for await (const chunk of source.chunks()) records += chunk.records.length;
  if (source instanceof JsonFile && source.layout === 'lines')
    for await (const { bytes } of source.pieces()) expect(`${bytes}`).toBe(text);
  await source.close();
  expect(records).toBe(2);
  const rooms = read.mock.calls.map(([buffer]) => (buffer as unknown as Uint8Array).byteLength);
  expect(rooms.length).toBeGreaterThan(2);
  expect(Math.max(...rooms)).toBeLessThanOrEqual(MOST_BYTES);
});
