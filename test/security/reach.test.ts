import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** What the bundles could reach at all, read from their syntax trees: minified names and comments do not matter. */
const DIST = resolve(__dirname, '../../dist');
const NODE_BUNDLES = ['extension', 'indexWorker', 'searchWorker', 'cli'];
const WEBVIEWS = ['webview/editor', 'webview/metrics'];

const NODE_MODULES = new Set(
  ['buffer', 'crypto', 'events', 'fs', 'fs/promises', 'os', 'path', 'process', 'stream', 'timers/promises']
    .concat(['util', 'v8', 'worker_threads', 'zlib'])
    .flatMap((name) => [name, `node:${name}`]),
);
/** Names that reach the network, other programs or other machines, or load code: as globals, properties or strings. */
const REACHING = new Set(
  ['fetch', 'WebSocket', 'WebSocketStream', 'WebTransport', 'XMLHttpRequest', 'EventSource', 'sendBeacon']
    .concat(['RTCPeerConnection', 'importScripts', 'serviceWorker', 'SharedWorker'])
    .concat(['getBuiltinModule', 'createRequire', 'dlopen', 'mainModule'])
    .concat(['createTerminal', 'executeTask', 'ShellExecution', 'ProcessExecution', 'openExternal'])
    .concat(['registerUriHandler', 'asExternalUri']),
);
/** Make code from text; as properties and strings these are words like others (Inspect logs hold an `eval`). */
const CODE_MAKING = new Set(['eval', 'Function']);

interface Reach {
  readonly modules: readonly string[];
  /** The expressions with such a name, each on one line. */
  readonly uses: readonly string[];
  /** How functions of node:child_process are called. */
  readonly programs: readonly string[];
}

function reachOf(text: string): Reach {
  const tree = ts.createSourceFile('bundle.js', text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const modules = new Set<string>();
  const uses: string[] = [];
  const programs: string[] = [];
  const starters = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) modules.add(node.moduleSpecifier.getText().slice(1, -1));
    if (ts.isCallExpression(node) && isLoading(node)) {
      const name = loaded(node);
      modules.add(name);
      if (/child_process$/.test(name)) {
        if (ts.isVariableDeclaration(node.parent)) starters.add(node.parent.name.getText());
        else programs.push(around(node));
      }
    }
    if (ts.isPropertyAccessExpression(node) && starters.has(node.expression.getText())) {
      programs.push(calling(node));
    }
    if (isReaching(node)) uses.push(around(node));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { modules: [...modules].sort(), uses, programs };
}

/** `require` by any name that holds it, and `import()`. */
function isLoading({ expression }: ts.CallExpression): boolean {
  return expression.kind === ts.SyntaxKind.ImportKeyword || /^(module\.)?require$/.test(expression.getText());
}

/** A module that is not named by plain text may be any. */
function loaded(node: ts.CallExpression): string {
  const [given] = node.arguments;
  return given && ts.isStringLiteral(given) ? given.text : node.getText();
}

function isReaching(node: ts.Node): boolean {
  if (!ts.isIdentifier(node) && !ts.isStringLiteralLike(node)) return false;
  if (REACHING.has(node.text)) return true;
  if (!CODE_MAKING.has(node.text) || !ts.isIdentifier(node)) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) {
    // `globalThis.eval` makes code, `log.eval` reads a field, `Function.prototype` does neither.
    if (parent.name !== node) return parent.name.text !== 'prototype';
    return /^(globalThis|window|self|global)$/.test(parent.expression.getText());
  }
  // `{ eval: text }` and `class Filter { eval(input) {} }` name what is theirs.
  const isMember = ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent);
  if (isMember && parent.name === node) return false;
  return !(ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword);
}

/** The call of a function that is read from a module, `(0, module.run)("a")` included. */
function calling(node: ts.Node): string {
  let outer = node;
  while (!ts.isCallExpression(outer) && !ts.isStatement(outer)) outer = outer.parent;
  return outer.getText().replace(/\s+/g, ' ').slice(0, 120);
}

function around(node: ts.Node): string {
  let outer = node.parent;
  while (outer.parent && outer.parent.getWidth() <= 80) outer = outer.parent;
  return outer.getText().replace(/\s+/g, ' ').slice(0, 120);
}

const reach = (name: string) => reachOf(readFileSync(join(DIST, `${name}.js`), 'utf8'));
/** Minutes of reading on a busy machine, and no promise. */
const timeout = 300_000;

/** zod compiles its schemas, which are ours and hold nothing of a dataset, after it has tried whether it may. */
const byZod = (use: string) => /\b[\w$]+ ?= ?Function\b/.test(use);
/** The UI toolkit asks so for the global object, where there is no `globalThis`; the webviews' policy forbids it. */
const byToolkit = (use: string) => use.includes('new Function("return this")()');

describe('what a bundle can reach', { timeout }, () => {
  it.each(NODE_BUNDLES)('%s: files and threads', (name) => {
    const { modules, uses, programs } = reach(name);
    const more = name === 'extension' ? ['node:child_process', 'vscode'] : [];
    expect(modules.filter((module) => !NODE_MODULES.has(module))).toEqual(more);
    expect(uses.filter((use) => !byZod(use))).toEqual([]);
    expect(uses.length).toBeLessThanOrEqual(3);
    if (name === 'extension') {
      expect(programs).toHaveLength(1);
      expect(programs[0]).toMatch(/\bexecFile\)?\( ?"git",/);
    } else {
      expect(programs).toEqual([]);
    }
  });

  it.each(WEBVIEWS)('%s: nothing', (name) => {
    const { modules, uses } = reach(name);
    expect(modules).toEqual([]);
    expect(uses.filter((use) => !byToolkit(use))).toEqual([]);
    expect(uses.length).toBeLessThanOrEqual(1);
  });

  it('is seen where there is something', () => {
    const seen = (text: string) => {
      const { modules, uses, programs } = reachOf(text);
      return [...modules, ...uses, ...programs].length > 0;
    };
    const ways = [
      'require("https")',
      'import("node:net")',
      'const name = "node:" + "tls"; require(name)',
      'import dns from "node:dns"',
      'fetch("https://example.org")',
      'globalThis["fetch"]("https://example.org")',
      'navigator.sendBeacon("/")',
      'new self.WebSocket("ws://example.org")',
      'eval("1")',
      '(0, globalThis.eval)("1")',
      'new Function("return 1")',
      'const F = Function; new F("")',
      'process.getBuiltinModule("net")',
      'vscode.env.openExternal(uri)',
      'vscode.window.createTerminal()',
    ];
    expect(ways.filter((text) => !seen(text))).toEqual([]);
    expect(seen('const spec = fieldsOf(log.eval); x instanceof Function; "eval"')).toBe(false);
    expect(seen('class Filter { eval(input) {} }; ({ eval: 1, eval() {} })')).toBe(false);
    expect(seen('class Filter { run(input) { return eval(input) } }')).toBe(true);
    const two = 'const c = require("node:child_process"); c.execFile("git", []); (0, c.spawn)("sh")';
    expect(reachOf(two).programs).toHaveLength(2);
    expect(reachOf('require("child_process").exec("sh")').programs).toHaveLength(1);
  });
});
