/** Bundles the browser page and the webview as it is shipped, and serves both. */
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../../..');

/**
 * @param {{ rebuilds?: boolean }} [options] `rebuilds`: at each reload, for one who changes the webview
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function serveHarness({ rebuilds = false } = {}) {
  const servedir = path.join(root, 'artifacts/harness');
  await mkdir(servedir, { recursive: true });
  await copyFile(path.join(here, 'editor.html'), path.join(servedir, 'index.html'));
  const bundles = {
    absWorkingDir: root,
    entryPoints: { page: 'test/webview/harness/editorPage.ts', editor: 'webview/editor/main.tsx' },
    outdir: servedir,
    bundle: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    sourcemap: 'linked',
  };
  if (!rebuilds) await build(bundles);
  const server = await context(rebuilds ? bundles : {});
  const { port } = await server.serve({ servedir, host: '127.0.0.1' });
  return { url: `http://127.0.0.1:${port}/`, stop: () => server.dispose() };
}
