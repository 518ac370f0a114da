import { describe, expect, it, vi } from 'vitest';
import { LISTED_PROBLEMS } from '../../../src/core/dataset/model';
import { canonical, canonicalSchema } from '../../../src/core/formats/canonical';
import { RecordError } from '../../../src/core/formats/format';
import { CANONICAL } from '../../../src/core/formats/profile';
import { Dataset } from '../../../src/node/dataset';
import { ToldEvents } from '../../../src/node/indexCache';
import type { IndexEvent } from '../../../src/node/indexEvents';
import { parseJson, readParts } from '../../../src/node/parseRecord';
import { inProcess } from '../../../src/node/runIndex';
import { ShortLines } from '../../../src/node/shortLines';
import { openSource } from '../../../src/node/sources/open';
import { canonicalRecord, temporaryFolder, writeDataset } from '../../support/dataset';
import { readAll } from '../../support/records';

const folder = temporaryFolder();
const OVER = LISTED_PROBLEMS + 2_000;
const GOOD = JSON.stringify(canonicalRecord({ id: 'good' }));

async function read(lines: readonly string[]) {
  return readFile('x.transcripts.jsonl', `${lines.join('\n')}\n`);
}

async function readFile(name: string, text: string) {
  const path = writeDataset(folder, name, text);
  const dataset = new Dataset(path, { choose: async () => CANONICAL });
  const events: IndexEvent[] = [];
  await dataset.index(
    (request, emit, signal) =>
      inProcess(
        request,
        (event) => {
          events.push(event);
          emit(event);
        },
        signal,
      ),
    new AbortController().signal,
  );
  return { dataset, events };
}

const bad = (line: string) => Array.from({ length: OVER }, () => line);

describe('a dataset of bad records without end', () => {
  it.each([
    ['that are bad at once', '{}', 'error'],
    ['of which the check finds that they are', '{"messages":[{"role":"","content":""}]}', 'error'],
    ['of which the check finds something to be doubtful', GOOD.replace(/}$/, ',"metadata":{"a":NaN}}'), null],
  ])('tells of the first, and counts all: %s', async (_name, line, severity) => {
    const { dataset, events } = await read([GOOD, ...bad(line)]);
    const told = events.flatMap((event) =>
      event.type === 'batch' ? event.batch.problems : event.type === 'checked' ? event.problems : [],
    );
    expect(told.length).toBeLessThanOrEqual(2 * LISTED_PROBLEMS);
    expect(dataset.problems).toHaveLength(LISTED_PROBLEMS);
    const { columns } = dataset;
    expect(columns.count).toBe(OVER + 1);
    if (severity === 'error') {
      expect(dataset.problems.map((problem) => problem.index)).toEqual(
        Array.from({ length: LISTED_PROBLEMS }, (_, at) => at + 1),
      );
      expect([dataset.errors, columns.badCount, dataset.warnings]).toEqual([OVER, OVER, 0]);
      expect([columns.isBad(0), columns.isBad(OVER)]).toEqual([false, true]);
    } else {
      // each has an id that occurs again, and a number that is none
      expect([dataset.errors, dataset.warnings]).toEqual([0, 2 * OVER]);
      expect([columns.hasWarning(0), columns.hasWarning(OVER)]).toEqual([false, true]);
    }
  });

  it('reads the same few bytes once', async () => {
    const reading = vi.spyOn(canonical, 'read');
    await read([GOOD, ...bad('{}'), ...bad('[]'), ...bad('not')]);
    expect(reading.mock.calls.length).toBeLessThan(10);
    reading.mockRestore();
  });

  it('reads the same few bytes of an array once', async () => {
    const reading = vi.spyOn(canonical, 'read');
    const { dataset } = await readFile('x.json', `[${[GOOD, ...bad('1'), ...bad('{}')].join()}]`);
    expect(reading.mock.calls.length).toBeLessThan(10);
    expect(dataset.columns.badCount).toBe(2 * OVER);
    reading.mockRestore();
  });

  it('reads few bytes that are all different no more than once each', async () => {
    const reading = vi.spyOn(canonical, 'read');
    await read([GOOD, ...bad('').map((_, at) => `{"a":${at}}`)]);
    // of the first ones twice: once to know them again
    expect(reading.mock.calls.length).toBeLessThan(OVER + 2_000);
    reading.mockRestore();
  });

  it('parses the same few bytes that are no JSON once, whatever the records are', async () => {
    const parsing = vi.spyOn(JSON, 'parse');
    const source = await openSource(writeDataset(folder, 'no.jsonl', `{}\n${'{\n'.repeat(OVER)}`), null);
    const { values } = await readAll(source);
    await source.close();
    expect(values.at(-1)).toMatchObject({ ok: false, reason: expect.stringContaining('not JSON') });
    expect(parsing.mock.calls.length).toBeLessThan(10);
    parsing.mockRestore();
  });

  it('refuses what holds nothing of ours without zod, in the same words', () => {
    const checking = vi.spyOn(canonicalSchema, 'safeParse');
    const place = { file: '', line: 1, ordinal: 1 };
    for (const [value, reason] of [
      [1, 'record: expected object, found 1'],
      [null, 'record: expected object, found null'],
      [[1], 'record: expected object, found an array of 1'],
      [{ a: 1 }, 'messages: expected array, found nothing'],
    ] as const)
      expect(() => canonical.read(value, place)).toThrow(reason);
    expect(checking).not.toHaveBeenCalled();
    expect(() => canonical.read({ id: [] }, place)).toThrow('id: expected string or number');
    expect(checking).toHaveBeenCalledOnce();
    checking.mockRestore();
  });

  it('keeps no index that is far larger than its files', () => {
    const key = { files: [{ path: '', size: 16 << 20, mtimeMs: 0, sample: '' }], profile: '' };
    const told = new ToldEvents(key);
    const moreErrors = Array.from({ length: 1 << 20 }, (_, at) => at);
    const event: IndexEvent = {
      type: 'checked',
      problems: [],
      moreErrors,
      warned: [],
      moreWarnings: 0,
      bytesRead: 0,
    };
    for (let times = 0; times < 16; times++) told.add(event);
    expect(told.events).toHaveLength(16);
    told.add(event);
    expect(told.events).toBeNull();
  });
});

describe('a short line', () => {
  it.each(['{}', '[]', '', '1', '"é"', '\ufeff{}', '{"messages":[]}', '{"id":NaN}', '{'])(
    'reads the same when it is met again: %s',
    (line) => {
      const lines = new ShortLines(canonical);
      const bytes = Buffer.from(line);
      const place = { file: 'f', line: 7, ordinal: 7 };
      const expected = readParts(parseJson(bytes), canonical, place, () => 'id');
      for (let times = 0; times < 3; times++)
        expect(readParts(lines.value(bytes), canonical, place, () => 'id')).toEqual(expected);
    },
  );
});

it('takes no stack of what is no JSON', () => {
  const limits: number[] = [];
  const { parse } = JSON;
  const parsing = vi.spyOn(JSON, 'parse').mockImplementation((text: string) => {
    limits.push(Error.stackTraceLimit);
    return parse(text);
  });
  expect(parseJson(Buffer.from('{'))).toMatchObject({ ok: false });
  parsing.mockRestore();
  expect(limits).toEqual([0]);
  expect(Error.stackTraceLimit).toBeGreaterThan(0);
});

describe('RecordError', () => {
  it('takes no stack, and leaves those of others', () => {
    expect(new RecordError('why').stack).not.toMatch(/\n/);
    expect(new Error('why').stack).toMatch(/\n/);
  });
});
