/** An audit without saved decisions, as the extension host and the command make it. */
import { monotonicFactory } from 'ulid';
import { Audit } from '../../src/node/audit';
import { reviewFolder } from '../../src/node/reviewStore';
import type { RunIndex } from '../../src/node/runIndex';

export function newAudit(path: string, run: RunIndex, cache?: string): Audit {
  return new Audit({
    path,
    reviewFolder: reviewFolder(path),
    run,
    cache,
    newId: monotonicFactory(),
    now: () => new Date(),
  });
}

/** @throws when the dataset could not be indexed */
export async function loaded(path: string, run: RunIndex): Promise<Audit> {
  const audit = newAudit(path, run);
  await audit.load(new AbortController().signal);
  if (audit.dataset.phase !== 'ready') throw new Error(audit.dataset.error ?? audit.dataset.phase);
  return audit;
}
