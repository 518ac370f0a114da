/** No regular expression of ours takes more than in proportion to the text that it is tried on, whoever wrote the text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

// Without a process or thread of its own.
process.env.RECHECK_SYNC_BACKEND = 'pure';
const { checkSync } = await import('recheck');

const ROOT = resolve(import.meta.dirname, '../..');

/** What is not in proportion, and why it may stay. */
const ALLOWED: Readonly<Record<string, string>> = {
  '/0+$/': 'the digits of a second, of which there are nine',
};

/**
 * `recheck` knows no assertions: what must follow or stand before is read as if it were consumed, what must not is left
 * out. Repetitions of a bounded number are read as one or none: of many it makes too much.
 */
function simplified(source: string): string {
  return source
    .replace(/\(\?<?!(?:[^()\\[]|\\.|\[[^\]]*\])*\)/g, '')
    .replace(/\(\?<?=/g, '(?:')
    .replace(/\{\d+,\d{2,}\}/g, '?');
}

function isInProportion(source: string, flags: string): boolean {
  const { status } = checkSync(simplified(source), flags, { checker: 'automaton', timeout: null });
  return status === 'safe';
}

const found = ['src', 'webview'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
      const literals: string[] = [];
      const visit = (node: ts.Node) => {
        if (ts.isRegularExpressionLiteral(node)) literals.push(node.text);
        ts.forEachChild(node, visit);
      };
      visit(file);
      return literals.map((literal) => ({ literal, path: relative(ROOT, path) }));
    }),
);

/** Some have many ways to go on. */
const PATIENT = { timeout: 120_000 };

describe('regular expressions', () => {
  it('are found', () => expect(found.length).toBeGreaterThan(60));

  it.each(found)('$literal in $path', PATIENT, ({ literal }) => {
    const end = literal.lastIndexOf('/');
    expect(isInProportion(literal.slice(1, end), literal.slice(end + 1)) || literal in ALLOWED).toBe(true);
  });

  it.each([
    [', received .*$', ''],
    [String.raw`\s+or\s+(?=\/)`, ''],
    [String.raw`(?<!x)\s+$`, ''],
    [String.raw`'(?:[^'\\]|\\.)*'`, 'gs'],
    ['(a|aa)+!', ''],
  ])('are told from /%s/%s', (source, flags) => {
    expect(isInProportion(source, flags)).toBe(false);
  });
});
