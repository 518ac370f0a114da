import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Port } from '../protocol/channel';

/** Waits before a page that has not said a word is loaded again. */
const RETRY_MS = [4_000, 8_000, 16_000];

/** A page that was told to show; dispose of it with its view. */
export interface ShownPage extends vscode.Disposable {
  /** Settles once the page has said its first word, or is late with it. */
  readonly spoken: Promise<void>;
}

/**
 * Shows one of our pages. Now and then VS Code drops a page that it was told to show while the window's layout changed
 * (its frame stays empty for good), so a visible page that stays silent is shown again, a few times.
 * @param name of the bundle in dist/webview, e.g. "editor".
 */
export function showPage(
  view: { readonly webview: vscode.Webview; readonly visible: boolean },
  extension: vscode.Uri,
  name: string,
  title: string,
): ShownPage {
  const { webview } = view;
  const folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = page(webview, folder, name, title);
  let settle = () => {};
  const spoken = new Promise<void>((resolve) => {
    settle = resolve;
  });
  let attempt = 0;
  let timer = setTimeout(retry, RETRY_MS[0]);
  const stop = new vscode.Disposable(() => {
    clearTimeout(timer);
    settle();
  });
  const heard = webview.onDidReceiveMessage(() => watch.dispose());
  const watch = vscode.Disposable.from(stop, heard);
  return { spoken, dispose: () => watch.dispose() };

  function retry(): void {
    settle();
    if (view.visible) {
      webview.html = page(webview, folder, name, title);
      attempt++;
    }
    if (attempt < RETRY_MS.length) timer = setTimeout(retry, RETRY_MS[attempt]);
  }
}

/** One script, one style sheet, and nothing else may load or run. */
function page(webview: vscode.Webview, folder: vscode.Uri, name: string, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, file));
  const policy = [
    `default-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `script-src 'nonce-${nonce}'`,
    // Also for one empty style element with which the UI toolkit probes for :focus-visible.
    `style-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link nonce="${nonce}" rel="stylesheet" href="${uri(`${name}.css`)}">
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${uri(`${name}.js`)}"></script>
</body>
</html>`;
}

/** A webview as the transport of a channel. */
export function webviewPort(webview: vscode.Webview): Port {
  return {
    post: (message) => void webview.postMessage(message),
    listen: (receive) => {
      const subscription = webview.onDidReceiveMessage(receive);
      return () => subscription.dispose();
    },
  };
}
