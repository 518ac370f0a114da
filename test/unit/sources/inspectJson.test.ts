import { describe, expect, it } from 'vitest';
import { isInspectJson, openInspectJson } from '../../../src/node/sources/inspectJson';
import { temporaryFolder, writeDataset } from '../../support/dataset';
import { header, sample } from '../../support/inspectLog';
import { goodValues, readAll } from '../../support/records';

const folder = temporaryFolder();
let files = 0;

const write = (text: string) => writeDataset(folder, `log-${files++}.json`, text);

async function readText(text: string) {
  const source = await openInspectJson(write(text));
  try {
    const all = await readAll(source);
    for (const [i, range] of all.ranges.entries())
      expect(JSON.stringify(await source.read(range))).toBe(JSON.stringify(all.values[i]));
    return all;
  } finally {
    await source.close();
  }
}

const samples = [sample(1), sample('b/c', { scores: { s: { value: 'hole' } } }), sample(3)];
const log = { ...header(), results: { scores: [] }, samples, reductions: [{ samples: [{ value: 1 }] }] };

describe('an Inspect log as one JSON document', () => {
  it.each([
    ['on one line', JSON.stringify(log)],
    ['indented', JSON.stringify(log, null, 2)],
    ['with a BOM and CRLF', `\uFEFF${JSON.stringify(log, null, 1).replaceAll('\n', '\r\n')}`],
    [
      'with bare NaN in header and samples',
      JSON.stringify(log).replace('"hole"', 'NaN').replace('"plan":{}', '"plan":{"x":-Infinity}'),
    ],
  ])('is read sample by sample, with what its header says: %s', async (_name, text) => {
    const { values, ranges, frameProblem } = await readText(text);
    expect(goodValues(values).map(({ key }) => key)).toEqual(['log-a/1/1', 'log-a/b/c/1', 'log-a/3/1']);
    expect(goodValues(values)[2]).toMatchObject({ model: 'maker/one', messages: samples[2]?.messages });
    expect(ranges.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(frameProblem).toBeNull();
  });

  it('is known by its beginning', async () => {
    expect(await isInspectJson(write(JSON.stringify(log)))).toBe(true);
    expect(await isInspectJson(write(JSON.stringify(log, null, 2)))).toBe(true);
    const text = JSON.stringify(log);
    expect(await isInspectJson(write(text.replace('{', '{"reductions":[{"eval":[]}],')))).toBe(true);
    expect(await isInspectJson(write(text.replace('"version":2,', '').replace('{', '{"plan":{},')))).toBe(
      true,
    );
    for (const other of [
      { samples },
      samples,
      { version: 2, samples },
      { note: 'x', eval: {} },
      { version: 1, note: { eval: {} } },
      { version: 1, eval: 'x' },
      1,
    ]) {
      expect(await isInspectJson(write(JSON.stringify(other)))).toBe(false);
    }
  });

  it('says where it has its samples, or a key of its header, twice', async () => {
    const twice = JSON.stringify(log).replace(
      '"reductions":',
      `"samples":${JSON.stringify(samples)},"status":"x","plan":`,
    );
    const { values, fileWarnings } = await readText(twice.replace('{', '{"status":"started",'));
    expect(values).toHaveLength(3);
    expect(fileWarnings).toEqual([
      'its header: the key "status" occurs more than once in one object; the last one counts',
      'the list "samples" occurs more than once; the first that holds records counts, and 3 entries of the others are not read',
    ]);
  });

  it('keeps its good samples where one is broken, or the file is cut off', async () => {
    const broken = JSON.stringify(log).replace('"hole"', 'hole');
    const { values } = await readText(broken);
    expect(values.map(({ ok }) => ok)).toEqual([true, false, true]);
    const text = JSON.stringify(log);
    const cut = await readText(text.slice(0, text.lastIndexOf('"In the shed')));
    expect(cut.values.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(cut.frameProblem).toContain('ends');
  });

  it('is read without a header that can be read, and says so', async () => {
    const { values, frameProblem } = await readText(
      JSON.stringify(log).replace('"version":2', '"version":two'),
    );
    expect(goodValues(values)[0]?.key).toMatch(/^log-\d+\.json\/1\/1$/);
    expect(frameProblem).toContain('header cannot be read');
  });

  it('is refused in words where it holds no samples', async () => {
    await expect(readText(JSON.stringify({ ...log, samples: [] }))).rejects.toThrow(/no sample/);
    await expect(readText(JSON.stringify(header()))).rejects.toThrow(/no list "samples"/);
    await expect(readText('{"a":1}\n{"a":2}\n')).rejects.toThrow(/lines of JSON/);
  });
});
