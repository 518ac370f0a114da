import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { Dataset } from '../../../src/node/dataset';
import type { IndexEvent } from '../../../src/node/indexEvents';
import { inProcess, inWorker } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { eventually } from '../../support/eventually';
import { untilThreadsEnd } from '../../support/threads';

const folder = temporaryFolder();
const script = join(folder, 'indexWorker.js');
// So many that the index takes a while to be written.
const RECORDS = 40_000;
const REQUEST = { path: 'any', profile: null, cache: null, added: null, live: false };

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
    // A view of all that was kept would be handed over as all of that, with each batch.
    const views: ArrayBufferView[] = [];
    await inProcess(
      { ...REQUEST, path, cache },
      (event) => {
        const parts = event.type === 'batch' ? Object.values(event.batch) : [];
        views.push(...parts.filter((part) => ArrayBuffer.isView(part)));
      },
      new AbortController().signal,
    );
    expect(views.length).toBeGreaterThan(100);
    for (const view of views) expect(view.buffer.byteLength).toBe(view.byteLength);
  });

  it('hands over small batches until that code is warm', async () => {
    const sizes: number[] = [];
    await inProcess(
      { ...REQUEST, path: large('small-first.jsonl') },
      (event) => {
        if (event.type === 'batch') sizes.push(event.batch.flags.length);
      },
      new AbortController().signal,
    );
    // What is skimmed at once is told at once.
    const atOnce = Math.ceil((64 << 10) / 450);
    let before = 0;
    for (const size of sizes) {
      expect(size).toBeLessThanOrEqual(Math.max(32, before) + atOnce);
      before += size;
    }
    expect(before).toBe(RECORDS);
  });

  it('hands over no more than four messages in a turn of the event loop, however many have come, and then says that it has ended', async () => {
    const sent = join(folder, 'all sent');
    const eager = join(folder, 'eager and over.js');
    writeFileSync(
      eager,
      `const { parentPort } = require('node:worker_threads');
      for (let i = 0; i < 9; i++) parentPort.postMessage({ type: 'progress', number: i });
      parentPort.postMessage({ type: 'end' });
      require('node:fs').writeFileSync(${JSON.stringify(sent)}, '');`,
    );
    const turns: number[] = [];
    let turn = 0;
    let counting = true;
    const count = () => {
      turn++;
      if (counting) setImmediate(count);
    };
    count();
    await inWorker(eager)(
      REQUEST,
      () => {
        while (!existsSync(sent)); // all have come, and the thread may be over
        turns.push(turn);
      },
      new AbortController().signal,
    );
    counting = false;
    expect(turns).toHaveLength(10);
    for (const each of turns) expect(turns.filter((other) => other === each).length).toBeLessThanOrEqual(4);
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
    await untilThreadsEnd(async () => {
      const running = inWorker(eager)(
        REQUEST,
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
