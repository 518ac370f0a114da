import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import type { Transcript } from '../../../src/core/dataset/model';
import { canonicalEncoder } from '../../../src/core/export/canonicalLine';
import type { Chunk, Encoder, Exported } from '../../../src/core/export/encoder';
import { inspectEncoder } from '../../../src/core/export/inspectScores';
import { scoutEncoder } from '../../../src/core/export/scout';
import { webAnnotationEncoder } from '../../../src/core/export/webAnnotation';
import { csvEncoder, csvLine } from '../../../src/node/export/csv';
import { ParquetEncoder } from '../../../src/node/export/parquet';
import { writeWhole } from '../../../src/node/outputFile';
import { answer, entryOf, idAt } from '../../support/entries';
import { exported, transcriptOf } from '../../support/exported';

const COUNT = 20_000;
const EVERY = 2_000;
const folder = mkdtempSync(join(tmpdir(), 'transcript-review-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const entries = [entryOf(idAt(1), answer('complied', 'no'))];
const overview = { sources: [], decidedLabels: new Map([['complied', COUNT]]), transcripts: COUNT };

/** Makes transcripts one by one and looks, now and then, how many of them are still held by somebody. */
class Source {
  most = 0;
  private readonly made: WeakRef<Transcript>[] = [];

  async *through(encoder: Encoder): AsyncGenerator<Chunk> {
    yield encoder.begin();
    for (let index = 0; index < COUNT; index++) {
      yield encoder.add(this.make(index));
      if (index % EVERY === EVERY - 1) await this.count();
    }
    yield encoder.end();
  }

  private make(index: number): Exported {
    const item = exported(
      transcriptOf({
        id: `t${index}`,
        messages: [{ role: 'assistant', content: `${index} `.repeat(50), prefill: 0, region: null }],
      }),
      entries,
    );
    this.made.push(new WeakRef(item.transcript));
    return item;
  }

  private async count(): Promise<void> {
    // a WeakRef holds its target until the present task ends
    await new Promise((done) => setTimeout(done, 0));
    collectGarbage();
    this.most = Math.max(this.most, this.made.filter((item) => item.deref() !== undefined).length);
    await new Promise((done) => setTimeout(done, 0));
  }
}

describe('twenty thousand transcripts', () => {
  it.each<[string, () => Encoder]>([
    ['canonical', () => canonicalEncoder(false)],
    ['csv', () => csvEncoder(overview)],
    ['parquet', () => new ParquetEncoder(overview)],
    ['scout', () => scoutEncoder(overview, 'yaml', null, csvLine)],
    ['inspect', () => inspectEncoder(overview, null)],
    ['web-annotation', () => webAnnotationEncoder(['run.jsonl'])],
  ])('go into %s without being held', async (name, make) => {
    const source = new Source();
    const path = join(folder, name);
    await writeWhole(path, source.through(make()));
    expect(statSync(path).size).toBeGreaterThan(COUNT * 10);
    expect(source.most).toBeLessThan(10);
  });

  it('would be noticed if they were held', async () => {
    const held: Exported[] = [];
    const source = new Source();
    const hoarder: Encoder = { ...canonicalEncoder(false), add: (item) => `${held.push(item)}` };
    await writeWhole(join(folder, 'hoarder'), source.through(hoarder));
    expect(source.most).toBe(COUNT);
  });
});

describe('a file that is written whole', () => {
  it('is not there when making it fails', async () => {
    const path = join(folder, 'failed');
    const failing = async function* () {
      yield 'x'.repeat(1_000_000);
      throw new Error('the disk went away');
    };
    await expect(writeWhole(path, failing())).rejects.toThrow('the disk went away');
    expect(() => statSync(path)).toThrow();
  });
});
