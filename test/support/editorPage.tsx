/** The editor's webview in jsdom, wired to a fake host. */
import './jsdomGaps';
import { render } from 'preact';
import { App } from '../../webview/editor/app';
import { Editor } from '../../webview/editor/editor';
import { FakeEditorHost, type FakeRecord, portPair } from './fakeEditorHost';

export interface EditorPage {
  readonly host: FakeEditorHost;
  readonly root: HTMLElement;
  /** What the webview keeps between two lives. */
  state(): unknown;
  /** Waits until messages have gone both ways and everything is drawn. */
  settle(): Promise<void>;
  heard(method: string): unknown[];
  /** As when VS Code throws the hidden webview away. */
  close(): void;
}

export async function openEditor(
  records: readonly FakeRecord[],
  options: { total?: number; state?: unknown; prepare?: (host: FakeEditorHost) => void } = {},
): Promise<EditorPage> {
  const { webview, host: port } = portPair();
  const host = new FakeEditorHost(port, records, options.total ?? records.length);
  options.prepare?.(host);
  const unlisten = webview.listen((data) => window.dispatchEvent(new MessageEvent('message', { data })));
  let state = options.state;
  const root = document.createElement('div');
  document.body.append(root);
  const editor = new Editor({
    postMessage: (message) => webview.post(message),
    getState: () => state,
    setState: (value) => {
      state = structuredClone(value);
    },
  });
  render(<App editor={editor} />, root);
  const page: EditorPage = {
    host,
    root,
    state: () => state,
    settle: async () => {
      // several turns: message there, answer back, drawing, effects, the toolkit's own queue
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    },
    heard: (method) => host.heard.filter((one) => one.method === method).map((one) => one.params),
    close: () => {
      window.dispatchEvent(new Event('pagehide'));
      render(null, root);
      editor.dispose();
      unlisten();
      root.remove();
    },
  };
  await editor.start();
  await page.settle();
  return page;
}
