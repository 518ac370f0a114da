/** The webview's end of the wire to the host. */
import type { Port } from '../../src/protocol/channel';

/** What VS Code gives a webview, once. */
export interface WebviewApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): WebviewApi;

/** VS Code throws when asked a second time, so an entry point calls this once and hands the api on. */
export function acquireWebviewApi(): WebviewApi {
  return acquireVsCodeApi();
}

/** Messages of the host arrive as `message` events of the window that holds the webview. */
export function webviewPort(api: WebviewApi, target: Window = window): Port {
  return {
    post: (message) => api.postMessage(message),
    listen(receive) {
      const onMessage = (event: MessageEvent) => receive(event.data);
      target.addEventListener('message', onMessage);
      return () => target.removeEventListener('message', onMessage);
    },
  };
}
