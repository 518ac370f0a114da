/** What Python writes for numbers that JSON has none for; nothing else may stand before or behind it in its token. */
const NOT_A_NUMBER = /(?<![\w.+-])(?:NaN|-?Infinity)(?![\w.+-])/g;

const QUOTE = '"';
const BACKSLASH = 92;

/**
 * Parses JSON in which bare `NaN`, `Infinity` and `-Infinity` may stand for values, as Python writes them; each is read
 * as null. Everything else is as strict as `JSON.parse`, and strings are left alone. Meant for text that `JSON.parse`
 * has refused: one more pass over the text, whatever is in it.
 * @throws SyntaxError
 */
export function parseLooseJson(text: string): unknown {
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf(QUOTE, at);
    const end = quote < 0 ? text.length : quote;
    const outside = text.slice(at, end);
    const strict = outside.replace(NOT_A_NUMBER, 'null');
    if (strict !== outside) {
      parts.push(text.slice(copied, at), strict);
      copied = end;
    }
    at = quote < 0 ? end : endOfString(text, quote + 1);
  }
  parts.push(text.slice(copied));
  return JSON.parse(parts.join(''));
}

/** Behind the quote that closes a string; the end of the text when none does. */
function endOfString(text: string, start: number): number {
  for (let from = start; ; ) {
    const quote = text.indexOf(QUOTE, from);
    if (quote < 0) return text.length;
    let before = quote;
    while (before > from && text.charCodeAt(before - 1) === BACKSLASH) before--;
    if ((quote - before) % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}
