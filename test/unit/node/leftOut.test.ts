import { describe, expect, it } from 'vitest';
import { indexed, temporaryFolder, writeDataset } from '../../support/dataset';

const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    id: from + i,
    condition: 'free',
    response: 'words',
    is_accepted: true,
  }));

async function told(name: string, text: string) {
  const { columns, problems } = await indexed(writeDataset(temporaryFolder(), name, text));
  return {
    count: columns.count,
    problems: problems.map(({ severity, line, reason }) => [severity, line, reason]),
  };
}

describe('what a file holds that is not read, or may mean something else, is told once', () => {
  it.each([
    [
      `{"data": ${JSON.stringify(rows(0, 2), null, 1)}, "data": ${JSON.stringify(rows(2, 8))}}`,
      2,
      'the list "data" occurs more than once; the first that holds records counts, and 6 entries of the others are not read',
    ],
    [
      JSON.stringify({ records: rows(0, 2), samples: rows(2, 8) }, null, 1),
      2,
      'the list "samples" is not read (6 entries): records are taken from "records"',
    ],
    [
      JSON.stringify({ data: [], samples: rows(0, 8) }, null, 1),
      8,
      'the list "data" holds no record: records are taken from "samples"',
    ],
  ])('a second list in a JSON document', async (text, count, warning) => {
    expect(await told('run.json', text)).toEqual({ count, problems: [['warning', null, warning]] });
  });
});
