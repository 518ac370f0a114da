import { contentHashSteps } from '../../src/core/dataset/hash';
import type { Message } from '../../src/core/dataset/model';

/** The steps of the extension's own hash, taken in one go. */
export function contentHash(messages: readonly Message[]): string {
  const steps = contentHashSteps(messages);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
