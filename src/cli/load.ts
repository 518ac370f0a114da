import { access } from 'node:fs/promises';
import { monotonicFactory } from 'ulid';
import { Audit } from '../node/audit';
import { reviewFolder } from '../node/reviewStore';
import { inProcess } from '../node/runIndex';
import { UsageError } from './exit';

/**
 * Reads a dataset and the decisions on it, whole.
 * @throws UsageError when the file or the named review folder is not there.
 */
export async function loadAudit(path: string, reviews?: string): Promise<Audit> {
  for (const wanted of reviews === undefined ? [path] : [path, reviews]) {
    await access(wanted).catch(() => {
      throw new UsageError(`${wanted} is not there`);
    });
  }
  const audit = new Audit({
    path,
    reviewFolder: reviews ?? reviewFolder(path),
    run: inProcess,
    newId: monotonicFactory(),
    now: () => new Date(),
  });
  await audit.load(new AbortController().signal);
  return audit;
}
