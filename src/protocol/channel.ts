/**
 * One typed channel for both webviews, symmetric: either side may ask (`request`) or tell (`notify`).
 * A handler that throws answers with its message, a silent peer ends in a time-out: a caller always hears back.
 *
 * A contract is an interface of functions `(params) => result`; notifications are functions that return void.
 */

/** Transport: `postMessage` of a webview, or a fake in tests. */
export interface Port {
  post(message: unknown): void;
  /** Returns an unsubscribe function. */
  listen(receive: (message: unknown) => void): () => void;
}

/** Functions of any one parameter: `never` stands for what every such function takes. */
export type Contract = { readonly [K in string]: (params: never) => unknown };
type Params<C, K extends keyof C> = C[K] extends (params: infer P) => unknown ? P : never;
type Result<C, K extends keyof C> = C[K] extends (params: never) => infer R ? Awaited<R> : never;
export type Handlers<C> = { [K in keyof C]: (params: Params<C, K>) => Result<C, K> | Promise<Result<C, K>> };

type Wire =
  | { readonly type: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly type: 'notify'; readonly method: string; readonly params: unknown }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly message: string };

export interface ChannelOptions<Local> {
  readonly port: Port;
  readonly handlers: Handlers<Local>;
  /**
   * Checks what came in before a handler sees it; throws an Error in words when it is wrong.
   * The host passes a zod-based one, since a webview shows hostile text; webviews trust the host.
   */
  readonly validate?: (method: string, params: unknown) => unknown;
  readonly timeoutMs?: number;
  /** Told of failed notifications and unknown messages, which nobody waits for. */
  readonly onError?: (error: Error) => void;
}

/** `Local`: what this side answers. `Remote`: what the other side answers. */
export class Channel<Local extends Contract, Remote extends Contract> {
  private next = 1;
  private readonly waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: Error) => void; timer: ReturnType<typeof setTimeout> }
  >();
  private readonly unlisten: () => void;
  private closed = false;

  constructor(private readonly options: ChannelOptions<Local>) {
    this.unlisten = options.port.listen((message) => this.receive(message));
  }

  /** Rejects when the other side fails, does not answer within the time-out, or the channel is closed. */
  request<K extends keyof Remote & string>(method: K, params: Params<Remote, K>): Promise<Result<Remote, K>> {
    if (this.closed) return Promise.reject(new Error(`${method}: the view is closed`));
    const id = this.next++;
    const timeoutMs = this.options.timeoutMs ?? 30_000;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(
          new Error(
            `no answer for ${timeoutMs / 1000} s (${method}): the view is busy, or has to be closed and opened again`,
          ),
        );
      }, timeoutMs);
      this.waiting.set(id, { resolve, reject, timer });
      this.options.port.post({ type: 'request', id, method, params } satisfies Wire);
    });
  }

  notify<K extends keyof Remote & string>(method: K, params: Params<Remote, K>): void {
    if (!this.closed) this.options.port.post({ type: 'notify', method, params } satisfies Wire);
  }

  dispose(): void {
    this.closed = true;
    this.unlisten();
    for (const [, { reject, timer }] of this.waiting) {
      clearTimeout(timer);
      reject(new Error('the view was closed'));
    }
    this.waiting.clear();
  }

  private receive(message: unknown): void {
    if (!isWire(message)) {
      this.options.onError?.(new Error('a message of unknown form was dropped'));
      return;
    }
    if (message.type === 'request') {
      void this.answer(message.id, message.method, message.params);
      return;
    }
    if (message.type === 'notify') {
      this.handle(message.method, message.params).catch((error) => this.options.onError?.(asError(error)));
      return;
    }
    const waiter = this.waiting.get(message.id);
    if (!waiter) return; // answered after its time-out: the caller has been told already
    this.waiting.delete(message.id);
    clearTimeout(waiter.timer);
    if (message.type === 'result') waiter.resolve(message.result as never);
    else waiter.reject(new Error(message.message));
  }

  private async answer(id: number, method: string, params: unknown): Promise<void> {
    let reply: Wire;
    try {
      reply = { type: 'result', id, result: await this.handle(method, params) };
    } catch (error) {
      reply = { type: 'error', id, message: asError(error).message };
    }
    if (!this.closed) this.options.port.post(reply);
  }

  private async handle(method: string, params: unknown): Promise<unknown> {
    if (!Object.hasOwn(this.options.handlers, method)) throw new Error(`unknown message "${method}"`);
    const handler = this.options.handlers[method as keyof Handlers<Local>];
    const checked = this.options.validate ? this.options.validate(method, params) : params;
    return await handler(checked as never);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function isWire(message: unknown): message is Wire {
  if (typeof message !== 'object' || message === null) return false;
  const { type, id, method } = message as Record<string, unknown>;
  if (type === 'notify') return typeof method === 'string';
  if (type === 'request') return typeof method === 'string' && typeof id === 'number';
  return (type === 'result' || type === 'error') && typeof id === 'number';
}
