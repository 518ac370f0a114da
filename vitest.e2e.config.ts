import { defineConfig } from 'vitest/config';

/** Drives the workbench from outside, with the packaged VSIX installed; `npm test` provides what it needs. */
export default defineConfig({
  test: {
    include: ['test/vscode/e2e/**/*.e2e.ts'],
    environment: 'node',
    // One VS Code at a time: two cores are not enough for more, and times would stop meaning anything.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
