/**
 * What files hold that others trip over, in every kind of file: what is counted, what is shown, what is said where. One
 * clear reading each, through the whole product.
 */
import { describe, expect, it } from 'vitest';
import {
  CANONICAL_LINES,
  CHAT,
  CONTAINERS,
  CSV,
  DOCUMENT,
  EVAL,
  INSPECT_JSON,
  PARQUET,
  TSV,
  writeContainer,
} from '../../support/containers';
import { indexed, temporaryFolder } from '../../support/dataset';
import { written } from '../../support/parquetFiles';
import { byName, lineOf, listed, TWO, told, toldOf } from '../../support/told';

const folder = temporaryFolder();
const NOT_UTF8 = 'holds bytes that are not UTF-8; they are shown as U+FFFD';

const replaced = (from: string, to: string | Uint8Array) => (bytes: Buffer) => {
  const at = bytes.indexOf(from);
  if (at < 0) return bytes;
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(to),
    bytes.subarray(at + Buffer.byteLength(from)),
  ]);
};

describe.each(byName(CONTAINERS))('%s', (_name, container) => {
  it('is read as what it is', async () => {
    expect(await toldOf(folder, container, container.files(TWO))).toEqual({
      phase: 'ready',
      error: null,
      profile: container.profile,
      records: told(container),
      problems: [],
    });
  });

  it('shows every text as it is stored, and finds nothing wrong with it', async () => {
    const texts = [
      'narrow\u202fspace, \u2028 and \u200b',
      '\u001b[31mred\u001b[0m \u009b1m',
      'NUL \u0000 and \u0007',
      'lone \ud800 and \udc00',
      'NaN',
      '\ufeffmarked',
      'a\r\nb\rc\n',
      '{"id": "__proto__"}',
      '<script>"\\u0000"</script>',
    ];
    const { records, problems } = await toldOf(
      folder,
      container,
      container.files(texts.map((text, i) => ({ id: `t${i}`, text }))),
    );
    // Half a pair can only be written as an escape; a writer of UTF-8 has put U+FFFD there itself.
    const hasEscapes = ![CSV, TSV, PARQUET].includes(container);
    const shown = texts.map((text) => (hasEscapes ? text : Buffer.from(text).toString()));
    expect(records).toEqual(shown.map((text, i) => `${listed(container, `t${i}`)}: ${text}`));
    expect(problems).toEqual([]);
  });

  it('shows bytes that are not UTF-8 as U+FFFD, and says so of that record', async () => {
    const given = [...TWO, { id: 'c', text: 'caf???? ok' }];
    const files = container.files(given, replaced('????', Buffer.of(0xe9, 0xed, 0xa0, 0x80)));
    const { records, problems } = await toldOf(folder, container, files);
    expect(records).toEqual([
      ...told(container),
      `${listed(container, 'c')}: caf\ufffd\ufffd\ufffd\ufffd ok`,
    ]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^warning ${lineOf(container, 2)}: `));
    expect(problems[0]?.endsWith(NOT_UTF8)).toBe(true);
  });
});

describe('what JSON may hold', () => {
  const ours = [CANONICAL_LINES, DOCUMENT, CHAT];
  const logs = [INSPECT_JSON, EVAL];
  /** Adds to the record `b`, wherever it stands. */
  const adding = (more: string) => (bytes: Buffer) => replaced('"id":"b"', `"id":"b",${more}`)(bytes);

  it.each(byName(ours))(
    'bare NaN and Infinity in %s are read as null, with a warning',
    async (_name, container) => {
      const files = container.files(TWO, adding('"x":[NaN,-Infinity],"y":Infinity'));
      const { records, problems } = await toldOf(folder, container, files);
      expect(records).toEqual(told(container));
      const line = lineOf(container, 1);
      expect(problems).toEqual([
        `warning ${line}: NaN, -Infinity, Infinity: no number that JSON has, read as null`,
      ]);
    },
  );

  it.each(byName(logs))(
    'bare NaN in %s means that nothing was scored, so nothing is said',
    async (_name, container) => {
      const { records, problems } = await toldOf(folder, container, container.files(TWO, adding('"x":NaN')));
      expect(records).toEqual(told(container));
      expect(problems).toEqual([]);
    },
  );

  it('a bare NaN where a verdict should be is no answer, and one in place of a text makes a bad record', async () => {
    const value = CANONICAL_LINES.files(TWO, replaced('"value":true', '"value":NaN'));
    const dataset = await indexed(writeContainer(folder, CANONICAL_LINES, value));
    const values: unknown[] = [];
    for (const index of [0, 1]) dataset.columns.forEachVerdict(index, (_, answer) => values.push(answer));
    expect(values).toEqual([null, true]);
    const text = CANONICAL_LINES.files(TWO, replaced('"two"', 'NaN'));
    expect(await toldOf(folder, CANONICAL_LINES, text)).toMatchObject({
      records: ['a: one', 'bad: messages[1].content: expected string, found null'],
      problems: ['error 2: messages[1].content: expected string, found null'],
    });
    const word = CANONICAL_LINES.files(TWO, replaced('"two"', 'nan'));
    expect((await toldOf(folder, CANONICAL_LINES, word)).records[1]).toMatch(
      /^bad: not JSON: Unexpected token/,
    );
  });

  it.each(byName([...ours, ...logs]))(
    'a key twice in %s counts as it is written last, with a warning',
    async (_name, container) => {
      const files = container.files(TWO, adding('"id":"c"'));
      const { records, problems } = await toldOf(folder, container, files);
      // In an archive, the member's name says what sample it is; what it holds is the sample.
      expect(records).toEqual([told(container)[0], `${listed(container, 'c')}: two`]);
      expect(problems).toEqual([
        `warning ${lineOf(container, 1)}: the key "id" occurs more than once in one object; the last one counts`,
      ]);
    },
  );

  it.each(byName([...ours, ...logs]))(
    'a key __proto__ in %s is one like any other',
    async (_name, container) => {
      const proto = '"__proto__":{"id":"evil","messages":"evil","polluted":1}';
      const more = `${proto},"metadata":{${proto}}`;
      const { records, problems } = await toldOf(folder, container, container.files(TWO, adding(more)));
      expect(records).toEqual(told(container));
      // The sample has metadata of its own behind it.
      expect(problems.filter((problem) => !problem.includes('the key "metadata"'))).toEqual([]);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  it('a number beyond 2^53 is shown as the nearest that there is', async () => {
    const files = CANONICAL_LINES.files(TWO, adding('"metadata":{"seed":9007199254740993,"big":1e999}'));
    const dataset = await indexed(writeContainer(folder, CANONICAL_LINES, files));
    expect(dataset.problems).toEqual([]);
    const record = await dataset.record(1);
    expect(record.kind === 'transcript' && record.transcript.metadata).toEqual({
      seed: 9007199254740992,
      big: Number.POSITIVE_INFINITY,
    });
  });

  it.each(byName([...ours, ...logs]))(
    'nesting without end in %s costs its own record',
    async (_name, container) => {
      const { records, problems } = await toldOf(
        folder,
        container,
        container.files(TWO, adding(`"x":${'['.repeat(200_000)}${']'.repeat(200_000)}`)),
      );
      const reason = `${container === EVAL ? 'samples/b_epoch_1.json: ' : ''}nested more than 1000 levels deep`;
      expect(records).toEqual([told(container)[0], `bad: ${reason}`]);
      expect(problems).toEqual([`error ${lineOf(container, 1)}: ${reason}`]);
    },
  );
});

describe('what a table may hold', () => {
  it.each(byName([CSV, TSV]))(
    'NaN in a cell of %s is no answer; __proto__ is a column like any other',
    async (_name, container) => {
      const [delimiter, open] = [container === CSV ? ',' : '\t', container.open];
      const rows = [
        ['id', '__proto__', 'tier', 'raw_response', 'accepted', 'af_is_af', 'af_yes_proportion'],
        ['a', '{"id":"evil"}', 'free', 'one', 'nan', 'NaN', 'NaN'],
        ['b', '', 'paid', 'two', 'True', 'False', '-inf'],
      ];
      const text = rows
        .map((row) =>
          row.map((cell) => (cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter),
        )
        .join('\n');
      const dataset = await indexed(writeContainer(folder, container, { [open]: Buffer.from(text) }));
      expect(dataset.problems.map(({ line, reason }) => [line, reason])).toEqual([
        [3, '/af_yes_proportion: expected a number for the score, found "-inf"'],
      ]);
      const verdicts = await Promise.all(
        [0, 1].map(async (index) => {
          const record = await dataset.record(index);
          return record.kind === 'transcript'
            ? record.transcript.verdicts.map(({ value, score }) => [value, score])
            : [];
        }),
      );
      expect(verdicts).toEqual([
        [
          [null, null],
          [null, null],
        ],
        [
          [true, null],
          [false, null],
        ],
      ]);
    },
  );

  it('NaN in a column of numbers is no score', async () => {
    const columnData = [
      { name: 'id', data: ['a', 'b'] },
      { name: 'tier', data: ['free', 'paid'] },
      { name: 'raw_response', data: ['one', 'two'] },
      { name: 'af_is_af', data: [true, false] },
      { name: 'af_yes_proportion', data: [Number.NaN, 0.25], type: 'DOUBLE' as const },
    ];
    const dataset = await indexed(
      writeContainer(folder, PARQUET, { 'table.parquet': written({ columnData }) }),
    );
    expect(dataset.problems).toEqual([]);
    const scores = await Promise.all(
      [0, 1].map(async (index) => {
        const record = await dataset.record(index);
        return record.kind === 'transcript' && record.transcript.verdicts.map(({ score }) => score);
      }),
    );
    expect(scores).toEqual([[null], [0.25]]);
  });
});
