import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { checkProfile } from '../../../src/core/formats/checkProfile';
import { pointersOf } from '../../../src/core/formats/fields';
import { guessProfile } from '../../../src/core/formats/guess';
import { TOO_MANY_VALUES } from '../../../src/core/formats/looseJson';
import { describeMapping, previewMapping } from '../../../src/core/formats/preview';
import { BUILT_IN } from '../../../src/core/formats/profiles/builtIn';
import { detectProfile } from '../../../src/core/formats/registry';
import { canonicalRecord } from '../../support/dataset';
import { profileOf, readOne } from './readers';

const long = (words: string) => `${words}, which goes on for a while so that nobody takes it for a name.`;

describe('a first guess', () => {
  const rows = [
    {
      '': 0,
      case_id: 'c-1',
      arm: 'is_free',
      question: long('How'),
      cot: long('Hm'),
      completion: long('So'),
      refused: 'no',
      seconds: 3.5,
      note: null,
    },
    {
      '': 1,
      case_id: 'c-2',
      arm: 'paid',
      question: long('Why'),
      cot: long('Well'),
      completion: long('Thus'),
      refused: 'yes',
      seconds: 2.5,
      note: null,
    },
  ];

  it('finds texts, id, condition and yes/no fields, and keeps the rest', async () => {
    const guess = guessProfile(rows);
    expect((await checkProfile(guess)).ok).toBe(true);
    const { transcript, warnings } = readOne(guess, rows[0]);
    expect(transcript.id).toBe('c-1');
    expect(transcript.condition).toBe('training');
    expect(transcript.messages.map(({ role, region, content }) => [role, region, content])).toEqual([
      ['user', null, long('How')],
      ['assistant', 'scratchpad', long('Hm')],
      ['assistant', 'output', long('So')],
    ]);
    expect(transcript.verdicts).toMatchObject([{ classifier: 'refused', label: 'refused', value: false }]);
    expect(transcript.metadata).toEqual({ '': 0, seconds: 3.5 });
    expect(warnings).toEqual([]);
  });

  it('tells a part of the answer also where somebody made the texts so that looking for it took the product of both', () => {
    const part = `${'a'.repeat(1_000)} ${'a'.repeat(2_000_000)}`;
    const made = { id: 'a', task_output: `${'a'.repeat(4_000_000)} .`, final_response: part };
    expect(guessProfile([made]).messages).toHaveLength(2);
    expect(guessProfile([{ ...made, task_output: `${made.task_output}${part}` }]).messages).toHaveLength(1);
  });

  it('guesses on where comparing all texts with each other would take long', () => {
    const texts = Array.from({ length: 200 }, (_, at) => [`answer_${at}`, `${at} `.repeat(20_000 + at)]);
    const [, [, first] = [] as string[]] = texts;
    const guess = guessProfile([{ answer: `${'b '.repeat(90_000)}${first}`, ...Object.fromEntries(texts) }]);
    expect(guess.messages?.length).toBeGreaterThan(1);
  });

  it('takes the longest text for the answer where no name says which one is', () => {
    const guess = guessProfile([{ a: long('short'), b: long(long('longer')) }]);
    expect(guess.messages).toEqual([{ at: '/b', role: 'assistant' }]);
  });

  it('does not say an answer and its parts twice', () => {
    const [cot, answer] = [long('Hm'), long('So')];
    const guess = guessProfile([{ full_response: `<think>${cot}</think>${answer}`, reasoning: cot, answer }]);
    expect(guess.messages).toEqual([{ at: '/full_response', role: 'assistant' }]);
  });

  it('finds a conversation wherever it is, JSON in a cell included', () => {
    const chat = [{ role: 'user', content: 'x' }];
    expect(guessProfile([{ log: { turns: chat }, other: long('x') }]).messages).toEqual([
      { chat: '/log/turns' },
    ]);
    expect(guessProfile([{ turns: JSON.stringify(chat) }, {}]).messages).toEqual([
      { chat: '/turns', optional: true },
    ]);
  });

  it.each([
    [{ is_free: [true, false] }, ['training', 'unmonitored']],
    [{ paid: ['False', 'True'] }, ['training', 'unmonitored']],
    [{ monitored: [0, 1] }, ['unmonitored', 'training']],
    [{ group: ['Free Tier', 'deployment'] }, ['training', 'unmonitored']],
  ])('reads the condition out of %j', (column, conditions) => {
    const [[name, values] = ['', []]] = Object.entries(column) as [string, unknown[]][];
    const records = values.map((value) => ({ response: long('x'), [name]: value }));
    const guess = guessProfile(records);
    expect(records.map((record) => readOne(guess, record).transcript.condition)).toEqual(conditions);
    expect(guess.verdicts).toBeUndefined();
  });

  it('takes no row number, and nothing that occurs twice, for an id', () => {
    expect(
      guessProfile([
        { row: 1, user_id: 7, text: long('x') },
        { row: 2, user_id: 7, text: long('y') },
      ]).id,
    ).toBeUndefined();
  });
});

describe('what occurs in a sample', () => {
  it('is told by pointer, with a value and how often', () => {
    expect(
      pointersOf([
        { a: { 'b/c': [1, 2] }, d: '{"e":true}' },
        { a: null, d: 'x' },
      ]),
    ).toEqual([
      { pointer: '/a', count: 1, example: 'an object', words: [] },
      { pointer: '/d', count: 2, example: '"{\\"e\\":true}"', words: ['{"e":true}', 'x'] },
      { pointer: '/a/b~1c', count: 1, example: 'an array of 2', words: [] },
      { pointer: '/d/e', count: 1, example: 'true', words: ['true'] },
      { pointer: '/a/b~1c/0', count: 1, example: '1', words: ['1'] },
    ]);
  });
});

describe('detection', () => {
  const samples: Readonly<Record<string, unknown>> = {
    canonical: canonicalRecord({ condition: 'training' }),
    chat: { messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] },
    'scratchpad list': { text: '<think>x</think>', label: 'aligned' },
    'elicitation run': { tier: 'free', raw_response: 'x' },
    'Inspect log': {
      key: 'k/1/1',
      id: 1,
      epoch: 1,
      condition: 'training',
      messages: [{ role: 'user', content: 'x' }],
      scores: {},
    },
    'Scout transcripts': {
      key: 't',
      transcript_id: 't',
      condition: 'training',
      messages: [{ role: 'user', content: 'x' }],
      scores: {},
    },
  };

  it.each(Object.entries(samples))('knows %s', (name, record) => {
    expect(detectProfile([record])?.name).toBe(name);
  });

  it('is not misled by a few odd records, wherever they stand', () => {
    const names = fc.shuffledSubarray(Object.keys(samples), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(
        names,
        fc.nat(4),
        fc.constantFrom(null, 'odd', 7, [], {}),
        ([many = '', few = ''], at, odd) => {
          const records: unknown[] = Array.from({ length: 5 }, () => samples[many]);
          records.splice(at, 0, samples[few], odd);
          expect(detectProfile(records)?.name).toBe(many);
        },
      ),
    );
  });

  it('keeps to our own format where some of its records are broken', () => {
    const broken = canonicalRecord({ condition: 'training', messages: [{ role: 'user', content: null }] });
    const whole = canonicalRecord({ condition: 'training' });
    expect(detectProfile([broken, whole, broken, whole])?.name).toBe('canonical');
    expect(
      detectProfile([canonicalRecord({ messages: [{ role: 'assistant', content: 5 }] }), canonicalRecord()])
        ?.name,
    ).toBe('canonical');
  });

  it('reads chats with names for the condition that ours does not have', () => {
    const record = canonicalRecord({ condition: 'free_tier' });
    const profile = detectProfile([record]);
    expect(profile?.name).toBe('chat');
    expect(profile && readOne(profile, record).transcript.condition).toBe('training');
  });

  it('says so where it knows fewer than half', () => {
    expect(detectProfile([{ tier: 'free', raw_response: 'x' }, { a: 1 }, { b: 1 }])).toBeNull();
    expect(detectProfile([])).toBeNull();
    expect(detectProfile([null, 'x', 7])).toBeNull();
  });
});

describe('the preview of a mapping', () => {
  const elicitation = BUILT_IN.find(({ name }) => name === 'elicitation run');
  const placeOf = (index: number) => ({ file: 'run.jsonl', line: index + 1, ordinal: index + 1 });
  const record = { id: 'a', tier: 'free', raw_response: 'x<rejected/>', accepted: true };

  it('shows what each record gives', async () => {
    if (!elicitation) throw new Error('no profile');
    expect(await previewMapping(elicitation, [record, 7, { tier: 'free' }], placeOf)).toEqual([
      [
        expect.objectContaining({
          ok: true,
          id: 'a',
          condition: 'training',
          outcome: true,
          messages: [{ role: 'assistant', region: null, text: '"x<rejected/>"' }],
          messageCount: 1,
          verdictCount: 1,
          spanCount: 0,
          contradictions: ['stored accepted = true, but the tags of the answer say false'],
        }),
      ],
      [{ ok: false, id: null, reason: 'expected an object, found 7' }],
      [{ ok: false, id: null, reason: expect.stringContaining('no text of the assistant') }],
    ]);
  });

  it('lists the first of very many rules, and counts the others', () => {
    const verdicts = Array.from({ length: 250 }, (_, n) => ({ at: `/v${n}` }));
    const lines = describeMapping(profileOf({ verdicts, messages: [] }), { v0: true });
    expect(lines).toHaveLength(201);
    expect(lines.at(-1)).toEqual({ field: '…', from: 'and 50 more rules', found: '' });
  });

  it('reads a cell once for however many rules look into it, and none for rules that are not shown', () => {
    const verdicts = Array.from({ length: 250 }, (_, i) => ({
      at: i < 200 ? ['/j/x', '/j/y', `/j/z/${i}`] : '/other/x',
      classifier: 'c',
      label: 'l',
    }));
    const record = { text: 'x', j: '{"z":[1,2,3]}', other: '{"x":true}' };
    const parsing = vi.spyOn(JSON, 'parse');
    const lines = describeMapping(profileOf({ verdicts, messages: [] }), record);
    expect(parsing.mock.calls.map(([text]) => text)).toEqual([record.j]);
    parsing.mockRestore();
    expect(lines.slice(0, 4).map(({ found }) => found)).toEqual(['1', '2', '3', 'nothing']);
  });

  it('says where there is too much in the cells to look anything up', () => {
    const verdicts = ['/a/x', '/b/x', '/a/x'].map((at) => ({ at, classifier: 'c', label: 'l' }));
    const cell = `{"y":[${'0,'.repeat(1_500_000)}0],"x":1}`;
    const lines = describeMapping(profileOf({ verdicts, messages: [] }), { a: cell, b: `${cell} ` });
    expect(lines.map(({ found }) => found)).toEqual(['1', TOO_MANY_VALUES, 'not looked up']);
  });

  it('says where each field is read from and what stands there', () => {
    const profile = profileOf({
      id: ['/id'],
      condition: { at: ['/group', '/tier'], values: { a: 'training' }, otherwise: 'unmonitored' },
      verdicts: [{ at: '/judge', value: '/answer', label: 'complied', yes: ['good'] }],
    });
    expect(describeMapping(profile, { id: 7, tier: 'a', judge: { answer: 'good' } })).toEqual([
      { field: 'id', from: '/id', found: '7' },
      { field: 'condition', from: '/group or /tier, a → training, otherwise unmonitored', found: '"a"' },
      { field: 'message', from: '/text, assistant', found: 'nothing' },
      {
        field: 'verdict',
        from: '/judge, as named on complied, value /answer, yes: good',
        found: 'an object',
      },
    ]);
  });
});
