import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentHash } from '../../../src/core/dataset/hash';
import { Dataset } from '../../../src/node/dataset';
import { inProcess } from '../../../src/node/runIndex';
import { canonicalRecord, indexed, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';

const folder = temporaryFolder();
const write = (name: string, content: string | Uint8Array) => writeDataset(folder, name, content);

const problemsOf = (dataset: Dataset) =>
  dataset.problems.map(({ severity, line, reason }) => `${severity} ${line}: ${reason}`);

describe('reading a dataset', () => {
  it('keeps every good line beside the bad ones, and says what is wrong where', async () => {
    const path = write(
      'mixed.jsonl',
      [
        '{"id":"good-1","messages":[{"role":"user","content":"one"}]}',
        '{"id": "broken", ',
        '',
        '{"id":"wrong","messages":[{"role":"user","content":5}]}',
        '{"id":"nan","messages":[{"role":"user","content":"x"}],"metadata":{"score":NaN}}',
        '{"id":"good-2","messages":[{"role":"user","content":"two"}]}',
        '{"id":"cut off","messages":[{"ro',
      ].join('\n'),
    );
    const dataset = await indexed(path);
    expect(dataset.phase).toBe('ready');
    expect(dataset.columns.count).toBe(6);
    expect(dataset.columns.badCount).toBe(3);
    const problems = problemsOf(dataset);
    expect(problems).toHaveLength(4);
    expect(problems[0]).toMatch(/^error 2: not JSON: /);
    expect(problems[1]).toBe('error 4: messages[0].content: expected string, found 5');
    expect(problems[2]).toBe('warning 5: NaN: no number that JSON has, read as null');
    expect(problems[3]).toMatch(/^error 7: not JSON: /);
    const good = await dataset.record(dataset.columns.indexOf('good-2'));
    expect(good.kind === 'transcript' && good.transcript.messages[0]?.content).toBe('two');
    const bad = await dataset.record(1);
    expect(bad).toMatchObject({ kind: 'bad', raw: '{"id": "broken", ' });
  });

  it('reads what it wrote, over chunk borders, with BOM, CRLF and any text', async () => {
    const texts = [
      'plain',
      'é😀\u202e\u0000\u001b[31m',
      'x'.repeat(3_000_000),
      '\ud800 lone',
      '<img onerror=1>',
      '\u2028',
    ];
    const records = texts.map((content, i) =>
      canonicalRecord({ id: `t${i}`, messages: [{ role: 'user', content }] }),
    );
    const path = write('texts.jsonl', `\ufeff${jsonl(records).replaceAll('\n', '\r\n')}`);
    const dataset = await indexed(path);
    expect(problemsOf(dataset)).toEqual([]);
    for (const [i, content] of texts.entries()) {
      const record = await dataset.record(i);
      expect(record.kind === 'transcript' && record.transcript.id).toBe(`t${i}`);
      expect(record.kind === 'transcript' && record.transcript.messages[0]?.content === content).toBe(true);
    }
  });

  it('reads an array, pretty printed, and a list under samples', async () => {
    const records = [canonicalRecord({ id: 'a' }), canonicalRecord({ id: 'b' })];
    for (const value of [records, { about: 'x', samples: records }]) {
      const dataset = await indexed(write('array.json', JSON.stringify(value, null, 2)));
      expect([0, 1].map((i) => dataset.columns.id(i))).toEqual(['a', 'b']);
      const second = await dataset.record(1);
      expect(second.kind === 'transcript' && second.transcript.id).toBe('b');
    }
  });

  it('shows bytes that are not UTF-8 as U+FFFD and says so', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"messages":[{"role":"user","content":"a'),
      Buffer.from([0xff]),
      Buffer.from('b"}]}\n'),
    ]);
    const dataset = await indexed(write('latin.jsonl', bytes));
    expect(problemsOf(dataset)).toEqual([
      'warning 1: holds bytes that are not UTF-8; they are shown as U+FFFD',
    ]);
    const record = await dataset.record(0);
    expect(record.kind === 'transcript' && record.transcript.messages[0]?.content).toBe('a\ufffdb');
  });

  it('takes no text of any length for an id', async () => {
    const id = 'x'.repeat(10_001);
    const dataset = await indexed(
      write('long id.transcripts.jsonl', jsonl([canonicalRecord({ id }), canonicalRecord({ id: 'b' })])),
    );
    expect(dataset.columns.count - dataset.columns.badCount).toBe(1);
    expect(problemsOf(dataset)).toEqual([
      'error 1: its id has 10,001 characters, and 10,000 at most can be one',
    ]);
    const record = await dataset.record(0);
    expect(record.kind === 'bad' && record.reason).toContain('10,001 characters');
  });

  it('lists a record by its place where its id is far longer than any', async () => {
    const id = 'x'.repeat(30_001);
    const dataset = await indexed(write('longer id.transcripts.jsonl', jsonl([canonicalRecord({ id })])));
    expect(dataset.columns.id(0)).toBe('longer id.transcripts.jsonl:1');
    expect(problemsOf(dataset)).toEqual([
      'error 1: its id has 30,001 characters, and 10,000 at most can be one',
    ]);
  });

  it('keeps no more of ids than a file of its size may have, and says that it stops', async () => {
    const name = `${'n'.repeat(230)}.transcripts.jsonl`; // which the id of each line begins with
    const kept = 2 ** 27 / (name.length + 7);
    const few = await indexed(write(name, '1\n'.repeat(kept / 4)));
    expect(few.phase).toBe('ready');
    const many = await indexed(write(name, '1\n'.repeat(kept * 1.2)));
    expect([many.phase, many.error]).toEqual([
      'failed',
      expect.stringContaining(
        'the ids, names and verdicts of its records take more room than files of its size hold',
      ),
    ]);
    expect(many.columns.count).toBeLessThan(kept * 1.1);
  });

  it('holds the records read last, and of long ones no more than there is memory for', async () => {
    const record = (id: string, length: number) =>
      canonicalRecord({ id, messages: [{ role: 'user', content: id.repeat(length) }] });
    const short = await indexed(write('short.transcripts.jsonl', jsonl([record('a', 10), record('b', 10)])));
    const first = await short.record(0);
    await short.record(1);
    expect(await short.record(0)).toBe(first);

    const long = ['a', 'b', 'c'].map((id) => record(id, 15_000_000));
    const dataset = await indexed(write('long.transcripts.jsonl', jsonl(long)));
    const [a, b, c] = [await dataset.record(0), await dataset.record(1), await dataset.record(2)];
    expect(await dataset.record(2)).toBe(c);
    expect(await dataset.record(1)).toBe(b);
    expect(await dataset.record(0)).not.toBe(a);
    expect(await dataset.hashes([0, 1, 2])).toEqual(
      [a, b, c].map((one) => one.kind === 'transcript' && contentHash(one.transcript.messages)),
    );
  });

  it('says where half a character in an id becomes another', async () => {
    const half = String.raw`{"id":"a\ud800","condition":"training","messages":[{"role":"user","content":"q"}]}`;
    const dataset = await indexed(
      write('half.transcripts.jsonl', `${half}\n${half.replace('ud800', 'u00e9')}\n`),
    );
    expect(problemsOf(dataset)).toEqual([
      'warning 1: its id has half a character (a lone surrogate), which no file keeps: U+FFFD stands for it',
    ]);
    expect([0, 1].map((row) => dataset.columns.id(row))).toEqual(['a\ufffd', 'aé']);
  });

  it('lists spans that lie outside the text, and keeps the transcript', async () => {
    const spans = [{ classifier: 'c', label: 'l', message: 0, start: 5, end: 99 }];
    const dataset = await indexed(write('spans.jsonl', jsonl([canonicalRecord({ spans })])));
    expect(dataset.columns.badCount).toBe(0);
    expect(problemsOf(dataset)[0]).toMatch(/^warning 1: c, l: /);
  });

  it.each([
    ['empty.jsonl', '', 'is empty'],
    ['blank.jsonl', ' \n\n', 'is empty'],
    ['garbage.json', 'hello, world', 'of no known shape (line 1: not JSON'],
    ['unknown.jsonl', '{"a":1}\n{"b":2}\n', 'its first line holds "a"'],
    ['marked.jsonl', '\ufeff', 'is empty'],
    ['zeros.jsonl', '\0'.repeat(100), 'of no known shape'],
    ['unmarked.jsonl', Buffer.from('{"a":1}', 'utf16le'), 'encoded in UTF-16'],
    ['utf16.jsonl', Buffer.from('\ufeff{}', 'utf16le'), 'encoded in UTF-16'],
    ['zip.json', 'PK\u0003\u0004xxxx', 'is no ZIP archive'],
    ['packed.jsonl', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2]), 'is compressed with gzip'],
  ])('refuses %s with a reason', async (name, content, reason) => {
    const dataset = await indexed(write(name, content));
    expect(dataset.phase).toBe('failed');
    expect(dataset.error).toContain(name);
    expect(dataset.error).toContain(reason);
  });

  it('finds records behind any amount of white space', async () => {
    const dataset = await indexed(
      write('late.jsonl', `${'\n'.repeat(200_000)}${jsonl([canonicalRecord({ id: 'a' })])}`),
    );
    expect(dataset.error).toBeNull();
    expect([dataset.columns.count, dataset.columns.line(0)]).toEqual([1, 200_001]);
  });

  it('loses no line to a broken first one', async () => {
    const records = jsonl([canonicalRecord({ id: 'a' }), canonicalRecord({ id: 'b' })]);
    for (const first of ['{"id":', '[1,', '[]', '{"id": "x', '{}']) {
      const dataset = await indexed(write('first.jsonl', `${first}\n${records}`));
      expect([first, dataset.columns.count, dataset.columns.badCount]).toEqual([first, 3, 1]);
    }
  });

  it('reads lines that are far longer than a chunk of the file, and those around them', async () => {
    const long = (id: string, length: number) =>
      canonicalRecord({ id, messages: [{ role: 'assistant', content: 'é😀'.repeat(length) }] });
    const records = [
      long('a', 10),
      long('b', 2_000_000),
      long('c', 200_000),
      long('d', 1),
      long('e', 900_000),
    ];
    const dataset = await indexed(write('long-lines.jsonl', jsonl(records)));
    expect(dataset.columns.badCount).toBe(0);
    for (const [index, { id, messages }] of records.entries()) {
      const record = await dataset.record(index);
      expect(
        record.kind === 'transcript' && [record.transcript.id, record.transcript.messages[0]?.content],
      ).toEqual([id, (messages as { content: string }[])[0]?.content]);
    }
  });

  it('counts a document that is cut off, or followed by more, as read with an error', async () => {
    const record = JSON.stringify(canonicalRecord());
    for (const text of [`[${record},`, `[${record}] [${record}]`]) {
      const dataset = await indexed(write('frame.json', text));
      expect([dataset.phase, dataset.columns.count, dataset.columns.badCount]).toEqual(['ready', 1, 0]);
      expect([dataset.errors, dataset.problems[0]?.severity]).toEqual([1, 'error']);
    }
  });

  it('refuses a file that is not there', async () => {
    expect((await indexed(`${folder}/none.jsonl`)).error).toBe('none.jsonl is not there (any more)');
  });

  it('takes a *.transcripts.jsonl as canonical even when its first lines are broken', async () => {
    const dataset = await indexed(write('own.transcripts.jsonl', `oops\n${jsonl([canonicalRecord()])}`));
    expect(dataset.phase).toBe('ready');
    expect(dataset.columns.badCount).toBe(1);
  });

  it('reads no record of a file that has changed or gone since', async () => {
    const path = write('moving.jsonl', jsonl([canonicalRecord({ id: 'a' })]));
    const dataset = await indexed(path);
    await dataset.record(0);
    expect(await dataset.hashes([0, 0])).toEqual([expect.any(String), expect.any(String)]);
    writeFileSync(path, jsonl([canonicalRecord({ id: 'b' })]));
    // though the record of then is still known
    expect(await dataset.hashes([0, 0])).toEqual([null, null]);
    await expect(dataset.record(0)).rejects.toThrow('moving.jsonl has changed on disk since it was read');
    rmSync(path);
    await expect(dataset.record(0)).rejects.toThrow('moving.jsonl is not there (any more)');
  });

  it('stops when it is told to, and keeps what it has', async () => {
    const path = write('long.jsonl', jsonl(Array.from({ length: 30_000 }, () => canonicalRecord())));
    const dataset = new Dataset(path);
    const abort = new AbortController();
    await dataset.index(inProcess, abort.signal, { grown: () => abort.abort() });
    expect(dataset.phase).toBe('cancelled');
    expect(dataset.columns.count).toBeGreaterThan(0);
    expect(dataset.columns.count).toBeLessThan(30_000);
  });

  it('never writes to the dataset', async () => {
    const content = jsonl([canonicalRecord()]);
    const path = write('untouched.jsonl', content);
    await (await indexed(path)).record(0);
    expect(readFileSync(path, 'utf8')).toBe(content);
  });
});

const gold = resolve(__dirname, '../../../../shared/data/gold_106/gold_106.json');

describe('a real file', () => {
  it.skipIf(!existsSync(gold))(
    'opens gold_106 (needs the folder of real data): 106 scratchpads, 51 flagged',
    async () => {
      const dataset = await indexed(gold);
      expect([dataset.phase, dataset.profile, dataset.columns.count, dataset.columns.badCount]).toEqual([
        'ready',
        'scratchpad list',
        106,
        0,
      ]);
      const raw = JSON.parse(readFileSync(gold, 'utf8')) as { samples: { text: string }[] };
      let flagged = 0;
      for (let i = 0; i < dataset.columns.count; i++) {
        const record = await dataset.record(i);
        if (record.kind !== 'transcript') throw new Error(record.reason);
        expect(record.transcript.messages[0]?.content).toBe(raw.samples[i]?.text);
        dataset.columns.forEachVerdict(i, (_, value) => {
          if (value) flagged++;
        });
      }
      expect(flagged).toBe(51);
    },
  );
});
