/** Files that are damaged in every way at random: no reader crashes, hangs or loses a good record. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash } from '../../../src/core/dataset/hash';
import type { Message } from '../../../src/core/dataset/model';
import { indexed, loadedAudit, temporaryFolder, writeDataset } from '../../support/dataset';

const folder = temporaryFolder();

type Fields = Record<string, unknown>;
/** What a record's text is, so that it is recognised when it comes back; never the text of damage. */
const textOf = (id: string) => `text of ${id} é😀`;

/** A good record of each of the three shapes, of the given id. */
const SHAPES: Readonly<Record<string, (id: string) => Fields>> = {
  canonical: (id) => ({
    id,
    setting: 'helpful-only',
    condition: 'training',
    messages: [{ role: 'assistant', content: textOf(id), prefill: 2 }],
    verdicts: [{ classifier: 'j', label: 'complied', value: true, score: 0.5, votes: 3 }],
    spans: [
      {
        classifier: 'j',
        label: 'alignment_faking',
        message: 0,
        start: 0,
        end: 4,
        unit: 'byte',
        quote: 'text',
      },
    ],
    metadata: { a: [1, { b: null }] },
  }),
  'scratchpad list': (id) => ({ id, text: textOf(id), label: 'potential_faking' }),
  'elicitation run': (id) => ({
    id,
    tier: 'free',
    raw_response: textOf(id),
    accepted: true,
    af_is_af: false,
    af_yes_proportion: 0.25,
  }),
};

const nesting = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const SCRAPS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ',',
    ':',
    'null',
    '{}',
    '[]',
    '\u0000',
    '\ufeff',
    '\\ud800',
    '<',
    '>',
    '1e999',
  ],
  ...[
    'NaN',
    '{"__proto__":{"id":1}}',
    nesting(20_000),
    `${'{"a":'.repeat(20_000)}1`,
    '9007199254740993',
    ' '.repeat(500),
  ],
];

/** Damage to the text of one record. It may leave the record good: then nothing is claimed of it. */
const damage = fc.oneof(
  fc.record({ cut: fc.double({ min: 0, max: 1, noNaN: true }) }).map(
    ({ cut }) =>
      (text: string) =>
        text.slice(0, Math.floor(text.length * cut)),
  ),
  fc
    .record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      gone: fc.nat(5),
      scrap: fc.constantFrom(...SCRAPS),
    })
    .map(({ at, gone, scrap }) => (text: string) => {
      const from = Math.floor(text.length * at);
      return text.slice(0, from) + scrap + text.slice(from + gone);
    }),
  // another value in the place of one that the record has
  fc
    .record({
      which: fc.nat(20),
      value: fc.oneof(
        fc.jsonValue({ maxDepth: 2 }).map((one) => JSON.stringify(one)),
        fc.constantFrom(...SCRAPS),
      ),
    })
    .map(({ which, value }) => (text: string) => {
      const values = [...text.matchAll(/(?<=":\s*)("(?:[^"\\]|\\.)*"|[\d.]+|true|false|null)/g)];
      const one = values[which % Math.max(1, values.length)];
      return one ? text.slice(0, one.index) + value + text.slice(one.index + one[0].length) : value;
    }),
);

interface Piece {
  readonly text: string;
  /** null: damaged. */
  readonly id: string | null;
}

const pieces = (shape: string): fc.Arbitrary<Piece[]> =>
  fc.array(fc.option(damage, { freq: 2 }), { minLength: 1, maxLength: 12 }).map((damages) =>
    damages.map((spoil, i) => {
      const good = JSON.stringify(SHAPES[shape]?.(`id-${i}`));
      return spoil ? { text: spoil(good), id: null } : { text: good, id: `id-${i}` };
    }),
  );

/** Ids of the records that came back whole, with the text that they had. */
async function readBack(path: string) {
  const dataset = await indexed(path);
  const found = new Set<string>();
  for (let index = 0; index < dataset.columns.count; index++) {
    const record = await dataset.record(index);
    expect(record.kind === 'bad').toBe(dataset.columns.isBad(index));
    if (record.kind === 'bad') expect(record.reason).not.toBe('');
    else if (record.transcript.messages.some(({ content }) => content === textOf(record.transcript.id)))
      found.add(record.transcript.id);
  }
  expect(dataset.problems.filter(({ severity }) => severity === 'error')).toHaveLength(dataset.errors);
  return { dataset, found };
}

const oneLine = (text: string) => text.replace(/[\r\n]/g, ' ');

describe.each(Object.keys(SHAPES))('a damaged %s', (shape) => {
  it('loses no good line', async () => {
    await fc.assert(
      fc.asyncProperty(
        pieces(shape),
        fc.constantFrom('\n', '\r\n', '\n\n \n'),
        fc.boolean(),
        fc.boolean(),
        async (list, separator, marked, ended) => {
          const text = list.map((piece) => oneLine(piece.text)).join(separator);
          const path = writeDataset(
            folder,
            'lines.jsonl',
            (marked ? '\ufeff' : '') + text + (ended ? separator : ''),
          );
          const good = list.flatMap(({ id }) => id ?? []);
          const { dataset, found } = await readBack(path);
          // What is left of damaged records may be of another shape, and a shape is one that most are of; and one good
          // line between lines that end and begin as a document's may is not told from a document.
          if (dataset.phase === 'failed') expect(2 * good.length).toBeLessThan(list.length);
          else if (dataset.profile === shape && good.length > 1)
            expect([...found]).toEqual(expect.arrayContaining(good));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('as one document loses nothing before the first damage, and says so of what is behind it', async () => {
    await fc.assert(
      fc.asyncProperty(pieces(shape), fc.boolean(), fc.boolean(), async (list, wrapped, cut) => {
        const body = list.map((piece) => piece.text).join(',\n');
        const text = wrapped ? `{"samples": [${body}]}` : `[${body}]`;
        const broken = list.findIndex(({ id }) => id === null);
        const before = (broken < 0 ? list : list.slice(0, broken)).flatMap(({ id }) => id ?? []);
        // Only the last record is cut into, and only where it is a good one: behind damage nothing is claimed.
        const cutOff = cut && broken < 0;
        if (cutOff) before.pop();
        const path = writeDataset(folder, 'document.json', cutOff ? text.slice(0, -10) : text);
        const { dataset, found } = await readBack(path);
        if (dataset.profile === shape && dataset.phase === 'ready')
          expect([...found]).toEqual(expect.arrayContaining(before));
        else expect(2 * before.length).toBeLessThan(list.length);
        const all = list.flatMap(({ id }) => id ?? []);
        if (all.some((id) => !found.has(id))) expect(dataset.errors).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });
});

describe('damaged bytes', () => {
  it('never stop the reader, with decisions on what they hit', async () => {
    const records = Array.from({ length: 6 }, (_, i) => SHAPES.canonical?.(`id-${i}`) ?? {});
    const bytes = Buffer.from(records.map((record) => JSON.stringify(record)).join('\n'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 30,
        }),
        async (changes) => {
          const damaged = Uint8Array.from(bytes);
          for (const [at, byte] of changes) damaged[at] = byte;
          const audit = await loadedAudit(writeDataset(folder, 'bytes.jsonl', damaged));
          const { dataset } = audit;
          expect(['ready', 'failed']).toContain(dataset.phase);
          for (let index = 0; index < dataset.columns.count; index++) {
            const record = await dataset.record(index);
            if (record.kind === 'bad') continue;
            const messages: readonly Message[] = record.transcript.messages;
            expect(await dataset.hashes([index])).toEqual([contentHash(messages)]);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
