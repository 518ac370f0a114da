/** The editor's webview in jsdom, wired to a fake host. */
import './jsdomGaps';
import { render } from 'preact';
import { vi } from 'vitest';
import { App } from '../../webview/editor/app';
import { Editor } from '../../webview/editor/editor';
import { FakeEditorHost, type FakeRecord, portPair } from './fakeEditorHost';

export interface EditorPage {
  readonly host: FakeEditorHost;
  readonly root: HTMLElement;
  /** What the webview keeps between two lives. */
  state(): unknown;
  /** Lets messages go both ways and everything be drawn. */
  settle(): Promise<void>;
  /** Lets so much time go by on the page's clock, which stands still otherwise. */
  pass(ms: number): Promise<void>;
  heard(method: string): unknown[];
  /** As when VS Code throws the hidden webview away. */
  close(): void;
}

/** Longer than a few frames, shorter than any pause that the webview makes on purpose. */
const SETTLED_MS = 60;

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

export async function openEditor(
  records: readonly FakeRecord[],
  options: { total?: number; state?: unknown; prepare?: (host: FakeEditorHost) => void } = {},
): Promise<EditorPage> {
  vi.useFakeTimers();
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
    settle: () => pass(SETTLED_MS),
    pass,
    heard: (method) => host.heard.filter((one) => one.method === method).map((one) => one.params),
    close: () => {
      window.dispatchEvent(new Event('pagehide'));
      render(null, root);
      editor.dispose();
      unlisten();
      root.remove();
      vi.useRealTimers();
    },
  };
  await editor.start();
  await page.settle();
  return page;
}
