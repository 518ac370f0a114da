import type { SchemaElement } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { readSchema } from '../../../src/node/sources/parquetSchema';
import { repeatedColumns } from '../../../src/node/sources/repeatedColumns';
import { indexed, temporaryFolder, writeDataset } from '../../support/dataset';
import { written } from '../../support/parquetFiles';

const REPEATED =
  'more than once; the first one counts, another is read under its name with a number behind it';

const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    id: from + i,
    condition: 'free',
    response: 'words',
    is_accepted: true,
  }));

async function told(name: string, text: string | Uint8Array) {
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

  it.each([
    ['condition,condition,response', 'the column "condition" occurs'],
    ['condition,response,,, response,condition', 'the columns "response", "condition" occur'],
  ])('a second column of the same name in a table of text: %s', async (columns, which) => {
    const row = columns.replaceAll('condition', 'free').replaceAll('response', 'words');
    const header = `id,is_accepted,has_deception,${columns}`;
    expect(await told('run.csv', [header, `1,1,0,${row}`, `2,0,1,${row}`].join('\n'))).toEqual({
      count: 2,
      problems: [['warning', null, `${which} ${REPEATED}`]],
    });
  });

  it('a second column of the same name, or part of one, in Parquet', async () => {
    const columnData = ['id', 'condition', 'condition', 'response', 'is_accepted', 'has_deception'].map(
      (name) => ({ name, data: name === 'condition' ? ['free', 'free'] : ['1', '0'] }),
    );
    expect(await told('run.parquet', written({ columnData }))).toEqual({
      count: 2,
      problems: [['warning', null, `the column "condition" occurs ${REPEATED}`]],
    });
    const part = (name: string): SchemaElement => ({ name, type: 'INT32', repetition_type: 'REQUIRED' });
    const schema: SchemaElement[] = [
      { name: 'root', num_children: 1 },
      { name: 'judge', num_children: 3, repetition_type: 'REQUIRED' },
      ...['score', 'score', 'score'].map(part),
    ];
    expect(readSchema(schema).repeated).toEqual(['judge.score']);
  });

  it('names some of many columns', () => {
    expect(repeatedColumns(Array.from({ length: 9 }, (_, i) => `c${i}`))).toEqual([
      `the columns "c0", "c1", "c2", "c3", "c4" and 4 more occur ${REPEATED}`,
    ]);
  });
});
