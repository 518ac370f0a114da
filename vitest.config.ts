import { defineConfig } from 'vitest/config';

/** How many times more often than in CI properties are tried (see test/support/properties.ts). */
const times = Number(process.env.TRANSCRIPT_REVIEW_RUNS ?? 1);

/** Unit and webview tests: no VS Code, no network. A webview test asks for its DOM by `@vitest-environment jsdom`. */
export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  test: {
    include: ['test/{unit,webview}/**/*.test.{ts,tsx}'],
    environment: 'node',
    setupFiles: ['test/support/properties.ts'],
    // What hangs is ended, nothing else: a busy machine may take a hundred times as long as an idle one.
    testTimeout: 120_000 * times,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
