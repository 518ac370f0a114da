/**
 * Bundles the extension, its index worker, the command line, the two webviews and, with --tests, the suite that
 * runs inside VS Code. `--production` minifies and leaves source maps out; `--watch` keeps building.
 */
import { readdirSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = path.dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');

const shared = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'info',
  sourcemap: production ? false : 'linked',
  minify: production,
};

/** Extension and worker run in VS Code's Node; `vscode` is given by the extension host. */
const extension = {
  ...shared,
  entryPoints: {
    extension: 'src/extension.ts',
    indexWorker: 'src/node/indexWorker.ts',
    searchWorker: 'src/node/searchWorker.ts',
  },
  outdir: 'dist',
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode'],
};

const cli = {
  ...shared,
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: 'dist',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  banner: { js: '#!/usr/bin/env node' },
};

/** Minified always: what tests see is what users get, and the paint budget is measured on it. */
const webviews = {
  ...shared,
  entryPoints: { editor: 'webview/editor/main.tsx', metrics: 'webview/metrics/main.tsx' },
  outdir: 'dist/webview',
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
};

/** Not in `dist`, so that no packaging rule can ever let it into the VSIX. */
const suite = {
  ...shared,
  entryPoints: suiteEntries(),
  outdir: '.vscode-test/suite',
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode', 'mocha'],
};

function suiteEntries() {
  const folder = path.join(root, 'test/vscode/suite');
  const tests = readdirSync(folder).filter((name) => /\.(test|restricted)\.ts$/.test(name));
  return ['index.ts', ...tests].map((name) => `test/vscode/suite/${name}`);
}

const bundles = [extension, cli, webviews, ...(flags.has('--tests') ? [suite] : [])];

try {
  if (flags.has('--watch')) {
    const contexts = await Promise.all(bundles.map((options) => context(options)));
    await Promise.all(contexts.map((each) => each.watch()));
  } else {
    await Promise.all(bundles.map((options) => build(options)));
    await chmod(path.join(root, 'dist/cli.js'), 0o755);
  }
} catch {
  // esbuild has printed each error with its place; a stack of ours would only hide it.
  process.exitCode = 1;
}
