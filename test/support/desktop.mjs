/** `npm run test:desktop [-- VERSION]`: the suite of `npm test` in desktop VS Code, fetched by @vscode/test-electron. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureModules } from './ensure.mjs';
import { cache, node, root, runMain, SetupError } from './shell.mjs';

await runMain(async () => {
  await ensureModules();
  if ((await node(['esbuild.mjs', '--tests'])) !== 0) throw new SetupError('The build failed (see above).');
  const { runTests } = await import('@vscode/test-electron');
  const version = process.argv[2];
  const workspace = mkdtempSync(path.join(tmpdir(), 'transcript-review-suite-'));
  return runTests({
    ...(version === undefined ? {} : { version }),
    cachePath: cache,
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(cache, 'suite/index.js'),
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
  });
});
