import { lastAtMost, stringOf } from './offsets';

/** Single quotes, double quotes and dashes, as typographers and models write them, and as keyboards do. */
const PLAIN: readonly (readonly [plain: string, written: string])[] = [
  ["'", '‘’‚‛′ʼ`´'],
  ['"', '“”„‟″«»'],
  ['-', '‐‑‒–—―−'],
  // toLowerCase of a whole word writes the final sigma, of one letter it does not
  ['σ', 'ς'],
];
const PLAIN_OF: ReadonlyMap<string, string> = new Map(
  PLAIN.flatMap(([plain, written]) => [...written].map((character) => [character, plain] as const)),
);

const WHITE_SPACE = /\s/;
const LETTER = /[\p{L}\p{N}]/u;
const NOT_LETTERS = /[^\p{L}\p{M}\p{N}]/gu;

/** Units that one of a text may become at the most (ᾂ does), of ASCII it stays one; a test tries every character. */
export const MOST_UNITS = 4;

/** What is compared: every character, or letters and digits (with their accents) only, one after the other. */
export type Kept = 'all' | 'letters';

/**
 * A text as judges tend to copy it: lower case, canonically decomposed, each run of white space one space,
 * quote marks and dashes plain; of `letters` only what is left without white space, punctuation and signs.
 * With the way back to the stored text, whatever its length became ("İ" is one unit stored and two normalised).
 *
 * Each character is folded without a look at its neighbours (white space apart), so that a part of the text
 * folds to the same as that part of the folded text. The order of several combining marks is kept as stored.
 */
export class NormalisedText {
  readonly text: string;
  /** For each unit of `text` the UTF-16 position where its stored character starts; one more for the end. */
  private readonly sources: Uint32Array;

  constructor(
    private readonly stored: string,
    private readonly kept: Kept = 'all',
  ) {
    const folded = new Folded(stored.length);
    let inSpace = false;
    for (let position = 0; position < stored.length; ) {
      const code = stored.codePointAt(position) ?? 0;
      const units = foldedOf(code, kept);
      const space = units === ' ';
      if (!(space && inSpace)) folded.add(units, position);
      inSpace = space;
      position += code > 0xffff ? 2 : 1;
    }
    this.text = folded.text();
    this.sources = folded.sources(stored.length);
  }

  /** The stored range behind `start` to `end` of `text`; null when an end falls inside a stored character. */
  storedRange(start: number, end: number): { readonly start: number; readonly end: number } | null {
    if (!this.isBoundary(start) || !this.isBoundary(end)) return null;
    const from = this.sources[start] ?? 0;
    if (this.kept === 'all') return { start: from, end: this.sources[end] ?? 0 };
    // what follows the last letter and was left out is no part of the quote
    return { start: from, end: end > start ? this.endOf(end - 1) : from };
  }

  /** The last position of `text` that stands for the stored position or for one before it. */
  positionOf(stored: number): number {
    return lastAtMost(this.sources, stored);
  }

  /** Whether the stored text from `start` to `end` is `needle` when it is normalised, but for white space around it. */
  holds(start: number, end: number, needle: string): boolean {
    const [from, to] = [this.firstFrom(start), this.firstFrom(end)];
    const spaces = to - from - needle.length;
    return needle !== '' && spaces >= 0 && spaces <= 2 && this.text.slice(from, to).trim() === needle;
  }

  /** `start` to `end` with the characters whole in which they fall. */
  whole(start: number, end: number): { readonly start: number; readonly end: number } {
    let [from, to] = [start, end];
    while (!this.isBoundary(from)) from -= 1;
    while (!this.isBoundary(to)) to += 1;
    return { start: from, end: to };
  }

  /** Whether a word may begin or end here: something that is no letter stands here, or the text begins or ends. */
  isWordBorder(position: number): boolean {
    if (position === 0 || position === this.text.length) return true;
    return this.isBoundary(position) && this.endOf(position - 1) !== this.sources[position];
  }

  /** The first position of `text` that stands for the stored position or for one after it. */
  private firstFrom(stored: number): number {
    const at = lastAtMost(this.sources, stored - 1);
    return (this.sources[at] ?? 0) < stored ? at + 1 : at;
  }

  private endOf(unit: number): number {
    const source = this.sources[unit] ?? 0;
    return source + ((this.stored.codePointAt(source) ?? 0) > 0xffff ? 2 : 1);
  }

  private isBoundary(position: number): boolean {
    return position === 0 || this.sources[position] !== this.sources[position - 1];
  }
}

/** A quote as it is looked for in a `NormalisedText`: white space around it is not part of it. */
export function normaliseQuote(quote: string, kept: Kept = 'all'): string {
  const { text } = new NormalisedText(quote, kept);
  // accents alone say nothing: they would be found in any word
  return kept === 'letters' && !LETTER.test(text) ? '' : text.trim();
}

/** What is kept of a character where letters are compared: '' for all that is none. */
export function foldLetter(code: number): string {
  return foldedOf(code, 'letters');
}

/** Units of a text being folded, in typed arrays that double: a megabyte of strings of one unit is slow. */
class Folded {
  private units: Uint16Array;
  private positions: Uint32Array;
  private length = 0;

  constructor(expected: number) {
    this.units = new Uint16Array(expected + 8);
    this.positions = new Uint32Array(expected + 8);
  }

  add(units: string, position: number): void {
    if (this.length + units.length >= this.units.length) {
      const [moreUnits, morePositions] = [
        new Uint16Array(this.units.length * 2),
        new Uint32Array(this.units.length * 2),
      ];
      moreUnits.set(this.units);
      morePositions.set(this.positions);
      [this.units, this.positions] = [moreUnits, morePositions];
    }
    for (let unit = 0; unit < units.length; unit += 1) {
      this.units[this.length] = units.charCodeAt(unit);
      this.positions[this.length] = position;
      this.length += 1;
    }
  }

  text(): string {
    const parts: string[] = [];
    for (let from = 0; from < this.length; from += 8_192) {
      parts.push(stringOf(this.units.subarray(from, Math.min(this.length, from + 8_192))));
    }
    return parts.join('');
  }

  sources(end: number): Uint32Array {
    this.positions[this.length] = end;
    return this.positions.slice(0, this.length + 1);
  }
}

/** Enough for every character of two bytes; beyond them all is folded anew. */
const MOST_KNOWN = 65_536;

/** Of all texts together: they hold few different characters, and folding one is not cheap. */
const KNOWN: Readonly<Record<Kept, Map<number, string>>> = { all: new Map(), letters: new Map() };

function foldedOf(code: number, kept: Kept): string {
  const known = KNOWN[kept];
  let units = known.get(code);
  if (units === undefined) {
    units = fold(String.fromCodePoint(code), kept);
    if (known.size === MOST_KNOWN) known.clear();
    known.set(code, units);
  }
  return units;
}

function fold(character: string, kept: Kept): string {
  if (kept === 'letters') return foldCharacter(character).replace(NOT_LETTERS, '');
  return WHITE_SPACE.test(character) ? ' ' : foldCharacter(character);
}

function foldCharacter(character: string): string {
  if (character < '\u0080') return PLAIN_OF.get(character) ?? character.toLowerCase();
  const plain = PLAIN_OF.get(character);
  if (plain !== undefined) return plain;
  const decomposed = character.toLowerCase().normalize('NFD');
  return PLAIN_OF.get(decomposed) ?? decomposed;
}
