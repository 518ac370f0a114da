import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLooseJson } from '../../../src/core/formats/looseJson';

describe('JSON with bare NaN and Infinity', () => {
  it('reads each as null, wherever a value may stand', () => {
    expect(parseLooseJson('{"a":NaN,"b":[Infinity, -Infinity ,1],"c":{"d": NaN }}')).toEqual({
      a: null,
      b: [null, null, 1],
      c: { d: null },
    });
    expect(parseLooseJson('NaN')).toBeNull();
  });

  it('leaves strings and keys alone, with quotes and backslashes in them', () => {
    const text = String.raw`{"NaN":"NaN, -Infinity","q":"\"NaN\\","w":"\\\\","v":NaN}`;
    expect(parseLooseJson(text)).toEqual({ NaN: 'NaN, -Infinity', q: '"NaN\\', w: '\\\\', v: null });
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
        expect(parseLooseJson(text)).toEqual(JSON.parse(text));
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
        expect(parseLooseJson(`[${leaves.map(bare).join(',')}]`)).toEqual(expected);
      }),
    );
  });

  it('takes time in proportion to the text, whatever is in it', () => {
    const hostile = [
      `[NaN,${'['.repeat(500_000)}`,
      `["${'\\'.repeat(2_000_000)}`,
      `[${'"\\'.repeat(500_000)}`,
      `[${'NaN,'.repeat(500_000)}`,
      `[NaN,"${'\\"'.repeat(1_000_000)}"`,
      `${' '.repeat(4_000_000)}NaN x`,
    ];
    const begun = performance.now();
    for (const text of hostile) expect(() => parseLooseJson(text)).toThrow();
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});
