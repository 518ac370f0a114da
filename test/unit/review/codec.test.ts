import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLog, encode, LogDecoder, MAX_LINE_BYTES, whyNotKept } from '../../../src/core/review/codec';
import { answer, anyEntry, anyText, entryOf, idAt } from '../../support/entries';

const one = entryOf(idAt(1), answer('complied', 'yes'));
const two = entryOf(idAt(2), answer('complied', 'no'));

describe('encode and decodeLog', () => {
  it('gives back any entries, from text and from bytes', () => {
    const many = fc.uniqueArray(anyEntry, { selector: (entry) => entry.id, maxLength: 5 });
    fc.assert(
      fc.property(many, (entries) => {
        const text = entries.map(encode).join('');
        const whole = { entries, problems: [] };
        expect(decodeLog(text)).toEqual(whole);
        expect(decodeLog(new TextEncoder().encode(text))).toEqual(whole);
      }),
    );
  });

  it('reads every entry, and counts every line that is none, when no problem is listed any more', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const decoder = new LogDecoder(0);
        expect(decoder.next('{}')).toBeNull();
        expect(decoder.next(encode(entry).slice(0, -1))).toEqual(entry);
        expect(decoder).toMatchObject({ problems: [], problemCount: 1 });
      }),
    );
  });

  it('writes one line by any notion of a line break, without lone surrogates', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const line = encode(entry);
        expect(line.endsWith('\n')).toBe(true);
        expect(line.slice(0, -1)).not.toMatch(/[\n\v\f\r\u0085\u2028\u2029]/);
        expect(line).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });

  it('loses nothing of a file that was cut off anywhere but the line that was cut', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyEntry, { selector: (entry) => entry.id, minLength: 1, maxLength: 4 }),
        fc.nat(),
        (entries, at) => {
          const text = entries.map(encode).join('');
          const cut = text.slice(0, at % (text.length + 1));
          const read = decodeLog(cut);
          const ends = entries.map(
            (_, index) =>
              entries
                .slice(0, index + 1)
                .map(encode)
                .join('').length,
          );
          // The line feed itself may be what is missing: the entry is whole then.
          const wholeLines = ends.filter((end) => cut.length >= end - 1).length;
          expect(read.entries).toEqual(entries.slice(0, wholeLines));
          const rest = cut.slice(ends[wholeLines - 1] ?? 0);
          expect(read.problems).toEqual(
            rest === '' ? [] : [{ line: wholeLines + 1, reason: 'half-written last line' }],
          );
        },
      ),
    );
  });

  it('never throws, and gives each line that is not blank as an entry or as a problem', () => {
    const line = fc.oneof(anyText, fc.json(), anyEntry.map(encode));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.join('\n');
        const { entries, problems } = decodeLog(text);
        const blank = /^\uFEFF?\s*$/;
        const ids = new Set(entries.map((entry) => entry.id));
        expect(ids.size).toBe(entries.length);
        const raws = text
          .split('\n')
          .map((raw, index) => (index === 0 ? raw.replace(/^\uFEFF/, '') : raw).replace(/\r$/, ''))
          .filter((raw) => !blank.test(raw));
        expect(entries.length + problems.filter(({ counts }) => !counts).length).toBe(raws.length);
      }),
    );
  });
});

describe('decodeLog reports by line', () => {
  it('conflict markers of git, and keeps both sides', () => {
    const text = `<<<<<<< HEAD\n${encode(one)}||||||| 1a2b3c\n=======\n${encode(two)}>>>>>>> theirs\n`;
    const read = decodeLog(text);
    expect(read.entries).toEqual([one, two]);
    expect(read.problems.map(({ line, reason }) => [line, reason])).toEqual(
      [1, 3, 4, 6].map((line) => [line, 'conflict marker of a git merge']),
    );
  });

  it('a half-written last line, apart', () => {
    const half = encode(two).slice(0, 40);
    const read = decodeLog(encode(one) + half);
    expect(read).toEqual({
      entries: [one],
      problems: [{ line: 2, reason: 'half-written last line' }],
    });
  });

  it('a broken line that others follow, which is no tail', () => {
    const read = decodeLog(`{"v":1,"id\n${encode(one)}`);
    expect(read).toEqual({
      entries: [one],
      problems: [{ line: 1, reason: 'not JSON' }],
    });
  });

  it('a newer version', () => {
    const raw = JSON.stringify({ ...one, v: 2, action: 'merge' });
    const { entries, problems } = decodeLog(`${raw}\n`);
    expect(entries).toEqual([]);
    expect(problems).toEqual([{ line: 1, reason: expect.stringMatching(/newer version.*v 2/) }]);
  });

  it.each([
    ['an unknown action', { ...one, action: 'frobnicate' }, 'action'],
    ['an id that is no ULID', { ...one, id: 'one' }, 'id: not a ULID'],
    ['an id in lower case, which would sort last', { ...one, id: 'a'.repeat(26) }, 'id'],
    ['a time with an offset', { ...one, at: '2025-01-01T00:00:00+02:00' }, 'at'],
    ['an answer of another kind', { ...one, value: 'maybe' }, 'value'],
    ['no transcript', { ...one, transcript: undefined }, 'transcript'],
    [
      'a range that starts after its end',
      {
        ...one,
        action: 'rebound',
        target: { span: 's' },
        value: { message: 0, start: 5, end: 4, unit: 'utf16', quote: '' },
      },
      'value: starts after its end',
    ],
    ['something that is no object', 7, 'expected object'],
  ])('%s', (_name, value, words) => {
    const { entries, problems } = decodeLog(`\n${JSON.stringify(value)}\n`);
    expect(entries).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.line).toBe(2);
    expect(problems[0]?.reason).toContain(words);
  });

  it('a second entry of the same id, in whatever order the ids stand', () => {
    const line = fc.record({ number: fc.nat(6), value: fc.constantFrom('yes' as const, 'no' as const) });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const all = lines.map(({ number, value }) => entryOf(idAt(number), answer('complied', value)));
        const first = (id: string) => all.findIndex((entry) => entry.id === id);
        const { entries, problems } = decodeLog(all.map(encode).join(''));
        expect(entries).toEqual(all.filter(({ id }, at) => first(id) === at));
        expect(problems).toEqual(
          all.flatMap((entry, at) =>
            encode(entry) === encode(all[first(entry.id)] ?? entry)
              ? []
              : [
                  {
                    line: at + 1,
                    reason: `another entry with the id ${entry.id} stands on line ${first(entry.id) + 1}`,
                  },
                ],
          ),
        );
      }),
    );
  });

  it('a second entry of the same id, unless it says the same', () => {
    const other = encode({ ...two, id: one.id });
    const read = decodeLog(encode(one) + encode(one) + other);
    expect(read.entries).toEqual([one]);
    expect(read.problems).toEqual([
      {
        line: 3,
        reason: `another entry with the id ${one.id} stands on line 1`,
      },
    ]);
  });
});

it('reads what editors and git on Windows make of a file', () => {
  const text = `\uFEFF${encode(one)}\n${encode(two)}`.replaceAll('\n', '\r\n');
  const whole = { entries: [one, two], problems: [] };
  expect(decodeLog(text)).toEqual(whole);
  expect(decodeLog(new TextEncoder().encode(text))).toEqual(whole);
});

it('keeps keys that it does not know, at any depth', () => {
  const later = { ...one, mood: 'sure', target: { label: 'complied', scale: 5 } };
  const read = decodeLog(`${JSON.stringify(later)}\n`);
  expect(read.entries).toEqual([later]);
  expect(read.entries.map(encode)).toEqual([`${JSON.stringify(later)}\n`]);
});

it('reports a line whose parts have a length that is no number', () => {
  const hostile = { length: { toString: 'x' } };
  for (const part of [
    'id',
    'at',
    'reviewer',
    'transcript',
    'hash',
    'note',
    'action',
    'target',
    'over',
    'saw',
  ]) {
    const { entries, problems } = decodeLog(JSON.stringify({ ...one, [part]: hostile }));
    expect([part, entries.length, problems.length]).toEqual([part, 0, 1]);
  }
});

describe('what is larger than any entry', () => {
  it('holds more values under keys that no version writes than those of later ones will be', () => {
    const line = (count: number, key = 'later') =>
      decodeLog(
        `${JSON.stringify({ ...entryOf(idAt(1), answer('complied', 'yes')), [key]: Array(count).fill({}) })}\n`,
      );
    expect(line(80).entries).toHaveLength(1);
    expect(line(100)).toMatchObject({
      entries: [],
      problems: [{ line: 1, reason: 'more than 100 values beside saw and over' }],
    });
    const saw = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`c${n}`, true]));
    expect(decodeLog(encode({ ...entryOf(idAt(1), answer('complied', 'yes')), saw })).entries).toHaveLength(
      1,
    );
  });

  it('names more decisions that it replaces than any version writes', () => {
    const over = (count: number) =>
      decodeLog(
        encode({
          ...entryOf(idAt(1), answer('complied', 'yes')),
          over: Array.from({ length: count }, (_, n) => idAt(n + 2)),
        }),
      );
    expect(over(10_000).entries).toHaveLength(1);
    expect(over(10_001).problems).toEqual([{ line: 1, reason: 'over: more than 10000 ids' }]);
  });

  const saw = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`judge-${i}`, true]));
  const noted = (text: string) =>
    entryOf(idAt(1), { action: 'note', target: { note: true }, value: null, note: text });

  it('is told in few words, and costs no check of each of its values', () => {
    const reasonsOf = (parts: object) =>
      decodeLog(JSON.stringify({ ...one, ...parts })).problems.map(({ reason }) => reason);
    expect(reasonsOf({ over: Array(400_000).fill(1) })).toEqual(['more than 20000 values']);
    expect(
      reasonsOf({ saw: Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`k${i}`, {}])) }),
    ).toEqual(['more than 20000 values']);
    const [reason = ''] = reasonsOf({
      saw: { ['k'.repeat(500_000)]: {}, a: 1, b: 2, c: 3 },
      over: [1, 2, 3],
    });
    expect(reason).toMatch(/^saw\.k+: .*; saw\.a: .*; and 4 more$/);
    expect(reason.length).toBeLessThan(600);
  });

  it('would not be read again, so it is not kept', () => {
    expect(whyNotKept({ ...one, saw: saw(19_000) })).toBeNull();
    expect(whyNotKept({ ...one, saw: saw(20_000) })).toBe('more than 20000 values');
    expect(whyNotKept(noted('é'.repeat(500_000)))).toBeNull();
    for (const letter of ['x', 'é', '€', '\u2028', '\ud800']) {
      expect(whyNotKept(noted(letter.repeat(MAX_LINE_BYTES)))).toBe('longer than 1 MiB');
    }
  });

  it('is no entry that is kept, nor the retraction of one', () => {
    const size = fc.integer({ min: MAX_LINE_BYTES - 2_048, max: MAX_LINE_BYTES });
    fc.assert(
      fc.property(size, (length) => {
        const entry = entryOf(idAt(1), answer('l', 'no'), { transcript: 't'.repeat(length) });
        if (whyNotKept(entry) !== null) return;
        const retraction = entryOf(
          idAt(2),
          { action: 'retract', target: { entry: entry.id }, value: null },
          entry,
        );
        for (const each of [entry, retraction])
          expect(Buffer.byteLength(encode(each))).toBeLessThanOrEqual(MAX_LINE_BYTES);
      }),
    );
  });

  it('takes no span that is added under another id than its own, as if it were that of another', () => {
    const value = {
      message: 0,
      start: 0,
      end: 1,
      unit: 'utf16',
      quote: 'a',
      label: 'x',
      prefix: '',
      suffix: '',
    } as const;
    const add = (span: string) => encode(entryOf(idAt(1), { action: 'add', target: { span }, value }));
    expect(decodeLog(add(idAt(2)))).toEqual({
      entries: [],
      problems: [{ line: 1, reason: 'it adds a span under another id than its own' }],
    });
    expect(decodeLog(add(idAt(1)))).toMatchObject({ entries: [{ id: idAt(1) }], problems: [] });
  });
});
