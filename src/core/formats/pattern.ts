/**
 * Regular expressions of a profile. They come with a dataset, perhaps from a stranger, and run on hostile text: those
 * whose time could grow with more than a small power of the text's length are refused, and the text is bounded.
 */

/** Longer texts match no pattern. */
const LONGEST_TEXT = 200;
const LONGEST_PATTERN = 500;
/** Each adds a power of the text's length to the time in the worst case. */
const MOST_REPEATS = 3;

/** A profile's pattern, ready to use: upper and lower case are the same to it. Null where it does not match. */
export type Matcher = (text: string) => RegExpExecArray | null;

/** @throws SyntaxError for a pattern that `patternProblem` would have refused as no regular expression. */
export function compilePattern(pattern: string): Matcher {
  const expression = new RegExp(pattern, 'iu');
  return (text) => (text.length > LONGEST_TEXT ? null : expression.exec(text));
}

/** Why a pattern cannot be used, in words; null when it can. */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > LONGEST_PATTERN) return `longer than ${LONGEST_PATTERN} characters`;
  try {
    new RegExp(pattern, 'iu');
  } catch (error) {
    return `not a regular expression (${(error as Error).message.replace(/^Invalid regular expression: /, '')})`;
  }
  return slowness(pattern);
}

/** Names of a pattern's groups: `(?<condition>free|paid)_.*` has `condition`. */
export function groupNames(pattern: string): readonly string[] {
  return [...pattern.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)].map(([, name]) => name ?? '');
}

const REPEAT = /^(?:[*+]|\{\d+(?:,\d*)?\})/;

function slowness(pattern: string): string | null {
  // one for the pattern itself and one for each open group: whether it holds anything that can match in several ways
  const varies = [false];
  let repeats = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '\\') {
      at++;
      continue;
    }
    if (character === '[') at = endOfClass(pattern, at);
    else if (character === '(') {
      varies.push(false);
      if (pattern[at + 1] === '?') at++;
    } else if (character === ')') {
      const inner = varies.pop() ?? false;
      if (inner && REPEAT.test(pattern.slice(at + 1))) {
        return 'repeats a group that can itself match in several ways, which may take forever';
      }
      if (inner) varies[varies.length - 1] = true;
    } else if (character === '|' || character === '?') varies[varies.length - 1] = true;
    else if (REPEAT.test(pattern.slice(at))) {
      varies[varies.length - 1] = true;
      if (++repeats > MOST_REPEATS)
        return `repeats more than ${MOST_REPEATS} times (*, + or {n,}), which may take long`;
    }
  }
  return null;
}

function endOfClass(pattern: string, start: number): number {
  let at = start + 1;
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1;
  return at;
}
