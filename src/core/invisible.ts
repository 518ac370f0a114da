/**
 * Characters that a reader cannot see or that reorder what is seen (bidi controls, zero-width characters,
 * terminal escapes, tag characters). They are shown as marks that name them, and never raw, except where a script or an
 * emoji needs them to look right: `pieces` for the pages, which draw chips; `visible` for where there is only text.
 *
 * Where there is one line for a text, it is drawn as far as it has room (`fitting`, `shortened`): names may be megabytes.
 */
import { splitsCharacter } from './anchor/offsets';

/** `units`: how many UTF-16 units of the stored text the piece stands for. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly units: number }
  /** Looks like a space and is not U+0020: drawn as itself under a mark. */
  | { readonly kind: 'space'; readonly text: string; readonly code: string; readonly units: number }
  /** A sign under so many combining marks that it would be drawn over the lines around it. */
  | { readonly kind: 'stack'; readonly text: string; readonly units: number }
  | { readonly kind: 'chip'; readonly code: string; readonly name: string; readonly units: number };

const SUSPECT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Zs}\u{2800}\u{FFF9}-\u{FFFB}]/gu;
/** Most text, decided fast. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;
const PLAIN_LINE = /^[\x20-\x7e]*$/;
const HARMLESS = /^[\t\n \u{3000}]$/u;
const HARMLESS_IN_LINE = /^[ \u{3000}]$/u;
const LIKE_SPACE = /^[\p{Zs}\u{2800}]$/u;
/** More than writing puts on one sign: Tibetan and Burmese come to five or six. */
const MAX_COMBINING = 6;
const STACK = new RegExp(`[^\\p{M}\\t\\n]?\\p{M}{${MAX_COMBINING + 1},}`, 'gsu');
const PICTURE = /^\p{Extended_Pictographic}$/u;
/** Skin tones and variation selectors, which stand between a picture and its joiner. */
const PICTURE_TAIL = /^[\u{FE0E}\u{FE0F}\u{1F3FB}-\u{1F3FF}]$/u;
const JOINING_SCRIPT =
  /^[\p{sc=Arabic}\p{sc=Syriac}\p{sc=Mongolian}\p{sc=Devanagari}\p{sc=Bengali}\p{sc=Gurmukhi}\p{sc=Gujarati}\p{sc=Oriya}\p{sc=Tamil}\p{sc=Telugu}\p{sc=Kannada}\p{sc=Malayalam}\p{sc=Sinhala}\p{sc=Khmer}\p{sc=Myanmar}]$/u;
const HAN_OR_MATHS = /^[\p{sc=Han}\p{Sm}]$/u;

/** For a name (of a transcript, a setting, a label, a person): more than anybody reads, and drawn at once. */
export const NAME_ROOM = 300;
/** A mark stands for one character, and is as wide as its code. */
const MARK_ROOM = 8;

/** Every line of a Windows file ends in one: shorter than its code. */
const CARRIAGE_RETURN = 'CR';

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x00, 'null'],
  [0x07, 'bell'],
  [0x08, 'backspace'],
  [0x09, 'tab'],
  [0x0a, 'line feed'],
  [0x0d, 'carriage return'],
  [0x1b, 'escape'],
  [0x7f, 'delete'],
  [0xa0, 'no-break space'],
  [0xad, 'soft hyphen'],
  [0x61c, 'Arabic letter mark'],
  [0x200b, 'zero width space'],
  [0x200c, 'zero width non-joiner'],
  [0x200d, 'zero width joiner'],
  [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'],
  [0x2028, 'line separator'],
  [0x2029, 'paragraph separator'],
  [0x202a, 'left-to-right embedding'],
  [0x202b, 'right-to-left embedding'],
  [0x202c, 'pop directional formatting'],
  [0x202d, 'left-to-right override'],
  [0x202e, 'right-to-left override'],
  [0x202f, 'narrow no-break space'],
  [0x2060, 'word joiner'],
  [0x2066, 'left-to-right isolate'],
  [0x2067, 'right-to-left isolate'],
  [0x2068, 'first strong isolate'],
  [0x2069, 'pop directional isolate'],
  [0x2800, 'Braille blank'],
  [0xfeff, 'zero width no-break space'],
]);

/**
 * Splits `text` from UTF-16 offset `start` to `end` into pieces whose `units` add up to its length, in order.
 * @param oneLine it stands where there is one line only: line feeds and tabs, too, are chips
 */
export function pieces(text: string, start: number, end: number, oneLine = false): Piece[] {
  const part = text.slice(start, end);
  const out: Piece[] = [];
  if ((oneLine ? PLAIN_LINE : PLAIN).test(part))
    return part === '' ? out : [{ kind: 'text', text: part, units: part.length }];
  const harmless = oneLine ? HARMLESS_IN_LINE : HARMLESS;
  let plain = start;
  const flush = (to: number) => {
    if (to > plain) for (const piece of stacksIn(text.slice(plain, to))) out.push(piece);
  };
  for (const match of part.matchAll(SUSPECT)) {
    const at = start + match.index;
    const character = match[0];
    if (harmless.test(character) || isNeeded(text, at, character)) continue;
    flush(at);
    plain = at + character.length;
    const point = character.codePointAt(0) ?? 0;
    if (LIKE_SPACE.test(character)) {
      out.push({ kind: 'space', text: character, code: describe(point), units: character.length });
      continue;
    }
    const code = point === 0x0d ? CARRIAGE_RETURN : hex(point);
    out.push({ kind: 'chip', code, name: describe(point), units: character.length });
  }
  flush(end);
  return out;
}

/** Whether `pieces` would give the text back as the one piece that it is. */
export function isPlain(text: string, oneLine = false): boolean {
  if ((oneLine ? PLAIN_LINE : PLAIN).test(text)) return true;
  const all = pieces(text, 0, text.length, oneLine);
  return all.length === 1 && all[0]?.kind === 'text';
}

/**
 * The text on one line, with its marks in words, e.g. `a<U+202E>b` (as less(1) writes them): for titles, terminals and
 * VS Code's own controls. Of a stack of combining marks some are left, and the others counted.
 */
export function visible(text: string): string {
  if (PLAIN_LINE.test(text)) return text;
  return pieces(text, 0, text.length, true).map(inWords).join('');
}

/** At most so many pieces are made of the text: found out faster than by making them. */
export function mostPieces(text: string): number {
  if (PLAIN.test(text)) return 1;
  return 1 + 2 * ((text.match(SUSPECT)?.length ?? 0) + (text.match(STACK)?.length ?? 0));
}

/**
 * The UTF-16 offset up to which a text fits into a room of so many characters, never within one of its own. A mark takes
 * the room of its code.
 */
export function fitting(text: string, room: number, oneLine = false): number {
  if (text.length * MARK_ROOM <= room) return text.length;
  let [end, left] = [0, room];
  for (const { kind, units } of pieces(text, 0, wholeCharacters(text, room), oneLine)) {
    const isText = kind === 'text' || kind === 'stack';
    const taken = isText ? units : MARK_ROOM;
    if (taken > left) return isText ? wholeCharacters(text, end + left) : end;
    end += units;
    left -= taken;
  }
  return end;
}

/**
 * A text that is to be looked at only, as far as it has room, and in words how much is left out. Never for what comes
 * back as a key: two texts may begin alike.
 */
export function shortened(text: string, room = NAME_ROOM): string {
  const end = fitting(text, room, true);
  return end === text.length ? text : text.slice(0, end) + leftOut(text.length - end);
}

/** The same where there may be none. */
export function shortenedOrNull(text: string | null, room = NAME_ROOM): string | null {
  return text === null ? null : shortened(text, room);
}

/** What stands behind a text that is cut, e.g. "… 2,400 more characters". */
export function leftOut(units: number): string {
  return `… ${units.toLocaleString('en')} more ${units === 1 ? 'character' : 'characters'}`;
}

function wholeCharacters(text: string, end: number): number {
  if (end >= text.length) return text.length;
  return splitsCharacter(text, end) ? end - 1 : end;
}

/** What of a text cannot be seen, each kind once, in words: for where the text itself has to stand as it is. */
export function unseenIn(text: string): readonly string[] {
  const found = new Set<string>();
  for (const piece of pieces(text, 0, text.length)) {
    if (piece.kind === 'chip') found.add(piece.name);
    else if (piece.kind === 'space') found.add(piece.code);
    else if (piece.kind === 'stack') found.add('a stack of combining marks');
  }
  return [...found];
}

function inWords(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'space':
      return `<${hex(piece.text.charCodeAt(0))}>`;
    case 'chip':
      return piece.code === CARRIAGE_RETURN ? `<${hex(0x0d)}>` : `<${piece.code}>`;
    case 'stack': {
      const signs = [...piece.text];
      const kept = signs.slice(0, MAX_COMBINING).join('');
      return `${kept}<${signs.length - MAX_COMBINING} combining marks>`;
    }
  }
}

function stacksIn(text: string): Piece[] {
  const out: Piece[] = [];
  let from = 0;
  const plain = (to: number) => {
    if (to > from) out.push({ kind: 'text', text: text.slice(from, to), units: to - from });
  };
  for (const { 0: stack, index } of text.matchAll(STACK)) {
    plain(index);
    out.push({ kind: 'stack', text: stack, units: stack.length });
    from = index + stack.length;
  }
  plain(text.length);
  return out;
}

function hex(point: number): string {
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
}

function describe(point: number): string {
  if (point >= 0xe0020 && point <= 0xe007e)
    return `${hex(point)} tag "${String.fromCharCode(point - 0xe0000)}"`;
  const name =
    NAMES.get(point) ?? (point >= 0xd800 && point <= 0xdfff ? 'half of a surrogate pair' : 'invisible');
  return `${hex(point)} ${name}`;
}

/** True where the character is part of how a visible sign is written. */
function isNeeded(text: string, at: number, character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  const before = pointBefore(text, at);
  if (point === 0x200d || point === 0x200c) {
    const after = pointAt(text, at + 1);
    if (JOINING_SCRIPT.test(before) && JOINING_SCRIPT.test(after)) return true;
    return point === 0x200d && PICTURE.test(after) && endsInPicture(text, at);
  }
  if (point === 0xfe0e || point === 0xfe0f) return /^\p{Emoji}$/u.test(before);
  if ((point >= 0xfe00 && point <= 0xfe0d) || (point >= 0xe0100 && point <= 0xe01ef)) {
    return HAN_OR_MATHS.test(before);
  }
  if (point >= 0xe0020 && point <= 0xe007f) return isFlag(text, at);
  return false;
}

function endsInPicture(text: string, at: number): boolean {
  let end = at;
  let before = pointBefore(text, end);
  for (let tails = 0; tails < 2 && PICTURE_TAIL.test(before); tails++) {
    end -= before.length;
    before = pointBefore(text, end);
  }
  return PICTURE.test(before);
}

/** Flags of regions (England, Texas) are a black flag, at most six tag letters, and an end tag. */
function isFlag(text: string, at: number): boolean {
  const context = text.slice(Math.max(0, at - 14), at + 16);
  const flag = /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{4,6}\u{E007F}/gu;
  const place = at - Math.max(0, at - 14);
  for (const match of context.matchAll(flag)) {
    if (place > match.index && place < match.index + match[0].length) return true;
  }
  return false;
}

function pointAt(text: string, at: number): string {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
}

function pointBefore(text: string, at: number): string {
  if (at <= 0) return '';
  const pair = at >= 2 ? pointAt(text, at - 2) : '';
  return pair.length === 2 ? pair : text.charAt(at - 1);
}
