/** Logs and scans that are damaged at random: nothing is thrown but a DatasetError, and nothing hangs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openInspectJson } from '../../../src/node/sources/inspectJson';
import { openInspectLog } from '../../../src/node/sources/inspectLog';
import { openScan } from '../../../src/node/sources/scoutScan';
import { DatasetError, type Source } from '../../../src/node/sources/source';
import { temporaryFolder, writeDataset } from '../../support/dataset';
import { header, logEntries, sample, zip } from '../../support/inspectLog';
import { readAll } from '../../support/records';
import { parquet, scanRow, writeScan } from '../../support/scoutScan';

const folder = temporaryFolder();

/** Places and new bytes; a piece that is cut out or repeated; where the file is cut off. Places are shares of the whole. */
const share = fc.double({ min: 0, max: 1, noNaN: true });
const damage = fc.record({
  bytes: fc.array(fc.tuple(share, fc.oneof(fc.constantFrom(0, 0xff, 0x7f, 0x80), fc.nat(255))), {
    maxLength: 6,
  }),
  cut: fc.option(fc.tuple(share, fc.nat(40)), { freq: 4 }),
  repeat: fc.option(fc.tuple(share, fc.nat(200)), { freq: 4 }),
  end: fc.option(share, { freq: 4 }),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function damaged(whole: Uint8Array, { bytes, cut, repeat, end }: Damage): Buffer {
  let out = Buffer.from(whole);
  for (const [at, byte] of bytes) out[Math.floor(at * (out.length - 1))] = byte;
  const splice = (at: number, length: number, times: number) => {
    const from = Math.floor(at * out.length);
    const piece = out.subarray(from, from + length);
    out = Buffer.concat([out.subarray(0, from), ...Array(times).fill(piece), out.subarray(from + length)]);
  };
  if (cut) splice(cut[0], cut[1], 0);
  if (repeat) splice(repeat[0], repeat[1], 3);
  return end === null ? out : out.subarray(0, Math.floor(end * out.length));
}

/** Reads all there is; a file that is refused must be refused in words. */
async function survives(opening: Promise<Source>): Promise<void> {
  try {
    const source = await opening;
    try {
      for (const record of (await readAll(source)).values) {
        if (!record.ok) expect(record.reason).not.toBe('');
      }
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    expect(error.message).not.toBe('');
  }
}

const samples = [sample(1), sample('x/y', { attachments: { ['b'.repeat(32)]: 'text' } }), sample(3)];
const archives = [
  zip(logEntries(samples)),
  zip(logEntries(samples, { method: 'zstd', frames: 3 }), { zip64: true }),
  zip(logEntries(samples, { method: 'stored' })),
  zip(logEntries(samples, { streamed: true }), { directory: false }),
];

it('damaged archives are read as far as they go, or refused', async () => {
  const property = fc.asyncProperty(fc.constantFrom(...archives), damage, async (whole, how) => {
    await survives(openInspectLog(writeDataset(folder, 'fuzzed.eval', damaged(whole, how))));
  });
  await fc.assert(property, { numRuns: 600 });
});

it('damaged JSON logs are read as far as they go, or refused', async () => {
  const whole = Buffer.from(JSON.stringify({ ...header(), samples }));
  const property = fc.asyncProperty(damage, async (how) => {
    await survives(openInspectJson(writeDataset(folder, 'fuzzed.json', damaged(whole, how))));
  });
  await fc.assert(property, { numRuns: 200 });
});

it('damaged scans are read as far as they go, or refused', async () => {
  const whole = parquet([scanRow('a', true), scanRow('b', 'no'), scanRow('c', { x: 1 })], 2);
  const scan = writeScan(join(folder, 'scan'), { good: [scanRow('a', true)] });
  const property = fc.asyncProperty(damage, async (how) => {
    writeFileSync(join(scan, 'fuzzed.parquet'), damaged(whole, how));
    await survives(openScan(scan, null));
  });
  await fc.assert(property, { numRuns: 300 });
});

it('metadata of samples may be anything that JSON can say', async () => {
  const property = fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (value, other) => {
    const parts = {
      role: 'user',
      content: [value, { type: 'reasoning', reasoning: other }],
      tool_calls: [value],
    };
    const odd = {
      id: 1,
      epoch: value,
      messages: [value, parts],
      scores: other,
      metadata: value,
      output: other,
    };
    const entries = [
      { name: 'header.json', data: JSON.stringify({ eval: value, results: other }) },
      { name: 'samples/1_epoch_1.json', data: JSON.stringify(odd) },
      { name: 'samples/2_epoch_1.json', data: JSON.stringify(value) },
      { name: 'summaries.json', data: JSON.stringify([value, other]) },
    ];
    await survives(openInspectLog(writeDataset(folder, 'odd.eval', zip(entries))));
  });
  await fc.assert(property, { numRuns: 200 });
});
