/** Puts a quote together from several places of one message, as judges do: with "…" between them, or without. */
import { alike, type Letters, Needle, SHORTEST_ALIKE } from './approximate';
import { GRAM } from './grams';
import { NormalisedText } from './normalise';
import { after, before, type Effort, lettersOnly } from './search';

/** A shorter part between ellipses stands in too many places to say where a quote comes from. */
const SHORTEST_ANCHOR = 12;
/** Letters of a piece that no ellipsis sets apart. */
const SHORTEST_PIECE = SHORTEST_ALIKE;
/** Of the quote's letters, so many must be found. */
const LEAST_FOUND = 0.8;
/** More pieces than this could make up any sentence. */
const MOST_PIECES = 8;
/** Letters that the text may have beyond the quote's between two pieces that are one: a word or two left out. */
const JOINED_OVER = 20;
/** Places where a piece may begin that are compared for each word of the quote. */
const COMPARED = 1_000;

const ELLIPSIS = /[[(]?(?:\.{3,}|…)[\])]?/;

export interface Stitched {
  /** Ranges of the letters, ascending, apart from each other. */
  readonly pieces: readonly Piece[];
  /** Share of the quote's letters that the pieces say. */
  readonly quality: number;
}

export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Letters of the quote that stand here. */
  readonly said: number;
}

/** What stands between two ellipses. */
export interface Part {
  readonly normalised: NormalisedText;
  readonly needle: Needle;
}

/** Of `Effort`, to make one part, however short. */
const PER_PART = 200;

/** The parts of a quote that have letters, in order; none where that takes more than is left. */
export function partsOf(quote: string, effort: Effort): readonly Part[] {
  const cut = quote.split(ELLIPSIS);
  if (!effort.spend(PER_PART * cut.length)) return [];
  return cut
    .map((part) => new NormalisedText(part, 'letters'))
    .filter(({ text }) => text !== '')
    .map((normalised) => ({ normalised, needle: new Needle(normalised.text) }));
}

function lettersOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { needle }) => sum + needle.text.length, 0);
}

/** Of how many letters a text must be to have enough of a quote of these parts. */
export function leastToStitch(parts: readonly Part[]): number {
  if (lettersOf(parts) < SHORTEST_PIECE) return Number.POSITIVE_INFINITY;
  return parts.length === 1 ? SHORTEST_PIECE : SHORTEST_ANCHOR;
}

/**
 * Where the parts of a quote stand, in the quote's order where the text has them so; null when too little is found.
 * @param letters of a text that is long enough: see `leastToStitch`
 */
export function stitch(letters: Letters, parts: readonly Part[], effort: Effort): Stitched | null {
  const [only, second] = parts;
  if (!only || !effort.spend(parts.length)) return null;
  const pieces = joined(second ? chained(letters, parts, effort) : alone(letters, only, effort));
  const said = pieces.reduce((sum, piece) => sum + piece.said, 0);
  const total = lettersOf(parts);
  if (effort.spent || pieces.length > MOST_PIECES || said < total * LEAST_FOUND) return null;
  return { pieces, quality: said / total };
}

/** Pieces of a quote without ellipses. A text that has too few of its grams is not looked into. */
function alone(letters: Letters, part: Part, effort: Effort): Piece[] {
  const { length } = part.needle.text;
  // every piece has all its grams, four fewer than its letters
  const shared = Math.ceil(length * LEAST_FOUND * (1 - (GRAM - 1) / SHORTEST_PIECE));
  const may = letters.holdsBut(part.needle.grams.length - shared, part.needle, effort);
  return may ? longestPieces(letters, part, 0, effort) : [];
}

/** Whether a text may have enough of a part to begin with: all of it, or nearly, or a piece. */
function mayAnchor(letters: Letters, { needle }: Part, effort: Effort): boolean {
  const { length } = needle.text;
  if (length < SHORTEST_ANCHOR) return false;
  const missing = length < SHORTEST_PIECE ? 0 : Math.max(GRAM * needle.mostErrors, length - SHORTEST_PIECE);
  return letters.holdsBut(missing, needle, effort);
}

/** The longest part first, then the others after it and before it. */
function chained(letters: Letters, parts: readonly Part[], effort: Effort): Piece[] {
  const longest = parts.reduce((max, { needle }) => Math.max(max, needle.text.length), 0);
  const anchor = parts.findIndex(({ needle }) => needle.text.length === longest);
  const middle = parts
    .slice(anchor, anchor + 1)
    .filter((part) => mayAnchor(letters, part, effort))
    .flatMap((part) => placed(letters, part, 'after', 0, effort));
  const [first, last] = [middle[0], middle.at(-1)];
  if (!first || !last) return [];
  const pieces = [...middle];
  let cursor = last.end;
  for (const part of parts.slice(anchor + 1)) {
    const found = placed(letters, part, 'after', cursor, effort);
    cursor = found.at(-1)?.end ?? cursor;
    pieces.push(...found);
  }
  cursor = first.start;
  for (const part of parts.slice(0, anchor).reverse()) {
    const found = placed(letters, part, 'before', cursor, effort);
    cursor = found[0]?.start ?? cursor;
    pieces.push(...found);
  }
  return pieces;
}

/** One part on its side of `cursor`, or anywhere when it is long enough not to stand somewhere by chance. */
function placed(
  letters: Letters,
  part: Part,
  side: 'after' | 'before',
  cursor: number,
  effort: Effort,
): Piece[] {
  const { text } = part.needle;
  const haystack = lettersOnly(letters.normalised);
  const far = text.length >= SHORTEST_PIECE;
  const hit =
    (side === 'after'
      ? after(haystack, text, cursor, effort)
      : before(haystack, text, cursor - text.length, effort)) ??
    (far ? after(haystack, text, 0, effort) : null);
  if (hit) return [{ start: hit.position, end: hit.position + text.length, said: text.length }];
  const nearly = far ? alike(letters, part.needle, effort) : [];
  const best = nearly.find(({ start }) => start >= cursor) ?? nearly[0];
  if (best) return [{ start: best.start, end: best.end, said: text.length - best.errors }];
  return longestPieces(letters, part, side === 'after' ? cursor : 0, effort);
}

/** Cuts a part, from its beginning on, into the longest runs of words that the text has; edits do not part them. */
function longestPieces(letters: Letters, part: Part, from: number, effort: Effort): Piece[] {
  const { normalised } = part;
  effort.spend(normalised.text.length / 4);
  const pieces: Piece[] = [];
  let [cursor, until] = [from, 0];
  for (let at = 0; at + SHORTEST_PIECE <= normalised.text.length && !effort.spent; ) {
    const piece = normalised.isWordBorder(at) ? longestAt(letters, part, at, cursor, effort) : null;
    if (!piece) {
      at += 1;
      continue;
    }
    const last = pieces.at(-1);
    const gap = last ? piece.start - last.end : -1;
    if (last && gap >= 0 && gap <= at - until + JOINED_OVER) {
      pieces[pieces.length - 1] = { start: last.start, end: piece.end, said: last.said + piece.said };
    } else {
      pieces.push(piece);
    }
    at += piece.said;
    [cursor, until] = [piece.end, at];
  }
  return pieces;
}

/** The longest piece of the text that begins with the word at `at`; of several, the first at or after `cursor`. */
function longestAt(
  letters: Letters,
  { normalised: part, needle }: Part,
  at: number,
  cursor: number,
  effort: Effort,
): Piece | null {
  const { text, normalised, grams } = letters;
  const least = part.text.slice(at, at + SHORTEST_PIECE);
  const seed = grams.rarest(needle.grams, at, at + SHORTEST_PIECE - GRAM + 1);
  let best: Piece | null = null;
  for (const place of seed.places.subarray(0, COMPARED)) {
    const start = place - (seed.at - at);
    if (start < 0 || !text.startsWith(least, start) || !normalised.isWordBorder(start)) continue;
    let said = least.length;
    while (at + said < part.text.length && text[start + said] === part.text[at + said]) said += 1;
    const whole = said;
    while (!(normalised.isWordBorder(start + said) && part.isWordBorder(at + said))) said -= 1;
    effort.spend(whole / 2 + 2 * (whole - said));
    if (effort.spent) return null;
    if (said < SHORTEST_PIECE || said < (best?.said ?? 0)) continue;
    if (!best || said > best.said || (best.start < cursor && start >= cursor)) {
      best = { start, end: start + said, said };
    }
  }
  effort.spend(100 + 3 * Math.min(seed.places.length, COMPARED));
  return best;
}

/** In the text's order; pieces that meet or overlap are one. */
function joined(pieces: readonly Piece[]): Piece[] {
  const apart: Piece[] = [];
  for (const piece of [...pieces].sort((a, b) => a.start - b.start)) {
    const last = apart.at(-1);
    if (!last || piece.start > last.end) apart.push(piece);
    else {
      const end = Math.max(last.end, piece.end);
      apart[apart.length - 1] = { start: last.start, end, said: last.said + piece.said };
    }
  }
  return apart;
}
