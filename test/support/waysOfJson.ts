/** JSON as any writer may have written it: characters as they are, with short escapes, or by their code. */
import fc from 'fast-check';

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A string of JSON for a text; `ways` decides, character by character, how it is written. */
export function jsonString(text: string, ways: readonly number[]): string {
  const written = Array.from({ length: text.length }, (_, at) => {
    const unit = text[at] ?? '';
    const way = ways[at % Math.max(1, ways.length)] ?? 0;
    const short = SHORT[unit];
    if (way === 1 && short !== undefined) return short;
    const lone = /\p{Cs}/u.test(unit);
    const mustEscape = unit === '"' || unit === '\\' || unit < ' ';
    if (way <= 1 && !mustEscape && (!lone || isPair(text, at))) return unit;
    const digits = text.charCodeAt(at).toString(16).padStart(4, '0');
    return `\\u${way === 3 ? digits.toUpperCase() : digits}`;
  });
  return `"${unpaired(written)}"`;
}

/** Mostly as it is, now and then escaped. */
export const ways = fc.array(
  fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 3 })),
  {
    minLength: 1,
    maxLength: 12,
  },
);

function isPair(text: string, at: number): boolean {
  const [before, unit, after] = [at - 1, at, at + 1].map((i) => text.charCodeAt(i));
  const high = (code: number | undefined) => code !== undefined && code >= 0xd800 && code < 0xdc00;
  const low = (code: number | undefined) => code !== undefined && code >= 0xdc00 && code < 0xe000;
  return (high(unit) && low(after)) || (low(unit) && high(before));
}

/** Half of a pair as it is beside an escaped other half would be no UTF-8: both are escaped then. */
function unpaired(written: readonly string[]): string {
  return written
    .map((form, at) => {
      const other = /^[\ud800-\udbff]$/.test(form)
        ? written[at + 1]
        : /^[\udc00-\udfff]$/.test(form)
          ? written[at - 1]
          : form;
      const torn = form.length === 1 && /^[\ud800-\udfff]$/.test(form) && other?.length !== 1;
      return torn ? `\\u${form.charCodeAt(0).toString(16)}` : form;
    })
    .join('');
}
