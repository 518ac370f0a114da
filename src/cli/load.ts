import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { monotonicFactory } from 'ulid';
import { Audit } from '../node/audit';
import { reviewFolder } from '../node/reviewStore';
import { inProcess } from '../node/runIndex';
import { UsageError } from './exit';

/**
 * Reads a dataset and the decisions on it, whole.
 * @throws UsageError when the file or the named review folder is not there, or the latter is no folder.
 */
export async function loadAudit(path: string, reviews?: string): Promise<Audit> {
  await lookedUp(path);
  if (reviews !== undefined && (await lookedUp(reviews))?.isDirectory() === false) {
    throw new UsageError(`${reviews} is not a folder`);
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

/** null for what is there, or may be, and cannot be looked at: reading it will say why. */
async function lookedUp(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new UsageError(`${path === '' ? '""' : path} is not there`);
    return null;
  }
}
