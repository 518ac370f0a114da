/**
 * Stands in for VS Code around the editor's webview: its api, its keys, its theme. The script after this one is
 * the webview as it is shipped. `?theme=dark|light|hc-dark|hc-light`, `?rows=1000000`,
 * `?at=3` (position in the list), `?phase=indexing`, `?profile=guessed|broken|kept` (how the dataset is read).
 */
import type { EditorCommand } from '../../../src/protocol/editor';
import { KEY_GROUPS } from '../../../webview/editor/keys';
import { FakeEditorHost, portPair } from '../../support/fakeEditorHost';
import { oddRows, sampleOf } from '../../support/fakeProfile';
import { madeUpRecords } from '../../support/madeUpTranscripts';
import { THEMES } from './themes';

declare global {
  interface Window {
    acquireVsCodeApi: unknown;
    /** For scripts that drive the page. */
    host: FakeEditorHost;
    perform: (command: EditorCommand) => void;
    applyTheme: (name: string) => void;
  }
}

const query = new URLSearchParams(location.search);
const { webview, host: port } = portPair();
const records = query.get('rows') === '0' ? [] : madeUpRecords();
const host = new FakeEditorHost(port, records, Number(query.get('rows') ?? records.length));
if (query.get('phase') === 'indexing') host.tell({ phase: 'indexing', progress: 0.42 });
host.moveTo(Number(query.get('at') ?? 0));
const origin = (['guessed', 'broken', 'kept'] as const).find((known) => known === query.get('profile'));
if (origin) {
  const reason = origin === 'broken' ? 'profile.json is no profile: name: expected a name' : null;
  host.showProfile(sampleOf('odd.csv', oddRows()), {
    origin,
    reason,
    ...(origin === 'broken' ? { draft: '{"version": 1, "name": "", "reads": "mapped"}' } : {}),
  });
}
webview.listen((data) => window.dispatchEvent(new MessageEvent('message', { data })));

const STATE = 'webview state';
window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => webview.post(message),
  getState: () => JSON.parse(sessionStorage.getItem(STATE) ?? 'null'),
  setState: (state: unknown) => sessionStorage.setItem(STATE, JSON.stringify(state)),
});
window.host = host;
window.perform = (command) => host.command(command);
window.applyTheme = applyTheme;

// VS Code hears the keys that bubble to the webview's window
const commands = new Map(KEY_GROUPS.flatMap(({ rows }) => rows.map(({ key, command }) => [key, command])));
window.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const name = event.key === '?' ? '/' : event.key.toLowerCase();
  const shift = event.shiftKey || event.key === '?';
  const command = commands.get(shift ? `shift+${name}` : name);
  if (!command) return;
  event.preventDefault();
  host.command(command);
});

applyTheme(query.get('theme') ?? 'dark');

/** Does to the page what VS Code does to a webview's page; an unknown name counts as dark. */
function applyTheme(name: string): void {
  const theme = THEMES.find((known) => known.name === name) ?? THEMES[0];
  if (!theme) return;
  document.body.className = theme.classes;
  document.documentElement.removeAttribute('style'); // variables of another theme
  for (const [key, value] of Object.entries(theme.variables)) {
    document.documentElement.style.setProperty(`--vscode-${key}`, value);
  }
  document.body.style.fontFamily = theme.variables['font-family'] ?? '';
}
