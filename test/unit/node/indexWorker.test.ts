import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Dataset } from '../../../src/node/dataset';
import type { IndexEvent } from '../../../src/node/indexEvents';
import { inWorker } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';

const folder = temporaryFolder();
const script = join(folder, 'indexWorker.js');
// So many that the index takes a while to be written.
const RECORDS = 40_000;

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, '../../../src/node/indexWorker.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
});

function large(name: string): string {
  const filler = 'x'.repeat(400);
  const record = (_: unknown, id: number) => canonicalRecord({ id: `t${id}`, metadata: { filler } });
  return writeDataset(folder, name, jsonl(Array.from({ length: RECORDS }, record)));
}

describe('the index pass on a thread of its own', () => {
  it('keeps the index for the next time, though nobody waits for that', async () => {
    const path = large('kept.jsonl');
    const cache = join(folder, 'cache');
    const read = async () => {
      const dataset = new Dataset(path, { cache });
      await dataset.index(inWorker(script), new AbortController().signal);
      return dataset;
    };
    expect((await read()).phase).toBe('ready');
    const kept = () => (existsSync(cache) ? readdirSync(cache) : []);
    await vi.waitFor(() => expect(kept()).toEqual([expect.stringMatching(/\.index$/)]), 5_000);
    const again = await read();
    expect([again.phase, again.columns.count, again.progress]).toEqual(['ready', RECORDS, 1]);
  });

  it('tells nothing more once it is stopped: who asked may be reading anew', async () => {
    const abort = new AbortController();
    const told: IndexEvent[] = [];
    const request = { path: large('stopped.jsonl'), profile: null, cache: null, added: null, live: false };
    const running = inWorker(script)(
      request,
      (event) => {
        told.push(event);
        // Long enough for more to have been sent.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
        abort.abort();
      },
      abort.signal,
    );
    await expect(running).rejects.toThrow(/abort/i);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(told).toHaveLength(1);
  });
});
