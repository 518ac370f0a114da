import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from '../dataset/jsonBytes';
import { withoutStacks } from '../withoutStacks';

/** What Python writes for numbers that JSON has none for; nothing else may stand before or behind it in its token. */
const NOT_A_NUMBER = /(?<![\w.+-])(?:NaN|-?Infinity)(?![\w.+-])/g;

/** No writer of records nests them so deeply, and what is walks no reader through without running out of stack. */
export const DEEPEST = 1_000;
/**
 * An empty object takes three bytes of a file and seventy of memory, one with a key of its own three hundred: millions of
 * them fill it, and hold up whoever shows the record.
 */
const MOST_VALUES = 2 ** 21;
export const TOO_MANY_VALUES = `holds too many values; ${MOST_VALUES} are the most that one record may have`;

/**
 * So many values may still be parsed for one record, of however many texts it is put together: packed, each takes a few
 * bytes of a file.
 */
export class ValueBudget {
  private left = MOST_VALUES;

  /** Something was left out for it. */
  get isSpent(): boolean {
    return this.left < 0;
  }

  /** @throws RangeError in words when there are not so many left, now and from then on. */
  take(values: number): void {
    this.left = this.isSpent ? this.left : this.left - values;
    if (this.isSpent) throw new RangeError(TOO_MANY_VALUES);
  }
}

const QUOTE_TEXT = '"';

export interface LooseJson {
  readonly value: unknown;
  /** What was read as null, each once: `NaN`, `Infinity`, `-Infinity`. */
  readonly notNumbers: readonly string[];
  /** A key that occurs more than once in an object, of which the last counts; null when there is none. */
  readonly repeatedKey: string | null;
}

/**
 * Parses JSON in which bare `NaN`, `Infinity` and `-Infinity` may stand for values, as Python writes them; each is read
 * as null. Everything else is as strict as `JSON.parse`, and strings are left alone.
 * @param budget of the record that the text is a part of
 * @throws SyntaxError as JSON.parse does; RangeError in words when it is nested too deeply or holds too many values,
 * before anything is parsed.
 */
export function parseLooseJson(text: string, budget = new ValueBudget()): LooseJson {
  const { depth, members, values } = outline(text);
  if (depth > DEEPEST) throw new RangeError(`nested more than ${DEEPEST} levels deep`);
  budget.take(values);
  const { value, notNumbers } = parseValue(text);
  // A key that occurs twice is one of the value's: telling that costs a count, telling which one is for the rare case.
  const repeatedKey = countKeys(value) < members ? findRepeatedKey(text) : null;
  return { value, notNumbers, repeatedKey };
}

function parseValue(text: string): Pick<LooseJson, 'value' | 'notNumbers'> {
  const resume = withoutStacks();
  try {
    return { value: JSON.parse(text), notNumbers: [] };
  } catch (error) {
    const { strict, found } = withoutNotNumbers(text);
    if (found.size === 0) throw error;
    try {
      return { value: JSON.parse(strict), notNumbers: [...found] };
    } catch {
      throw error;
    }
  } finally {
    resume();
  }
}

function withoutNotNumbers(text: string) {
  const found = new Set<string>();
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf(QUOTE_TEXT, at);
    const end = quote < 0 ? text.length : quote;
    const outside = text.slice(at, end);
    const strict = outside.replace(NOT_A_NUMBER, (word) => {
      found.add(word);
      return 'null';
    });
    if (strict !== outside) {
      parts.push(text.slice(copied, at), strict);
      copied = end;
    }
    at = quote < 0 ? end : endOfString(text, quote + 1);
  }
  parts.push(text.slice(copied));
  return { strict: parts.join(''), found };
}

/**
 * How deeply a text of JSON is nested, how many members its objects have, and about how many values it holds; of other
 * text, some numbers.
 */
function outline(text: string) {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let values = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i + 1) - 1;
    else if (code === COLON) members++;
    else if (code === COMMA) values++;
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      values++;
      deepest = Math.max(deepest, ++depth);
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth--;
  }
  return { depth: deepest, members, values };
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item);
    return count;
  }
  for (const key of Object.keys(value)) count += 1 + countKeys((value as Record<string, unknown>)[key]);
  return count;
}

/** The first key that an object has already; of text that is JSON but for bare NaN and the like. */
function findRepeatedKey(text: string): string | null {
  const open: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) open.push(new Set());
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) open.pop();
    else if (code === QUOTE) {
      const end = endOfString(text, i + 1);
      const isKey = /\s*:/y;
      isKey.lastIndex = end;
      if (isKey.test(text)) {
        const key = String(JSON.parse(text.slice(i, end)));
        const keys = open.at(-1);
        if (keys?.has(key)) return key;
        keys?.add(key);
      }
      i = end - 1;
    }
  }
  return null;
}

/** Behind the quote that closes a string, in which a backslash escapes what follows; the end of the text when none does. */
export function endOfString(text: string, start: number, quote: string = QUOTE_TEXT): number {
  for (let from = start; ; ) {
    const found = text.indexOf(quote, from);
    if (found < 0) return text.length;
    let before = found;
    while (before > from && text.charCodeAt(before - 1) === BACKSLASH) before--;
    if ((found - before) % 2 === 0) return found + 1;
    from = found + 1;
  }
}
