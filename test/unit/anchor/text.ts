/** Texts as transcripts hold them: astral and combining characters, odd white space and quote marks, broken pairs. */
import fc from 'fast-check';

const CHARACTERS = [
  'a',
  'B',
  'e',
  'i',
  's',
  '.',
  ' ',
  '\n',
  '\t',
  '\u00a0',
  '\u202f',
  "'",
  '"',
  '-',
  '‘',
  '’',
  '“',
  '”',
  '–',
  '—',
  'é',
  '\u0301',
  '\u0327',
  'İ',
  'ß',
  'Σ',
  'ς',
  'Å',
  '中',
  '한',
  'ΐ',
  '😀',
  '👩‍🔬',
  '🇫🇷',
  '𝒜',
  '\u200b',
  '\0',
] as const;
const HALVES = ['\ud83d', '\ude00'] as const;

/** Whole characters only. */
export const text = (maxLength = 60) =>
  fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength, size: 'max' });

/** Lone surrogates too; two halves may meet and form a character. */
export const brokenText = (maxLength = 60) =>
  fc.string({ unit: fc.constantFrom(...CHARACTERS, ...HALVES), maxLength, size: 'max' });

/** UTF-16 positions between characters, both ends of the text included. */
export function boundaries(of: string): number[] {
  const positions = [0];
  for (const character of of) positions.push((positions.at(-1) ?? 0) + character.length);
  return positions;
}
