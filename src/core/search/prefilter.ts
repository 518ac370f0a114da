/**
 * Finds, in the bytes of JSON text and without parsing it, the records that may match a query. What is passed over
 * cannot match; what is found has still to be read and matched.
 */
import type { SearchQuery } from './query';
import { requiredTexts } from './required';

export interface Prefilter {
  /** Run over bytes read as Latin-1 (flag `g`), matches every way in which JSON may write what the query requires. */
  readonly pattern: RegExp;
  /** The same for the usual way only, and so quicker; null where the anchors serve that, too. */
  readonly usual: RegExp | null;
  /** Short strings of bytes. Whatever `pattern` matches is matched by `usual`, or has one of these in it. */
  readonly anchors: readonly Uint8Array[];
  /** A match of `pattern` around an anchor begins and ends within so many bytes of the anchor's first. */
  readonly reach: number;
}

/** A character of a required text, in each of the forms that JSON and the query's disregard of case allow. */
interface Character {
  /** In UTF-8; two where it is a letter in either case. */
  readonly usual: readonly Uint8Array[];
  /** How its other forms begin. */
  readonly odd: readonly Uint8Array[];
  /** All forms as a regular expression over Latin-1. */
  readonly source: string;
  /** The most bytes that a form takes. */
  readonly width: number;
}

/** Anchors, and what looking for them costs: about the time a byte that `indexOf` takes, in arbitrary units. */
interface Anchors {
  readonly bytes: readonly Uint8Array[];
  readonly cost: number;
}

/** More characters make the pattern slower and hardly choosier. */
const LONGEST = 24;
/** Node looks for strings of bytes up to this length by their first byte (memchr), for longer ones more slowly. */
const ANCHOR_BYTES = 7;
const ANCHORS = 4;
/** Where anchors cost more, running the pattern over everything is quicker. */
const DEAREST = 45;

/**
 * null where every record has to be read.
 *
 * Holds for formats whose texts are strings of the record, or such strings joined by line ends.
 */
export function prefilterOf(query: SearchQuery): Prefilter | null {
  const chosen = (requiredTexts(query) ?? [[]]).map((texts) => {
    const pieces = texts.flatMap((text) => piecesOf(text, query.caseSensitive));
    const known = pieces.map((characters) => ({ characters, anchors: anchorsOf(characters) }));
    return known.sort((a, b) => a.anchors.cost - b.anchors.cost)[0] ?? null;
  });
  const found = chosen.filter((one) => one !== null);
  if (found.length < chosen.length) return null;
  const rare = found.reduce((sum, { anchors }) => sum + anchors.cost, 0) <= DEAREST;
  const either = (source: (character: Character) => string) =>
    new RegExp(found.map(({ characters }) => characters.map(source).join('')).join('|'), 'g');
  return {
    pattern: either(({ source }) => source),
    usual: rare ? null : either(({ usual }) => anyOf(usual)),
    anchors: shortest(
      found.flatMap(({ characters, anchors }) =>
        rare ? anchors.bytes : characters.flatMap(({ odd }) => odd),
      ),
    ),
    reach: Math.max(...found.map(({ characters }) => characters.reduce((sum, { width }) => sum + width, 0))),
  };
}

/**
 * The stretches of a text of which each character's forms are known: without those that JSON writes with a backslash of
 * its own, without what bytes that are not UTF-8 are read as, and without letters whose other case is not ASCII.
 */
function piecesOf(text: string, caseSensitive: boolean): Character[][] {
  const pieces: Character[][] = [[]];
  for (const character of text) {
    const last = pieces.at(-1) ?? [];
    const known = /[^\p{Cc}\p{Cs}"\\/\ufffd]/u.test(character);
    const variants = known ? variantsOf(character, caseSensitive) : null;
    if (!variants) pieces.push([]);
    else if (last.length < LONGEST) last.push(formsOf(variants));
    else pieces.push([formsOf(variants)]);
  }
  return pieces.filter((piece) => piece.length > 0);
}

/**
 * The characters that a pattern with the flags `iu` takes for the same, a letter's two cases first; null where they are
 * not known.
 */
function variantsOf(character: string, caseSensitive: boolean): readonly string[] | null {
  if (caseSensitive) return [character];
  if (/[a-z]/i.test(character)) {
    const cases = [character.toLowerCase(), character.toUpperCase()];
    // the Kelvin sign and the long s
    const more = { k: '\u212a', s: '\u017f' }[character.toLowerCase()];
    return more ? [...cases, more] : cases;
  }
  const hasCase = /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}\p{Cased}]/u.test(character);
  return hasCase ? null : [character];
}

function formsOf(variants: readonly string[]): Character {
  const raw = variants.map((variant) => new TextEncoder().encode(variant));
  const escapes = variants.map(unitsInHex);
  const escapeSources = escapes.map((units) =>
    units
      .map((digits) => digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`))
      .join('\\\\u'),
  );
  return {
    usual: raw.slice(0, 2),
    odd: [...raw.slice(2), ...escapes.map(escapeStart)],
    source: `(?:${anyOf(raw)}|\\\\u(?:${escapeSources.join('|')}))`,
    width: Math.max(...escapes.map((units) => units.length * '\\u0000'.length)),
  };
}

/** The UTF-16 units of a character, with four digits each. */
function unitsInHex(character: string): string[] {
  return Array.from({ length: character.length }, (_, at) =>
    character.charCodeAt(at).toString(16).padStart(4, '0'),
  );
}

/** The beginning of an escape: what many characters share, without digits that may be written in either case. */
function escapeStart([digits = '']: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`\\u${/^[0-9]{0,2}/.exec(digits)?.[0] ?? ''}`);
}

/** A regular expression over Latin-1 for one of some strings of bytes. */
function anyOf(strings: readonly Uint8Array[]): string {
  const sources = strings.map((bytes) =>
    [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  );
  const single = sources.filter((_, at) => strings[at]?.length === 1);
  const several = sources.filter((_, at) => strings[at]?.length !== 1);
  return [...(single.length > 0 ? [`[${single.join('')}]`] : []), ...several].join('|');
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** The best anchors in a piece: a window of a few bytes in its usual forms, and its characters' other forms. */
function anchorsOf(piece: readonly Character[]): Anchors {
  let best: Anchors = { bytes: [], cost: Number.POSITIVE_INFINITY };
  for (let start = 0; start < piece.length; start++) {
    for (const window of windowsAt(piece, start)) {
      const odd = shortest(piece.slice(start, window.end).flatMap((character) => character.odd));
      const cost = window.bytes.reduce((sum, bytes) => sum + costOf(bytes), 0) + odd.length * ODD_COST;
      if (cost < best.cost) best = { bytes: [...window.bytes, ...odd], cost };
    }
  }
  return best;
}

interface Window {
  readonly bytes: readonly Uint8Array[];
  /** The character behind it. */
  readonly end: number;
}

/** Windows from a character on; where it has one form, also from the bytes inside of it, which may be rarer. */
function windowsAt(piece: readonly Character[], start: number): Window[] {
  const usual = piece[start]?.usual ?? [];
  const inside = usual.length === 1 ? (usual[0]?.length ?? 1) : 1;
  return Array.from({ length: inside }, (_, skipped) => {
    let bytes: readonly Uint8Array[] = usual.map((form) => form.subarray(skipped));
    let end = start + 1;
    for (let next = piece[end]; next; next = piece[++end]) {
      const longer = bytes.flatMap((before) => next.usual.map((form) => joined(before, form)));
      if (longer.length > ANCHORS || longer.some(({ length }) => length > ANCHOR_BYTES)) break;
      bytes = longer;
    }
    return { bytes, end };
  });
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Uint8Array.from([...a, ...b]);
}

/** Without those that begin with another one: whoever looks for that finds them, too. */
function shortest(strings: readonly Uint8Array[]): Uint8Array[] {
  const texts = [...new Set(strings.map(latin1))];
  return texts
    .filter((text) => !texts.some((other) => other !== text && text.startsWith(other)))
    .map((text) => Uint8Array.from(text, (byte) => byte.charCodeAt(0)));
}

/** Bytes of a thousand that are this one in English prose, roughly (letters after Lewand, 2000); others are rare. */
const PER_MILLE: Readonly<Record<string, number>> = {
  ...{ ' ': 160, e: 95, t: 70, a: 62, o: 58, i: 54, n: 53, s: 49, r: 46, h: 38, d: 32, l: 31, c: 22, u: 22 },
  ...{ m: 19, w: 18, f: 17, g: 15, y: 15, p: 15, b: 12, v: 8, k: 6, ',': 10, '.': 10 },
};
const RARE = 2;
/** Of UTF-8: the first byte of a character tells little, those behind it more. */
const LEADING = 60;
const CONTINUING = 10;
/** A pass over the bytes that stops nowhere. */
const PASS_COST = 3;
/** Looking for an escape stops at each backslash; other odd forms are rarer. */
const ODD_COST = 12;
/** Looking closer where an anchor is, against stopping for its first byte. */
const HIT_COST = 40;
/** Letters that follow each other do so more often than chance has it. */
const KINSHIP = 3;

function costOf(bytes: Uint8Array): number {
  const shares = [...bytes].map(perMille);
  const hits = shares.reduce((product, share) => (product * share) / 1000, 1000);
  return PASS_COST + (shares[0] ?? 0) + HIT_COST * hits * (shares.length > 1 ? KINSHIP : 1);
}

function perMille(byte: number): number {
  if (byte >= 0xc0) return LEADING;
  if (byte >= 0x80) return CONTINUING;
  const character = String.fromCharCode(byte);
  return Object.hasOwn(PER_MILLE, character) ? (PER_MILLE[character] ?? RARE) : RARE;
}
