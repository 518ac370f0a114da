/** `node test/webview/harness/editorServe.mjs`: a browser page for developing the editor's webview; reload to rebuild. */
import { serveHarness } from './editorBuild.mjs';

const { url } = await serveHarness({ rebuilds: true });
for (const theme of ['dark', 'light', 'hc-dark', 'hc-light']) console.log(`${url}?theme=${theme}`);
console.log(`${url}?rows=1000000`);
