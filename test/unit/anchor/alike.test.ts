import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alike, Letters, Needle } from '../../../src/core/anchor/approximate';
import { GRAM, GramIndex, gramsOf } from '../../../src/core/anchor/grams';
import { NormalisedText } from '../../../src/core/anchor/normalise';
import { Effort } from '../../../src/core/anchor/search';

const lettersOf = (text: string) => new Letters(new NormalisedText(text, 'letters'));
const plenty = () => new Effort(1e9);

/** Errors of the needle against the best stretch of the text: the whole table (Sellers 1980), letter by letter. */
function fewestErrors(text: string, needle: string): number {
  let row = new Array<number>(text.length + 1).fill(0);
  for (let n = 1; n <= needle.length; n += 1) {
    const next = [n];
    for (let t = 1; t <= text.length; t += 1) {
      const wrong = needle[n - 1] === text[t - 1] ? 0 : 1;
      next.push(Math.min((row[t - 1] ?? 0) + wrong, (row[t] ?? 0) + 1, (next[t - 1] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(...row);
}

const word = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength, size: 'max' });

/** A text, and a needle that was cut out of it and changed `errors` times at most. */
const changed = fc
  .tuple(
    word('abcd', 0, 60),
    word('abcdefghij', 20, 120),
    word('abcd', 0, 60),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('', 'a', 'x', 'éa')), { maxLength: 24 }),
  )
  .map(([before, needle, after, edits]) => ({
    text: before + needle + after,
    needle: edits.reduce((edited, [at, letter]) => {
      const where = at % (edited.length + 1);
      return edited.slice(0, where) + letter + edited.slice(where + 1);
    }, needle),
  }))
  .map(({ text, needle }) => ({ text, needle: new NormalisedText(needle, 'letters').text }));

describe('the places that are most like a needle', () => {
  it('have as few errors as any, and are found whenever there are 15 % or fewer', () => {
    fc.assert(
      fc.property(changed, ({ text, needle }) => {
        const found = alike(lettersOf(text), new Needle(needle), plenty());
        const fewest = fewestErrors(text, needle);
        const most = needle.length < 20 ? -1 : Math.floor(needle.length * 0.15);
        if (fewest > most) {
          expect(found).toEqual([]);
          return;
        }
        expect(found.map(({ errors }) => errors)).toEqual(found.map(() => fewest));
        expect(found.length).toBeGreaterThan(0);
        for (const [n, { start, end }] of found.entries()) {
          expect(fewestErrors(needle, text.slice(start, end))).toBeLessThanOrEqual(fewest);
          expect(start).toBeGreaterThanOrEqual(found[n - 1]?.end ?? 0);
          expect(end).toBeGreaterThan(start);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are found where the errors stand as far apart as they can, which leaves the fewest grams whole', () => {
    for (let length = 20; length <= 200; length += 1) {
      const original = Array.from({ length }, (_, n) => 'abcdefghijklmnop'[(n * n + 3 * n) % 16]).join('');
      const most = Math.floor(length * 0.15);
      const wrong = new Set(Array.from({ length: most }, (_, n) => Math.floor(((n + 0.5) * length) / most)));
      const needle = [...original].map((letter, n) => (wrong.has(n) ? 'z' : letter)).join('');
      const found = alike(
        lettersOf(`${'qrst'.repeat(20)}${original}${'qrst'.repeat(20)}`),
        new Needle(needle),
        plenty(),
      );
      expect(found).toEqual([{ start: 80, end: 80 + length, errors: most }]);
    }
  });

  it('are all named when there are several', () => {
    const text = 'we will comply with thes request. Nothing else. we will comply with thus request.';
    const found = alike(lettersOf(text), new Needle('wewillcomplywiththisrequest'), plenty());
    expect(found.map(({ errors }) => errors)).toEqual([1, 1]);
  });

  it('cost more where the quote has many different letters, for each of which the matcher goes over it', () => {
    const shared = 130;
    const letters = (count: number) =>
      Array.from({ length: 426 }, (_, at) => String.fromCharCode(0x4e00 + (at < shared ? at : at % count)));
    const fitsIn = (count: number, steps: number) => {
      const quote = letters(count).join('');
      const text = lettersOf(`${quote.slice(0, shared)}${'q'.repeat(1_800)}`.repeat(40));
      const effort = new Effort(steps);
      expect(alike(text, new Needle(quote), effort)).toEqual([]);
      return !effort.spent;
    };
    const [few, many] = [shared, 426].map((count) => {
      let steps = 1_000;
      while (!fitsIn(count, steps)) steps *= 1.1;
      return steps;
    }) as [number, number];
    // For each of forty places, almost three hundred letters more.
    expect(many - few).toBeGreaterThan(40 * 296 * 426 * 0.1);
  });

  it('are looked for in no more than a part of a text that repeats itself', () => {
    const letters = lettersOf('ab'.repeat(200_000));
    const needle = new Needle(`${'ab'.repeat(100)}cc${'ab'.repeat(100)}`);
    const effort = new Effort(2_000_000);
    alike(letters, needle, effort);
    let rounds = 0;
    while (!effort.spent && rounds < 100) {
      alike(letters, needle, effort);
      rounds += 1;
    }
    expect(effort.spent).toBe(true);
    expect(alike(letters, needle, effort)).toEqual([]);
  });
});

it('the index names every place of a gram', () => {
  fc.assert(
    fc.property(word('abé', 0, 80), word('abé', GRAM, 12), (text, needle) => {
      const grams = new GramIndex(text);
      for (let at = 0; at + GRAM <= needle.length; at += 1) {
        const gram = needle.slice(at, at + GRAM);
        const named = [...grams.placesOf(gramsOf(needle)[at] ?? 0)];
        expect(named).toEqual([...named].sort((a, b) => a - b));
        const places = [...text].flatMap((_, place) => (text.startsWith(gram, place) ? [place] : []));
        expect(named).toEqual(expect.arrayContaining(places));
        for (const place of named) expect(place + GRAM).toBeLessThanOrEqual(text.length);
      }
    }),
  );
});
