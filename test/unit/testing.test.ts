/** What makes tests fail, or pass, by luck: none of it is used. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS = ['test/unit', 'test/webview', 'test/vscode', 'test/security'];

/** The reason by what it looks like. */
const FORBIDDEN: Readonly<Record<string, RegExp>> = {
  'looks at the clock: count work (test/support/work.ts)': /performance\.now\(|hrtime|console\.time\(/,
  'waits for so long: wait for what should come (eventually, expect.poll, a locator)':
    /waitForTimeout\(|setTimeout\([^\n]*, *\d{2,}[\d_]*\)|setTimeout\b[^\n]*timers\/promises/,
  'is random each time, or has a seed of its own (test/support/properties.ts)':
    /Math\.random\(|seed: (?:\d|Date)/,
};
/** What has to do so, and why. */
const ALLOWED: Readonly<Record<string, string>> = {
  'test/unit/testing.test.ts': 'names it all',
  'test/unit/node/encodings.test.ts': 'a record that holds a key named seed',
  'test/unit/search/searchRun.test.ts': 'stops a search that has no end, begun or not',
  'test/vscode/suite/support.ts': 'the poll itself',
  'test/vscode/e2e/session.ts': 'the poll itself, and a write of VS Code that nothing outside can see',
  'test/webview/editor/browser.test.ts': 'the made-up host tells of its rows a frame after it has them',
};

const files = FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$|\.mjs$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
);

it('no test depends on the clock or on luck', () => {
  expect(files.length).toBeGreaterThan(100);
  const found = files
    .filter((file) => !(file in ALLOWED))
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      return Object.entries(FORBIDDEN).flatMap(([reason, pattern]) =>
        pattern.test(text) ? [`${file} ${reason}`] : [],
      );
    });
  expect(found).toEqual([]);
});
