import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { Dataset } from '../../../src/node/dataset';
import type { IndexEvent } from '../../../src/node/indexEvents';
import { inWorker } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { eventually } from '../../support/eventually';
import { untilThreadsEnd } from '../../support/threads';

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
    await eventually(() => expect(kept()).toEqual([expect.stringMatching(/\.index$/)]));
    const again = await read();
    expect([again.phase, again.columns.count, again.progress]).toEqual(['ready', RECORDS, 1]);
  });

  it('tells nothing more once it is stopped: who asked may be reading anew', async () => {
    const abort = new AbortController();
    const told: IndexEvent[] = [];
    const sent = join(folder, 'sent');
    const eager = join(folder, 'eager.js');
    writeFileSync(
      eager,
      `const { parentPort } = require('node:worker_threads');
      for (let i = 0; i < 5; i++) parentPort.postMessage({ type: 'progress', number: i });
      require('node:fs').writeFileSync(${JSON.stringify(sent)}, '');
      setInterval(() => {}, 1_000);`,
    );
    const request = { path: 'any', profile: null, cache: null, added: null, live: false };
    await untilThreadsEnd(async () => {
      const running = inWorker(eager)(
        request,
        (event) => {
          told.push(event);
          // The others are on their way before it is stopped.
          while (!existsSync(sent));
          abort.abort();
        },
        abort.signal,
      );
      await expect(running).rejects.toThrow(/abort/i);
    });
    expect(told).toHaveLength(1);
  });
});
