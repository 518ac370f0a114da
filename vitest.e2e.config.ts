import { defineConfig } from 'vitest/config';

/** Drives the workbench from outside, with the packaged VSIX installed; `npm test` provides what it needs. */
export default defineConfig({
  test: {
    include: ['test/vscode/e2e/**/*.e2e.ts'],
    environment: 'node',
    // One VS Code at a time: two cores are not enough for more.
    fileParallelism: false,
    // What hangs is ended, nothing else: a busy machine may take many times as long as an idle one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
