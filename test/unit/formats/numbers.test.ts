import { describe, expect, it } from 'vitest';
import type { VerdictRule } from '../../../src/core/formats/profile';
import { INSPECT } from '../../../src/core/formats/profiles/inspect';
import { profileOf, readOne } from './readers';

describe('a number where a rule looks for an answer', () => {
  it.each(['1.0', '0.0', '0.9', 0.9, 2])(
    'warns of a number for a flag, %j, and of what would settle it',
    (number) => {
      const read = (rule: Partial<VerdictRule>) =>
        readOne(profileOf({ verdicts: [{ at: '/flag', ...rule }] }), { text: 'x', flag: number, sure: 1.2 });
      const isShown = `/flag is ${JSON.stringify(number)}, which is`;
      const noAnswer = 'it counts as no answer until the profile names a threshold';
      for (const rule of [{}, { score: '/none' }]) {
        expect(read(rule).warnings).toEqual([`${isShown} neither yes nor no; ${noAnswer}`]);
        expect(read(rule).transcript.verdicts[0]?.value).toBeNull();
      }
      expect(read({ yes: ['sure'], no: [5] }).warnings).toEqual([`${isShown} none of sure, 5; ${noAnswer}`]);
      const beside = { at: '', value: '/flag', score: '/sure' };
      expect(read(beside).warnings).toEqual([`${isShown} neither yes nor no; ${noAnswer}`]);
      // the rule says what it means: an answer, a word for one or for none, or a mere score
      for (const rule of [{ threshold: 0.5 }, { yes: [number] }, { none: [number] }, { score: '' }])
        expect(read(rule).warnings).toEqual([]);
      expect(read({ score: '' }).transcript.verdicts).toMatchObject([{ value: null, score: Number(number) }]);
    },
  );

  it('takes the numbers 1 and 0 for yes and no, however JSON writes them', () => {
    const profile = profileOf({ verdicts: [{ at: '/flag' }] });
    for (const [text, value] of [
      ['1', true],
      ['1.0', true],
      ['"1"', true],
      ['0.0', false],
      ['"0"', false],
    ] as const) {
      const { transcript, warnings } = readOne(profile, JSON.parse(`{"text": "x", "flag": ${text}}`));
      expect([transcript.verdicts[0]?.value, warnings]).toEqual([value, []]);
    }
  });

  it('is no cause for a warning where it is the score of an Inspect sample, nor is a word that means none', () => {
    const message = { role: 'user', content: 'x' };
    const scores = { share: { value: 0.25, score: 0.25 }, partly: { value: 'P' }, text: { value: '0.25' } };
    const { transcript, warnings } = readOne(INSPECT, { key: 'a/1/1', messages: [message], scores });
    expect(transcript.verdicts.map(({ value, score }) => [value, score])).toEqual([
      [null, 0.25],
      [null, null],
      [null, null],
    ]);
    expect(warnings).toEqual([expect.stringMatching(/^\/scores\/text\/value is "0.25", which is none of /)]);
  });
});
