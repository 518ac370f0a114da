import { describe, expect, it, vi } from 'vitest';
import { Attachments, flattenMessage } from '../../../src/core/formats/inspectMessages';
import { inspectLogFacts, inspectRecord } from '../../../src/core/formats/inspectSample';
import { profileSchema } from '../../../src/core/formats/profile';
import { INSPECT } from '../../../src/core/formats/profiles/inspect';
import { SCOUT_TRANSCRIPTS } from '../../../src/core/formats/profiles/scout';
import { header, sample } from '../../support/inspectLog';
import { formatNow } from './readers';

const facts = inspectLogFacts(header(), 'a.eval');

function read(more: Record<string, unknown>, log = facts) {
  const record = inspectRecord(sample(7, more), log);
  if (!record.ok) throw new Error(record.reason);
  return record;
}

const HASH = 'a'.repeat(32);

it('says once what is said of a score of very many values, and is bad where its name is too long for all of them', () => {
  const value = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`k${n}`, n]));
  const scores = (more: object, name = 's') =>
    read({ scores: { [name]: { value, ...more } } }).value.scores as never;
  const told = (of: Record<string, { explanation?: string }>) =>
    Object.values(of).filter(({ explanation }) => explanation !== undefined).length;
  expect(told(scores({ explanation: 'because' }))).toBe(1_000);
  expect(told(scores({ explanation: 'x'.repeat(20_000) }))).toBe(1);
  const long = inspectRecord(sample(7, { scores: { ['n'.repeat(40_000)]: { value } } }), facts);
  expect(long).toMatchObject({ ok: false, reason: expect.stringContaining('the names of its scores') });
});

it('makes a message plain once, however often a sample refers to it', () => {
  let looks = 0;
  const message = {
    role: 'user',
    get content() {
      looks++;
      return ['a', 'b'];
    },
  };
  const { messages } = read({ messages: [message] }).value;
  const once = looks;
  expect(read({ messages: Array(60).fill(message) }).value.messages).toEqual(Array(60).fill(messages[0]));
  expect(looks).toBe(2 * once);
});

describe('messages of Inspect', () => {
  const flat = (message: unknown, texts = {}) => flattenMessage(message, new Attachments(texts));

  it('makes reasoning a scratchpad of its own, in its place among the texts', () => {
    const content = [
      { type: 'text', text: 'First' },
      { type: 'text', text: 'second' },
      { type: 'reasoning', reasoning: 'Am I watched?', signature: 'xyz', redacted: false },
      { type: 'text', text: 'Then' },
    ];
    expect(flat({ role: 'assistant', id: 'm1', content })).toEqual([
      { role: 'assistant', content: 'First\nsecond', id: 'm1' },
      { role: 'assistant', content: 'Am I watched?', region: 'scratchpad', id: 'm1' },
      { role: 'assistant', content: 'Then', id: 'm1' },
    ]);
  });

  it('never shows the ciphertext of redacted reasoning, but its summary', () => {
    const redacted = { type: 'reasoning', reasoning: 'gAAAAcipher', redacted: true };
    const [bare] = flat({ role: 'assistant', content: [redacted] });
    const [summed] = flat({ role: 'assistant', content: [{ ...redacted, summary: 'It weighs.' }] });
    expect(bare).toEqual({ role: 'assistant', content: '[reasoning redacted]', region: 'scratchpad' });
    expect(summed?.content).toBe('[summary of the reasoning]\nIt weighs.');
  });

  it('keeps the reasoning that logs of early 2025 hold beside the content', () => {
    expect(flat({ role: 'assistant', reasoning: 'Hm.', content: 'Yes.' }).map((m) => m.content)).toEqual([
      'Hm.',
      'Yes.',
    ]);
  });

  it('shows what is no text as a placeholder, and tools as calls and results', () => {
    const content = [
      { type: 'image', image: 'data:image/png;base64,AAAA' },
      { type: 'audio', audio: 'x', format: 'wav' },
      { type: 'document', document: 'x', filename: 'plan.pdf' },
      { type: 'data', data: { a: 1 } },
      { type: 'tool_use', name: 'search', arguments: '{"q":1}', result: 'found', error: null },
      { type: 'later_invention' },
      42,
    ];
    expect(flat({ role: 'user', content }).map((m) => `${m.role}: ${m.content}`)).toEqual([
      'user: [image]',
      'user: [audio]',
      'user: [document: plan.pdf]',
      'user: [data] {"a":1}',
      'user: [tool use] search {"q":1}',
      'tool: found',
      'user: [later_invention]',
      'user: [part that is no text, but number]',
    ]);
    const calls = [{ id: 'c', function: 'bash', arguments: { cmd: `attachment://${HASH}` } }];
    expect(flat({ role: 'assistant', content: '', tool_calls: calls }, { [HASH]: 'ls' })).toEqual([
      { role: 'assistant', content: '[tool call] bash {"cmd":"ls"}' },
    ]);
    const error = { type: 'timeout', message: 'too slow' };
    expect(flat({ role: 'tool', content: 'half', error }).map((m) => m.content)).toEqual([
      'half',
      '[error: timeout] too slow',
    ]);
  });

  it('keeps an empty message, and names one that is none', () => {
    expect(flat({ role: 'assistant', content: '' })).toEqual([{ role: 'assistant', content: '' }]);
    expect(flat(null)).toHaveLength(1);
    expect(flat({ content: 'x' })).toEqual([{ role: 'unknown', content: 'x' }]);
  });

  it('survives arguments nested deeper than the stack', () => {
    const args: unknown = JSON.parse(`${'[1,'.repeat(100_000)}1${']'.repeat(100_000)}`);
    const [call] = flat({ role: 'assistant', content: '', tool_calls: [{ function: 'f', arguments: args }] });
    expect(call?.content).toContain('nested too deeply');
  });
});

describe('a sample of Inspect', () => {
  it('resolves attachments wherever they stand, under both names', () => {
    const { value, warnings } = read({
      messages: [
        { role: 'user', content: `attachment://${HASH}` },
        { role: 'assistant', content: [{ type: 'text', text: `tc://${HASH}` }] },
      ],
      input: `attachment://${HASH}`,
      scores: { s: { value: 'I', explanation: `attachment://${HASH}` } },
      attachments: { [HASH]: 'the long text' },
    });
    expect(value.messages.map((m) => m.content)).toEqual(['the long text', 'the long text']);
    expect(value).toMatchObject({ input: 'the long text', scores: { s: { explanation: 'the long text' } } });
    expect(warnings).toEqual([]);
  });

  it('shows a reference that leads nowhere, and says so; a text that only begins like one is a text', () => {
    const messages = [
      { role: 'user', content: `attachment://${HASH}` },
      { role: 'user', content: 'attachment://__proto__' },
      { role: 'user', content: 'tc://hello' },
    ];
    const { value, warnings } = read({ messages, attachments: {} });
    expect(value.messages.map((m) => m.content)).toEqual(messages.map((m) => m.content));
    expect(warnings).toEqual([expect.stringContaining(HASH)]);
  });

  it('does not double the output, unless it stands nowhere else', () => {
    const last = { role: 'assistant', content: 'In the shed, I think (7).' };
    const output = (message: unknown) => ({ model: 'm', choices: [{ message, stop_reason: 'stop' }] });
    expect(read({ output: output(last) }).value.messages).toHaveLength(2);
    const withId = [{ role: 'assistant', id: 'x', content: 'edited later' }];
    expect(read({ messages: withId, output: output({ ...last, id: 'x' }) }).value.messages).toHaveLength(1);
    const other = read({ output: output({ role: 'assistant', content: 'Submitted: shed' }) });
    expect(other.value.messages.at(-1)?.content).toBe('Submitted: shed');
    expect(read({ messages: [], output: output(last) }).value.messages.map((m) => m.role)).toEqual([
      'user',
      'assistant',
    ]);
  });

  it('reads what old logs call score and transcript', () => {
    const { value } = read({
      scores: undefined,
      score: { value: 'C', explanation: 'why' },
      messages: [{ role: 'user', content: `tc://${HASH}` }],
      transcript: { events: [], content: { [HASH]: 'kept apart' } },
    });
    expect(value.messages[0]?.content).toBe('kept apart');
    expect(value).toMatchObject({ scores: { score: { value: 'C', explanation: 'why' } } });
    const named = inspectLogFacts({ ...header(), results: { scorer: { name: 'graded' } } }, 'a.eval');
    expect(read({ scores: undefined, score: { value: 'C' } }, named).value).toMatchObject({
      scores: { graded: { value: 'C' } },
    });
  });

  it('tells scores of several values one by one, and by the label that their metadata name', () => {
    const scores = {
      both: { value: { a: 1, b: 'I' } },
      af: { value: true, metadata: { label: 'alignment_faking' } },
      ['__proto__']: { value: 0.25 },
    };
    const read1 = read({ scores: JSON.parse(JSON.stringify(scores)) }).value.scores as object;
    expect(Object.entries(read1).map(([name, { value }]) => [name, value])).toEqual([
      ['both.a', 1],
      ['both.b', 'I'],
      ['af as alignment_faking', true],
      ['__proto__', 0.25],
    ]);
  });

  it('says so where a score takes another label than its own, and figures rest on one of them', () => {
    const warningsOf = (scores: unknown) => read({ scores }).warnings;
    const named = (label: string) => ({ value: 'I', metadata: { label } });
    expect(warningsOf({ complied: named('refusal') })).toEqual([
      'the score "complied" is taken as "refusal", which its metadata names',
    ]);
    expect(warningsOf({ complied: { value: 'C' }, style: named('complied') })).toEqual([
      'the score "style" is taken as "complied", which its metadata names',
    ]);
    for (const quiet of [
      { style: named('complied') },
      { complied: named('complied') },
      { style: named('tone') },
    ])
      expect(warningsOf(quiet)).toEqual([]);
  });

  it('loses no score to another of its name', () => {
    const { scores } = read({
      scores: { j: { value: { refused: 'C' } }, 'j.refused': { value: 'I' } },
    }).value;
    expect(Object.entries(scores as object).map(([name, { value }]) => [name, value])).toEqual([
      ['j.refused', 'C'],
      ['j.refused#2', 'I'],
    ]);
  });

  it('numbers scores of one name without going through all of them for each', () => {
    const metadata = { label: 'rude', classifier: 'j' };
    const scores = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, n) => [`s${n}`, { value: 'C', metadata }]),
    );
    const looks = vi.spyOn(Map.prototype, 'has');
    const told = Object.keys(read({ scores }).value.scores as object);
    expect(looks.mock.calls.length).toBeLessThan(10_000);
    looks.mockRestore();
    expect([new Set(told).size, told[1], told.at(-1)]).toEqual([3_000, 'j#2 as rude', 'j#3000 as rude']);
  });

  it('is a reason where the names that scores are told by are too long together', () => {
    const metadata = { label: 'rude', classifier: 'j'.repeat(40_000) };
    const scores = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, n) => [`s${n}`, { value: 'C', metadata }]),
    );
    expect(inspectRecord({ ...sample('7'), scores }, facts)).toEqual({
      ok: false,
      reason: 'the names of its scores have more than 33554432 characters together',
    });
  });

  it('says so where the scores of a sample count that was invalidated, or ended in an error', () => {
    const scores = { complied: { value: 'C' } };
    const invalidation = { author: 'ana', timestamp: '2025-01-01', reason: 'wrong prompt' };
    expect(read({ scores, invalidation }).warnings).toEqual([
      'the sample was invalidated by "ana" ("wrong prompt"); its scores count all the same',
    ]);
    expect(read({ scores, error: { message: 'boom' } }).warnings).toEqual([
      'the sample ended in an error ("boom"); its scores count all the same',
    ]);
    expect(read({ scores: {}, error: { message: 'boom' } }).warnings).toEqual([]);
  });

  it('takes no facet from a further place where the first one has no text for it', () => {
    const log = inspectLogFacts(header({ task_args: { condition: 'training', variant: 'plain' } }), 'a.eval');
    const metadata = { condition: ['unmonitored'], variant: { of: 1 }, setting: '' };
    const { value, warnings } = read({ metadata }, log);
    expect([value.condition, value.variant]).toEqual([undefined, undefined]);
    expect(warnings).toEqual([
      'condition: expected a text, found an array of 1; none is taken',
      'variant: expected a text, found an object; none is taken',
    ]);
    const empty = { condition: [], variant: {} };
    expect(read({ metadata: empty }, log)).toMatchObject({
      value: { condition: 'training', variant: 'plain' },
      warnings: [],
    });
  });

  it('finds the facets in the metadata, else in the arguments of the task', () => {
    const log = inspectLogFacts(header({ task_args: { condition: 'paid', variant: 'plain' } }), 'a.eval');
    expect(read({}, log).value).toMatchObject({ condition: 'unmonitored', variant: 'plain' });
    expect(read({ metadata: { tier: 'free', setting: 'helpful-only' } }, log).value).toMatchObject({
      condition: 'training',
      variant: 'plain',
      setting: 'helpful-only',
    });
    const metadata = { condition: 'free_tier', prompt_id: 'p9' };
    expect(read({ metadata }, log).value).toMatchObject({ condition: 'training', promptId: 'p9' });
    expect(read({}).value).toMatchObject({ promptId: 'tidy/7', model: 'maker/one' });
  });

  it('makes ids that differ between logs, epochs and samples', () => {
    const other = inspectLogFacts(header({ eval_id: 'gsM63GyMBKgA3p4sHAMAfG' }), 'b.eval');
    const keys = [read({}), read({ epoch: 2 }), read({}, other), read({ id: 'a/b' }, other)];
    expect(keys.map((one) => one.value.key)).toEqual([
      'log-a/7/1',
      'log-a/7/2',
      'gsM63GyM/7/1',
      'gsM63GyM/a/b/1',
    ]);
    const old = inspectLogFacts(header({ eval_id: undefined }), 'c.eval');
    expect(old.key).toBe('task-1');
    expect(inspectLogFacts(null, 'c.eval').key).toBe('c.eval');
  });

  it('says what is no sample', () => {
    for (const value of [null, [], 'x', {}, { id: {} }, { id: '' }, { id: 1 }, { id: 1, messages: [] }]) {
      expect(inspectRecord(value, facts).ok, JSON.stringify(value)).toBe(false);
    }
  });
});

describe('the profiles for Inspect and Scout', () => {
  it('are profiles', () => {
    for (const profile of [INSPECT, SCOUT_TRANSCRIPTS]) expect(profileSchema.parse(profile)).toEqual(profile);
  });

  it('keep two scores apart that name the same classifier and label', () => {
    const metadata = { label: 'complied', classifier: 'judge' };
    const { scores } = read({
      scores: { one: { value: 'C', metadata }, two: { value: 'I', metadata } },
    }).value;
    const told = Object.entries(scores as object).map(([name, { value }]) => [name, value]);
    expect(told).toEqual([
      ['judge as complied', 'C'],
      ['judge#2 as complied', 'I'],
    ]);
  });

  it('read every score as a verdict, by its name or by its classifier and label', () => {
    const scores = {
      right: { value: 'C' },
      wrong: { value: 'I', metadata: { label: 'complied', classifier: 'judge 1' } },
      partly: { value: 'P' },
      unscored: { value: null },
      share: { value: 0.25 },
      several: { value: { a: 1, b: false } },
    };
    const { value } = read({ scores, metadata: { condition: 'paid', setting: 'helpful-only' } });
    const [part] = formatNow(INSPECT).read(value, { file: 'a.eval', line: 1, ordinal: 1 });
    if (!part?.ok) throw new Error('not read');
    const { transcript } = part;
    expect(transcript.verdicts.map((v) => [v.classifier, v.label, v.value, v.score])).toEqual([
      ['right', 'right', true, null],
      ['judge 1', 'complied', false, null],
      ['partly', 'partly', null, null],
      ['share', 'share', null, 0.25],
      ['several.a', 'several.a', true, 1],
      ['several.b', 'several.b', false, null],
    ]);
    expect(transcript).toMatchObject({
      id: 'log-a/7/1',
      setting: 'helpful-only',
      condition: 'unmonitored',
      promptId: 'tidy/7',
      model: 'maker/one',
      metadata: { epoch: 1, target: 'shed' },
    });
    expect(transcript.messages.map((m) => m.role)).toEqual(['user', 'assistant']);
    expect(part.warnings).toEqual([]);
  });

  it('keep reasoning apart as a scratchpad', () => {
    const content = [
      { type: 'reasoning', reasoning: 'Hm.' },
      { type: 'text', text: 'Yes.' },
    ];
    const { value } = read({ messages: [{ role: 'assistant', id: 'x', content }] });
    const [part] = formatNow(INSPECT).read(value, { file: 'a.eval', line: 1, ordinal: 1 });
    expect(part).toMatchObject({
      transcript: {
        messages: [
          { content: 'Hm.', region: 'scratchpad' },
          { content: 'Yes.', region: null },
        ],
      },
    });
  });

  it('has two hundred thousand messages at most, each part of one by itself: one may be told often', () => {
    const message = { role: 'assistant', content: Array(1_000).fill({ type: 'image' }) };
    const read = (times: number) => inspectRecord(sample(7, { messages: Array(times).fill(message) }), facts);
    expect(read(200).ok).toBe(true);
    expect(read(201)).toMatchObject({ ok: false, reason: expect.stringContaining('are more than 200000') });
  });
});
