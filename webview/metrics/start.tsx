/** Wires the panel to its host and draws it. */
import { render } from 'preact';
import { Channel, type Port } from '../../src/protocol/channel';
import type { MetricsHost, MetricsWebview } from '../../src/protocol/metrics';
import { updated } from '../../src/protocol/metricsUpdate';
import { App } from './app';
import { MetricsStore, readSavedState } from './store';

/** Keeps the view's own choices while it is hidden. */
export interface StateKeeper {
  getState(): unknown;
  setState(state: unknown): void;
}

/** Draws the panel into `root` and asks the host for the first snapshot. Returns a function that ends both. */
export function startMetrics(port: Port, keeper: StateKeeper, root: Element): () => void {
  const channel: Channel<MetricsWebview, MetricsHost> = new Channel<MetricsWebview, MetricsHost>({
    port,
    handlers: {
      snapshot: (snapshot) => {
        store.snapshot.value = snapshot;
      },
      update: (update) => {
        const before = store.snapshot.value;
        if (before) store.snapshot.value = updated(before, update);
      },
    },
    onError: (error) => {
      store.error.value = error.message;
    },
  });
  const store = new MetricsStore(
    {
      options: (options) => channel.request('options', options),
      byClassifier: ({ setting, variant, prefix }) =>
        channel.request('byClassifier', { setting, variant, prefix }),
      command: (name) => channel.request('command', { name }),
      save: (state) => keeper.setState(state),
    },
    readSavedState(keeper.getState()),
  );
  store.ask(
    channel.request('ready', {}).then((snapshot) => {
      store.snapshot.value = snapshot;
    }),
  );
  render(<App store={store} />, root);
  return () => {
    store.dispose();
    channel.dispose();
    render(null, root);
  };
}
