/** The hash of a transcript's texts, without holding up the thread, once for as long as anyone holds them. */
import { setImmediate } from 'node:timers/promises';
import { contentHashSteps } from '../core/dataset/hash';
import type { Message } from '../core/dataset/model';

const known = new WeakMap<readonly Message[], Promise<string>>();

/** See `contentHashSteps`. The same array of messages must not have changed since it was last given. */
export function textHash(messages: readonly Message[]): Promise<string> {
  const hash = known.get(messages) ?? hashInSteps(messages);
  known.set(messages, hash);
  return hash;
}

async function hashInSteps(messages: readonly Message[]): Promise<string> {
  const steps = contentHashSteps(messages);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await setImmediate();
  }
}
