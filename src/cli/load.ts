import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { monotonicFactory } from 'ulid';
import type { Profile } from '../core/formats/profile';
import { Audit } from '../node/audit';
import { identity } from '../node/datasetFiles';
import { readProfileFile } from '../node/profileFile';
import { reviewFolder } from '../node/reviewStore';
import { inProcess } from '../node/runIndex';
import { UsageError } from './exit';

/** Flags of every command that reads datasets. */
export interface ReadFlags {
  /** The folder of the reviewers' files, where it is not beside the dataset. */
  readonly reviews?: string;
  /** A file that says what the records mean, where neither looking nor the review folder tells. */
  readonly profile?: string;
}

/**
 * Reads a dataset and the decisions on it, whole.
 * @throws UsageError when a named file or folder is not there, or is none.
 */
export async function loadAudit(path: string, { reviews, profile }: ReadFlags = {}): Promise<Audit> {
  await lookedUp(path);
  const chosen = profile === undefined ? null : await chosenProfile(profile);
  if (reviews !== undefined && (await lookedUp(reviews))?.isDirectory() === false) {
    throw new UsageError(`${reviews} is not a folder`);
  }
  const audit = new Audit({
    path,
    reviewFolder: reviews === undefined ? reviewFolder(path) : { base: reviews, below: [] },
    run: inProcess,
    ...(chosen === null ? {} : { profile: chosen }),
    newId: monotonicFactory(),
    now: () => new Date(),
  });
  await audit.load(new AbortController().signal);
  return audit;
}

/**
 * Reads datasets that are counted together.
 * @throws UsageError as `loadAudit`, and for a file that several of them hold, since it would count several times.
 */
export async function loadAudits(paths: readonly string[], flags: ReadFlags): Promise<Audit[]> {
  const audits: Audit[] = [];
  const readBy = new Map<string, string>();
  for (const path of paths) {
    const audit = await loadAudit(path, flags);
    for (const file of audit.dataset.files) {
      const itself = await identity(file.path);
      const earlier = readBy.get(itself);
      if (earlier !== undefined)
        throw new UsageError(`${file.path} would count twice: ${both(earlier, path)}`);
      readBy.set(itself, path);
    }
    audits.push(audit);
  }
  return audits;
}

function both(one: string, other: string): string {
  return one === other ? 'it is given twice' : `it is in ${one} and in ${other}`;
}

async function chosenProfile(path: string): Promise<Profile> {
  try {
    return await readProfileFile(path);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
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
