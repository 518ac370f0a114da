/** Ids that are missing, empty, there twice or of another type, in every kind of file. */
import { describe, expect, it } from 'vitest';
import {
  CANONICAL_LINES,
  CHAT,
  type Container,
  CSV,
  DOCUMENT,
  EVAL,
  type Given,
  INSPECT_JSON,
  PARQUET,
  SCOUT_SCAN,
  SCOUT_TRANSCRIPTS,
  TSV,
} from '../../support/containers';
import { temporaryFolder } from '../../support/dataset';
import { written } from '../../support/parquetFiles';
import { lineOf, toldOf } from '../../support/told';

const folder = temporaryFolder();

describe('ids', () => {
  const OTHER_TYPE = 'the id is neither a string nor a number, but';
  const BEYOND =
    'the id is a number beyond 2^53, read as 9007199254740994; only a string keeps its last digits';
  const odd: readonly Given[] = [
    { text: 'missing' },
    { id: null, text: 'null' },
    { id: '', text: 'empty' },
    { id: 'd', text: 'once' },
    { id: 'd', text: 'twice' },
    { id: 7, text: 'number' },
    { id: 2 ** 53 + 2, text: 'beyond' },
    { id: true, text: 'true' },
    { id: ['x'], text: 'list' },
    { id: '__proto__', text: 'proto' },
  ];
  const fit = ['d: once', 'd#2: twice', '7: number', '9007199254740994: beyond'];
  const again = (line: number, id = 'd') =>
    `warning ${line}: the id "${id}" occurs again; read as "${id}#2": decisions on them hold as long as they keep their order`;
  const noId = 'not a sample: it has no id';
  const strings = odd.filter(({ id }) => id === undefined || typeof id === 'string');

  const cases: readonly (readonly [Container, readonly Given[], readonly string[], readonly string[]])[] = [
    ...[CANONICAL_LINES, DOCUMENT].map((container) => {
      const line = (index: number) => lineOf(container, index);
      const made = (index: number) => `${container.open}:${line(index)}`;
      const bad = ['expected string or number, found true', 'expected string or number, found an array of 1'];
      return [
        container,
        odd,
        [
          ...['missing', 'null', 'empty'].map((text, i) => `${made(i)}: ${text}`),
          ...fit,
          ...bad.map((reason) => `bad: id: ${reason}`),
          '__proto__: proto',
        ],
        [
          again(line(4)),
          `warning ${line(6)}: ${BEYOND}`,
          ...bad.map((reason, i) => `error ${line(7 + i)}: id: ${reason}`),
        ],
      ] as const;
    }),
    [
      CHAT,
      odd,
      [
        ...['missing', 'null', 'empty'].map((text, i) => `chat.jsonl:${i + 1}: ${text}`),
        ...fit,
        'chat.jsonl:8: true',
        'chat.jsonl:9: list',
        '__proto__: proto',
      ],
      [
        again(5),
        `warning 7: ${BEYOND}`,
        `warning 8: ${OTHER_TYPE} true; one was made up`,
        `warning 9: ${OTHER_TYPE} an array of 1; one was made up`,
      ],
    ],
    ...[CSV, TSV].map(
      (container) =>
        [
          container,
          strings,
          [
            `${container.open}:2: missing`,
            `${container.open}:3: empty`,
            'd: once',
            'd#2: twice',
            '__proto__: proto',
          ],
          [again(5)],
        ] as const,
    ),
    [
      PARQUET,
      strings,
      ['table.parquet:1: missing', 'table.parquet:2: empty', 'd: once', 'd#2: twice', '__proto__: proto'],
      [again(4)],
    ],
    [
      INSPECT_JSON,
      odd,
      [
        ...Array(3).fill(`bad: ${noId}`),
        'log-a/d/1: once',
        'log-a/d/1#2: twice',
        'log-a/7/1: number',
        'log-a/9007199254740994/1: beyond',
        ...Array(2).fill(`bad: ${noId}`),
        'log-a/__proto__/1: proto',
      ],
      [
        ...[1, 2, 3].map((line) => `error ${line}: ${noId}`),
        again(5, 'log-a/d/1'),
        `warning 7: ${BEYOND}`,
        ...[8, 9].map((line) => `error ${line}: ${noId}`),
      ],
    ],
    // A second member of the same name is the sample as it was last written.
    [
      EVAL,
      odd.filter(({ id }) => typeof id !== 'boolean' && id !== null),
      [
        `bad: samples/undefined_epoch_1.json: ${noId}`,
        `bad: samples/_epoch_1.json: ${noId}`,
        'log-a/d/1: twice',
        'log-a/7/1: number',
        'log-a/9007199254740994/1: beyond',
        `bad: samples/x_epoch_1.json: ${noId}`,
        'log-a/__proto__/1: proto',
      ],
      [
        `error 1: samples/undefined_epoch_1.json: ${noId}`,
        `error 2: samples/_epoch_1.json: ${noId}`,
        `warning 5: ${BEYOND}`,
        `error 6: samples/x_epoch_1.json: ${noId}`,
      ],
    ],
    [
      SCOUT_TRANSCRIPTS,
      odd.filter(({ id }) => typeof id === 'string'),
      ['bad: the row has no transcript_id', 'd: once', 'd#2: twice', '__proto__: proto'],
      ['error 1: the row has no transcript_id', again(3)],
    ],
    // Two rows of one id are two results about one transcript.
    [
      SCOUT_SCAN,
      odd.filter(({ id }) => typeof id === 'string'),
      ['d: once', '__proto__: proto'],
      ['error null: faking: 1 of 4 rows have no transcript_id; lazy: 1 of 4 rows have no transcript_id'],
    ],
  ];

  it.each(cases.map((one) => [one[0].name, ...one] as const))(
    'missing, empty, twice or of another type: %s',
    async (_name, container, given, records, problems) => {
      expect(await toldOf(folder, container, container.files(given))).toMatchObject({ records, problems });
    },
  );

  it('beyond 2^53 are whole in a table, which says that they are integers', async () => {
    const columnData = [
      { name: 'id', data: [2n ** 53n + 1n, 2n ** 53n + 2n, 3n] },
      { name: 'tier', data: ['free', 'paid', 'free'] },
      { name: 'raw_response', data: ['x', 'y', 'z'] },
    ];
    const { records, problems } = await toldOf(folder, PARQUET, { 'table.parquet': written({ columnData }) });
    expect(records).toEqual(['9007199254740993: x', '9007199254740994: y', '3: z']);
    expect(problems).toEqual([]);
  });
});
