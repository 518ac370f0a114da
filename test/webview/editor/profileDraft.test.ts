import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  idOf,
  idText,
  listAt,
  meaningWords,
  parseDraft,
  pathWords,
  valueAt,
  whereOf,
  whereText,
  withMeaning,
  withValueAt,
  wordsOf,
  wordsText,
} from '../../../webview/editor/profileDraft';

/** What can be typed in the simple fields: names with spaces only inside, and not the words that part places. */
const pointer = fc
  .array(fc.stringMatching(/^[a-z0-9_~,"'é-]{1,6}( [a-z]{1,4})?$/), { minLength: 1, maxLength: 3 })
  .map((steps) => steps.map((step) => `/${step}`).join(''))
  .filter((text) => !/\s(?:or|\+)\s/.test(text));
const where = fc.oneof(pointer, fc.array(pointer, { minLength: 2, maxLength: 3 }));

describe('texts that stand for parts of a profile', () => {
  it('mean the same places again', () => {
    const parts = fc.array(where, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(where, parts, (value, id) => {
        expect(whereOf(whereText(value))).toEqual(value);
        expect(idOf(idText(id))).toEqual(id);
      }),
    );
  });

  it('mean the same words again, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (words) => {
        expect(wordsOf(wordsText(words))).toEqual(words);
      }),
    );
  });

  it.each([
    ['', undefined],
    ['  ', undefined],
    ['/a', '/a'],
    [' /a  or  /b/c d ', ['/a', '/b/c d']],
    ['/for or /or', ['/for', '/or']],
    ['id', 'id'],
  ])('%j is the place %j', (text, value) => expect(whereOf(text)).toEqual(value));

  it.each([
    ['a, b', ['a', 'b']],
    ['a,', ['a']],
    ['"a, b", c', ['a, b', 'c']],
    ['"a', ['"a']],
    [' , ', undefined],
  ])('%j are the words %j', (text, words) => expect(wordsOf(text)).toEqual(words));

  it('show what is no list of words as it is, so that it is not lost unseen', () => {
    expect(wordsText('yes')).toBe('"yes"');
    expect(wordsText([true, 1, null])).toBe('true, 1, null');
    expect(whereText(5)).toBe('5');
  });
});

describe('a value in a profile', () => {
  const draft = {
    name: 'x',
    condition: { at: '/a', expected: true },
    messages: [{ at: '/b', role: 'user' }],
  };

  it('is changed in a copy, which keeps the order', () => {
    const changed = withValueAt(draft, ['condition', 'at'], '/c');
    expect(changed).toEqual({ ...draft, condition: { at: '/c', expected: true } });
    expect(Object.keys(changed as object)).toEqual(['name', 'condition', 'messages']);
    expect(draft.condition.at).toBe('/a');
  });

  it('is made with what it stands in', () => {
    expect(withValueAt({}, ['verdicts', 0, 'at'], '/v')).toEqual({ verdicts: [{ at: '/v' }] });
    expect(withValueAt(draft, ['model', 'at'], '/m')).toMatchObject({ model: { at: '/m' } });
  });

  it('is taken out with what then holds nothing more', () => {
    expect(withValueAt({ model: { at: '/m' } }, ['model', 'at'], undefined)).toEqual({});
    expect(withValueAt({ messages: [{ at: '/b' }] }, ['messages', 0], undefined)).toEqual({});
    expect(withValueAt({ messages: [{ at: '/b' }, { at: '/c' }] }, ['messages', 0], undefined)).toEqual({
      messages: [{ at: '/c' }],
    });
    expect(withValueAt(draft, ['condition', 'values'], undefined)).toEqual(draft);
  });

  it('is found again where it was put, and nothing else changes', () => {
    const step = fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor'), fc.nat(2));
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 3 }),
        fc.array(step, { minLength: 1, maxLength: 4 }),
        fc.string(),
        (json, path, value) => {
          const before = JSON.stringify(json);
          expect(valueAt(withValueAt(json, path, value), path)).toBe(value);
          expect(JSON.stringify(json)).toBe(before);
          expect(({} as Record<string, unknown>).a).toBeUndefined();
        },
      ),
    );
  });

  it('is nothing where something else stands in the way', () => {
    expect(valueAt({ a: 'text' }, ['a', 'length'])).toBeUndefined();
    expect(valueAt({}, ['constructor'])).toBeUndefined();
    expect(listAt({ messages: { 0: 'x' } }, ['messages'])).toEqual([]);
  });

  it('is named as the host names it', () => {
    expect(pathWords(['verdicts', 0, 'at'])).toBe('verdicts[0].at');
    expect(pathWords(['name'])).toBe('name');
  });
});

describe('the meanings of a condition', () => {
  it('are read and written by meaning, and leave the others', () => {
    const values = { free: 'training', paid: 'unmonitored', odd: 'else' };
    expect(meaningWords(values, 'training')).toEqual(['free']);
    expect(withMeaning(values, 'training', ['warm', 'paid'])).toEqual({
      odd: 'else',
      warm: 'training',
      paid: 'training',
    });
    expect(withMeaning({ free: 'training' }, 'training', [])).toBeUndefined();
    expect(withMeaning(undefined, 'training', ['__proto__'])).toEqual(
      JSON.parse('{"__proto__": "training"}'),
    );
  });
});

describe('a text of JSON', () => {
  it.each([
    ['{"a": 1}', true],
    ['[]', false],
    ['null', false],
    ['{', false],
  ])('%s: %s', (text, ok) => expect(parseDraft(text).ok).toBe(ok));
});
