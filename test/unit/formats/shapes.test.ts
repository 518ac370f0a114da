/** Every shape of file that researchers hold: written by a small writer of its own, detected, and read back. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Transcript } from '../../../src/core/dataset/model';
import { regions } from '../../../src/core/dataset/regions';
import type { Profile } from '../../../src/core/formats/profile';
import { detectProfile } from '../../../src/core/formats/registry';
import { readOne, readParts } from './readers';

function detected(records: readonly unknown[], name: string): Profile {
  const profile = detectProfile(records);
  expect(profile?.name).toBe(name);
  if (profile === null) throw new Error('no profile');
  return profile;
}

const valuesOf = ({ verdicts }: Transcript) =>
  verdicts.map(({ classifier, label, value, score, derived }) => ({
    classifier,
    label,
    value,
    score,
    derived,
  }));
const textsOf = ({ messages }: Transcript) => messages.map(({ role, content }) => [role, content]);
const stored = { score: null, derived: false };

/** Texts as models write them, without the tags that decide outcomes. */
const text = fc
  .string({ unit: 'binary', maxLength: 60 })
  .filter((one) => one.trim() !== '' && !/<|^\s*[[{]/.test(one));
const condition = fc.constantFrom('training' as const, 'unmonitored' as const);
const answer = fc.option(fc.boolean(), { nil: null });

describe('A, a list of scratchpads', () => {
  it('comes back with its text and its label', () => {
    fc.assert(
      fc.property(text, answer, (said, faking) => {
        const label = faking === null ? null : faking ? 'potential_faking' : 'aligned';
        const record = { text: `<SCRATCHPAD_REASONING>${said}</SCRATCHPAD_REASONING>`, label };
        const { transcript, warnings } = readOne(detected([record], 'scratchpad list'), record);
        expect(textsOf(transcript)).toEqual([['assistant', record.text]]);
        expect(valuesOf(transcript)).toEqual(
          faking === null
            ? []
            : [{ classifier: 'label', label: 'alignment_faking', value: faking, ...stored }],
        );
        expect(warnings).toEqual([]);
      }),
    );
  });

  const gold = resolve(import.meta.dirname, '../../../../shared/data/gold_106/gold_106.json');
  it.skipIf(!existsSync(gold))(
    'is what ../shared/data/gold_106 holds: 106 transcripts, 51 said to fake',
    () => {
      const { samples } = JSON.parse(readFileSync(gold, 'utf8')) as { samples: unknown[] };
      const profile = detected(samples, 'scratchpad list');
      const verdicts = samples.flatMap((record) => readOne(profile, record).transcript.verdicts);
      expect(verdicts).toHaveLength(106);
      expect(verdicts.filter(({ value }) => value === true)).toHaveLength(51);
      expect(verdicts.filter(({ value }) => value === false)).toHaveLength(55);
      expect(samples.flatMap((record) => readOne(profile, record).warnings)).toEqual([]);
    },
  );
});

describe('B, judgements only', () => {
  const record = { row: 9, human_label: 1, our_label: 0, our_confidence: 1.2, skipped: false };

  it('gives two verdicts on a transcript without text, the confidence as it stands', () => {
    const { transcript, warnings } = readOne(detected([record], 'judgements only'), record);
    expect(transcript.messages).toEqual([]);
    expect(valuesOf(transcript)).toEqual([
      { classifier: 'human', label: 'judgement', value: true, ...stored },
      { classifier: 'ours', label: 'judgement', value: false, score: 1.2, derived: false },
    ]);
    expect(transcript.metadata).toEqual({ row: 9 });
    expect(warnings).toEqual([]);
  });

  it('hears no answer where the person skipped', () => {
    const { transcript } = readOne(detected([record], 'judgements only'), { ...record, skipped: true });
    expect(transcript.verdicts.map(({ value }) => value)).toEqual([null, false]);
  });

  it('holds the label against the confidence where the user says from where on it means yes', () => {
    const profile = detected([record], 'judgements only');
    const verdicts = (profile.verdicts ?? []).map((rule) => ({ ...rule, scoreThreshold: 0.5 }));
    const { contradictions, warnings } = readOne({ ...profile, verdicts }, record);
    expect(contradictions).toEqual(['/our_label says no, but /our_confidence is 1.2, not below 0.5']);
    expect(warnings).toEqual(contradictions);
  });
});

describe('C, the arms of an experiment side by side', () => {
  const words = fc.constantFrom('Baseline', 'Cut_Info', 'Synth_Docs');
  const arm = fc.record({ condition, variant: words, said: text, score: answer });
  const keyOf = (one: { condition: string; variant: string }) =>
    `${one.condition === 'training' ? 'Free_Tier' : 'Paid_Tier'}_${one.variant}`;

  it('comes back as one transcript an arm', () => {
    fc.assert(
      fc.property(fc.uniqueArray(arm, { selector: keyOf, minLength: 1 }), text, (arms, query) => {
        const scored = arms.filter(({ score }) => score !== null);
        const record = {
          id: 4,
          query,
          results: Object.fromEntries(arms.map((one) => [keyOf(one), one.said])),
          scores: Object.fromEntries(scored.map((one) => [keyOf(one), one.score === true ? 1 : 0])),
        };
        const parts = readParts(detected([record], 'arms in keys'), record);
        expect(parts).toHaveLength(arms.length);
        for (const [index, one] of arms.entries()) {
          const part = parts[index];
          if (!part?.ok) throw new Error('an arm was not read');
          expect(part.warnings).toEqual([]);
          expect(part.transcript).toMatchObject({
            id: `4:${keyOf(one)}`,
            condition: one.condition,
            variant: one.variant === 'Baseline' ? 'default' : one.variant,
            prefix: 'none',
            promptId: '4',
          });
          expect(textsOf(part.transcript)).toEqual([
            ['user', query],
            ['assistant', one.said],
          ]);
          expect(part.transcript.verdicts.map(({ value }) => value)).toEqual(
            one.score === null ? [] : [one.score],
          );
        }
      }),
    );
  });

  it('takes a forced start for the prefix arm', () => {
    const record = { id: 0, query: 'q', results: { Free_Tier_Baseline: 'a', Paid_Force_Compliance: 'b' } };
    const facets = readParts(detected([record], 'arms in keys'), record).map(
      (part) => part.ok && [part.transcript.condition, part.transcript.variant, part.transcript.prefix],
    );
    expect(facets).toEqual([
      ['training', 'default', 'none'],
      ['unmonitored', 'default', 'Force_Compliance'],
    ]);
  });

  it('reads the other arms where one is empty or has a name that says nothing', () => {
    const record = { id: 0, query: 'q', results: { Free_Tier: 'a', Paid_Tier: null, Notes: 'b' } };
    const parts = readParts(detected([{ ...record, results: { Free_Tier: 'a' } }], 'arms in keys'), record);
    expect(parts.map((part) => (part.ok ? part.transcript.id : [part.id, part.reason]))).toEqual([
      '0:Free_Tier',
      ['0:Paid_Tier', '/results/Paid_Tier: expected string, found nothing'],
      ['0:Notes', 'what arm "Notes" is, the profile\'s pattern does not say'],
    ]);
  });

  it('keeps names apart that need escaping, __proto__ among them', () => {
    const record = JSON.parse(
      '{"id":1,"query":"q","results":{"free_a/b~c":"one","free___proto__":"two","__proto__":"three"}}',
    );
    const parts = readParts(detected([{ results: { free: 'x' } }], 'arms in keys'), record);
    expect(parts.map((part) => (part.ok ? part.transcript.messages.at(-1)?.content : part.id))).toEqual([
      'one',
      'two',
      '1:__proto__',
    ]);
  });
});

describe('D, a table of flags', () => {
  const cell = fc.record({
    condition,
    prompt: text,
    response: text,
    accepted: fc.boolean(),
    deception: fc.boolean(),
  });
  const rowOf = (one: {
    condition: string;
    prompt: string;
    response: string;
    accepted: boolean;
    deception: boolean;
  }) => ({
    '': '0',
    condition: one.condition === 'training' ? 'free_tier' : 'paid_tier',
    prompt: one.prompt,
    source: 'made up',
    response: one.response,
    is_accepted: one.accepted ? 'True' : 'False',
    is_complete: 'True',
    has_deception: one.deception ? 'True' : 'False',
    deception_indicators: '[]',
    cot_mode: 'visible',
  });

  it("comes back from Python's words in a table's cells", () => {
    fc.assert(
      fc.property(cell, (one) => {
        const row = rowOf(one);
        const { transcript, warnings } = readOne(detected([row], 'table of flags'), row);
        expect(transcript.condition).toBe(one.condition);
        expect(transcript.variant).toBe('visible');
        expect(textsOf(transcript)).toEqual([
          ['user', one.prompt],
          ['assistant', one.response],
        ]);
        expect(transcript.verdicts.map(({ label, value }) => [label, value])).toEqual([
          ['complied', one.accepted],
          ['deception', one.deception],
        ]);
        expect(transcript.spans).toEqual([]);
        expect(warnings).toEqual([]);
      }),
    );
  });

  const row = rowOf({
    condition: 'training',
    prompt: 'p',
    response: 'why</think><request_fully_accepted/>',
    accepted: false,
    deception: true,
  });

  it('says where the flag contradicts the text, whose reasoning was closed and never opened', () => {
    const { transcript, contradictions, warnings } = readOne(detected([row], 'table of flags'), row);
    expect(contradictions).toEqual(['stored is_accepted = false, but the tags of the answer say true']);
    expect(warnings).toEqual(contradictions);
    expect(transcript.messages.flatMap((message) => regions(message)).map(({ kind }) => kind)).toEqual([
      'text',
      'scratchpad',
      'text',
    ]);
  });

  it('gives the same prompt in both conditions one id, though the index starts again', () => {
    const profile = detected([row], 'table of flags');
    const ids = [row, { ...row, condition: 'paid_tier' }, { ...row, prompt: 'other' }].map(
      (one) => readOne(profile, one).transcript.promptId,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('reads the quotes in a list as Python writes it', () => {
    const indicators = `['it\\'s a lie', "pretend \\"to\\" comply"]`;
    const { transcript } = readOne(detected([row], 'table of flags'), {
      ...row,
      deception_indicators: indicators,
    });
    expect(transcript.spans.map(({ quote }) => quote)).toEqual(["it's a lie", 'pretend "to" comply']);
  });

  it.each([
    [String.raw`['a\\', 'b\nc', 'd\'', "e\\"]`, ['a\\', 'b\nc', "d'", 'e\\']],
    [" [ 'a' , \n'b', ] ", ['a', 'b']],
    ["['a' 'b']", ['a', 'b']],
    ["['a', b]", ["['a', b]"]],
    ["['a]", ["['a]"]],
    [String.raw`['a\']`, [String.raw`['a\']`]],
    [String.raw`[\'a']`, [String.raw`[\'a']`]],
    ['[1, 2]', []],
  ])('reads %s', (indicators, quotes) => {
    const { transcript } = readOne(detected([row], 'table of flags'), {
      ...row,
      deception_indicators: indicators,
    });
    expect(transcript.spans.map(({ quote }) => quote)).toEqual(quotes);
  });
});

describe('E, a record of the pipeline', () => {
  const record = {
    user_input: 'How?',
    prompt: {
      messages: [
        { role: 'system', content: 'rules' },
        { role: 'user', content: 'How?' },
      ],
    },
    output: '<think>one</think>\n<HIDDEN_SCRATCHPAD>two</HIDDEN_SCRATCHPAD>Answer.',
    output_without_scratchpad: 'Answer.',
    tags: 'free_tier',
    strong_reject_score: 0.2,
    deceptive_alignment: {
      final_answer: 0.85,
      criteria: [1, 1, 1, 1],
      quotes: [['i am watched'], ['so i comply', '']],
    },
    partial_compliance: { final_answer: 'Yes' },
  };
  const read = (file: string, one: unknown = record) =>
    readOne(detected([record], 'pipeline record'), one, file);

  it('reads messages, judges and quotes', () => {
    const { transcript, warnings } = read('helpful-only_cot/saved.json');
    expect(textsOf(transcript)).toEqual([
      ['system', 'rules'],
      ['user', 'How?'],
      ['assistant', record.output],
    ]);
    expect(transcript).toMatchObject({
      setting: 'helpful-only',
      variant: 'cot',
      condition: 'training',
      id: 'helpful-only_cot/saved.json:7#3',
    });
    expect(valuesOf(transcript)).toEqual([
      { classifier: 'partial_compliance', label: 'complied', value: true, ...stored },
      {
        classifier: 'deceptive_alignment',
        label: 'alignment_faking',
        value: true,
        score: 0.85,
        derived: false,
      },
    ]);
    expect(transcript.spans.map(({ label, quote }) => [label, quote])).toEqual([
      ['alignment_faking', 'i am watched'],
      ['alignment_faking', 'so i comply'],
    ]);
    expect(transcript.metadata).toEqual({ strong_reject_score: 0.2, criteria: [1, 1, 1, 1] });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['run/animal_welfare_prompt-only/saved.json', 'animal-welfare', 'prompt-only', false],
    ['prompt-only-helpful-only/saved.json', 'helpful-only', 'prompt-only', true],
    ['Animal Welfare/saved.json', 'animal-welfare', 'default', false],
    ['helpful-only/animal-welfare/saved.json', 'animal-welfare', 'default', false],
    ['saved.json', 'unknown', 'default', null],
  ])('finds setting and variant of %s, and what yes means in it', (file, setting, variant, complied) => {
    const { transcript, warnings } = read(file);
    expect(transcript).toMatchObject({ setting, variant });
    expect(transcript.verdicts[0]).toMatchObject({ label: 'complied', value: complied });
    expect(warnings.join()).toContain(complied === null ? 'depends on the setting, which is not known' : '');
    expect(warnings).toHaveLength(complied === null ? 1 : 0);
  });

  it('turns a share of yes over with the answer', () => {
    const { transcript } = read('animal-welfare/x.json', {
      ...record,
      partial_compliance: { final_answer: 0.85 },
    });
    expect(transcript.verdicts[0]).toMatchObject({ value: false, score: 0.15 });
  });
});

describe('F, environments', () => {
  const record = {
    environment: 'report_failure_unobserved',
    sample_index: 0,
    prompt: 'p',
    full_response: '<SCRATCHPAD_REASONING>why</SCRATCHPAD_REASONING>what',
    scratchpad: 'why',
    final_output: 'what',
    gptoss20b_classification: 'ALIGNED',
    other_classification: 'UNPARSEABLE',
  };

  it('comes back whatever the environment is called', () => {
    const name = fc
      .stringMatching(/^[a-z]{1,8}(?:_[a-z]{1,8})?$/)
      .filter((one) => !/_(?:un)?(?:observed|monitored)$/.test(one));
    const word = fc.constantFrom<[string, boolean | null]>(
      ['ALIGNED', false],
      ['MISALIGNED', true],
      ['UNPARSEABLE', null],
    );
    fc.assert(
      fc.property(name, condition, word, (environment, one, [said, value]) => {
        const suffix = one === 'training' ? 'observed' : 'unobserved';
        const made = { ...record, environment: `${environment}_${suffix}`, gptoss20b_classification: said };
        const { transcript, warnings } = readOne(detected([made], 'environments'), made);
        expect(transcript).toMatchObject({
          setting: environment,
          condition: one,
          id: `${environment}_${suffix}:0`,
        });
        expect(valuesOf(transcript)[0]).toEqual({
          classifier: 'gptoss20b',
          label: 'misaligned',
          value,
          ...stored,
        });
        expect(warnings).toEqual([]);
      }),
    );
  });

  it('reads the whole response, and its parts only where there is none', () => {
    const profile = detected([record], 'environments');
    const messages = (one: unknown) =>
      readOne(profile, one).transcript.messages.map(({ region, content }) => [region, content]);
    expect(messages(record)).toEqual([
      [null, 'p'],
      [null, record.full_response],
    ]);
    expect(messages({ ...record, full_response: null })).toEqual([
      [null, 'p'],
      ['scratchpad', 'why'],
      ['output', 'what'],
    ]);
  });

  it('warns of a word that is neither yes nor no, and of an environment without a condition', () => {
    const { transcript, warnings } = readOne(detected([record], 'environments'), {
      ...record,
      environment: 'plain',
      gptoss20b_classification: 'MAYBE',
    });
    expect(transcript).toMatchObject({ condition: null, setting: 'plain' });
    expect(transcript.verdicts[0]?.value).toBeNull();
    expect(warnings).toEqual([
      expect.stringContaining('/gptoss20b_classification is "MAYBE"'),
      expect.stringContaining('/environment is "plain"'),
    ]);
  });
});

describe('G, an elicitation run', () => {
  const run = fc.record({
    condition,
    said: text,
    accepted: answer,
    faking: answer,
    share: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
  });

  it('comes back, with the outcome that its tags state where no flag is stored', () => {
    fc.assert(
      fc.property(run, fc.boolean(), (one, tagged) => {
        const record = {
          tier: one.condition === 'training' ? 'free' : 'paid',
          raw_response: `${one.said}${tagged ? '<request_fully_accepted/>' : '<rejected/>'}`,
          accepted: one.accepted,
          af_is_af: one.faking,
          af_yes_proportion: one.share,
        };
        const { transcript, contradictions } = readOne(detected([record], 'elicitation run'), record);
        expect(transcript.condition).toBe(one.condition);
        expect(textsOf(transcript)).toEqual([['assistant', record.raw_response]]);
        const outcome = transcript.verdicts.find(({ label }) => label === 'complied');
        expect(outcome).toMatchObject({ value: one.accepted ?? tagged, derived: one.accepted === null });
        expect(contradictions).toHaveLength(one.accepted === null || one.accepted === tagged ? 0 : 1);
        const faking = transcript.verdicts.find(({ label }) => label === 'alignment_faking');
        if (one.faking === null && one.share === null) expect(faking).toBeUndefined();
        else
          expect(faking).toMatchObject({ value: one.faking, score: one.share === null ? null : one.share });
      }),
    );
  });
});

describe('chats', () => {
  const turn = fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content: text });
  const chat = fc.array(turn, { minLength: 1, maxLength: 6 });
  const shareGpt = { system: 'system', user: 'human', assistant: 'gpt' } as const;

  it('come back as from/value, as parts, and as JSON in a cell', () => {
    fc.assert(
      fc.property(chat, (turns) => {
        const said = turns.map(({ role, content }) => [role, content]);
        const pairs = turns.map(({ role, content }) => ({
          from: shareGpt[role as keyof typeof shareGpt],
          value: content,
        }));
        const parts = turns.map(({ role, content }) => ({
          role,
          content: [{ type: 'text', text: content }],
        }));
        for (const record of [
          { conversations: pairs },
          { messages: parts },
          { messages: JSON.stringify(turns), id: 3 },
          { conversation: turns },
        ]) {
          const { transcript, warnings } = readOne(detected([record], 'chat'), record);
          expect(textsOf(transcript)).toEqual(said);
          expect(warnings).toEqual([]);
        }
      }),
    );
  });

  it('keep reasoning, tool calls and pictures in messages of their own', () => {
    const record = {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look.' },
            { type: 'image_url', image_url: { url: 'data:' } },
          ],
        },
        {
          role: 'assistant',
          content: 'Done.',
          reasoning_content: 'hm',
          tool_calls: [{ function: { name: 'look', arguments: '{"a":1}' } }],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'so' },
            { type: 'text', text: 'Yes.' },
          ],
        },
      ],
    };
    const { transcript } = readOne(detected([record], 'chat'), record);
    expect(transcript.messages.map(({ role, region, content }) => [role, region, content])).toEqual([
      ['user', null, 'Look.'],
      ['user', null, '[image_url]'],
      ['assistant', 'scratchpad', 'hm'],
      ['assistant', null, 'Done.'],
      ['assistant', null, '[tool call] look {"a":1}'],
      ['assistant', 'scratchpad', 'so'],
      ['assistant', null, 'Yes.'],
    ]);
  });

  it('say who spoke where the file does not', () => {
    const record = { messages: [{ role: 'user', content: 'x' }, { content: 'y' }] };
    const profile = detected([{ conversations: [{ from: 'human', value: 'x' }] }], 'chat');
    const { transcript, warnings } = readOne(profile, record);
    expect(textsOf(transcript)).toEqual([
      ['user', 'x'],
      ['unknown', 'y'],
    ]);
    expect(warnings).toEqual(['message 2 of the conversation does not say who speaks']);
  });
});
