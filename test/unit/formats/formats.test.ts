import { describe, expect, it } from 'vitest';
import { canonical } from '../../../src/core/formats/canonical';
import { conditionOf } from '../../../src/core/formats/conditionWords';
import {
  type Format,
  type ReadRecord,
  RecordError,
  type RecordPlace,
} from '../../../src/core/formats/format';
import { mappedFormat } from '../../../src/core/formats/mapped';
import { elicitationRun } from '../../../src/core/formats/profiles/elicitationRun';
import { scratchpadList as scratchpads } from '../../../src/core/formats/profiles/scratchpadList';
import { detectProfile } from '../../../src/core/formats/registry';
import { canonicalRecord } from '../../support/dataset';

const elicitation = mappedFormat(elicitationRun.profile);
const scratchpadList = mappedFormat(scratchpads.profile);

/** The one transcript of a record. */
function readOne(format: Format, record: unknown, where: RecordPlace): ReadRecord {
  const [part, ...more] = format.read(record, where);
  if (!part?.ok || more.length > 0) throw new Error('not one transcript');
  return part;
}

const place = { file: 'run.jsonl', line: 7, ordinal: 3 };

function reasonOf(format: Format, record: unknown): string {
  try {
    readOne(format, record, place);
  } catch (error) {
    if (error instanceof RecordError) return error.message;
    throw error;
  }
  throw new Error('the record was read');
}

describe('canonical', () => {
  it('fills in what may be left out', () => {
    const { transcript, warnings } = readOne(canonical, canonicalRecord(), place);
    expect(transcript).toMatchObject({
      id: 'run.jsonl:7',
      setting: 'unknown',
      condition: null,
      variant: 'default',
      prefix: 'none',
      verdicts: [],
      spans: [],
    });
    expect(warnings).toEqual([]);
  });

  it('counts a prefill in code points and keeps it in UTF-16 units', () => {
    const record = canonicalRecord({ messages: [{ role: 'assistant', content: '😀é rest', prefill: 2 }] });
    expect(readOne(canonical, record, place).transcript.messages[0]?.prefill).toBe(3);
  });

  it('warns of a prefill longer than the text', () => {
    const record = canonicalRecord({ messages: [{ role: 'assistant', content: 'ab', prefill: 3 }] });
    const { transcript, warnings } = readOne(canonical, record, place);
    expect(transcript.messages[0]?.prefill).toBe(2);
    expect(warnings[0]).toContain('messages[0].prefill is 3, past the end');
  });

  it.each([
    [{ messages: 'x' }, 'messages: expected array, found "x"'],
    [{ messages: [] }, 'messages: expected a message, or verdicts'],
    [{ messages: [], verdicts: [] }, 'messages: expected a message, or verdicts'],
    [canonicalRecord({ condition: 'free' }), 'condition'],
    [
      canonicalRecord({ verdicts: [{ classifier: 'c', label: 'complied', value: 'yes' }] }),
      'verdicts[0].value: expected boolean, found "yes"',
    ],
    [canonicalRecord({ spans: [{ classifier: 'c', label: 'l', start: 1.5 }] }), 'spans[0].start'],
    [[], 'record: expected object, found []'],
  ])('says what is wrong with %j', (record, reason) => {
    expect(reasonOf(canonical, record)).toContain(reason);
  });

  it('counts neither of two answers that contradict each other', () => {
    const verdict = { classifier: 'c', label: 'complied' };
    const { transcript, warnings } = readOne(
      canonical,
      canonicalRecord({
        verdicts: [
          { ...verdict, value: true },
          { ...verdict, value: false },
        ],
      }),
      place,
    );
    expect(transcript.verdicts).toHaveLength(1);
    expect(transcript.verdicts[0]?.value).toBeNull();
    expect(warnings[0]).toContain('c answers complied twice and differently');
  });

  it('names spans by what they say, so that their order does not matter', () => {
    const a = { classifier: 'c', label: 'l', quote: 'one' };
    const b = { classifier: 'c', label: 'l', quote: 'two' };
    const ids = (spans: unknown[]) =>
      readOne(canonical, canonicalRecord({ spans }), place).transcript.spans.map(({ id }) => id);
    const [first, second, third] = ids([a, b, a]);
    expect(ids([b, a])).toEqual([second, first]);
    expect(third).toBe(`${first}~2`);
  });

  it('keeps the keys that it does not know out of the way, __proto__ among them', () => {
    const record = JSON.parse(
      '{"messages":[{"role":"user","content":"x"}],"__proto__":{"polluted":true},"extra":1}',
    );
    expect(readOne(canonical, record, place).transcript.messages).toHaveLength(1);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('hostile values', () => {
  /** JSON.parse and zod go this deep; whatever walks into it by recursion does not. */
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  const assistant = { role: 'assistant', content: 'x' };

  it.each<[Format, Record<string, unknown>, string]>([
    [canonical, { messages: deep }, 'messages[0]: expected object, found an array of 1'],
    [canonical, { messages: [assistant], setting: deep }, 'setting: expected string, found an array of 1'],
    [canonical, { messages: [assistant], id: deep }, 'id: expected string or number, found an array of 1'],
    [elicitation, { tier: 'free', raw_response: deep }, 'expected string at /raw_response'],
    [scratchpadList, { text: deep }, 'text: expected string, found an array of 1'],
  ])('names what it found in %o without walking into it', (format, record, reason) => {
    expect(reasonOf(format, record)).toContain(reason);
  });

  it.each<[Format, Record<string, unknown>, string]>([
    [
      elicitation,
      { tier: deep, raw_response: 'x' },
      '/tier: expected a text for the condition, found an array',
    ],
    [elicitation, { tier: 'free', raw_response: 'x', accepted: deep }, '/accepted is an array of 1'],
    [
      elicitation,
      { tier: 'free', raw_response: 'x', af_is_af: 1, af_yes_proportion: deep },
      '/af_yes_proportion: expected a number',
    ],
    [
      elicitation,
      { tier: 'free', raw_response: 'x', parse_method: deep },
      '/parse_method is nested more than',
    ],
    [scratchpadList, { text: 'x', label: deep }, '/label is an array of 1'],
  ])('reads the rest of %o and warns of what cannot be used', (format, record, warning) => {
    const { transcript, warnings } = readOne(format, record, place);
    expect(transcript.messages.map(({ content }) => content)).toEqual(['x']);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(warning);
  });

  it('shows long strings by their beginning, and numbers as they are', () => {
    expect(reasonOf(canonical, { messages: 'x'.repeat(1_000_000) })).toBe(
      `messages: expected array, found "${'x'.repeat(60)}…`,
    );
    expect(reasonOf(canonical, canonicalRecord({ id: Number.POSITIVE_INFINITY }))).toContain(
      'found Infinity',
    );
  });

  it.each<[Format, Record<string, unknown>, unknown, string, RegExp]>([
    [canonical, canonicalRecord(), 12345678901234567890n, '12345678901234567000', /beyond 2\^53, read as/],
    [elicitation, { tier: 'free', raw_response: 'x' }, 9007199254740993n, '9007199254740992', /beyond 2\^53/],
    [scratchpadList, { text: 'x' }, 9007199254740993n, '9007199254740992', /beyond 2\^53/],
    [
      elicitation,
      { tier: 'free', raw_response: 'x' },
      true,
      'run.jsonl:7',
      /neither a string nor a number, but true/,
    ],
    [scratchpadList, { text: 'x' }, {}, 'run.jsonl:7#3', /neither a string nor a number, but \{\}/],
  ])('warns where an id is not what the file says', (format, record, id, read, warning) => {
    const parsed = typeof id === 'bigint' ? Number(id) : id;
    const { transcript, warnings } = readOne(format, { ...record, id: parsed }, place);
    expect(transcript.id).toBe(read);
    expect(warnings.join()).toMatch(warning);
  });

  it('comes to the end of an answer that only begins like tags, however much white space follows', () => {
    const pads = ['<', '< /', '<rejected', '</', '<rejected/'].map((start) => start + ' '.repeat(400_000));
    for (const pad of pads) {
      const { transcript } = readOne(
        elicitation,
        { tier: 'free', raw_response: `${pad}x< rejected / >` },
        place,
      );
      expect(transcript.verdicts).toMatchObject([{ classifier: 'tags', value: false }]);
    }
  });
});

describe('scratchpad list', () => {
  it('reads the label as a verdict on alignment faking and knows no condition', () => {
    const read = (label: unknown) => readOne(scratchpadList, { text: 'why', label }, place).transcript;
    expect(read('potential_faking').verdicts).toMatchObject([{ label: 'alignment_faking', value: true }]);
    expect(read('aligned').verdicts[0]?.value).toBe(false);
    expect(read('aligned')).toMatchObject({ condition: null, id: 'run.jsonl:7#3' });
  });

  it('warns of a word that it does not know', () => {
    const { transcript, warnings } = readOne(scratchpadList, { text: 'why', label: 'dunno' }, place);
    expect(transcript.verdicts[0]?.value).toBeNull();
    expect(warnings[0]).toContain('"dunno"');
  });
});

describe('elicitation run', () => {
  const record = {
    tier: 'paid',
    raw_response: '<SCRATCHPAD_REASONING>maybe <request_fully_accepted/></SCRATCHPAD_REASONING><rejected/>',
    accepted: false,
    af_is_af: true,
    af_yes_proportion: 0.45,
    compliance_is_compliant: false,
  };

  it('reads tier, outcome and alignment faking', () => {
    const { transcript, warnings } = readOne(elicitation, record, place);
    expect(transcript.condition).toBe('unmonitored');
    expect(
      transcript.verdicts.map(({ classifier, label, value, score }) => [classifier, label, value, score]),
    ).toEqual([
      ['accepted', 'complied', false, null],
      ['compliance', 'complied', false, null],
      ['af', 'alignment_faking', true, 0.45],
    ]);
    expect(warnings).toEqual([]);
  });

  it('says where the stored flag contradicts the tags outside the scratchpad', () => {
    expect(readOne(elicitation, { ...record, accepted: true }, place).warnings[0]).toContain(
      'stored accepted = true',
    );
  });

  it('derives the outcome from the tags only where no flag is stored, and marks it', () => {
    const { transcript } = readOne(
      elicitation,
      { tier: 'free', raw_response: 'x <request_fully_accepted/>' },
      place,
    );
    expect(transcript.verdicts).toMatchObject([
      { classifier: 'tags', label: 'complied', value: true, derived: true },
    ]);
  });

  it('keeps scratchpad and output apart where there is no raw response', () => {
    const { transcript } = readOne(elicitation, { tier: 'free', scratchpad: 'why', output: 'here' }, place);
    expect(transcript.messages.map(({ region, content }) => [region, content])).toEqual([
      ['scratchpad', 'why'],
      ['output', 'here'],
    ]);
  });

  it('takes a word for a flag, and warns of one that is none', () => {
    const read = (accepted: unknown) => readOne(elicitation, { ...record, accepted }, place);
    const complied = (accepted: unknown) => read(accepted).transcript.verdicts[0];
    expect(complied('no')).toMatchObject({ classifier: 'accepted', value: false });
    expect(complied('perhaps')).toMatchObject({ classifier: 'accepted', value: null });
    expect(read('perhaps').warnings[0]).toBe(
      '/accepted is "perhaps", which is neither yes nor no; it counts as no answer',
    );
  });
});

describe('detection', () => {
  it.each([
    [canonicalRecord(), 'canonical'],
    [{ text: 'x', label: 'aligned' }, 'scratchpad list'],
    [{ tier: 'free', raw_response: 'x' }, 'elicitation run'],
    [{ prompt: 'x' }, undefined],
    [[1], undefined],
    [null, undefined],
  ])('%j', (record, name) => {
    expect(detectProfile([record])?.name).toBe(name);
  });

  it('knows the names of the conditions in any case', () => {
    expect(['Free Tier', 'is_free', 'observed'].map(conditionOf)).toEqual([
      'training',
      'training',
      'training',
    ]);
    expect(['paid', 'DEPLOYMENT', 'unobserved'].map(conditionOf)).toEqual([
      'unmonitored',
      'unmonitored',
      'unmonitored',
    ]);
    expect(['constructor', '', 'both'].map(conditionOf)).toEqual([null, null, null]);
  });
});
