/** Whatever a record holds: a reading, or a reason in words. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { numberIn, plainWord } from '../../../src/core/formats/answer';
import { canonical, canonicalSchema, parseCanonical } from '../../../src/core/formats/canonical';
import { checkProfile } from '../../../src/core/formats/checkProfile';
import { pointersOf } from '../../../src/core/formats/fields';
import { type Format, RecordError } from '../../../src/core/formats/format';
import { guessProfile } from '../../../src/core/formats/guess';
import { TOO_MANY_VALUES } from '../../../src/core/formats/looseJson';
import { parsePointer, valueAt } from '../../../src/core/formats/pointer';
import { describeMapping, previewMapping } from '../../../src/core/formats/preview';
import { CANONICAL, type Profile } from '../../../src/core/formats/profile';
import { BUILT_IN } from '../../../src/core/formats/profiles/builtIn';
import { detectProfile } from '../../../src/core/formats/registry';
import { formatNow, place, profileOf } from './readers';

/** Names that the built-in profiles read, among others that bite. */
const names = [
  ...new Set(
    BUILT_IN.flatMap((profile) =>
      [...JSON.stringify(profile).matchAll(/"\/(\w+)/g)].map(([, name]) => name ?? ''),
    ),
  ),
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  'role',
  'from',
  'content',
  'Free_Tier',
  'gpt_classification',
  'epoch',
  'transcript_id',
];
const words = [
  'free_tier',
  'paid',
  'yes',
  'False',
  '0.5',
  'NaN',
  'UNPARSEABLE',
  '[]',
  "['a']",
  '[{"role":"user","content":"x"}]',
  '{"a":',
  '<rejected/>',
  '\ud800',
  '</think>',
  '[['.repeat(50),
];

/** JSON text, so that a `__proto__` key is one as JSON.parse makes it. */
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...words).map((word) => JSON.stringify(word)),
    fc.constantFrom('null', 'true', 'false', '0', '1', '-1', '1e999', '0.85', '9007199254740993', '""'),
    fc.array(tie('value') as fc.Arbitrary<string>, { maxLength: 4 }).map((list) => `[${list.join()}]`),
    tie('object') as fc.Arbitrary<string>,
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...names), tie('value') as fc.Arbitrary<string>), { maxLength: 12 })
    .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
})).value as fc.Arbitrary<string>;

const record = json.map((text): unknown => JSON.parse(text));

const formats = new Map<Profile, Format>();

/** Reads a record by a profile; a reason is fine, a crash is not. */
function read(profile: Profile, value: unknown): void {
  const format = formats.get(profile) ?? formatNow(profile);
  formats.set(profile, format);
  try {
    for (const part of format.read(value, place)) {
      if (!part.ok) {
        expect(part.reason).not.toBe('');
        continue;
      }
      const { transcript } = part;
      expect(typeof transcript.id).toBe('string');
      for (const { role, content } of transcript.messages)
        expect([typeof role, typeof content]).toEqual(['string', 'string']);
      for (const { value: answer, score } of transcript.verdicts) {
        expect([true, false, null]).toContain(answer);
        expect(score === null || Number.isFinite(score)).toBe(true);
      }
      for (const { quote } of transcript.spans) expect(typeof quote).toBe('string');
      // what goes on to the worker, the screen and other files
      expect(() => JSON.stringify(structuredClone(transcript))).not.toThrow();
    }
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    expect(error.message).not.toBe('');
  }
}

describe('any JSON value', () => {
  it('is read by every built-in profile, or refused with a reason', () => {
    fc.assert(
      fc.property(record, (value) => {
        for (const profile of BUILT_IN) read(profile, value);
      }),
      { numRuns: 400 },
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('gets a first guess that keeps the rules, and a preview', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 5 }), async (records) => {
        const guess = guessProfile(records);
        expect(await checkProfile(guess)).toEqual({ ok: true, profile: guess });
        for (const profile of [guess, detectProfile(records) ?? guess]) {
          for (const value of records) read(profile, value);
          expect(
            await previewMapping(profile, records, () => ({ file: 'x.json', line: 1, ordinal: 1 })),
          ).toHaveLength(records.length);
          for (const value of records) expect(describeMapping(profile, value).length).toBeGreaterThan(0);
        }
        expect(pointersOf(records).length).toBeLessThanOrEqual(500);
      }),
      { numRuns: 200 },
    );
  });

  it.each<[string, unknown]>([
    ['a length that is no number', { length: { toString: 'x' } }],
    ['a length that is a number', { length: 3 }],
    ['a size that is no number', { size: { valueOf: 1 } }],
  ])('is refused as any part of a profile with words that name the place: %s', async (_, part) => {
    for (const profile of BUILT_IN) {
      for (const { pointer } of pointersOf([profile])) {
        const changed: unknown = JSON.parse(JSON.stringify(profile));
        const steps = parsePointer(pointer);
        const holder = valueAt(changed, steps.slice(0, -1)) as Record<string, unknown>;
        holder[steps.at(-1) ?? ''] = part;
        const checked = await checkProfile(changed);
        if (checked.ok) expect(steps[steps.length - 1]).toBe('values');
        else expect(checked.issues[0]?.path.startsWith(steps[0] ?? '')).toBe(true);
      }
    }
  });

  it('is refused as any part of a record of ours, in words', () => {
    const part: unknown = { length: { toString: 'x' } };
    const message = { role: 'user', content: 'x' };
    for (const name of [
      'id',
      'setting',
      'variant',
      'prefix',
      'model',
      'promptId',
      'messages',
      'verdicts',
      'spans',
    ])
      read(CANONICAL, { messages: [message], [name]: part });
    read(CANONICAL, { messages: [{ ...message, role: part }] });
    read(CANONICAL, { messages: [message], verdicts: [{ classifier: part, label: part }] });
  });

  it('is refused as a profile, or as a part of one, with what is wrong and where; else it reads', async () => {
    const paths = BUILT_IN.flatMap((profile) =>
      pointersOf([profile]).map(({ pointer }) => [profile, pointer] as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), record, record, async ([profile, pointer], part, value) => {
        const changed: unknown = JSON.parse(JSON.stringify(profile));
        const steps = parsePointer(pointer);
        const holder = valueAt(changed, steps.slice(0, -1)) as Record<string, unknown>;
        holder[steps.at(-1) ?? ''] = part;
        const checked = await checkProfile(changed);
        if (checked.ok) read(checked.profile, value);
        else for (const { path, message } of checked.issues) expect([path, message]).not.toContain('');
      }),
      { numRuns: 400 },
    );
  });
});

describe('a profile that names one list often', () => {
  const TOO_MUCH = "the profile's rules read more than 100000 messages, verdicts and quotes of it";
  const chat = Array.from({ length: 3_000 }, () => ({ role: 'user', content: 'x' }));
  const quotes = Array.from({ length: 10_000 }, () => 'x');
  const text = [{ role: 'assistant', at: '/text' }];

  it.each<[string, Partial<Profile>]>([
    ['as messages', { messages: Array(34).fill({ chat: '/chat' }) }],
    [
      'as quotes',
      { messages: text, evidence: Array(11).fill({ quotes: '/quotes', classifier: 'c', label: 'l' }) },
    ],
    ['in arms', { messages: [{ chat: '/chat' }], arms: { at: '/arms', key: '(?<variant>.+)' } }],
  ])('%s has a reason, not a million entries', (_what, rules) => {
    const arms = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`arm${n}`, {}]));
    const format = formatNow(profileOf(rules));
    const record = { text: 'said', chat, quotes, arms };
    const reasons = () => format.read(record, place).map((part) => (part.ok ? null : part.reason));
    if (!('arms' in rules)) expect(reasons).toThrow(new RecordError(TOO_MUCH));
    else {
      expect(reasons().lastIndexOf(null)).toBe(32);
      expect(reasons().at(-1)).toBe(TOO_MUCH);
    }
  });
});

it('a profile that names one text often has a reason, not a gigabyte to be hashed and shown', () => {
  const times = (n: number) =>
    formatNow(profileOf({ messages: Array(n).fill({ role: 'assistant', at: '/text' }) }));
  const record = { text: 'x'.repeat(2 ** 20) };
  expect(times(33).read(record, place)[0]).toMatchObject({ ok: true });
  const tooMuch = new RecordError(
    "the profile's rules read more than 33554432 characters of it beside the longest text",
  );
  expect(() => times(34).read(record, place)).toThrow(tooMuch);
  const quoted = (n: number) =>
    formatNow(
      profileOf({
        messages: [{ role: 'assistant', at: '/said' }],
        evidence: Array.from({ length: n }, (_, at) => ({
          quotes: '/text',
          classifier: `c${at}`,
          label: 'l',
        })),
      }),
    );
  expect(quoted(32).read({ ...record, said: 'x' }, place)[0]).toMatchObject({ ok: true });
  expect(() => quoted(34).read({ ...record, said: 'x' }, place)).toThrow(tooMuch);
});

describe('a profile of very many places', () => {
  const places = (count: number) => Array.from({ length: count }, (_, n) => `/${n}/{arm}`);
  const rules = 300;
  const profile: Profile = {
    version: 1,
    name: 'everywhere',
    reads: 'mapped',
    arms: { at: '/arms', key: '(?<variant>.*)' },
    messages: [
      ...Array.from({ length: rules }, () => ({ at: places(90), role: 'user' as const, optional: true })),
      { at: '/arms/{arm}', role: 'assistant' },
    ],
    verdicts: Array.from({ length: rules }, (_, n) => ({
      at: places(90),
      label: 'complied',
      classifier: `c${n}`,
    })),
  };
  const armed = (count: number) => ({
    arms: Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, 'text'])),
  });

  it('is walked only so far in one record, over all its arms, which is bad as a whole then, with the reason', () => {
    const format = formatNow(profile);
    expect(() => format.read(armed(1_000), place)).toThrow(
      new RecordError('the profile looks for more than 1000000 steps of pointers in it'),
    );
    // what one record cost is no fault of the next
    expect(format.read(armed(2), place).every(({ ok }) => ok)).toBe(true);
  });

  it('parses JSON in a string once, however many places lead into it', () => {
    const cell = JSON.stringify(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, true])));
    const parse = vi.spyOn(JSON, 'parse');
    const format = formatNow({
      version: 1,
      name: 'cells',
      reads: 'mapped',
      messages: [{ at: '/text', role: 'assistant' }],
      verdicts: Array.from({ length: 50 }, (_, n) => ({
        at: `/cell/k${n}`,
        label: 'complied',
        classifier: `c${n}`,
      })),
    });
    const [part] = format.read({ text: 'x', cell }, place);
    expect(part?.ok && part.transcript.verdicts).toHaveLength(50);
    expect(parse.mock.calls.filter(([text]) => text === cell).length).toBeLessThanOrEqual(1);
    parse.mockRestore();
  });
});

describe('a long value that a thousand rules look at, in a hundred arms', () => {
  const TIMES = 300;
  const arms = { at: '/arms', key: '(?<variant>.+)' };
  const messages: Profile['messages'] = [{ role: 'assistant', at: '/text', optional: true }];
  const verdicts = Array.from({ length: TIMES }, (_, n) => ({
    ...{ at: '/long', label: 'complied', classifier: `c${n}`, score: '/long', yes: ['yes'] },
  }));
  const evidence = Array.from({ length: TIMES }, (_, n) => ({
    quotes: '/long',
    classifier: `c${n}`,
    label: 'l',
  }));
  const metadata = Array.from({ length: TIMES }, () => '/long');

  /** How often the whole of it is walked over. */
  const walks = (of: object, rules: Partial<Profile>) => {
    let count = 0;
    const ownKeys = (target: object) => {
      count++;
      return Reflect.ownKeys(target);
    };
    const get = (target: object, key: string | symbol, self: unknown) => {
      if (key === Symbol.iterator || key === 'length') count++;
      return Reflect.get(target, key, self);
    };
    const long = new Proxy(of, { ownKeys, get });
    const format = formatNow(profileOf({ messages, arms, ...rules }));
    const names = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`a${n}`, {}]));
    format.read({ text: 'said', long, arms: names }, place);
    return count;
  };

  it.each<[string, object, Partial<Profile>]>([
    ['a list, by evidence', [null, null], { evidence }],
    ['a list, by metadata', [1, 2], { metadata }],
    ['an object, by metadata', { a: 1 }, { metadata }],
    ['an object, by verdicts', { a: 1 }, { verdicts }],
  ])('is walked over a few times only: %s', (_what, value, rules) => {
    expect(walks(value, rules)).toBeLessThan(10);
  });

  it('is a setting however it begins, and is looked at once for that', () => {
    const setting = `${' '.repeat(5_000)}s`;
    const trim = vi.spyOn(String.prototype, 'trim');
    const format = formatNow(profileOf({ messages, arms, setting: { at: '/long' } }));
    const names = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`a${n}`, {}]));
    const parts = format.read({ text: 'said', long: setting, arms: names }, place);
    const looked = trim.mock.contexts.filter((text) => String(text) === setting);
    trim.mockRestore();
    expect(new Set(parts.map((part) => part.ok && part.transcript.setting))).toEqual(new Set([setting]));
    expect(looked).toHaveLength(1);
  });

  it('is no word and no number', () => {
    const long = `${' '.repeat(100_000)}yes`;
    expect(plainWord(long)).toHaveLength(2_000);
    expect(numberIn('9'.repeat(100_000))).toBeNull();
    expect(plainWord(' Free-Tier ')).toBe('free_tier');
  });

  it('is hashed once for the prompt', () => {
    const spy = vi.spyOn(TextEncoder.prototype, 'encode');
    const format = formatNow(profileOf({ messages, arms, promptId: { textOf: '/long' } }));
    const names = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`a${n}`, {}]));
    const parts = format.read({ text: 'said', long: 'a prompt', arms: names }, place);
    const hashed = spy.mock.calls.filter(([text]) => text === 'a prompt');
    spy.mockRestore();
    expect(new Set(parts.map((part) => part.ok && part.transcript.promptId)).size).toBe(1);
    expect(hashed).toHaveLength(1);
  });
});

it('a text of nothing but tags states no outcome, with a word', () => {
  const format = formatNow(
    profileOf({ messages: [{ role: 'assistant', at: '/text' }], outcomeFromTags: true }),
  );
  const read = (times: number) => {
    const [part] = format.read({ text: `<rejected/>${'<output>'.repeat(times)}` }, place);
    return part?.ok ? { verdicts: part.transcript.verdicts.length, warnings: part.warnings } : null;
  };
  expect(read(40_000)).toEqual({ verdicts: 1, warnings: [] });
  expect(read(40_001)).toEqual({
    verdicts: 0,
    warnings: ['more than 40000 tags part its text, so its outcome is not read from them'],
  });
});

describe('texts of JSON in a record that hold too many values together, each of which may', () => {
  const cell = `[${'1,'.repeat(1_100_000)}1]`;
  const other = ` ${cell}`;

  it('are a reason, whichever of them a profile reads first, and in all arms', () => {
    const verdicts = ['/a/0', '/b/0'].map((at) => ({
      at,
      label: 'complied',
      classifier: at,
      optional: true,
    }));
    const format = formatNow(profileOf({ messages: [{ role: 'assistant', at: '/text' }], verdicts }));
    expect(() => format.read({ text: 'x', a: cell, b: other }, place)).toThrow(
      new RecordError(TOO_MANY_VALUES),
    );
    // what one record cost is no fault of the next, and the same text is parsed once
    expect(format.read({ text: 'x', a: cell, b: cell }, place)[0]?.ok).toBe(true);
    const inArms = formatNow(
      profileOf({
        messages: [{ role: 'assistant', at: '/text' }],
        verdicts,
        arms: { at: '/arms', key: '(?<variant>.+)' },
      }),
    );
    expect(() => inArms.read({ text: 'x', a: cell, b: other, arms: { one: {}, two: {} } }, place)).toThrow(
      new RecordError(TOO_MANY_VALUES),
    );
  });

  it('are no conversation to a form, which looks at so many of all', () => {
    const fields = pointersOf([{ a: cell, b: other, c: '[{"role":"user","content":"x"}]' }]);
    expect(fields.map(({ pointer }) => pointer)).toEqual(['/a', '/b', '/c', '/a/0']);
  });
});

describe('values without end', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  const deepObject: unknown = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
  const cells = '['.repeat(100_000);

  it('are never walked into, wherever a built-in profile looks', () => {
    for (const profile of BUILT_IN) {
      for (const hole of [deep, deepObject, cells]) {
        for (const name of names) {
          const filled = {
            text: 'x',
            response: 'x',
            raw_response: 'x',
            output: 'x',
            full_response: 'x',
            messages: [{ role: 'user', content: 'x' }],
          };
          read(profile, { ...filled, [name]: hole });
          read(profile, {
            ...filled,
            [name]: { value: hole, final_answer: hole, quotes: hole, Free_Tier: hole, a: hole },
          });
        }
      }
    }
  });

  it('cost the form no more than its bounds', async () => {
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`column ${index}`, 'x']));
    const records = [wide, { a: deep, b: deepObject, c: cells, text: 'x'.repeat(5_000_000) }];
    expect(pointersOf(records).length).toBe(500);
    expect((await checkProfile(guessProfile(records))).ok).toBe(true);
  });

  it('are told in no more words for names as long as a record', () => {
    const below = Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [`c${index}`, 0]));
    const records = [{ ['k'.repeat(10_000)]: below, ok: { c: 1 } }];
    const { replaceAll } = String.prototype;
    let units = 0;
    const counted = vi.spyOn(String.prototype, 'replaceAll').mockImplementation(function (
      this: string,
      ...given: Parameters<typeof replaceAll>
    ) {
      units += this.length;
      return replaceAll.apply(this, given);
    } as typeof replaceAll);
    const pointers = pointersOf(records).map(({ pointer }) => pointer);
    counted.mockRestore();
    expect(pointers).toEqual(['/ok', '/ok/c']);
    expect(units).toBeLessThan(100_000); // written out, 80 million
  });
});

describe('our own format, where it is wrong a million times', () => {
  const ok = { role: 'user', content: 'x' };
  const told = (value: unknown) => {
    try {
      return canonical.read(value, place).length;
    } catch (error) {
      if (error instanceof RecordError) return error.message;
      throw error;
    }
  };

  it('makes no issue of each', () => {
    const lists = {
      messages: Array.from({ length: 100_000 }, () => ({})),
      verdicts: Array.from({ length: 100_000 }, () => 0),
    };
    const { parsed, isCut } = parseCanonical(lists);
    expect(isCut).toBe(true);
    expect(parsed.error?.issues.length).toBeLessThan(10_000);
    expect(told(lists)).toMatch(
      /^messages\[0\]\.role: expected string, found nothing \(and at least \d+ more\)$/,
    );
    expect(detectProfile([lists])).toBe(CANONICAL);
  });

  it('tells the same first issue, and counts exactly while they are few, wherever they stand', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4_999), fc.constantFrom({}, 0, { role: 'a' }, { ...ok, prefill: -1 })), {
          maxLength: 20,
        }),
        (wrong) => {
          const messages: unknown[] = Array.from({ length: 5_000 }, () => ok);
          for (const [at, value] of wrong) messages[at] = value;
          const whole = canonicalSchema.safeParse({ messages }, { reportInput: true });
          const { parsed, isCut } = parseCanonical({ messages });
          expect(isCut).toBe(false);
          expect(parsed.error?.issues).toEqual(whole.error?.issues);
          expect(parsed.success).toBe(whole.success);
        },
      ),
      { numRuns: 20 },
    );
    const late: unknown[] = [...Array.from({ length: 3_500 }, () => ok), ...Array(9_000).fill(0)];
    expect(told({ messages: late })).toMatch(/^messages\[3500\]: expected object, found 0 \(and at least /);
    expect(told({ messages: [ok, 0, {}] })).toBe('messages[1]: expected object, found 0 (and 2 more)');
  });
});
