import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Port } from '../protocol/channel';

/**
 * The page of a webview: one script, one style sheet, and nothing else may load or run.
 * @param name of the bundle in dist/webview, e.g. "editor".
 */
export function showPage(webview: vscode.Webview, extension: vscode.Uri, name: string, title: string): void {
  const folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const nonce = randomBytes(16).toString('base64');
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, file));
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    // The nonce is for one empty style element with which the UI toolkit probes for :focus-visible.
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  webview.html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${uri(`${name}.css`)}">
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
