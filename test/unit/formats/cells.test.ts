import { expect, it } from 'vitest';
import { profileOf, readOne } from './readers';

const REPEATED = (key: string) =>
  `the key "${key}" occurs more than once in an object in a text of JSON; the last one counts`;

it.each([
  ['walked into', { verdicts: [{ at: '/cell/flag' }] }, '{"flag": true, "flag": false}', 'flag'],
  ['of verdicts', { verdicts: [{ at: '/cell', keys: '.' }] }, '{"flag": true, "flag": false}', 'flag'],
  [
    'of messages',
    { messages: [{ chat: '/cell' }] },
    '[{"role": "user", "content": "a", "content": "b"}]',
    'content',
  ],
])('says which key stands twice in JSON in a cell, %s', (_what, rules, cell, key) => {
  const record = { text: 'x', cell };
  const { warnings } = readOne(profileOf(rules), record);
  expect(warnings).toEqual([REPEATED(key)]);
  const once = { ...record, cell: cell.replace(`"${key}"`, '"other"') };
  expect(readOne(profileOf(rules), once).warnings).toEqual([]);
});

it('names ten such keys at most: each transcript of a record would tell all of them', () => {
  const cells = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`c${i}`, `{"k${i}": 1, "k${i}": 0}`]),
  );
  const verdicts = Object.keys(cells).map((name, i) => ({ at: `/${name}/k${i}`, label: name }));
  const { warnings } = readOne(profileOf({ verdicts }), { text: 'x', ...cells });
  expect(warnings).toEqual(Array.from({ length: 10 }, (_, i) => REPEATED(`k${i}`)));
});
