import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Unit, webview and security tests: no VS Code, no network. A webview test asks for its DOM by `@vitest-environment jsdom`. */
export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  test: {
    include: ['test/{unit,security,webview}/**/*.test.{ts,tsx}'],
    environment: 'node',
    // Vitest leaves a core free, which on two cores is half of them.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: ['test/support/properties.ts', 'test/support/letGo.ts'],
    // What hangs is ended, nothing else: a busy machine may take many times as long as an idle one. Vitest itself gives
    // up on a test that never lets go of the thread for a minute, so let none come near that.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
