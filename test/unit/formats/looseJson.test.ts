import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLooseJson, TOO_MANY_VALUES, ValueBudget } from '../../../src/core/formats/looseJson';

describe('JSON with bare NaN and Infinity', () => {
  it('reads each as null, wherever a value may stand', () => {
    expect(parseLooseJson('{"a":NaN,"b":[Infinity, -Infinity ,1],"c":{"d": NaN }}')).toEqual({
      value: { a: null, b: [null, null, 1], c: { d: null } },
      notNumbers: ['NaN', 'Infinity', '-Infinity'],
      repeatedKey: null,
    });
    expect(parseLooseJson('NaN').value).toBeNull();
    expect(parseLooseJson('{"a":1}')).toEqual({ value: { a: 1 }, notNumbers: [], repeatedKey: null });
  });

  it('leaves strings and keys alone, with quotes and backslashes in them', () => {
    const text = String.raw`{"NaN":"NaN, -Infinity","q":"\"NaN\\","w":"\\\\","v":NaN}`;
    expect(parseLooseJson(text).value).toEqual({ NaN: 'NaN, -Infinity', q: '"NaN\\', w: '\\\\', v: null });
  });

  it('is strict about everything else', () => {
    for (const text of [
      '{"a":nan}',
      '[+Infinity]',
      '[-NaN]',
      '[--Infinity]',
      '[NaN1]',
      '[1NaN]',
      '[NaN.5]',
      '{NaN:1}',
      '["a"NaN]',
      '[NaN',
      '["NaN]',
      "['NaN']",
      '',
    ])
      expect(() => parseLooseJson(text), text).toThrow(SyntaxError);
  });

  it('reads what JSON.stringify writes as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseLooseJson(text)).toEqual({
          value: JSON.parse(text),
          notNumbers: [],
          repeatedKey: null,
        });
      }),
    );
  });

  it('puts null in place of every number that is none, and changes no string', () => {
    const leaf = fc.oneof(fc.constant('NaN-leaf'), fc.constant('Infinity-leaf'), fc.string());
    fc.assert(
      fc.property(fc.array(leaf), (leaves) => {
        const bare = (one: string) =>
          one.endsWith('-leaf') ? one.replace('-leaf', '') : JSON.stringify(one);
        const expected = leaves.map((one) => (one.endsWith('-leaf') ? null : one));
        expect(parseLooseJson(`[${leaves.map(bare).join(',')}]`).value).toEqual(expected);
      }),
    );
  });

  it('names a key that an object has twice, however it is written, and takes the last', () => {
    const repeated = (text: string) => parseLooseJson(text).repeatedKey;
    expect(repeated('{"a":1,"b":[{"c":1},{"c":2}],"d":{"a":1}}')).toBeNull();
    expect(repeated('{"a":1,"b":{"a":{}},"a" : 2}')).toBe('a');
    expect(repeated(String.raw`[{"v":"\\",":":"{\"v\":"},{"x":NaN,"v":"\"v\":","\u0076":2}]`)).toBe('v');
    expect(repeated('{"__proto__":1,"__proto__":2}')).toBe('__proto__');
    expect(parseLooseJson('{"a":1,"a":2}').value).toEqual({ a: 2 });
    const names = fc.array(fc.constantFrom('a', '"', '\\', ':', '__proto__', '0'), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(names, fc.jsonValue(), (keys, value) => {
        const text = `[{${keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}]`;
        expect(repeated(text)).toBe(keys.find((key, at) => keys.indexOf(key) < at) ?? null);
      }),
    );
  });

  it('refuses what is nested too deeply before it is parsed, whatever its brackets are', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(() => parseLooseJson(nested(1_000))).not.toThrow();
    expect(parseLooseJson(`["${'['.repeat(5_000)}"]`).value).toEqual(['['.repeat(5_000)]);
    for (const text of [nested(1_001), '{"a":'.repeat(1_001), '['.repeat(20_000_000)])
      expect(() => parseLooseJson(text)).toThrow('nested more than 1000 levels deep');
  });

  it.each([
    ['array', () => `[${'{},'.repeat(17_000_000)}{}]`],
    ['object', () => `{${'"":1,'.repeat(17_000_000)}"":1}`],
  ])('refuses more values than there is memory for, in an %s', (_, text) => {
    expect(() => parseLooseJson(text())).toThrow('holds too many values; 2097152 are the most');
  });

  it('takes no more values from several texts than one record may have', () => {
    const budget = new ValueBudget();
    const many = `[${'1,'.repeat(1_500_000)}1]`;
    expect(parseLooseJson(many, budget).value).toHaveLength(1_500_001);
    expect(budget.isSpent).toBe(false);
    expect(() => parseLooseJson(many, budget)).toThrow(new RangeError(TOO_MANY_VALUES));
    expect(budget.isSpent).toBe(true);
    expect(() => parseLooseJson('1', budget)).toThrow(new RangeError(TOO_MANY_VALUES));
  });

  it('comes to an end, whatever is in it', () => {
    const hostile = [
      `[NaN,${'['.repeat(500_000)}`,
      `["${'\\'.repeat(2_000_000)}`,
      `[${'"\\'.repeat(500_000)}`,
      `[${'NaN,'.repeat(500_000)}`,
      `[NaN,"${'\\"'.repeat(1_000_000)}"`,
      `${' '.repeat(4_000_000)}NaN x`,
    ];
    for (const text of hostile) expect(() => parseLooseJson(text)).toThrow();
  });
});
