import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/dataset/model';
import { CANONICAL } from '../../../src/core/formats/profile';
import { matchTranscript } from '../../../src/core/search/match';
import { SEARCH_SCOPES, type SearchQuery } from '../../../src/core/search/query';
import type { FileReading } from '../../../src/node/indexEvents';
import { searchRanges } from '../../../src/node/searchFile';
import { temporaryFolder } from '../../support/dataset';
import { jsonString, ways } from '../../support/waysOfJson';

const folder = temporaryFolder();

interface Line {
  readonly text: string;
  readonly messages: readonly Message[];
}

/** Letters that fold to one another, characters that JSON escapes, and some that are several bytes or units long. */
const CHARACTERS = [
  ...'aAbBkKsSiI\u212a\u017fxq19 -_<>&\'"/\\\n\t',
  'é',
  'É',
  'ß',
  'ẞ',
  'σ',
  'ς',
  '中',
  '文',
  '’',
  '😀',
  '𐐀',
  '𐐨',
];
const text = fc
  .array(fc.constantFrom(...CHARACTERS, '<think>', '</think>', '<OUTPUT>'), { maxLength: 25 })
  .map((all) => all.join(''));
const role = fc.constantFrom('system', 'user', 'assistant', 'Assistant', 'tool', 'human');

const line: fc.Arbitrary<Line> = fc
  .array(fc.tuple(role, text, ways, fc.constantFrom(null, 'scratchpad', 'output')), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((all) => {
    const messages = all.map(
      ([role, content, , region]) => ({ role, content, prefill: 0, region }) as Message,
    );
    const json = all.map(
      ([role, content, way, region]) =>
        `{"role":${JSON.stringify(role)},"content":${jsonString(content, way)}${region ? `,"region":"${region}"` : ''}}`,
    );
    return fc.record({
      // what is said outside of the messages is not searched
      text: text.map(
        (aside) => `{"metadata":{"aside":${JSON.stringify(aside)}},"messages":[${json.join(',')}]}`,
      ),
      messages: fc.constant(messages),
    });
  });

const scope = fc.oneof(
  { weight: 2, arbitrary: fc.constant('everywhere' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...SEARCH_SCOPES) },
);
const literal = fc
  .array(fc.constantFrom(...CHARACTERS), { minLength: 1, maxLength: 4 })
  .map((all) => all.join(''));
const escaped = literal.map((part) => part.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&'));
const piece = fc.oneof(
  escaped,
  fc.tuple(escaped, fc.constantFrom('?', '*', '+', '{0,1}', '{2}', '+?')).map(([part, many]) => part + many),
  escaped.map((part) => `(?:${part})?`),
  fc.constantFrom(
    '.',
    '\\b',
    '\\w',
    '[ab]',
    '[^\\]k]',
    '(a|b)',
    '(?=k)',
    '\\u0061',
    '\\u{1F600}',
    '\\p{L}',
    '^',
    '$',
    '\\n',
  ),
);
const pattern = fc
  .array(fc.array(piece, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 2 })
  .map((all) => all.map((pieces) => pieces.join('')).join('|'))
  .filter((source) => {
    try {
      return Boolean(new RegExp(source, 'gmu'));
    } catch {
      return false;
    }
  });

function write(
  lines: readonly string[],
  separator = '\n',
): { file: FileReading; offsets: Float64Array; lengths: Uint32Array } {
  const path = join(folder, 'run.jsonl');
  const bytes = lines.map((one) => Buffer.from(one));
  writeFileSync(path, Buffer.concat(bytes.flatMap((one) => [one, Buffer.from(separator)])));
  const { size, mtimeMs } = statSync(path);
  const lengths = Uint32Array.from(bytes, ({ length }) => length);
  const offsets = new Float64Array(lengths.length);
  for (let i = 1; i < offsets.length; i++)
    offsets[i] = (offsets[i - 1] ?? 0) + (lengths[i - 1] ?? 0) + separator.length;
  const file = {
    path,
    name: 'run.jsonl',
    folder: '',
    size,
    within: null,
    stamp: { size, mtimeMs },
    container: 'JSON lines',
    unit: 'line' as const,
    profile: CANONICAL,
    profileOf: null,
  };
  return { file, offsets, lengths };
}

/** Matches of each transcript by index; those read that have none are not listed. */
function countsBy(query: SearchQuery, search: (sink: Parameters<typeof searchRanges>[2]) => unknown) {
  const found = new Map<number, number>();
  let [through, read] = [0, 0];
  const result = search({
    transcript: (index, transcript) => {
      read++;
      const { length } = matchTranscript(query, transcript);
      if (length > 0) found.set(index, length);
    },
    through: (index) => {
      through = index;
    },
  });
  return { found, through: () => through, read: () => read, result };
}

function bruteForce(query: SearchQuery, lines: readonly Line[]): Map<number, number> {
  const counts = lines.map(({ messages }, i) => [i, matchTranscript(query, { messages }).length] as const);
  return new Map(counts.filter(([, count]) => count > 0));
}

describe('a search by byte ranges', () => {
  it('finds what a search of every transcript finds, however its JSON is written', async () => {
    const query = (lines: readonly Line[]) => {
      const texts = lines.flatMap(({ messages }) => messages.map(({ content }) => content));
      const part = fc
        .tuple(fc.constantFrom(...texts), fc.nat(20), fc.integer({ min: 1, max: 9 }))
        .map(([whole, from, length]) =>
          [...whole]
            .slice(from % Math.max(1, [...whole].length))
            .slice(0, length)
            .join(''),
        )
        .filter((needle) => needle !== '');
      const cased = part.map((needle) => (needle.length % 2 ? needle.toUpperCase() : needle));
      return fc.record({
        query: fc.oneof(
          fc.record({
            text: fc.oneof(part, cased, literal),
            regex: fc.constant(false),
            caseSensitive: fc.boolean(),
            scope,
          }),
          fc.record({
            text: pattern,
            regex: fc.constant(true),
            caseSensitive: fc.boolean(),
            scope,
          }),
        ),
        lines: fc.constant(lines),
      });
    };
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(line, { minLength: 1, maxLength: 6 })
          .filter((lines) => lines.some(({ messages }) => messages.some(({ content }) => content !== '')))
          .chain(query),
        async ({ query, lines }) => {
          const { file, offsets, lengths } = write(lines.map((one) => one.text));
          const task = { type: 'ranges', file, first: 0, offsets, lengths } as const;
          const search = countsBy(query, (sink) => searchRanges(task, query, sink));
          await search.result;
          expect(search.found).toEqual(bruteForce(query, lines));
          expect(search.through()).toBe(lines.length);
          if (search.found.size > 0) matched++;
        },
      ),
      { numRuns: 800 },
    );
    expect(matched).toBeGreaterThan(150);
  });
});
