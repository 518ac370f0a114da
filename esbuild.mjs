/**
 * Bundles the extension, its workers, the command line, the two webviews and, with --tests, the suite that runs
 * inside VS Code; and collects the licences of what was bundled. `--production` minifies and leaves source maps out;
 * `--watch` keeps building.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';
import { bundledPackages, thirdPartyNotices, withDependencies } from './notices.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');

const shared = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  logLevel: 'info',
  sourcemap: production ? false : 'linked',
  minify: production,
};

/**
 * Keeps modules out which libraries import for what nobody here uses, so that a bundle cannot do it at all.
 * @param {...string} names
 * @returns {import('esbuild').Plugin}
 */
function leaveOut(...names) {
  return {
    name: 'leave-out',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path: name }) =>
        names.includes(name) ? { path: name, namespace: 'left-out' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'export {};' }));
    },
  };
}

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
  // commander starts programs for subcommands that are programs of their own.
  plugins: [leaveOut('node:child_process')],
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
  // d3 as a whole comes with plot: reading tables from an address, by functions made from text.
  plugins: [leaveOut('d3-fetch', 'd3-dsv')],
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

const shipped = [extension, cli, webviews];
const bundles = [...shipped, ...(flags.has('--tests') ? [suite] : [])];

try {
  if (flags.has('--watch')) {
    const contexts = await Promise.all(bundles.map((options) => context(options)));
    await Promise.all(contexts.map((each) => each.watch()));
  } else {
    const results = await Promise.all(bundles.map((options) => build(options)));
    const metafiles = results.slice(0, shipped.length).map((result) => result.metafile);
    const notices = thirdPartyNotices(withDependencies(bundledPackages(metafiles, root)));
    writeFileSync(path.join(root, 'dist/third-party-notices.txt'), notices);
    await chmod(path.join(root, 'dist/cli.js'), 0o755);
  }
} catch (error) {
  // esbuild has printed each error of its own with its place; a stack of ours would only hide it.
  if (!('errors' in error)) console.error(error.message);
  process.exitCode = 1;
}
