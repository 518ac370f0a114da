import { describe, expect, it } from 'vitest';
import { checkProfile } from '../../../src/core/formats/checkProfile';
import { MAX_JOINS } from '../../../src/core/formats/profile';
import { BUILT_IN } from '../../../src/core/formats/profiles/builtIn';
import { profileOf } from './readers';

/** What is wrong with a profile, `path: message` each. */
async function issuesOf(value: unknown): Promise<string[]> {
  const checked = await checkProfile(value);
  return checked.ok ? [] : checked.issues.map(({ path, message }) => `${path}: ${message}`);
}

describe('built-in profiles', () => {
  it.each(BUILT_IN.map((profile) => [profile.name, profile] as const))(
    '%s keeps the rules',
    async (_, profile) => {
      expect(await issuesOf(profile)).toEqual([]);
    },
  );

  it.each(BUILT_IN.map((profile) => [profile.name, profile] as const))(
    '%s survives being written to a file',
    async (_, profile) => {
      expect(await checkProfile(JSON.parse(JSON.stringify(profile)))).toEqual({ ok: true, profile });
    },
  );

  it('have names of their own', () => {
    expect(new Set(BUILT_IN.map(({ name }) => name)).size).toBe(BUILT_IN.length);
  });
});

describe('a profile that a user wrote', () => {
  it('is not looked at by the schema when it has more values than any has: by an attack, 8 s and 3 GB', async () => {
    const verdicts = (values: number) => [{ at: '/v', yes: Array.from({ length: values }, () => ({})) }];
    expect(await issuesOf({ ...profileOf({}), verdicts: verdicts(60_000) })).toEqual([
      'profile: more than 50,000 values, more than any profile has',
    ]);
    expect((await issuesOf({ ...profileOf({}), verdicts: verdicts(2_000) })).length).toBeGreaterThan(1);
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(await issuesOf({ ...profileOf({}), deep })).toEqual([expect.stringContaining('more than 50,000')]);
  });

  it.each<[string, unknown, string]>([
    ['no object', 7, 'profile: expected object, found 7'],
    ['another version', { ...profileOf({}), version: 2 }, 'version: expected 1, found 2'],
    ['an unknown rule', { ...profileOf({}), colour: 'red' }, 'profile: unknown: "colour"'],
    [
      'no pointer',
      profileOf({ condition: { at: 'tier' } }),
      'condition.at: expected a JSON Pointer, such as /scores/af',
    ],
    ['a bare ~', profileOf({ id: ['/a~b'] }), 'id[0]: in a JSON Pointer "~" is written ~0'],
    [
      'no condition',
      profileOf({ condition: { at: '/t', values: { free: 'watched' } } }),
      'condition.values.free: expected "training" or "unmonitored", found "watched"',
    ],
    ['a facet that says nothing', profileOf({ setting: {} }), 'setting: says neither where to look'],
    [
      'a file name as a whole',
      profileOf({ setting: { file: true } }),
      'setting.pattern: a file name needs a pattern',
    ],
    [
      'two meanings of one word',
      profileOf({ setting: { at: '/s', values: { 'a b': 'x', A_B: 'y' } } }),
      'setting.values: "A_B" has two meanings, x and y',
    ],
    [
      'yes that is no',
      profileOf({ verdicts: [{ at: '/v', yes: ['Bad'], no: ['bad'] }] }),
      'verdicts[0].no: "bad" has two meanings, yes and no',
    ],
    [
      'a broken pattern',
      profileOf({ variant: { at: '/v', pattern: '(' } }),
      'variant.pattern: not an RE2 pattern: missing closing )',
    ],
    [
      'a message of neither kind',
      { ...profileOf({}), messages: [{ at: '/a' }] },
      'messages[0].role: expected string, found nothing',
    ],
    [
      'a bad pointer to a conversation',
      { ...profileOf({}), messages: [{ chat: 'a' }] },
      'messages[0].chat: expected a JSON Pointer',
    ],
    [
      'an unknown group',
      profileOf({ verdicts: [{ at: '', keys: '(?<judge>.+)' }] }),
      'verdicts[0].keys: a group may be named classifier or label, not judge',
    ],
    [
      'arms without names',
      profileOf({ arms: { at: '/r', key: 'free|paid' } }),
      'arms.key: expected named groups',
    ],
    [
      'an arm where there are none',
      profileOf({ messages: [{ at: '/r/{arm}', role: 'assistant' }] }),
      'messages: {arm} has a meaning only in a profile with arms',
    ],
    [
      'rules for our own format',
      { ...profileOf({}), reads: 'canonical' },
      'messages: the canonical format needs no mapping',
    ],
    [
      'tags that decide another label',
      profileOf({ verdicts: [{ at: '/a', label: 'b', heldAgainstTags: true }] }),
      'verdicts[0].heldAgainstTags: the tags say whether it complied',
    ],
    [
      'a file elsewhere',
      profileOf({
        joins: [{ file: '../x.json', by: 'id', here: '/id', there: '/id', verdicts: [{ at: '/v' }] }],
      }),
      'joins[0].file: expected the name of a file in the folder',
    ],
    [
      'a file by a backslash',
      profileOf({
        joins: [{ file: 'sub\\x.json', by: 'id', here: '/id', there: '/id', verdicts: [{ at: '/v' }] }],
      }),
      'joins[0].file: expected the name of a file in the folder',
    ],
    [
      'more joins than anybody needs',
      profileOf({
        joins: Array.from({ length: MAX_JOINS + 1 }, () => ({
          ...{ file: 'x.json', here: '/id', there: '/id', verdicts: [{ at: '/v' }] },
          by: 'id' as const,
        })),
      }),
      'joins: at most 100 entries, found 101',
    ],
    [
      'more rules than anybody needs',
      profileOf({ metadata: Array(1_001).fill('/a') }),
      'metadata: at most 1,000',
    ],
    [
      'a word that is a text',
      profileOf({ model: { otherwise: 'x'.repeat(1_001) } }),
      'model.otherwise: at most',
    ],
    ['a place far away', profileOf({ id: [`/${'x'.repeat(1_000)}`] }), 'id[0]: a JSON Pointer of more than'],
    [
      'an absolute file',
      profileOf({
        joins: [{ file: '/etc/x', by: 'id', here: '/id', there: '/id', verdicts: [{ at: '/v' }] }],
      }),
      'joins[0].file: expected',
    ],
    [
      'a join by rows',
      profileOf({
        joins: [{ file: 'x.json', by: 'id', here: '/id', there: '/sample_idx', verdicts: [{ at: '/v' }] }],
      }),
      'joins[0].there: /sample_idx is the number of a row',
    ],
    [
      'a join of nothing',
      profileOf({ joins: [{ file: 'x.json', by: 'id', here: '/id', there: '/id' }] }),
      'joins[0]: names neither verdicts nor evidence',
    ],
  ])('%s', async (_, value, issue) => {
    const issues = await issuesOf(value);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toContain(issue);
  });

  it('is told everything that is wrong at once', async () => {
    expect(await issuesOf(profileOf({ id: ['x'], promptId: 'y' }))).toHaveLength(2);
  });
});
