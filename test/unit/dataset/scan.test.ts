import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DocumentScanner,
  detectLayout,
  LineScanner,
  type RecordRange,
  type Scanner,
} from '../../../src/core/dataset/scan';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Pushes the whole through a scanner in pieces of the given sizes (the last one repeats). */
function scan(scanner: Scanner, whole: Uint8Array, sizes: readonly number[]) {
  const ranges: RecordRange[] = [];
  let at = 0;
  for (let i = 0; at < whole.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)] ?? whole.length;
    const keepFrom = scanner.keepFrom;
    const found: RecordRange[] = [];
    scanner.push(whole.subarray(at, at + size), (range) => found.push(range));
    // Whoever pushes keeps the bytes from keepFrom on: a record must not begin before them.
    for (const range of found) expect(range.offset).toBeGreaterThanOrEqual(keepFrom);
    ranges.push(...found);
    at += size;
  }
  const problem = scanner.end((range) => ranges.push(range));
  const texts = ranges.map(({ offset, length }) =>
    new TextDecoder().decode(whole.subarray(offset, offset + length)),
  );
  return { ranges, texts, problem };
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

  it('keeps what is broken inside its own record', () => {
    const { texts } = scan(new DocumentScanner(0), bytes('[{"a":1}, {"b": oops} junk, {"c":3}]'), [7]);
    expect(texts).toEqual(['{"a":1}', '{"b": oops} junk', '{"c":3}']);
  });

  it('says where a file that is cut off ends, and gives what was begun', () => {
    const { texts, problem } = scan(new DocumentScanner(0), bytes('[\n{"a":1},\n{"b":'), [4]);
    expect(texts).toEqual(['{"a":1}', '{"b":']);
    expect(problem).toBe('the file ends at line 3 before its JSON is closed');
  });

  it('reports text behind the end', () => {
    expect(scan(new DocumentScanner(0), bytes('[1]\n\nmore'), [100]).problem).toContain('line 3');
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
