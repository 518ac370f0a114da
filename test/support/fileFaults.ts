/** For `vi.mock('node:fs/promises', faulty)`: the real one, in which something happens at a moment that a test chooses. */
import type { FileHandle } from 'node:fs/promises';

type Real = typeof import('node:fs/promises');
type Moment = 'open' | 'write' | 'sync';

interface Fault {
  readonly moment: Moment;
  readonly path: string;
  readonly run: () => unknown;
  readonly isOnce: boolean;
}

let faults: Fault[] = [];

/** Runs before the next time that the file is opened, written to or synced. What it throws, that fails with. */
export function once(moment: Moment, path: string, run: () => unknown): void {
  faults.push({ moment, path, run, isOnce: true });
}

/** The same each time, until the function that it returns is called. */
export function always(moment: Moment, path: string, run: () => unknown): () => void {
  const fault = { moment, path, run, isOnce: false };
  faults.push(fault);
  return () => {
    faults = faults.filter((one) => one !== fault);
  };
}

export function failing(code: string): () => never {
  return () => {
    throw Object.assign(new Error(`${code}: made up`), { code });
  };
}

async function meet(moment: Moment, path: string): Promise<void> {
  const met = faults.filter((fault) => fault.moment === moment && fault.path === path);
  faults = faults.filter((fault) => !(fault.isOnce && met.includes(fault)));
  for (const { run } of met) await run();
}

export async function faulty(original: () => Promise<unknown>): Promise<Real> {
  const real = (await original()) as Real;
  const open = async (...args: Parameters<Real['open']>): Promise<FileHandle> => {
    const path = String(args[0]);
    await meet('open', path);
    const handle = await real.open(...args);
    for (const moment of ['write', 'sync'] as const) {
      const whole = handle[moment].bind(handle) as (...given: unknown[]) => Promise<unknown>;
      const met = async (...given: unknown[]) => {
        await meet(moment, path);
        return whole(...given);
      };
      Object.assign(handle, { [moment]: met });
    }
    return handle;
  };
  return { ...real, open };
}
