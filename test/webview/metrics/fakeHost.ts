/** A host of the panel made of a port that records what the webview sends. */
import './jsdomGaps';
import type { ClassifierFigures } from '../../../src/core/metrics/figures';
import type { Port } from '../../../src/protocol/channel';
import type { MetricsSnapshot, MetricsUpdate } from '../../../src/protocol/metrics';
import { startMetrics } from '../../../webview/metrics/start';

interface Sent {
  readonly type: string;
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

export class FakeHost {
  readonly sent: Sent[] = [];
  readonly root: HTMLElement;
  state: unknown = null;
  /** Of any row. */
  byClassifier: readonly ClassifierFigures[] = [];
  /** Answered to everything but `ready` and `byClassifier`; set to make the host fail. */
  failure: string | null = null;
  readonly #listeners = new Set<(message: unknown) => void>();
  readonly #end: () => void;

  constructor(
    readonly first: MetricsSnapshot,
    state: unknown = null,
  ) {
    this.state = state;
    this.root = document.createElement('div');
    document.body.append(this.root);
    const port: Port = {
      post: (message) => this.#receive(message as Sent),
      listen: (receive) => {
        this.#listeners.add(receive);
        return () => this.#listeners.delete(receive);
      },
    };
    const keeper = {
      getState: () => this.state,
      setState: (state: unknown) => {
        this.state = state;
      },
    };
    this.#end = startMetrics(port, keeper, this.root);
  }

  /** Shows the first snapshot. */
  static async open(first: MetricsSnapshot, state: unknown = null): Promise<FakeHost> {
    const host = new FakeHost(first, state);
    await settle();
    return host;
  }

  async send(snapshot: MetricsSnapshot): Promise<void> {
    this.#emit({ type: 'notify', method: 'snapshot', params: snapshot });
    await settle();
  }

  async update(update: MetricsUpdate): Promise<void> {
    this.#emit({ type: 'notify', method: 'update', params: update });
    await settle();
  }

  /** Parameters of what the webview asked, by method. */
  asked(method: string): readonly unknown[] {
    return this.sent.filter((message) => message.method === method).map(({ params }) => params);
  }

  /** The one element that matches. */
  get<E extends Element = HTMLElement>(selector: string): E {
    const [found, second] = this.root.querySelectorAll<E>(selector);
    if (!found || second)
      throw new Error(`${found ? 'several elements match' : 'nothing matches'} ${selector}`);
    return found;
  }

  text(selector: string): string {
    return (this.get(selector).textContent ?? '').replace(/\s+/g, ' ').trim();
  }

  texts(selector: string): string[] {
    return [...this.root.querySelectorAll(selector)].map((found) =>
      (found.textContent ?? '').replace(/\s+/g, ' ').trim(),
    );
  }

  close(): void {
    this.#end();
    this.root.remove();
  }

  #receive(message: Sent): void {
    this.sent.push(message);
    const { id, method } = message;
    if (method === 'ready') this.#emit({ type: 'result', id, result: this.first });
    else if (method === 'byClassifier') this.#emit({ type: 'result', id, result: this.byClassifier });
    else if (this.failure === null) this.#emit({ type: 'result', id, result: null });
    else this.#emit({ type: 'error', id, message: this.failure });
  }

  /** As structured clone does: the webview never holds the host's own objects. */
  #emit(message: unknown): void {
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => {
      for (const listener of this.#listeners) listener(copy);
    });
  }
}

/** Lets messages arrive and the view draw. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}
