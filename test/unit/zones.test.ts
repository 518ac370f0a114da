import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** One-way imports: a zone may import only from itself and the zones listed here. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/protocol': ['src/core'],
  'src/node': ['src/core'],
  'src/cli': ['src/core', 'src/node'],
  'src/host': ['src/core', 'src/protocol', 'src/node'],
  'src/extension.ts': ['src/core', 'src/protocol', 'src/node', 'src/host'],
  webview: ['src/core', 'src/protocol'],
};
const NODE_ZONES = new Set(['src/node', 'src/cli', 'src/host', 'src/extension.ts']);
const VSCODE_ZONES = new Set(['src/host', 'src/extension.ts']);
const TOOLKIT_FOLDER = 'webview/shared/ui';
const ROOT = resolve(__dirname, '../..');

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const statements = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  );
  return [...statements].map((match) => ({
    file,
    specifier: match[2] ?? match[3] ?? match[4] ?? '',
    typeOnly: match[1] !== undefined,
  }));
}

function zoneOf(path: string): string | undefined {
  return Object.keys(MAY_IMPORT).find(
    (zone) => path === zone || path.startsWith(`${zone}/`) || `${path}.ts` === zone,
  );
}

const files = [...sourceFiles('src'), ...sourceFiles('webview')];
const imports = files.flatMap(importsOf);

describe('one-way imports', () => {
  it('finds the files and their imports', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('puts every file in a zone', () => {
    expect(files.filter((file) => zoneOf(file) === undefined)).toEqual([]);
  });

  it('imports only from zones to the left', () => {
    const wrong = imports.filter(({ file, specifier }) => {
      if (!specifier.startsWith('.')) return false;
      const target = relative(ROOT, resolve(ROOT, dirname(file), specifier));
      // the version stands there and nowhere else; the manifest is in no zone
      if (target === 'package.json') return false;
      const from = zoneOf(file) ?? '';
      const to = zoneOf(target) ?? '';
      return to !== from && !MAY_IMPORT[from]?.includes(to);
    });
    expect(wrong).toEqual([]);
  });

  it('keeps node out of core, protocol and webviews, and vscode out of all but the host', () => {
    const wrong = imports.filter(({ file, specifier }) => {
      const zone = zoneOf(file) ?? '';
      if (specifier === 'vscode') return !VSCODE_ZONES.has(zone);
      return specifier.startsWith('node:') && !NODE_ZONES.has(zone);
    });
    expect(wrong).toEqual([]);
  });

  it('lets only webview/shared/ui import the UI toolkit, and no webview import zod', () => {
    const wrong = imports.filter(
      ({ file, specifier }) =>
        (specifier.startsWith('@vscode/webview-ui-toolkit') && !file.startsWith(TOOLKIT_FOLDER)) ||
        (specifier.startsWith('zod') && file.startsWith('webview/')),
    );
    expect(wrong).toEqual([]);
  });

  it('has no import cycle of values', () => {
    const graph = new Map<string, string[]>(files.map((file) => [file, []]));
    for (const { file, specifier, typeOnly } of imports) {
      if (typeOnly || !specifier.startsWith('.')) continue;
      const target = resolve(ROOT, dirname(file), specifier);
      const found = ['.ts', '.tsx']
        .map((end) => relative(ROOT, target + end))
        .find((path) => graph.has(path));
      if (found) graph.get(file)?.push(found);
    }
    const done = new Set<string>();
    const cycles: string[][] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file]);
      if (done.has(file) || path.includes(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
