import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles the search thread as it is shipped; returns the script's path. */
export async function bundleSearchWorker(folder: string): Promise<string> {
  const outfile = join(folder, 'searchWorker.js');
  await build({
    entryPoints: [join(import.meta.dirname, '../../src/node/searchWorker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}
