/**
 * Whether one text stands in another, in a time that grows with both and no more (Knuth, Morris and Pratt 1977): that of
 * `includes` grows with their product where somebody has made them so.
 */
export function occurs(needle: string, text: string): boolean {
  if (needle.length === 0) return true;
  if (needle.length > text.length) return false;
  const borders = bordersOf(needle);
  let matched = 0;
  for (let at = 0; at < text.length; at++) {
    matched = grown(needle, borders, matched, text.charCodeAt(at));
    if (matched === needle.length) return true;
  }
  return false;
}

/** For each beginning of the needle, by its length: how long the longest of its ends is that it begins with, too. */
function bordersOf(needle: string): Int32Array {
  const borders = new Int32Array(needle.length + 1);
  for (let length = 2; length <= needle.length; length++)
    borders[length] = grown(needle, borders, borders[length - 1] ?? 0, needle.charCodeAt(length - 1));
  return borders;
}

/** How much of the needle stands at the end of a text of which `matched` units did, and which has got one more. */
function grown(needle: string, borders: Int32Array, matched: number, unit: number): number {
  let length = matched;
  while (length > 0 && needle.charCodeAt(length) !== unit) length = borders[length] ?? 0;
  return needle.charCodeAt(length) === unit ? length + 1 : 0;
}
