import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type JoinRecord,
  type JoinResult,
  JoinRoom,
  joinedReader,
  joinVerdicts,
  VerdictJoin,
} from '../../../src/core/formats/join';
import { Looks } from '../../../src/core/formats/looks';
import { mappedFormat } from '../../../src/core/formats/mapped';
import type { JoinRule } from '../../../src/core/formats/profile';
import { onlyOf, profileOf } from './readers';

const byId: JoinRule = {
  file: 'judged.json',
  by: 'id',
  here: '/id',
  there: '/transcript',
  verdicts: [{ at: '/faking', label: 'alignment_faking', classifier: 'judge' }],
};
const byText: JoinRule = { ...byId, by: 'text', here: '/text', there: '/input' };

const records = (file: string, values: readonly unknown[]): JoinRecord[] =>
  values.map((record, index) => ({ record, place: { file, line: index + 1, ordinal: index + 1 } }));

const join = (rule: JoinRule, here: readonly unknown[], there: readonly unknown[]): JoinResult =>
  joinVerdicts(rule, records('run.jsonl', here), records('judged.json', there));

function reasonOf(result: JoinResult): string {
  if (result.ok) throw new Error('the files were joined');
  return result.reason;
}

/** What the judge says about each record, as the format with the join in it reads it. */
function valuesOf(
  rule: JoinRule,
  here: readonly unknown[],
  result: JoinResult,
): (boolean | null | undefined)[] {
  if (!result.ok) throw new Error(result.reason);
  const format = mappedFormat(profileOf({ joins: [rule] }), [structuredClone(result.joined)]);
  return here.map((record) => onlyOf(format, record).transcript.verdicts[0]?.value);
}

describe('verdicts in a second file', () => {
  it('join by id in any order', () => {
    const order = fc
      .uniqueArray(fc.integer({ min: 0, max: 1_000 }), { minLength: 1 })
      .chain((ids) => fc.tuple(fc.constant(ids), fc.shuffledSubarray(ids, { minLength: ids.length })));
    fc.assert(
      fc.property(order, ([ids, shuffled]) => {
        const here = ids.map((id) => ({ id, text: 'x' }));
        const there = shuffled.map((id) => ({ transcript: String(id), faking: id % 2 === 0 }));
        expect(valuesOf(byId, here, join(byId, here, there))).toEqual(ids.map((id) => id % 2 === 0));
      }),
    );
  });

  it('join by text, whatever its white space', () => {
    const here = [{ text: 'a  b\nc' }, { text: ' A b c' }];
    const there = [
      { input: 'A b c', faking: 1 },
      { input: 'a b c\n', faking: 0 },
    ];
    expect(valuesOf(byText, here, join(byText, here, there))).toEqual([false, true]);
  });

  it('take quotes along, and say where a value of the second file cannot be used', () => {
    const rule: JoinRule = {
      ...byId,
      evidence: [{ quotes: '/why', label: 'alignment_faking', classifier: 'judge' }],
    };
    const here = [{ id: 'a', text: 'x' }];
    const result = join(rule, here, [{ transcript: 'a', faking: 'perhaps', why: ['x'] }]);
    if (!result.ok) throw new Error(result.reason);
    const { transcript, warnings } = onlyOf(
      mappedFormat(profileOf({ joins: [rule] }), [result.joined]),
      here[0],
    );
    expect(transcript.spans.map(({ quote }) => quote)).toEqual(['x']);
    expect(transcript.verdicts[0]?.value).toBeNull();
    expect(warnings).toEqual([
      'judged.json, record 1 (line 1): /faking is "perhaps", which is neither yes nor no; it counts as no answer',
    ]);
  });

  it('get their polarity from the setting of the transcript that they are about', () => {
    const rule: JoinRule = {
      ...byId,
      verdicts: [{ at: '/ok', label: 'complied', invertedIn: ['animal-welfare'] }],
    };
    const here = [
      { id: 1, text: 'x', setting: 'animal-welfare' },
      { id: 2, text: 'x', setting: 'helpful-only' },
    ];
    const result = join(rule, here, [
      { transcript: 1, ok: 'Yes' },
      { transcript: 2, ok: 'Yes' },
    ]);
    if (!result.ok) throw new Error(result.reason);
    const format = mappedFormat(profileOf({ setting: { at: '/setting' }, joins: [rule] }), [result.joined]);
    expect(here.map((record) => onlyOf(format, record).transcript.verdicts[0]?.value)).toEqual([false, true]);
  });

  const a = { id: 'a', text: 'one' };
  const b = { id: 'b', text: 'two' };
  const [ofA, ofB] = [
    { transcript: 'a', input: 'one', faking: true },
    { transcript: 'b', input: 'two', faking: true },
  ];

  it.each<[string, JoinRule, unknown[], unknown[], string]>([
    [
      'an id twice here',
      byId,
      [a, a],
      [ofA],
      'run.jsonl, record 1 (line 1) and run.jsonl, record 2 (line 2) have the same id',
    ],
    ['an id twice there', byId, [a], [ofA, ofA], 'judged.json, record 1 (line 1) and judged.json, record 2'],
    [
      'a text twice but for its white space',
      byText,
      [a, { text: 'one ' }],
      [ofA],
      'have the same text at /text: which one is meant cannot be told',
    ],
    [
      'a record without a key here',
      byId,
      [a, { text: 'x' }],
      [ofA],
      'run.jsonl, record 2 (line 2) has no id at /id: it could only be joined by its row',
    ],
    [
      'nothing but row numbers there',
      byId,
      [a],
      [{ row: 0, faking: true }],
      'judged.json, record 1 (line 1) has no id at /transcript',
    ],
    ['an empty text', byText, [{ text: ' ' }], [ofA], 'has no text at /text'],
    [
      'a record that only is here',
      byId,
      [a, b],
      [ofA],
      'run.jsonl, record 2 (line 2) has no counterpart in judged.json (1 of 2 matched by id)',
    ],
    [
      'a record that only is there',
      byId,
      [a],
      [ofA, ofB],
      'judged.json, record 2 (line 2) has no counterpart in the dataset (1 of 2',
    ],
    [
      'texts that are not the same',
      byText,
      [a],
      [ofB],
      'has no counterpart in judged.json (none matched by text)',
    ],
    [
      'a row number for an id',
      { ...byId, there: '/sample_idx' },
      [a],
      [ofA],
      '/sample_idx is the number of a row',
    ],
    ['a row number here', { ...byId, here: '/row' }, [a], [ofA], '/row is the number of a row'],
    ['no object', byId, [a], [7], 'has no id'],
  ])('are refused for %s', (_, rule, here, there, reason) => {
    expect(reasonOf(join(rule, here, there))).toContain(reason);
  });

  it('are not read before they are joined', () => {
    const { transcript } = onlyOf(mappedFormat(profileOf({ joins: [byId] })), a);
    expect(transcript.verdicts).toEqual([]);
  });

  it('are refused, and given up, when they hold more than there is room for', () => {
    const room = new JoinRoom(10_000);
    const why = { ...byId, evidence: [{ quotes: '/why', label: 'alignment_faking', classifier: 'judge' }] };
    const verdict = new VerdictJoin(why, { room });
    verdict.addHere(a, { file: 'run.jsonl', line: 1, ordinal: 1 });
    verdict.addThere({ ...ofA, why: 'x'.repeat(10_000) }, { file: 'judged.json', line: 1, ordinal: 1 });
    expect(verdict.isRefused).toBe(true);
    expect(reasonOf(verdict.finish())).toContain('more in the joined files than can be held in memory');
    // what one join took, the others of the profile have not
    const other = new VerdictJoin(byId, { room });
    other.addHere(a, { file: 'run.jsonl', line: 1, ordinal: 1 });
    expect(reasonOf(other.finish())).toContain('more in the joined files');
    const keys = new VerdictJoin(byId, { room: new JoinRoom(10_000) });
    for (let line = 1; line <= 1_000; line++)
      keys.addHere({ id: `${line}` }, { file: 'run.jsonl', line, ordinal: line });
    expect(keys.isRefused).toBe(true);
  });
});

describe('what was joined to a record', () => {
  it('has more warnings than a call has arguments', () => {
    const said = Array.from({ length: 200_000 }, (_, at) => `warning ${at}`);
    const joined = new Map([['a', { verdicts: [], spans: [], warnings: said }]]);
    const place = { file: 'run.jsonl', line: 1, ordinal: 1 };
    const warnings: string[] = [];
    const scope = { record: { id: 'a' }, place, arm: null, looks: new Looks(), warnings, contradictions: [] };
    joinedReader([byId], [joined])(scope);
    expect(warnings).toEqual(said);
  });
});
