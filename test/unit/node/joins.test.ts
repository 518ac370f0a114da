import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Dataset } from '../../../src/node/dataset';
import { inProcess } from '../../../src/node/runIndex';
import { JsonFile } from '../../../src/node/sources/jsonFile';
import { jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { JOINED_PROFILE } from '../../support/joinedProfile';

const DATA = jsonl([
  { key: 'a', text: 'first' },
  { key: 'b', text: 'second' },
]);

async function read(
  predictions: string,
  profile = JOINED_PROFILE,
  linkedFrom: string | null = null,
  name = 'predictions.csv',
) {
  const folder = temporaryFolder();
  const path = writeDataset(folder, 'pads.jsonl', DATA);
  const file = writeDataset(linkedFrom ?? folder, name, predictions);
  if (linkedFrom !== null) symlinkSync(file, join(folder, 'predictions.csv'));
  const dataset = new Dataset(path, { choose: async () => profile });
  await dataset.index(inProcess, new AbortController().signal);
  const { columns, problems, phase } = dataset;
  const values = Array.from({ length: columns.count }, (_, index) => {
    const found: unknown[] = [];
    columns.forEachVerdict(index, (source, value) =>
      found.push([columns.sources[source]?.classifier, value]),
    );
    return [columns.id(index), ...found];
  });
  return { dataset, phase, values, problems };
}

describe('verdicts in a second file', () => {
  it('are joined by id, whatever the order of the rows, and are there when a transcript is read', async () => {
    const { dataset, values, problems } = await read('sample,prediction\nb,no\na,yes\n');
    expect(problems).toEqual([]);
    expect(values).toEqual([
      ['a', ['ours', true]],
      ['b', ['ours', false]],
    ]);
    const record = await dataset.record(1);
    expect(record.kind === 'transcript' && record.transcript.verdicts).toMatchObject([{ value: false }]);
  });

  it.skipIf(process.platform === 'win32')(
    'are joined from no file elsewhere, to which a link leads',
    async () => {
      const { values, problems } = await read(
        'sample,prediction\nb,no\na,yes\n',
        JOINED_PROFILE,
        temporaryFolder(),
      );
      expect(values).toEqual([['a'], ['b']]);
      expect(problems.map(({ reason }) => reason).join()).toMatch(
        /predictions\.csv are not joined: it leads through a link to /,
      );
    },
  );

  it.each([
    ['sample,prediction\na,yes\n', 'has no counterpart in predictions.csv'],
    ['sample,prediction\na,yes\nb,no\nb,yes\n', 'have the same id'],
    ['sample,prediction\na,yes\nb,no\nc,no\n', 'has no counterpart in the dataset'],
    ['row,prediction\n0,yes\n1,no\n', 'it could only be joined by its row, which cannot be verified'],
  ])('are refused when the join cannot be verified: %j', async (predictions, reason) => {
    const { phase, values, problems } = await read(predictions);
    expect(phase).toBe('ready');
    expect(values).toEqual([['a'], ['b']]);
    expect(problems).toMatchObject([{ severity: 'error', reason: expect.stringContaining(reason) }]);
    expect(problems[0]?.reason).toContain('the verdicts of predictions.csv are not joined');
  });

  it('are read from their file once for all joins that name it', async () => {
    const [join] = JOINED_PROFILE.joins ?? [];
    if (!join) throw new Error('no join');
    const joins = ['v.jsonl', 'v.jsonl', 'v.jsonl'].map((file, i) => ({
      ...join,
      file,
      verdicts: [{ at: '/prediction', label: 'complied', classifier: `judge ${i}` }],
    }));
    const opening = vi.spyOn(JsonFile, 'open');
    const lines = jsonl([
      { sample: 'a', prediction: 'yes' },
      { sample: 'b', prediction: 'no' },
    ]);
    const { values, problems } = await read(`${lines}{\n`, { ...JOINED_PROFILE, joins }, null, 'v.jsonl');
    const opened = opening.mock.calls.map(([path]) => path).filter((path) => path.endsWith('v.jsonl'));
    opening.mockRestore();
    expect(opened).toHaveLength(1);
    expect(values).toEqual([
      ['a', ['judge 0', true], ['judge 1', true], ['judge 2', true]],
      ['b', ['judge 0', false], ['judge 1', false], ['judge 2', false]],
    ]);
    expect(problems).toMatchObject([
      {
        severity: 'warning',
        reason: expect.stringMatching(/^v\.jsonl: verdicts of 1 line are not joined; line 3/),
      },
    ]);
  });

  it('are refused where too many lines of their file cannot be read', async () => {
    const [join] = JOINED_PROFILE.joins ?? [];
    if (!join) throw new Error('no join');
    const profile = { ...JOINED_PROFILE, joins: [{ ...join, file: 'v.jsonl' }] };
    const lines = jsonl([
      { sample: 'a', prediction: 'yes' },
      { sample: 'b', prediction: 'no' },
    ]);
    const { values, problems } = await read(lines + '{\n'.repeat(100_001), profile, null, 'v.jsonl');
    expect(values).toEqual([['a'], ['b']]);
    expect(problems[0]).toMatchObject({
      severity: 'error',
      reason: 'the verdicts of v.jsonl are not joined: over 100000 lines of the joined files cannot be read',
    });
  });

  it('are told of where their file has a column twice', async () => {
    const { values, problems } = await read('sample,prediction,prediction\nb,no,yes\na,yes,no\n');
    expect(values).toEqual([
      ['a', ['ours', true]],
      ['b', ['ours', false]],
    ]);
    expect(problems).toMatchObject([
      {
        severity: 'warning',
        reason: expect.stringMatching(/^predictions\.csv: the column "prediction" occurs more than once/),
      },
    ]);
  });

  it('are told of where a line says something twice, and where one cannot be read', async () => {
    const profile = {
      ...JOINED_PROFILE,
      joins: (JOINED_PROFILE.joins ?? []).map((rule) => ({ ...rule, file: 'predictions.jsonl' })),
    };
    const lines = [
      '{"sample":"b","prediction":"no"}',
      '{"sample":"a","prediction":"no","prediction":"yes"}',
      '{"sample":',
      'nonsense',
    ];
    const { values, problems } = await read(lines.join('\n'), profile, null, 'predictions.jsonl');
    expect(values).toEqual([
      ['a', ['ours', true]],
      ['b', ['ours', false]],
    ]);
    expect(problems.map(({ severity, reason }) => `${severity}: ${reason}`)).toEqual([
      expect.stringMatching(
        /^warning: predictions\.jsonl: verdicts of 2 lines are not joined; line 3: not JSON: /,
      ),
      'warning: predictions.jsonl: 1 line may not say what was read; line 2: the key "prediction" occurs more than once in one object; the last one counts',
    ]);
  });

  it('are refused when their file is not there', async () => {
    const [join] = JOINED_PROFILE.joins ?? [];
    const { problems } = await read('', {
      ...JOINED_PROFILE,
      joins: join ? [{ ...join, file: 'gone.csv' }] : [],
    });
    expect(problems).toMatchObject([{ reason: expect.stringContaining('gone.csv is not there') }]);
  });
});

describe('a profile that nobody has checked', () => {
  it('is refused in words for a pattern that cannot be used, in the joins as well', async () => {
    const keys = '(?=a)';
    for (const profile of [
      { ...JOINED_PROFILE, joins: [], verdicts: [{ at: '/v', keys }] },
      {
        ...JOINED_PROFILE,
        joins: (JOINED_PROFILE.joins ?? []).map((rule) => ({ ...rule, verdicts: [{ at: '/v', keys }] })),
      },
    ]) {
      const { phase, dataset } = await read('sample,prediction\nb,no\na,yes\n', profile);
      expect(phase).toBe('failed');
      expect(dataset.error).toMatch(
        /cannot be read by its profile: .*verdicts\[0\]\.keys: \(\?= looks ahead/,
      );
    }
  });
});
