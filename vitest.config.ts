import { defineConfig } from 'vitest/config';

/** Unit and webview tests: no VS Code, no network. A webview test asks for its DOM by `@vitest-environment jsdom`. */
export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  test: {
    include: ['test/{unit,webview,security}/**/*.test.{ts,tsx}'],
    environment: 'node',
  },
});
