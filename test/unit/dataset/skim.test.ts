import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchBuilder, type IndexBatch } from '../../../src/core/dataset/indexBatch';
import { Skimmer } from '../../../src/core/dataset/skim';
import { skimLines } from '../../../src/core/dataset/skimLines';
import { canonical } from '../../../src/core/formats/canonical';
import { RecordError } from '../../../src/core/formats/format';

const FILE = 'run.jsonl';

/** A JSON value as it stands in a text: with its keys in order, twice if they are. */
type Json = null | boolean | string | Raw | readonly Json[] | Members;
class Raw {
  constructor(readonly text: string) {}
}
class Members {
  constructor(readonly members: readonly (readonly [string, Json])[]) {}
}

/** Writes JSON in one of the many ways; `dice` says which. */
function write(value: Json, dice: () => number): string {
  const space = () => (dice() < 8 ? (['', ' ', '\t', '  ', ' \r'][dice() % 5] ?? '') : '');
  if (typeof value === 'string') return writeString(value, dice);
  if (value instanceof Raw) return value.text;
  if (value === null || typeof value === 'boolean') return String(value);
  const parts =
    value instanceof Members
      ? value.members.map(
          ([key, member]) => `${writeString(key, dice)}${space()}:${space()}${write(member, dice)}`,
        )
      : value.map((item: Json) => write(item, dice));
  const [open, close] = value instanceof Members ? '{}' : '[]';
  return `${open}${space()}${parts.join(`${space()},${space()}`)}${space()}${close}`;
}

function writeString(text: string, dice: () => number): string {
  if (dice() >= 3) return JSON.stringify(text);
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}

const diceOf = (rolls: readonly number[]) => {
  let at = 0;
  return () => rolls[at++ % rolls.length] ?? 0;
};
const rolls = fc.array(fc.nat(99), { minLength: 30, maxLength: 200 });

const short = fc.constantFrom(
  'a',
  'b',
  'ab',
  'é',
  '小林',
  '😀',
  '\ufeffx',
  'toString',
  '__proto__',
  'q"q',
  'b\\',
);
const wild = fc.constantFrom(
  '',
  '\\',
  '\\"',
  '"',
  '}]"',
  'x'.repeat(40),
  '\\'.repeat(31),
  '\u0001',
  '\ud800',
  'a\nb',
);
const text: fc.Arbitrary<string> = fc.oneof(
  short,
  wild,
  fc
    .array(fc.oneof(short, wild, fc.string({ unit: 'grapheme' })), { maxLength: 8 })
    .map((parts) => parts.join('')),
);
const numeral = fc
  .constantFrom('0', '-0', '1', '17', '1.5', '1e3', '-2.5E-3', '12345678901234567890', '1E+2', '0.1', '9e999')
  .map((digits) => new Raw(digits));
const anything: fc.Arbitrary<Json> = fc.letrec<{ value: Json; nested: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, text, fc.boolean(), fc.constant(null), numeral, tie('nested')),
  nested: fc.oneof(
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(text, fc.constantFrom('id', 'verdicts', 'messages')), tie('value')), {
        maxLength: 4,
      })
      .map((members) => new Members(members)),
  ),
})).value;

const object = (...members: fc.Arbitrary<readonly [string, Json]>[]) =>
  fc
    .tuple(
      fc.shuffledSubarray(members, { minLength: members.length }).chain((some) => fc.tuple(...some)),
      fc.array(fc.tuple(fc.oneof(text, fc.constant('score')), anything), { maxLength: 1 }),
      fc.nat(5),
    )
    .map(([named, others, at]) => new Members([...named.slice(0, at), ...others, ...named.slice(at)]));
const member = (key: string, value: fc.Arbitrary<Json>) => fc.tuple(fc.constant(key), value);

const word = fc.oneof(
  { arbitrary: fc.constantFrom('a', 'b', 'unknown', 'default', 'none', 'é', 'x y'), weight: 8 },
  text,
);
const message = object(member('role', fc.constantFrom('user', 'assistant')), member('content', text));
const verdict = object(
  member('classifier', word),
  member('label', word),
  member('value', fc.oneof(fc.boolean(), fc.constant(null))),
);
const span = object(member('classifier', word), member('label', word), member('quote', text));
const verdicts = fc.oneof({ arbitrary: fc.array(verdict, { maxLength: 4 }), weight: 9 }, fc.constant(null));
const condition = fc.constantFrom('training', 'unmonitored', null);

/** Members that a record may have, more often well formed than not. */
const memberOfRecord: fc.Arbitrary<readonly [string, Json]> = fc.oneof(
  { arbitrary: member('id', fc.oneof(word, fc.constant(null), numeral, text)), weight: 3 },
  { arbitrary: member('setting', fc.oneof(word, fc.constant(null))), weight: 3 },
  { arbitrary: member('condition', condition), weight: 3 },
  { arbitrary: member('variant', fc.oneof(word, fc.constant(null))), weight: 3 },
  { arbitrary: member('prefix', word), weight: 3 },
  { arbitrary: member('verdicts', verdicts), weight: 6 },
  { arbitrary: member('spans', fc.oneof(fc.array(span, { maxLength: 2 }), fc.constant(null))), weight: 3 },
  { arbitrary: member('model', word), weight: 1 },
  { arbitrary: member('metadata', object(member('a', anything), member('b', anything))), weight: 3 },
  { arbitrary: fc.tuple(fc.oneof(text, fc.constantFrom('score', 'x')), anything), weight: 2 },
);
const record = fc
  .tuple(
    fc.uniqueArray(memberOfRecord, { maxLength: 10, selector: ([key]) => key }),
    fc.array(memberOfRecord, { maxLength: 1 }),
    fc.array(message, { minLength: 1, maxLength: 3 }),
    fc.nat(10),
    fc.nat(9),
  )
  .map(([members, more, messages, at, twice]) => {
    const all: (readonly [string, Json])[] = [...members];
    all.splice(at, 0, ['messages', messages]);
    return new Members(twice === 0 ? [...all, ...more] : all);
  });
const line = fc.tuple(record, rolls).map(([value, some]) => write(value, diceOf(some)));

const encode = (some: string): Uint8Array => new TextEncoder().encode(some);

/** Reads a line in full into the builder; false, and nothing is added, when the full reading rejects it. */
function readInFull(builder: BatchBuilder, bytes: Uint8Array, offset: number, number: number): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    for (const part of canonical.read(value, { file: FILE, line: number, ordinal: number })) {
      if (!part.ok) return false;
      builder.addTranscript({ offset, length: bytes.length, line: number }, part.transcript, []);
    }
    return true;
  } catch (error) {
    if (error instanceof RecordError || error instanceof SyntaxError) return false;
    throw error;
  }
}

function builderOfFile(): BatchBuilder {
  const builder = new BatchBuilder();
  builder.beginFile(FILE);
  return builder;
}

const isReadable = (bytes: Uint8Array) => readInFull(builderOfFile(), bytes, 0, 1);

/** The batch that the full reading makes of lines, all of which it accepts. */
function inFull(lines: readonly Uint8Array[], separator: number): IndexBatch {
  const builder = builderOfFile();
  let offset = 0;
  lines.forEach((bytes, i) => {
    if (!readInFull(builder, bytes, offset, i + 1)) throw new Error('the full reading rejects a line');
    offset += bytes.length + separator;
  });
  return builder.take();
}

/** Skims a text; what is unusual is read in full. */
function skimmed(all: Uint8Array): { batch: IndexBatch; unusual: number } {
  const builder = builderOfFile();
  let unusual = 0;
  skimLines(new Skimmer(builder), all, 0, all.length, 0, 1, (range, bytes) => {
    unusual++;
    readInFull(builder, bytes, range.offset, range.line);
  });
  return { batch: builder.take(), unusual };
}

function joined(lines: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(lines.flatMap((bytes) => [bytes, Buffer.from('\n')]));
}

describe('skimming', () => {
  it('takes in what the full reading does, however the lines are written', () => {
    let [lines, read, unusual] = [0, 0, 0];
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (texts) => {
        const all = texts.map(encode).filter((bytes) => !bytes.includes(10));
        const readable = all.filter(isReadable);
        const { batch, unusual: some } = skimmed(joined(readable));
        expect(batch).toEqual(inFull(readable, 1));
        lines += all.length;
        read += readable.length;
        unusual += some;
      }),
      { numRuns: 400 },
    );
    // so that the law above is about something
    expect(read).toBeGreaterThan(lines * 0.3);
    expect(unusual).toBeLessThan(read * 0.8);
  });

  it('does not take a verdict for one that begins alike', () => {
    const name = fc.constantFrom('c', 'cc', 'cd', 'long-classifier-1', 'long-classifier-2', 'long');
    const tail = fc.constantFrom(
      '',
      ',"value":true',
      ',"value":false',
      ',"value":null,"score":1',
      ',"label":"z"',
      ' ',
    );
    const some = fc
      .tuple(name, name, tail)
      .map(([classifier, label, more]) => `{"classifier":"${classifier}","label":"${label}"${more}}`);
    const judged = fc
      .array(some, { maxLength: 3 })
      .map((verdicts) => encode(`{"messages":[{"role":"u","content":""}],"verdicts":[${verdicts}]}`));
    fc.assert(
      fc.property(fc.array(judged, { maxLength: 30 }), (lines) => {
        expect(skimmed(joined(lines)).batch).toEqual(inFull(lines, 1));
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with the full reading on damaged lines that this one still accepts, and survives the others', () => {
    const damage = fc.record({
      at: fc.nat(2_000),
      cut: fc.nat(3),
      put: fc.oneof(
        fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '1', 'null', ' ', '""', '\\"', '\u00e9'),
        fc.uint8Array({ maxLength: 2 }),
      ),
    });
    let accepted = 0;
    fc.assert(
      fc.property(line, line, fc.array(damage, { minLength: 1, maxLength: 3 }), (good, text, damages) => {
        let bytes = Buffer.from(text);
        for (const { at, cut, put } of damages) {
          const from = at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, from), Buffer.from(put), bytes.subarray(from + cut)]);
        }
        // the good line comes first, so that what was learnt from it is tried on the damaged one
        const lines = [encode(good), bytes].filter((one) => !one.includes(10));
        skimmed(joined(lines));
        const readable = lines.filter(isReadable);
        accepted += readable.length;
        expect(skimmed(joined(readable)).batch).toEqual(inFull(readable, 1));
      }),
      { numRuns: 800 },
    );
    expect(accepted).toBeGreaterThan(400);
  });

  const plain =
    '{"id":"a","setting":"s","condition":"training","variant":"v","prefix":"p","messages":[{"role":"user",' +
    '"content":"said \\"x\\" and } ] \\\\"}],"verdicts":[{"classifier":"c","label":"complied","value":true,"score":0.5},' +
    '{"classifier":"c","label":"other"}],"spans":[{"classifier":"c","label":"l"}],"metadata":{"a":[{}]}}';

  it('reads nothing in full of what everybody writes', () => {
    const texts = [
      plain,
      '{"messages":[{"role":"user","content":""}]}',
      ' {"id" : null , "messages" : [ {"content":"","role":"user"} ] , "verdicts" : [ ] , "spans" : [ ] }\r',
      '{"messages":[{"role":"user","content":"x"}],"verdicts":null,"spans":null,"id":"é","setting":null}',
    ];
    // a second time, with what the first has taught
    const lines = [...texts, plain.replace('"a"', '"b"'), plain.replace('"a"', '"c"')].map(encode);
    const { batch, unusual } = skimmed(joined(lines));
    expect(unusual).toBe(0);
    expect(batch).toEqual(inFull(lines, 1));
    expect(batch.offset.length).toBe(6);
    expect(batch.newSources).toEqual([
      { classifier: 'c', label: 'complied' },
      { classifier: 'c', label: 'other' },
    ]);
    expect([...batch.verdictValue]).toEqual([1, 2, 1, 2, 1, 2]);
    expect(new TextDecoder().decode(batch.ids)).toBe('arun.jsonl:2run.jsonl:3ébc');
  });

  const messages = '"messages":[{"role":"user","content":"x"}]';
  const judged = (...some: string[]) =>
    `{${messages},"verdicts":[${some.map((one) => `{"classifier":"c","label":"l"${one}}`)}]}`;
  it.each([
    ['an escape in the id', `{"id":"a\\u0062",${messages}}`],
    ['an escape in a key', `{"\\u0069d":"a",${messages}}`],
    ['a number for an id', `{"id":12,${messages}}`],
    ['two ids', `{"id":"a","id":"b",${messages}}`],
    ['two lists of verdicts', `{"verdicts":[],${messages},"verdicts":[{"classifier":"c","label":"l"}]}`],
    ['a verdict given twice', judged(',"value":true', ',"value":true')],
    ['two answers of one classifier', judged(',"value":true', ',"value":false')],
    ['two values in a verdict', judged(',"value":true,"value":false')],
  ])('leaves %s to the full reading', (_, text) => {
    const { batch, unusual } = skimmed(encode(text));
    expect(unusual).toBe(1);
    expect(batch).toEqual(inFull([encode(text)], 1));
    expect(batch.offset.length).toBe(1);
  });

  it.each([
    ['no messages', '{"id":"a"}'],
    ['an empty list of messages', '{"messages":[]}'],
    ['messages that are a string', '{"messages":"x"}'],
    ['a condition of its own', `{"condition":"free",${messages}}`],
    ['an object for an id', `{"id":{},${messages}}`],
    ['an empty setting', `{"setting":"",${messages}}`],
    ['a verdict without a label', `{${messages},"verdicts":[{"classifier":"c"}]}`],
    ['a value in words', judged(',"value":"yes"')],
    ['something behind the record', `{${messages}} x`],
    ['two records', `{${messages}}{${messages}}`],
    ['no end', `{${messages}`],
    ['no end of a string', `{${messages},"metadata":{"a":"}`],
    ['a list', `[{${messages}}]`],
    ['a byte order mark', `\ufeff{${messages}}`],
  ])('takes no record for good that has %s', (_, text) => {
    expect(isReadable(encode(text))).toBe(false);
    expect(skimmed(encode(`${text}\n`))).toMatchObject({
      unusual: 1,
      batch: { offset: new Float64Array(0) },
    });
  });

  it('numbers no classifier of a record that it leaves to the full reading', () => {
    const bad = `{${messages},"verdicts":[{"classifier":"ghost","label":"l"},{"classifier":"ghost"}]}`;
    const { batch } = skimmed(encode(`${bad}\n${judged()}`));
    expect(batch.newSources).toEqual([]);
  });

  it('takes ids that are no UTF-8 as the full reading does', () => {
    const bytes = Buffer.from(`{"id":"a?b",${messages}}`);
    bytes[bytes.indexOf('?')] = 0xff;
    const { batch } = skimmed(bytes);
    expect(batch).toEqual(inFull([bytes], 1));
    expect(new TextDecoder().decode(batch.ids)).toBe('a\ufffdb');
  });

  it('stops numbering sources where the full reading does', () => {
    const many = Array.from({ length: 70 }, (_, i) =>
      encode(
        `{"id":"${i}",${messages},"verdicts":[${Array.from(
          { length: 1_000 },
          (_, j) => `{"classifier":"c${i}","label":"l${j}","value":true}`,
        ).join()}]}`,
      ),
    );
    const { batch } = skimmed(joined(many));
    expect(batch.newSources).toHaveLength(65_536);
    expect(batch).toEqual(inFull(many, 1));
  });
});

describe('skimLines', () => {
  it('finds the lines of a part of a buffer, with their places', () => {
    const text = `junk"{\n{"id":"a","messages":[{"role":"u","content":""}]}\r\n \t\n\n  {"id":"b","messages":[{"role":"u","content":""}]}\nbroken\n{"id":"c","messages":[{"role":"u","content":""}]}~"}]}\n`;
    const bytes = Buffer.from(text);
    const [start, end] = [text.indexOf('{"id":"a"'), text.indexOf('~')];
    const builder = builderOfFile();
    const unusual: string[] = [];
    const next = skimLines(new Skimmer(builder), bytes, start, end, 1_000, 7, (range, some) =>
      unusual.push(`${range.offset - 1_000 + start} ${range.line} ${new TextDecoder().decode(some)}`),
    );
    const { offset, length, line: lines, ids } = builder.take();
    expect(new TextDecoder().decode(ids)).toBe('abc');
    expect([...lines]).toEqual([7, 10, 12]);
    expect([...offset].map((at, i) => text.slice(at - 1_000 + start).slice(0, length[i]))).toEqual([
      '{"id":"a","messages":[{"role":"u","content":""}]}\r',
      '  {"id":"b","messages":[{"role":"u","content":""}]}',
      '{"id":"c","messages":[{"role":"u","content":""}]}',
    ]);
    expect(unusual).toEqual([`${text.indexOf('broken')} 11 broken`]);
    expect(next).toBe(12);
  });

  it('goes on with the number of the line behind', () => {
    const skim = (text: string) =>
      skimLines(new Skimmer(builderOfFile()), Buffer.from(text), 0, text.length, 0, 1, () => {});
    expect([skim(''), skim('\n'), skim('a\nb'), skim('a\nb\n')]).toEqual([1, 2, 2, 3]);
  });
});
