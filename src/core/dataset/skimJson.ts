/**
 * Steps over JSON as bytes, without decoding it. For text that a JSON parser accepts each step ends where the parser's
 * would; for other text it ends somewhere, at most at `to`, or is NOWHERE. Nothing recurses: depth costs no stack.
 */

import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  LF,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
} from './jsonBytes';

export const NOWHERE = -1;

export const SMALL_F = 102;
export const SMALL_N = 110;
export const SMALL_T = 116;
const TAB = 9;
const CR = 13;

/** A string longer than this is searched for its end by `indexOf`, which on a Buffer is native and costs a call. */
const SHORT_STRING = 12;

/** The first byte at or after `at` that is no white space, or `to`. */
export function afterSpace(bytes: Uint8Array, at: number, to: number): number {
  let i = at;
  for (; i < to; i++) {
    const byte = bytes[i];
    if (byte !== SPACE && byte !== LF && byte !== CR && byte !== TAB) return i;
  }
  return i;
}

/** The quote that closes a string, of which `at` is the first byte behind the quote that opens it. */
export function closingQuote(bytes: Uint8Array, at: number, to: number): number {
  let i = at;
  for (;;) {
    const near = Math.min(to, i + SHORT_STRING);
    for (; i < near; i++) {
      const byte = bytes[i];
      if (byte === QUOTE) return i;
      if (byte === BACKSLASH) i++;
    }
    if (i >= to) return NOWHERE;
    const quote = bytes.indexOf(QUOTE, i);
    if (quote < 0 || quote >= to) return NOWHERE;
    let run = quote;
    while (run > i && bytes[run - 1] === BACKSLASH) run--;
    if (((quote - run) & 1) === 0) return quote;
    i = quote + 1;
  }
}

/** The first byte behind the value that begins at `at`. */
export function afterValue(bytes: Uint8Array, at: number, to: number): number {
  const first = bytes[at];
  if (first === QUOTE) {
    const quote = closingQuote(bytes, at + 1, to);
    return quote < 0 ? NOWHERE : quote + 1;
  }
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return afterNested(bytes, at, to);
  return afterWord(bytes, at, to);
}

/** The first byte behind the object or array that begins at `at`. */
export function afterNested(bytes: Uint8Array, at: number, to: number): number {
  let depth = 0;
  for (let i = at; i < to; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      i = closingQuote(bytes, i + 1, to);
      if (i < 0) return NOWHERE;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (--depth === 0) return i + 1;
    }
  }
  return NOWHERE;
}

/** The first byte behind a number, true, false or null. */
function afterWord(bytes: Uint8Array, at: number, to: number): number {
  let i = at;
  for (; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte <= SPACE || byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) break;
  }
  return i === at ? NOWHERE : i;
}
