import {
  appendFileSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentSample } from '../../../src/node/contentSample';
import { Dataset } from '../../../src/node/dataset';
import { inProcess } from '../../../src/node/runIndex';
import {
  canonicalRecord,
  indexed,
  jsonl,
  loadedAudit,
  temporaryFolder,
  writeDataset,
} from '../../support/dataset';

const folder = temporaryFolder();
const signal = new AbortController().signal;
const OPTIONS = { labels: 'adjudicated', classifier: null, conditioning: 'both' } as const;

const numbered = (id: number, extra: Record<string, unknown> = {}) =>
  canonicalRecord({
    id: `t${id}`,
    condition: 'training',
    verdicts: [{ classifier: `judge ${id % 3}`, label: 'complied', value: id % 2 === 0 }],
    ...extra,
  });

/** What is known of each record. */
function rowsOf({ columns, problems }: Dataset) {
  const rows = Array.from({ length: columns.count }, (_, index) => {
    const verdicts: unknown[] = [];
    columns.forEachVerdict(index, (source, value) => verdicts.push([columns.sources[source], value]));
    const facets = columns.facets(columns.group(index));
    return [
      columns.id(index),
      columns.line(index),
      columns.offset(index),
      columns.isBad(index),
      facets,
      verdicts,
    ];
  });
  return { rows, problems: problems.map(({ index, line, reason }) => [index, line, reason]) };
}

describe('a file that grows while it is open', () => {
  it('ends up as it would be read anew, however it was cut when it was first read', async () => {
    const lines = [
      numbered(1),
      numbered(2, { setting: 'animal-welfare' }),
      { messages: 5 },
      numbered(1),
      numbered(4, { messages: [{ role: 'assistant', content: null }] }),
      numbered(5, { id: undefined }),
      numbered(1),
    ].map((record) => `${JSON.stringify(record)}\n`);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), async (a, b) => {
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        const path = writeDataset(folder, 'growing.jsonl', lines.slice(0, first).join(''));
        const dataset = await indexed(path);
        for (const [from, to] of [
          [first, second],
          [second, lines.length],
        ]) {
          appendFileSync(path, lines.slice(from, to).join(''));
          expect(await dataset.look()).toEqual({ kind: from === to ? 'same' : 'grown' });
          expect(await dataset.readAdded(inProcess, signal)).toBe(true);
          expect(await dataset.look()).toEqual({ kind: 'same' });
        }
        expect(rowsOf(dataset)).toEqual(rowsOf(await indexed(path)));
        const last = await dataset.record(dataset.columns.count - 1);
        expect(last.kind).toBe('transcript');
      }),
      { numRuns: 30 },
    );
  });

  it('keeps what is there readable, before what was added is read', async () => {
    const path = writeDataset(folder, 'running.jsonl', jsonl([numbered(1)]));
    const dataset = await indexed(path);
    appendFileSync(path, JSON.stringify(numbered(2)).slice(0, 20));
    expect((await dataset.record(0)).kind).toBe('transcript');
  });

  it('counts what was added, and leaves a line that is still being written for later', async () => {
    const path = writeDataset(folder, 'written.jsonl', jsonl([numbered(2)]));
    const audit = await loadedAudit(path);
    const line = JSON.stringify(numbered(4));
    appendFileSync(path, jsonl([numbered(3)]) + line.slice(0, 30));
    expect(await audit.readAdded(signal)).toBe(true);
    expect(audit.tracker.rows(OPTIONS)[0]?.training).toMatchObject({ n: 2, complied: 1 });
    expect(audit.dataset.columns.badCount).toBe(0);
    appendFileSync(path, `${line.slice(30)}\n`);
    expect(await audit.readAdded(signal)).toBe(true);
    expect(audit.tracker.rows(OPTIONS)[0]?.training).toMatchObject({ n: 3, complied: 2 });
  });

  it('has a last line without its line feed where that is whole, also while it is being written', async () => {
    const path = writeDataset(folder, 'unended.jsonl', jsonl([numbered(1)]));
    const dataset = await indexed(path);
    appendFileSync(path, jsonl([numbered(2)]) + JSON.stringify(numbered(3)));
    expect(await dataset.readAdded(inProcess, signal)).toBe(true);
    expect(dataset.columns.count).toBe(3);
    expect(await dataset.look()).toEqual({ kind: 'same' });
    appendFileSync(path, `\n${JSON.stringify(numbered(4)).slice(0, 20)}`);
    const anew = new Dataset(path, { live: true });
    await anew.index(inProcess, signal);
    expect([anew.columns.count, anew.errors]).toEqual([3, 0]);
  });

  it('ends where a long line begins of which the end is not written yet', async () => {
    const path = writeDataset(folder, 'long.jsonl', jsonl([numbered(1)]));
    const dataset = await indexed(path);
    appendFileSync(path, `${jsonl([numbered(2)])}{"id": "${'x'.repeat(300_000)}`);
    expect(await dataset.readAdded(inProcess, signal)).toBe(true);
    expect([dataset.columns.count, dataset.errors]).toEqual([2, 0]);
  });

  it('can be read from while it grows during its first reading', async () => {
    const path = writeDataset(folder, 'first.jsonl', jsonl([numbered(1), numbered(2)]));
    const dataset = new Dataset(path);
    const meanwhile: Promise<unknown>[] = [];
    const grown = () => {
      if (meanwhile.length > 0) return;
      appendFileSync(path, jsonl([numbered(3)]));
      meanwhile.push(dataset.record(0));
    };
    await dataset.index(inProcess, signal, { grown });
    expect(await Promise.all(meanwhile)).toEqual([expect.objectContaining({ kind: 'transcript' })]);
  });

  it('is read anew when what was read has changed, or ended within a line', async () => {
    const path = writeDataset(folder, 'rewritten.jsonl', jsonl([numbered(2), numbered(3)]));
    const dataset = await indexed(path);
    writeFileSync(path, jsonl([numbered(2), numbered(5), numbered(6)]));
    expect(await dataset.look()).toEqual({
      kind: 'changed',
      what: 'rewritten.jsonl has changed on disk since it was read',
    });
    expect(await dataset.readAdded(inProcess, signal)).toBe(false);
    const cut = writeDataset(folder, 'cut.jsonl', `${jsonl([numbered(2)])}{"id": "t3"`);
    const half = await indexed(cut);
    appendFileSync(cut, ', "messages": []}\n');
    expect(await half.look()).toEqual({ kind: 'grown' });
    expect(await half.readAdded(inProcess, signal)).toBe(false);
    truncateSync(cut, 10);
    expect((await half.look()).kind).toBe('changed');
  });
});

describe('an index kept for the next time', () => {
  const long = (id: number) => numbered(id, { metadata: { filler: 'x'.repeat(10_000) } });
  const cache = join(folder, 'cache');
  const reading = async (path: string) => {
    const dataset = new Dataset(path, { cache });
    await dataset.index(inProcess, signal);
    return dataset;
  };

  it('tells what reading told, and is not used for a file that has changed', async () => {
    const records: unknown[] = Array.from({ length: 2_000 }, (_, id) => long(id % 1_990));
    records[7] = { id: 'bad', messages: [{ role: 'user', content: 3 }] };
    const path = writeDataset(folder, 'large.jsonl', jsonl(records));
    const first = rowsOf(await reading(path));
    expect(first.problems.length).toBeGreaterThan(5);
    const [kept] = readdirSync(cache);
    const { mtimeMs } = statSync(join(cache, kept ?? ''));
    const again = await reading(path);
    expect(rowsOf(again)).toEqual(first);
    expect(statSync(join(cache, kept ?? '')).mtimeMs).toBe(mtimeMs);
    expect((await again.record(12)).kind).toBe('transcript');

    // the same size and time, other content
    const { atime, mtime } = statSync(path);
    records[0] = { ...long(0), id: 'T0' };
    writeFileSync(path, jsonl(records));
    utimesSync(path, atime, mtime);
    expect((await reading(path)).columns.id(0)).toBe('T0');
  });

  it('is none when it is damaged', async () => {
    const path = writeDataset(
      folder,
      'damaged.jsonl',
      jsonl(Array.from({ length: 2_000 }, (_, id) => long(id))),
    );
    const before = new Set(readdirSync(cache));
    const first = rowsOf(await reading(path));
    const kept = readdirSync(cache).find((name) => !before.has(name)) ?? '';
    truncateSync(join(cache, kept), 1_000);
    expect(rowsOf(await reading(path))).toEqual(first);
  });

  it('is another file when it was written to and is as long as before, wherever in it that was', async () => {
    const lines = Array.from({ length: 2_000 }, (_, n) => numbered(n));
    const path = writeDataset(folder, 'edited.jsonl', jsonl(lines));
    const dataset = await indexed(path);
    const bytes = readFileSync(path);
    const sample = await contentSample(path, bytes.length);
    const at = 5_000; // between two of the blocks that are compared
    bytes[bytes.indexOf('0', at)] = '1'.charCodeAt(0);
    writeFileSync(path, bytes);
    utimesSync(path, new Date(), new Date(Date.now() + 5_000));
    expect(await contentSample(path, bytes.length)).toBe(sample);
    expect((await dataset.look()).kind).toBe('changed');
    appendFileSync(path, jsonl([numbered(5_000)]));
    expect((await dataset.look()).kind).toBe('changed');
  });
});
