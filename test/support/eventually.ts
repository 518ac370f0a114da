import { vi } from 'vitest';

/** Waits until `check` throws no more: as long as a busy machine may take, which says nothing of an idle one. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 60_000, interval: 10 });
}
