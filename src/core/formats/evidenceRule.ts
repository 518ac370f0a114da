import type { StoredSpan } from '../dataset/model';
import { shown } from './format';
import { endOfString } from './looseJson';
import type { EvidenceRule } from './profile';
import { finderOf, type Scope } from './scope';

/** So deep may the lists of quotes nest, and so many quotes may stand in them. */
const DEEPEST = 8;
const MOST_QUOTES = 10_000;

/** Reads the quotes of a rule as spans that are anchored by their quote. */
export function evidenceReader(rule: EvidenceRule): (scope: Scope) => StoredSpan[] {
  const find = finderOf(rule.quotes);
  return (scope) => {
    const found = find(scope);
    if (found === null) return [];
    const { quotes, problem } = scope.looks.once('quotes', scope.looks.cell(found.value), quotesIn);
    if (problem !== null) scope.warnings.push(`${found.pointer}: ${problem}`);
    return quotes.map((quote) => ({
      id: '',
      classifier: rule.classifier,
      label: rule.label,
      message: null,
      start: null,
      end: null,
      unit: 'codepoint',
      quote,
      score: null,
    }));
  };
}

/** The quotes in a value, and what of it could not be used, in words. */
function quotesIn(value: unknown): { readonly quotes: readonly string[]; readonly problem: string | null } {
  const quotes: string[] = [];
  const problem = collect(listIn(value), 0, quotes);
  return { quotes, problem };
}

/** @returns what could not be used, in words */
function collect(value: unknown, depth: number, quotes: string[]): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') {
    if (value.trim() === '') return null;
    if (quotes.length === MOST_QUOTES) return `more than ${MOST_QUOTES} quotes; the rest is left out`;
    quotes.push(value);
    return null;
  }
  if (!Array.isArray(value)) return `expected a quote or a list of quotes, found ${shown(value)}`;
  if (depth === DEEPEST) return `lists nested more than ${DEEPEST} deep are left out`;
  let problem: string | null = null;
  for (const entry of value) problem = collect(entry, depth + 1, quotes) ?? problem;
  return problem;
}

/** A list in a table's cell that is not JSON, as Python writes it; anything else as it is. */
function listIn(parsed: unknown): unknown {
  if (typeof parsed !== 'string' || !/^\s*\[.*\]\s*$/s.test(parsed)) return parsed;
  return pythonStrings(parsed) ?? parsed;
}

const SEPARATORS = /[\s,[\]]*/y;

/** The strings of a Python list; null when there is anything else in it. */
function pythonStrings(text: string): string[] | null {
  const strings: string[] = [];
  for (let at = 0; ; ) {
    SEPARATORS.lastIndex = at;
    at += SEPARATORS.exec(text)?.[0].length ?? 0;
    if (at === text.length) return strings;
    const quote = text.charAt(at);
    const end = quote === "'" || quote === '"' ? endOfString(text, at + 1, quote) : text.length;
    // The list is closed behind its last string, so one that ends where the text does has no end.
    if (end === text.length) return null;
    strings.push(text.slice(at + 1, end - 1).replace(/\\(.)/gs, unescaped));
    at = end;
  }
}

function unescaped(_: string, character: string): string {
  return character === 'n' ? '\n' : character === 't' ? '\t' : character;
}
