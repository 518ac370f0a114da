/** Finds the places of a needle in a text that has a way back to the stored one. */
import type { NormalisedText } from './normalise';
import { splitsCharacter, stringOf } from './offsets';

/** A text to look into, with the way back from its positions to the stored ones. */
export interface Haystack {
  readonly text: string;
  storedRange(start: number, end: number): { readonly start: number; readonly end: number } | null;
  positionOf(stored: number): number;
  /** Read from the end, for looking backwards: `lastIndexOf` compares the needle at every position. */
  backwards(): string;
}

/** Of `Effort`, to look anything up in one of many texts, none of which is in the processor's cache any more. */
export const TOUCHED = 20;

/**
 * How much more work the quotes of one transcript may make, in steps of about ten nanoseconds. Hostile text can make
 * any search quadratic; what is given up for that is said.
 */
export class Effort {
  constructor(private left: number) {}

  /** @returns whether there was as much left. */
  spend(steps: number): boolean {
    this.left -= steps;
    return !this.spent;
  }

  get spent(): boolean {
    return this.left < 0;
  }
}

export interface Hit {
  /** In the haystack's text. */
  readonly position: number;
  /** In the stored text. */
  readonly start: number;
  readonly end: number;
}

/** The stored text as it is. */
export function verbatim(text: string): Haystack {
  const cuts = (position: number) => splitsCharacter(text, position);
  return {
    text,
    // a lone half of an emoji's pair, as a quote, must not be found inside the emoji
    storedRange: (start, end) => (cuts(start) || cuts(end) ? null : { start, end }),
    positionOf: (stored) => stored,
    backwards: onFirstUse(() => reversed(text)),
  };
}

/** Case, white space, quote marks and dashes do not count. */
export function folded(normalised: NormalisedText): Haystack {
  return {
    text: normalised.text,
    storedRange: (start, end) => normalised.storedRange(start, end),
    positionOf: (stored) => normalised.positionOf(stored),
    backwards: onFirstUse(() => reversed(normalised.text)),
  };
}

/** Without spaces, "a word" stands in "straw ordered": so short a needle must be whole words. */
const WHOLE_WORDS_BELOW = 12;

/** Letters and digits only. */
export function lettersOnly(letters: NormalisedText): Haystack {
  return {
    ...folded(letters),
    storedRange: (start, end) => {
      const words = end - start >= WHOLE_WORDS_BELOW;
      return words || (letters.isWordBorder(start) && letters.isWordBorder(end))
        ? letters.storedRange(start, end)
        : null;
    },
  };
}

/** The first occurrence at or after `from` that begins and ends between stored characters. */
export function after(haystack: Haystack, needle: string, from: number, effort: Effort): Hit | null {
  effort.spend(1);
  let position = positionIn(haystack.text, needle, from, effort);
  while (position !== -1) {
    const range = haystack.storedRange(position, position + needle.length);
    if (range) return { position, ...range };
    position = effort.spend(10) ? positionIn(haystack.text, needle, position + 1, effort) : -1;
  }
  return null;
}

/** Of `Effort`, to read a unit of a needle backwards. */
const PER_UNIT_MIRRORED = 0.3;

/** The last such occurrence that begins at or before `from`. */
export function before(haystack: Haystack, needle: string, from: number, effort: Effort): Hit | null {
  if (needle.length > haystack.text.length) return null;
  const text = haystack.backwards();
  effort.spend(1 + PER_UNIT_MIRRORED * needle.length);
  const mirrored = reversed(needle);
  let found = positionIn(text, mirrored, Math.max(0, text.length - from - needle.length), effort);
  while (found !== -1) {
    const position = text.length - found - needle.length;
    const range = haystack.storedRange(position, position + needle.length);
    if (range) return { position, ...range };
    found = effort.spend(10) ? positionIn(text, mirrored, found + 1, effort) : -1;
  }
  return null;
}

/** The occurrence whose start is nearest to a stored position. */
export function nearest(haystack: Haystack, needle: string, stored: number, effort: Effort): Hit | null {
  const from = haystack.positionOf(stored);
  // most texts do not have it: to read them backwards takes longer than to look for it once more
  const first = after(haystack, needle, 0, effort);
  if (!first || first.position >= from) return first;
  const [earlier, later] = [before(haystack, needle, from, effort), after(haystack, needle, from, effort)];
  if (!earlier || !later) return earlier ?? later;
  return stored - earlier.start <= later.start - stored ? earlier : later;
}

/** Units of a needle that are compared with each place, and by which the next place is told. */
const HEAD = 64;
/**
 * Of `Effort`: to go to the next place; to compare more than the last unit there, which the processor does not foresee, and
 * takes longest where a text has few letters; and to compare each of them.
 */
const PER_PLACE = 0.5;
const PER_ALIKE = 2.5;
const PER_UNIT = 0.1;
/** Likewise, to compare all of a needle where its head stands; and each unit of it. */
const PER_HEAD = 10;
const PER_UNIT_BEHIND = 0.35;
/** Effort is spent so much at a time. */
const SPENT_AT_ONCE = 1_000;

/**
 * As `indexOf` (Horspool 1980), but each comparison is counted: where somebody made text and needle for it, "baaa…" in
 * "aaaa…", that takes as many as both multiplied. -1 also once the effort is spent.
 */
function positionIn(text: string, needle: string, from: number, effort: Effort): number {
  const last = Math.min(needle.length, HEAD) - 1;
  if (last < 0) return from <= text.length ? from : -1;
  if (from + needle.length > text.length) return -1;
  const ahead = aheadOf(needle.slice(0, HEAD));
  let spent = 0;
  for (let at = from; at + needle.length <= text.length; ) {
    let unit = last;
    while (unit >= 0 && text.charCodeAt(at + unit) === needle.charCodeAt(unit)) unit--;
    spent += PER_PLACE;
    if (unit < last) spent += PER_ALIKE + PER_UNIT * (last - unit);
    if (unit < 0) {
      spent += behindHead(needle);
      if (text.startsWith(needle, at)) {
        effort.spend(spent);
        return at;
      }
    }
    if (spent > SPENT_AT_ONCE) {
      if (!effort.spend(spent)) return -1;
      spent = 0;
    }
    at += ahead[text.charCodeAt(at + last) & 255] ?? 1;
  }
  effort.spend(spent);
  return -1;
}

/** Of `Effort`: to compare a needle to its end, of which only the head has been looked at. */
function behindHead(needle: string): number {
  return PER_HEAD + PER_UNIT_BEHIND * needle.length;
}

/** Whether a needle begins so far before one of these places; true also once the effort is spent. */
export function mayBeginBefore(
  text: string,
  needle: string,
  places: Uint32Array,
  before: number,
  effort: Effort,
): boolean {
  const head = needle.slice(0, HEAD);
  return places.some((place) => {
    const at = place - before;
    if (at < 0 || !text.startsWith(head, at)) return false;
    return !effort.spend(behindHead(needle)) || text.startsWith(needle, at);
  });
}

/** Of the needles that were looked for last: each is looked for in one text after the other. */
const AHEAD = new Map<string, Uint8Array>();
const MOST_AHEAD = 16;

/** How far the next place is, by the last unit that is compared here. */
function aheadOf(head: string): Uint8Array {
  let ahead = AHEAD.get(head);
  if (!ahead) {
    const last = head.length - 1;
    ahead = new Uint8Array(256).fill(head.length);
    for (let unit = 0; unit < last; unit++) ahead[head.charCodeAt(unit) & 255] = last - unit;
    if (AHEAD.size === MOST_AHEAD) AHEAD.clear();
    AHEAD.set(head, ahead);
  }
  return ahead;
}

function onFirstUse(make: () => string): () => string {
  let made: string | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** By UTF-16 units. */
function reversed(text: string): string {
  const parts: string[] = [];
  const units = new Uint16Array(Math.min(text.length, 8_192));
  for (let end = text.length; end > 0; end -= units.length) {
    const size = Math.min(end, units.length);
    for (let unit = 0; unit < size; unit += 1) units[unit] = text.charCodeAt(end - 1 - unit);
    parts.push(stringOf(units.subarray(0, size)));
  }
  return parts.join('');
}
