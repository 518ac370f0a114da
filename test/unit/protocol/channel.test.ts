import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Channel, type Port } from '../../../src/protocol/channel';
import { eventually } from '../../support/eventually';

type Left = {
  double: (n: number) => number;
  fail: (reason: string) => void;
  silent: (params: null) => number;
};
type Right = { told: (text: string) => void };

/** Two ports that hand messages to each other later, as windows do. */
function pair(): [Port & { drop: boolean }, Port & { drop: boolean }] {
  const make = () => {
    const listeners = new Set<(message: unknown) => void>();
    return { listeners, drop: false };
  };
  const [a, b] = [make(), make()];
  const port = (own: ReturnType<typeof make>, other: ReturnType<typeof make>) => ({
    drop: false,
    post(message: unknown) {
      if (this.drop) return;
      const copy = structuredClone(message);
      queueMicrotask(() => {
        for (const receive of other.listeners) receive(copy);
      });
    },
    listen(receive: (message: unknown) => void) {
      own.listeners.add(receive);
      return () => own.listeners.delete(receive);
    },
  });
  return [port(a, b), port(b, a)];
}

describe('Channel', () => {
  let left: Channel<Left, Right>;
  let right: Channel<Right, Left>;
  let ports: ReturnType<typeof pair>;
  const told: string[] = [];
  const errors: string[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    told.length = 0;
    errors.length = 0;
    ports = pair();
    left = new Channel<Left, Right>({
      port: ports[0],
      handlers: {
        double: (n) => n * 2,
        fail: (reason) => {
          throw new Error(reason);
        },
        silent: () => new Promise<number>(() => {}),
      },
      validate: (method, params) => {
        if (method === 'double' && typeof params !== 'number') throw new Error('double: a number is wanted');
        return params;
      },
      onError: (error) => errors.push(error.message),
    });
    right = new Channel<Right, Left>({
      port: ports[1],
      handlers: { told: (text) => void told.push(text) },
      timeoutMs: 1_000,
    });
  });
  afterEach(() => {
    left.dispose();
    right.dispose();
    vi.useRealTimers();
  });

  it('answers each request with its own result', async () => {
    expect(await Promise.all([1, 2, 3].map((n) => right.request('double', n)))).toEqual([2, 4, 6]);
  });

  it('notifies without an answer', async () => {
    left.notify('told', 'hello');
    await eventually(() => expect(told).toEqual(['hello']));
  });

  it('answers with the message of a handler that throws', async () => {
    await expect(right.request('fail', 'the disk is full')).rejects.toThrow('the disk is full');
  });

  it('refuses what does not pass validation, before the handler', async () => {
    await expect(right.request('double', 'x' as unknown as number)).rejects.toThrow('a number is wanted');
  });

  it('refuses methods that are not in the contract, those of Object included', async () => {
    for (const method of ['nothing', 'constructor', '__proto__', 'toString']) {
      await expect(right.request(method as 'double', 1)).rejects.toThrow(`unknown message "${method}"`);
    }
  });

  it('ends in a time-out when nobody answers, and then ignores a late answer', async () => {
    const answer = right.request('silent', null).catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await answer).toMatch(/^no answer for 1 s \(silent\): /);
  });

  it('ends in a time-out when the message is lost, as by a hidden webview', async () => {
    ports[1].drop = true;
    const answer = right.request('double', 1).catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await answer).toContain('no answer');
  });

  it('rejects what is under way when it is closed, and everything after', async () => {
    const answer = right.request('silent', null);
    right.dispose();
    await expect(answer).rejects.toThrow('closed');
    await expect(right.request('double', 1)).rejects.toThrow('closed');
  });

  it('reports messages that are none of its own, and goes on', async () => {
    for (const message of [
      null,
      7,
      'x',
      {},
      { type: 'request', id: 'a', method: 'double' },
      { type: 'odd' },
    ]) {
      ports[1].post(message);
    }
    await eventually(() => expect(errors).toHaveLength(6));
    expect(await right.request('double', 4)).toBe(8);
  });
});
