/** What a text must hold for a query to match it at all: found without matching, it spares most of the reading. */
import type { SearchQuery } from './query';

/**
 * Literal texts of which at least one stands (but for case, where the query ignores it) in whatever the query matches;
 * null when none is known. Each comes as pieces that all stand there, so that one may choose.
 */
export function requiredTexts(query: SearchQuery): readonly (readonly string[])[] | null {
  if (!query.regex) return [[query.text]];
  const alternatives = literalRuns(query.text);
  return alternatives.every((runs) => runs.length > 0) ? alternatives : null;
}

/** Escapes that stand for one character. */
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['f', '\f'],
  ['v', '\v'],
]);
/**
 * The runs of literal characters of each alternative at the top of a regular expression (flag `u`). What stands in
 * groups and classes is passed over: nothing there is sure to match.
 */
function literalRuns(source: string): string[][] {
  const alternatives: string[][] = [];
  let runs: string[] = [];
  let run: string[] = [];
  const endRun = () => {
    if (run.length > 0) runs.push(run.join(''));
    run = [];
  };
  for (let at = 0; at < source.length; ) {
    const char = String.fromCodePoint(source.codePointAt(at) ?? 0);
    if (char === '\\') {
      const next = source[at + 1] ?? '';
      const literal = ESCAPED.get(next) ?? (/[\^$\\.*+?()[\]{}|/]/.test(next) ? next : null);
      if (literal !== null) run.push(literal);
      else endRun();
      at = escapeEnd(source, at);
    } else if (char === '|') {
      endRun();
      alternatives.push(runs);
      runs = [];
      at++;
    } else if (char === '(') {
      endRun();
      at = groupEnd(source, at);
    } else if (char === '[') {
      endRun();
      at = classEnd(source, at);
    } else if ('*?{'.includes(char)) {
      run.pop(); // may be absent
      endRun();
      at = char === '{' ? source.indexOf('}', at) + 1 : at + 1;
    } else if ('+.^$'.includes(char)) {
      endRun();
      at++;
    } else {
      run.push(char);
      at += char.length;
    }
  }
  endRun();
  alternatives.push(runs);
  return alternatives;
}

/** Behind an escape of a pattern with the flag `u`. */
function escapeEnd(source: string, at: number): number {
  const found = /^\\(?:[pPu]\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c.|k<[^>]*>|\d+|.)/su.exec(
    source.slice(at),
  );
  return at + (found?.[0].length ?? 1);
}

function classEnd(source: string, at: number): number {
  for (let i = at + 1; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === ']') return i + 1;
  }
  return source.length;
}

function groupEnd(source: string, at: number): number {
  let depth = 0;
  for (let i = at; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === '[') i = classEnd(source, i) - 1;
    else if (source[i] === '(') depth++;
    else if (source[i] === ')' && --depth === 0) return i + 1;
  }
  return source.length;
}
