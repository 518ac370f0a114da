/** Where lines and files end, and where they should not: each through the whole product, one clear reading each. */
import { describe, expect, it } from 'vitest';
import {
  CANONICAL_LINES,
  CHAT,
  type Container,
  CSV,
  DOCUMENT,
  EVAL,
  INSPECT_JSON,
  PARQUET,
  SCOUT_TRANSCRIPTS,
  TSV,
  writeContainer,
} from '../../support/containers';
import { indexed, temporaryFolder } from '../../support/dataset';
import { byName, lineOf, TWO, told, toldOf } from '../../support/told';

const folder = temporaryFolder();
const CUT_OFF = 'before its JSON is closed';

describe('lines', () => {
  const asText = [CANONICAL_LINES, DOCUMENT, CHAT, CSV, TSV, INSPECT_JSON];
  const changed = (container: Container, change: (text: string) => string, given = TWO) =>
    container.files(given, (bytes) => Buffer.from(change(bytes.toString())));

  it.each(byName(asText))(
    'may end in CRLF, and the file begin with a byte order mark: %s',
    async (_name, container) => {
      const change = (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}`;
      const { records, problems } = await toldOf(folder, container, changed(container, change));
      expect(records).toEqual(told(container));
      expect(problems).toEqual([]);
    },
  );

  it.each(byName([CANONICAL_LINES, CHAT, CSV, TSV, DOCUMENT]))(
    'may be empty; those behind them keep their numbers: %s',
    async (_name, container) => {
      const change = (text: string) => `\n\n${text.replaceAll('\n', '\n\n\r\n')}\n`;
      const files = changed(container, change, [...TWO, { id: 'b', text: 'three' }]);
      const { records, problems } = await toldOf(folder, container, files);
      expect(records).toEqual([...told(container), 'b#2: three']);
      const line = 3 + 3 * (lineOf(container, 2) - 1);
      expect(problems).toEqual([
        `warning ${line}: the id "b" occurs again; read as "b#2": decisions on them hold as long as they keep their order`,
      ]);
    },
  );

  it.each(byName([CANONICAL_LINES, CHAT]))(
    'may begin with a mark where files were put together: %s',
    async (_name, container) => {
      const change = (text: string) => `\ufeff${text}\ufeff${text.replace('"id":"a"', '"id":"c"')}`;
      const { records } = await toldOf(folder, container, changed(container, change));
      expect(records).toEqual([...told(container), 'c: one', 'b#2: two']);
    },
  );

  it.each(byName([CSV, TSV]))('may end in CR alone: %s', async (_name, container) => {
    const { records, problems } = await toldOf(
      folder,
      container,
      changed(container, (text) => text.replaceAll('\n', '\r')),
    );
    expect(records).toEqual(told(container));
    expect(problems).toEqual([]);
  });

  it.each(byName([CANONICAL_LINES, CHAT]))(
    'that end in CR alone are told as what they are: %s',
    async (_name, container) => {
      const reason =
        'not JSON: several records with CR alone between them, which ends no line; save the file with LF or CRLF';
      const all = await toldOf(
        folder,
        container,
        changed(container, (text) => text.replaceAll('\n', '\r')),
      );
      expect(all).toMatchObject({ phase: 'failed', error: expect.stringContaining(`(line 1: ${reason})`) });
      const more = [...TWO, { id: 'c', text: 'three' }, { id: 'd', text: 'four' }];
      const second = (text: string) =>
        text.split('\n').reduce((before, line, i) => before + (i === 2 ? '\r' : '\n') + line);
      const one = await toldOf(folder, container, changed(container, second, more));
      expect(one.records).toEqual(['a: one', `bad: ${reason}`, 'd: four']);
      expect(one.problems).toEqual([`error 2: ${reason}`]);
    },
  );

  const cutOff = [
    [CANONICAL_LINES, 30, [/^bad: not JSON: Unterminated string/], [/^error 2: not JSON: /]],
    [CHAT, 30, [/^bad: not JSON: /], [/^error 2: not JSON: /]],
    [
      DOCUMENT,
      30,
      [/^bad: not JSON: /],
      [new RegExp(`^error null: the file ends at line 3 ${CUT_OFF}$`), /^error 3: not JSON: /],
    ],
    [
      INSPECT_JSON,
      60,
      [/^bad: not JSON: /],
      [new RegExp(`^error null: the file ends at line 1 ${CUT_OFF}$`), /^error 2: not JSON: /],
    ],
    [
      CSV,
      4,
      [/^bad: the quote that opens a cell on line 3 is never closed$/],
      [/^error 3: the quote that opens/],
    ],
    [TSV, 8, [/^bad: has 3 cells, where the header has 4$/], [/^error 3: has 3 cells/]],
    [EVAL, 0, [], []],
  ] as const;
  it.each(cutOff.map((one) => [one[0].name, ...one] as const))(
    '%s: the last may be cut off, which costs nothing before it',
    async (_name, container, cut, bad, said) => {
      const files = Object.fromEntries(
        Object.entries(container.files(TWO)).map(([name, bytes]) => {
          const end = container === EVAL ? Buffer.from(bytes).indexOf('samples/b') + 60 : bytes.length - cut;
          return [name, bytes.subarray(0, end)];
        }),
      );
      const { phase, records, problems } = await toldOf(folder, container, files);
      expect(phase).toBe('ready');
      const matches = (patterns: readonly RegExp[]) =>
        patterns.map((pattern) => expect.stringMatching(pattern));
      const lost = 'its members were found one by one; not whole: samples/b_epoch_1.json';
      expect(records).toEqual([told(container)[0], ...matches(bad)]);
      if (container === EVAL) expect(problems).toEqual([expect.stringContaining(lost)]);
      else expect(problems).toEqual(matches(said));
    },
  );

  it.each(byName([PARQUET, SCOUT_TRANSCRIPTS]))(
    '%s that is cut off has lost its footer, and is refused with that reason',
    async (_name, container) => {
      const files = Object.entries(container.files(TWO)).map(([name, bytes]) => [
        name,
        bytes.subarray(0, -20),
      ]);
      const { phase, error } = await toldOf(folder, container, Object.fromEntries(files));
      expect(phase).toBe('failed');
      expect(error).toBe(
        `${container.open} cannot be read as Parquet: it has no footer, so it was cut off or is still being written`,
      );
    },
  );

  it.each(byName([CANONICAL_LINES, DOCUMENT, PARQUET, EVAL]))(
    'of 100 MB are records like any other: %s',
    async (_name, container) => {
      const long = 'I think that "nobody" is watching.\n'.repeat(2_850_000);
      const dataset = await indexed(
        writeContainer(
          folder,
          container,
          container.files([...TWO, { id: 'long', text: long }, { id: 'c', text: 'three' }]),
        ),
      );
      expect(dataset.problems).toEqual([]);
      const texts: unknown[] = [];
      for (const index of [1, 2, 3]) {
        const record = await dataset.record(index);
        texts.push(record.kind === 'transcript' && record.transcript.messages.at(-1)?.content);
      }
      expect(texts[1] === long).toBe(true);
      expect([texts[0], texts[2]]).toEqual(['two', 'three']);
      dataset.dispose();
    },
  );
});
