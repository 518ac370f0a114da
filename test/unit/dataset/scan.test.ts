import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentScanner } from '../../../src/core/dataset/documentScan';
import { detectLayout, LineScanner, type RecordRange, type Scanner } from '../../../src/core/dataset/scan';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Pushes the whole through a scanner in pieces of the given sizes (the last one repeats). */
function scan(scanner: Scanner, whole: Uint8Array, sizes: readonly number[]) {
  const ranges: RecordRange[] = [];
  let problem: string | null = null;
  for (let i = 0, at = 0; ; i++, at = scanner.position) {
    if (at >= whole.length) {
      problem = scanner.end((range) => ranges.push(range));
      if (scanner.position >= whole.length) break;
      continue;
    }
    const size = sizes[Math.min(i, sizes.length - 1)] ?? whole.length;
    const keepFrom = scanner.keepFrom;
    const found: RecordRange[] = [];
    scanner.push(whole.subarray(at, at + size), (range) => found.push(range));
    // Whoever pushes keeps the bytes from keepFrom on: a record must not begin before them.
    for (const range of found) expect(range.offset).toBeGreaterThanOrEqual(keepFrom);
    ranges.push(...found);
  }
  const texts = ranges.map(({ offset, length }) =>
    new TextDecoder().decode(whole.subarray(offset, offset + length)),
  );
  return { ranges, texts, problem, warnings: scanner.warnings() };
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe('LineScanner', () => {
  it('finds the lines that are not blank, whatever the chunks, with their numbers', () => {
    const line = fc.oneof(
      fc.constant(''),
      fc.constant('  \t'),
      fc.string({ unit: 'binary' }).map((s) => s.replace(/\n/g, '')),
    );
    fc.assert(
      fc.property(fc.array(line), sizes, fc.boolean(), (lines, chunks, last) => {
        const text = lines.join('\n') + (last ? '\n' : '');
        const expected = text
          .split('\n')
          .map((content, i) => ({ content: new TextDecoder().decode(bytes(content)), line: i + 1 }))
          .filter(
            ({ content }) =>
              /[^\t-\r ]/.test(content) ||
              [...bytes(content)].some((b) => b > 32 || (b < 9 && b >= 0) || (b > 13 && b < 32)),
          );
        const { ranges, texts } = scan(new LineScanner(0), bytes(text), chunks);
        expect(texts).toEqual(expected.map(({ content }) => content));
        expect(ranges.map((range) => range.line)).toEqual(expected.map(({ line: n }) => n));
      }),
    );
  });
});

describe('DocumentScanner', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const layouts = fc.constantFrom(undefined, 2, '\t');

  it('cuts an array, or the array under a known key, into its elements', () => {
    fc.assert(
      fc.property(
        fc.array(json, { minLength: 1 }),
        layouts,
        sizes,
        fc.boolean(),
        (values, indent, chunks, wrapped) => {
          const whole = wrapped ? { about: { samples: [1, 2] }, samples: values, after: [{ a: 1 }] } : values;
          const { texts, problem } = scan(
            new DocumentScanner(0),
            bytes(JSON.stringify(whole, null, indent)),
            chunks,
          );
          expect(texts.map((text) => JSON.parse(text))).toEqual(
            values.map((value) => JSON.parse(JSON.stringify(value))),
          );
          expect(problem).toBeNull();
        },
      ),
    );
  });

  it('takes an object without such a key as one record', () => {
    fc.assert(
      fc.property(fc.array(json), layouts, sizes, (messages, indent, chunks) => {
        const text = ` \n${JSON.stringify({ messages }, null, indent)}\n`;
        const { texts, ranges } = scan(new DocumentScanner(0), bytes(text), chunks);
        expect(texts.map((one) => JSON.parse(one))).toEqual([JSON.parse(JSON.stringify({ messages }))]);
        expect(ranges[0]?.line).toBe(2);
      }),
    );
  });

  it.each([
    [
      '{"data": [1, 2], "data": ["a", {"b": [3, 4]}, [5]]}',
      ['1', '2'],
      [
        'the list "data" occurs more than once; the first that holds records counts, and 3 entries of the others are not read',
      ],
    ],
    [
      '{"records": [1], "samples": [], "items": [2], "more": [3, 4], "rows": {"data": [5]}, "samples": [6, 7]}',
      ['1'],
      [
        'the list "samples" is not read (2 entries): records are taken from "records"',
        'the list "items" is not read (1 entry): records are taken from "records"',
      ],
    ],
    [
      '{"data": [], "samples": [1, 2], "items": []}',
      ['1', '2'],
      ['the list "data" holds no record: records are taken from "samples"'],
    ],
    [
      '{"data": [], "data": [1], "data": []}',
      ['1'],
      ['the list "data" occurs more than once; the first that holds records counts'],
    ],
    [
      '{"records": [1], "d\\u0061ta": [2',
      ['1'],
      ['the list "data" is not read (1 entry): records are taken from "records"'],
    ],
    ['{"data": [], "samples": [ ]}', [], []],
    ['[{"data": [1], "samples": [2]}]', ['{"data": [1], "samples": [2]}'], []],
  ])(
    'takes records from the first list that holds any, and says what it does not read: %s',
    (text, records, said) => {
      for (const chunks of [[1], [7], [1_000]]) {
        const { texts, warnings } = scan(new DocumentScanner(0), bytes(text), chunks);
        expect(texts).toEqual(records);
        expect(warnings).toEqual(said);
      }
    },
  );

  it('does not call a list unread whose entries became records where brackets do not match', () => {
    const text = '{"data": [\n{"id": 1},\n{"id": 2}\n]], "samples": [\n{"id": 3},\n{"id": 4}\n]}';
    const { texts, problem, warnings } = scan(new DocumentScanner(0), bytes(text), [9]);
    expect(texts.map((one) => JSON.parse(one).id)).toEqual([1, 2, 3, 4]);
    expect(problem).toContain('from line 5 on');
    expect(warnings).toEqual([]);
  });

  it('keeps what is broken inside its own record', () => {
    const { texts } = scan(new DocumentScanner(0), bytes('[{"a":1}, {"b": oops} junk, {"c":3}]'), [7]);
    expect(texts).toEqual(['{"a":1}', '{"b": oops} junk', '{"c":3}']);
  });

  it('says where a file that is cut off ends, and gives what was begun', () => {
    const { texts, problem } = scan(new DocumentScanner(0), bytes('[\n{"a":1},\n{"b":'), [4]);
    expect(texts).toEqual(['{"a":1}', '{"b":']);
    expect(problem).toBe('the file ends at line 3 before its JSON is closed');
  });

  it('says from where on all is taken for one record that is never closed', () => {
    const rest = ', {"a":3}\n'.repeat(5);
    const { texts, problem } = scan(new DocumentScanner(0), bytes(`[{"a":1},\n{"b":{"a":2}\n${rest}]`), [9]);
    expect(texts).toHaveLength(2);
    expect(problem).toMatch(
      /; all from line 2 on is taken for one record: where it holds others, they are in no figure$/,
    );
  });

  it('reports text behind the end', () => {
    expect(scan(new DocumentScanner(0), bytes('[1]\n\nmore'), [100]).problem).toContain('line 3');
  });
});

describe('a document whose brackets or quotes do not match', () => {
  const good = (id: number) => `{"id": ${id}, "list": [{"id": "inner"}]}`;
  const BY_LINES = /brackets or quotes do not match, so from line \d+ on records are told apart by how their/;

  it.each([
    ['a brace is missing', '{"id": 2, "meta": {"a": 1}'],
    ['a bracket is missing', '{"id": 2, "list": [{"a": 1}}'],
    ['brackets are missing, which nothing tells before the end', '{"id": 2, "list": [{"a": 1}'],
    ['a brace is too many', '{"id": 2}}'],
    ['a bracket is too many', '{"id": 2}]'],
    ['it is cut off in a text', '{"id": 2, "text": "and th'],
    ['it is cut off behind a key', '{"id": 2, "list":'],
    ['a text has quotes in it', '{"id": 2, "text": "he said "go [on", then"}'],
  ])('loses no other record where %s', (_what, bad) => {
    const lines = [good(1), bad, good(3), good(4), good(5)];
    const pretty = (text: string) => `  ${text.replaceAll(', ', ',\n    ')}`;
    for (const [open, close] of [
      ['[\n', '\n]'],
      ['[', ']'],
      ['{"about": 1, "samples": [\n', '\n], "more": {"id": 9}}'],
    ] as const) {
      for (const newline of ['\n', '\r\n']) {
        for (const form of [(line: string) => line, pretty]) {
          // A record of its own lines must begin on one for its indentation to tell anything.
          if (form === pretty && open === '[') continue;
          const text = (open + lines.map(form).join(',\n') + close).replaceAll('\n', newline);
          for (const chunks of [[5], [1_000]]) {
            const { texts, ranges, problem } = scan(new DocumentScanner(0), bytes(text), chunks);
            const whole = texts.flatMap((one) => {
              try {
                return [(JSON.parse(one) as { id: number }).id];
              } catch {
                return [];
              }
            });
            expect([text, whole.filter((id) => id !== 2)]).toEqual([text, [1, 3, 4, 5]]);
            for (const { offset, line } of ranges)
              expect(text.slice(0, offset).split('\n')).toHaveLength(line);
            if (whole.length < 5 && ranges.length === 5 && !bad.endsWith('}'))
              expect(problem).toMatch(BY_LINES);
          }
        }
      }
    }
  });

  it('loses no record but one that is cut off, over and over', () => {
    const lines = Array.from({ length: 301 }, (_, i) =>
      i % 2 === 0 ? good(i) : good(i).slice(0, 20 + (i % 15)),
    );
    const { texts, problem } = scan(new DocumentScanner(0), bytes(`[\n${lines.join(',\n')}\n]`), [64]);
    expect(texts.filter((_, i) => i % 2 === 0)).toEqual(lines.filter((_, i) => i % 2 === 0));
    expect(problem).toBe(
      'its brackets or quotes do not match, so from line 4 on records are told apart by how their lines begin',
    );
  });

  it('has a comma forgotten between two records', () => {
    const { texts, problem } = scan(new DocumentScanner(0), bytes('[\n{"a": 1}\n{"a": 2},\n{"a": 3}]'), [9]);
    expect(texts).toEqual(['{"a": 1}', '{"a": 2}', '{"a": 3}']);
    expect(problem).toContain('from line 3 on');
  });

  it('is told by lines that begin so, not by what stands within them', () => {
    const texts = ['{"id":{"id":1}}', '{"id":[{"id":{"id":2}}]}', '{"id":3}'];
    const read = scan(new DocumentScanner(0), bytes(`[${texts.join(',\n')}]`), [3]);
    expect(read.texts).toEqual(texts);
  });

  it('takes no line for a record where whole records have such lines in them', () => {
    const nested = '{"id": 1, "list": [\n{"id": 2},\n{"id": 3}\n]}';
    const { texts, problem } = scan(
      new DocumentScanner(0),
      bytes(`[\n${nested},\n${nested}},\n${nested}\n]`),
      [7],
    );
    expect(texts).toEqual([nested, `${nested}}`, nested]);
    expect(problem).toBeNull();
  });

  it('is the only one in which lines count', () => {
    const ids = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, fc.constantFrom(1, '{"id":', ']}', null), tie('list'), tie('object')),
      list: fc.array(tie('value'), { maxLength: 4 }),
      object: fc.record({ id: tie('value'), samples: tie('value') }, { requiredKeys: ['id'] }),
    }));
    const flat = (value: unknown, indent: string) =>
      JSON.stringify(value, null, 1).replace(/\n */g, (space) => `\n${indent.repeat(space.length - 1)}`);
    fc.assert(
      fc.property(
        fc.array(ids.object, { minLength: 1 }),
        fc.constantFrom('', ' ', '\t'),
        sizes,
        fc.boolean(),
        (values, indent, chunks, wrapped) => {
          const text = flat(wrapped ? { samples: values, errors: values } : values, indent);
          const { texts, problem } = scan(new DocumentScanner(0), bytes(text), chunks);
          expect(texts.map((one) => JSON.parse(one))).toEqual(values);
          expect(problem).toBeNull();
        },
      ),
    );
  });
});

describe('detectLayout', () => {
  const layout = (text: string, name: string) => detectLayout(bytes(text), true, name);

  it.each([
    ['{"a":1}\n{"a":2}\n', 'x.jsonl', 'lines'],
    ['{"a":1}\n{"a":2}\n', 'x.json', 'lines'],
    ['{"a":1}\n', 'x.jsonl', 'lines'],
    ['{"a":1}', 'x.json', 'document'],
    ['{"samples":[{"text":"x"}]}', 'x.json', 'document'],
    ['{"samples":[{"text":"x"}]}', 'x.jsonl', 'document'],
    ['{\n "a": 1\n}', 'x.jsonl', 'document'],
    ['\n[{"a":1}]', 'x.jsonl', 'document'],
    ['{"a": "\\"}"}\n{"b":2}', 'x.json', 'lines'],
    ['{"a": "broken\n{"b":2}', 'x.jsonl', 'lines'],
    ['garbage', 'x.jsonl', 'lines'],
    // lines of which the first is broken
    ['{"id":\n{"b":2}\n{"c":"}"}\n', 'x.jsonl', 'lines'],
    ['{"id":\n\n {"b":2}\r\n{"c":', 'x.json', 'lines'],
    ['[1,2\n{"b":2}\n{"c":3}\n', 'x.jsonl', 'lines'],
    ['[]\n{"b":2}\n', 'x.jsonl', 'lines'],
    ['{"id":\n{"b":2}', 'x.jsonl', 'lines'],
    ['{"id":{,}}\n{"b":2}\n}\n', 'x.jsonl', 'lines'],
    ['[1,\n{"b":2}\n"oops"\n', 'x.jsonl', 'lines'],
    // documents with records on lines of their own
    ['[\n{"a":1},\n{"b":2}\n]', 'x.jsonl', 'document'],
    ['{"samples": [\n{"a":1},\n{"b":2}\n]}', 'x.jsonl', 'document'],
    ['[\n{"a":1}\n,\n{"b":2}', 'x.json', 'document'],
    ['[\n{"a":"{"}', 'x.json', 'document'],
    ['{\n"a":\n{"b":\n{}\n}\n}', 'x.jsonl', 'document'],
  ])('%j in %s: %s', (text, name, expected) => {
    expect(layout(text, name)).toBe(expected);
  });
});
