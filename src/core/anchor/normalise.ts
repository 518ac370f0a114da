import { lastAtMost } from './offsets';

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

/**
 * A text as judges tend to copy it: lower case, canonically decomposed, each run of white space one space,
 * quote marks and dashes plain; with the way back to the stored text, whatever its length became
 * ("İ" is one unit stored and two normalised).
 *
 * Each character is folded without a look at its neighbours (white space apart), so that a part of the text
 * folds to the same as that part of the folded text. The order of several combining marks is kept as stored.
 */
export class NormalisedText {
  readonly text: string;
  /** For each unit of `text` the UTF-16 position where its stored character starts; one more for the end. */
  private readonly sources: Uint32Array;

  constructor(stored: string) {
    const pieces: string[] = [];
    const sources: number[] = [];
    let inSpace = false;
    for (let position = 0; position < stored.length; ) {
      const character = String.fromCodePoint(stored.codePointAt(position) ?? 0);
      const space = WHITE_SPACE.test(character);
      if (!(space && inSpace)) {
        const folded = space ? ' ' : fold(character);
        pieces.push(folded);
        for (let unit = 0; unit < folded.length; unit += 1) sources.push(position);
      }
      inSpace = space;
      position += character.length;
    }
    sources.push(stored.length);
    this.text = pieces.join('');
    this.sources = Uint32Array.from(sources);
  }

  /** The stored range behind `start` to `end` of `text`; null when an end falls inside a stored character. */
  storedRange(start: number, end: number): { readonly start: number; readonly end: number } | null {
    if (!this.isBoundary(start) || !this.isBoundary(end)) return null;
    return { start: this.sources[start] ?? 0, end: this.sources[end] ?? 0 };
  }

  /** The last position of `text` that stands for the stored position or for one before it. */
  positionOf(stored: number): number {
    return lastAtMost(this.sources, stored);
  }

  private isBoundary(position: number): boolean {
    return position === 0 || this.sources[position] !== this.sources[position - 1];
  }
}

/** A quote as it is looked for in a `NormalisedText`: white space around it is not part of it. */
export function normaliseQuote(quote: string): string {
  return new NormalisedText(quote).text.trim();
}

function fold(character: string): string {
  if (character < '\u0080') return PLAIN_OF.get(character) ?? character.toLowerCase();
  const plain = PLAIN_OF.get(character);
  if (plain !== undefined) return plain;
  const decomposed = character.toLowerCase().normalize('NFD');
  return PLAIN_OF.get(decomposed) ?? decomposed;
}
