/** The real bundle of the metrics webview in a browser, under the policy that the extension gives it, with a made-up host. */
import path from 'node:path';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import type { ClassifierFigures } from '../../../src/core/metrics/figures';
import type { MetricsSnapshot } from '../../../src/protocol/metrics';
import type { Theme } from './themes';

const ORIGIN = 'http://webview.test';
const ROOT = path.resolve(import.meta.dirname, '../../..');

export interface Bundle {
  readonly js: string;
  readonly css: string;
}

export async function bundleMetrics(): Promise<Bundle> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['webview/metrics/main.tsx'],
    outdir: 'out',
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  const text = (extension: string) => {
    const file = outputFiles.find(({ path: name }) => name.endsWith(extension));
    if (!file) throw new Error(`the bundle has no ${extension}`);
    return file.text;
  };
  return { js: text('.js'), css: text('.css') };
}

export interface MetricsPage {
  readonly page: Page;
  /** What the browser refused because of the policy, and errors of scripts. */
  complaints(): Promise<readonly string[]>;
  send(snapshot: MetricsSnapshot): Promise<void>;
}

export async function openMetricsPage(
  context: BrowserContext,
  bundle: Bundle,
  theme: Theme,
  snapshot: MetricsSnapshot,
  size: { readonly width: number; readonly height: number },
  byClassifier: readonly ClassifierFigures[] = [],
): Promise<MetricsPage> {
  const page = await context.newPage();
  await page.setViewportSize(size);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const files: Readonly<Record<string, { readonly contentType: string; readonly body: string }>> = {
    '/': { contentType: 'text/html', body: html(theme) },
    '/metrics.js': { contentType: 'text/javascript', body: bundle.js },
    '/metrics.css': { contentType: 'text/css', body: bundle.css },
    '/theme.css': { contentType: 'text/css', body: themeCss(theme) },
  };
  await page.route(`${ORIGIN}/**`, (route) => {
    const file = files[new URL(route.request().url()).pathname];
    return file ? route.fulfill(file) : route.fulfill({ status: 204, body: '' });
  });
  await page.addInitScript(
    ([first, figures]: readonly unknown[]) => {
      const refused: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        refused.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
      });
      const post = (message: { type: string; id: number; method: string }) => {
        if (message.type !== 'request') return;
        const answers: Readonly<Record<string, unknown>> = { ready: first, byClassifier: figures };
        const result = answers[message.method] ?? null;
        window.postMessage({ type: 'result', id: message.id, result }, '*');
      };
      const api = { postMessage: post, getState: () => null, setState: () => {} };
      Object.assign(window, { acquireVsCodeApi: () => api, refused });
    },
    [snapshot, byClassifier] as const,
  );
  await page.goto(`${ORIGIN}/`);
  await page.waitForSelector('.toolbar, .message .buttons');
  return {
    page,
    complaints: async () => [
      ...errors,
      ...(await page.evaluate(() => (window as unknown as { refused: string[] }).refused)),
    ],
    send: (next) =>
      page.evaluate((params) => {
        window.postMessage({ type: 'notify', method: 'snapshot', params }, '*');
      }, next as unknown),
  };
}

/** The UI toolkit tests for a feature with an empty style, for which it looks up a nonce. */
function html(theme: Theme): string {
  const policy = `default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'nonce-n'; style-src 'nonce-n'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="n">
<title>Gap Metrics</title>
<link nonce="n" rel="stylesheet" href="/theme.css">
<link nonce="n" rel="stylesheet" href="/metrics.css">
</head>
<body class="${theme.classes}">
<div id="root"></div>
<script nonce="n" src="/metrics.js"></script>
</body>
</html>`;
}

/** VS Code's own rules for webviews stand before a webview's: padding and the colours of the editor. */
function themeCss(theme: Theme): string {
  const variables = Object.entries(theme.variables).map(([name, value]) => `--vscode-${name}: ${value};`);
  return `:root { ${variables.join(' ')} }
body { padding: 0 20px; background: transparent; color: var(--vscode-editor-foreground); }`;
}
