import { basename } from 'node:path';
import { checkProfile } from '../core/formats/checkProfile';
import type { Profile } from '../core/formats/profile';
import {
  BesideError,
  type BesideFolder,
  BesideFolderError,
  putFolderAside,
  readBytes,
  remove,
  writeWhole,
} from './besideFiles';
import { describeFileError } from './sources/fileError';
import { readWhole } from './sources/openHandle';
import { DatasetError } from './sources/source';

/** In the review folder: what a user said about a dataset's records, so that colleagues get the same reading. */
export const PROFILE_FILE = 'profile.json';

/** Far more than a profile says; a longer file is none. */
const MAX_PROFILE_BYTES = 4 << 20;

/**
 * What is kept beside a dataset, as it stands there; null where nothing is, or where its folder is none that is opened, which
 * the decisions in it are missed for as well. @throws DatasetError when it cannot be read.
 */
export async function keptBytes(folder: BesideFolder): Promise<Uint8Array | null> {
  try {
    return await readBytes(folder, PROFILE_FILE, MAX_PROFILE_BYTES);
  } catch (error) {
    if (error instanceof BesideFolderError) return null;
    if (error instanceof BesideError) throw new DatasetError(error.message);
    throw new DatasetError(describeFileError(PROFILE_FILE, error as NodeJS.ErrnoException));
  }
}

/** The same as text. @throws as `keptBytes`. */
export async function keptText(folder: BesideFolder): Promise<string | null> {
  const bytes = await keptBytes(folder);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

/** What is kept beside a dataset; null where nothing is. @throws DatasetError when it cannot be read or is no profile. */
export async function readProfile(folder: BesideFolder): Promise<Profile | null> {
  const text = await keptText(folder);
  return text === null ? null : parseKept(text);
}

/** What `keptText` has, as a profile. @throws DatasetError when it is none. */
export function parseKept(text: string): Promise<Profile> {
  return parseProfile(PROFILE_FILE, text);
}

/** A profile in a file that the user named. @throws DatasetError when it cannot be read or is no profile. */
export async function readProfileFile(path: string): Promise<Profile> {
  const bytes = await readWhole(path, MAX_PROFILE_BYTES, 'is too large to be a profile');
  return parseProfile(basename(path), new TextDecoder().decode(bytes));
}

/**
 * Puts a folder out of the way that stands in its place, as git may bring one. @returns its name from then on; null where
 * none does. @throws as `writeProfile`
 */
export function putAsideForProfile(folder: BesideFolder): Promise<string | null> {
  return putFolderAside(folder, PROFILE_FILE);
}

/** Keeps it beside a dataset, whole or not at all. @throws BesideError or the file system's error. */
export function writeProfile(folder: BesideFolder, profile: Profile): Promise<void> {
  return writeWhole(folder, PROFILE_FILE, `${JSON.stringify(profile, null, 2)}\n`);
}

/** @throws BesideError or the file system's error. */
export function removeProfile(folder: BesideFolder): Promise<void> {
  return remove(folder, PROFILE_FILE);
}

/** Keeps what was kept before, whatever it says. @throws as `writeProfile`, and when another is kept by now. */
export async function putProfileBack(folder: BesideFolder, bytes: Uint8Array): Promise<void> {
  if ((await keptBytes(folder)) !== null) throw new Error(`there is another ${PROFILE_FILE} by now`);
  await writeWhole(folder, PROFILE_FILE, bytes);
}

async function parseProfile(name: string, text: string): Promise<Profile> {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new DatasetError(`${name} is not JSON: ${(error as Error).message}`);
  }
  const check = await checkProfile(json);
  if (check.ok) return check.profile;
  const [issue] = check.issues;
  throw new DatasetError(
    `${name} is no profile: ${issue?.path || 'the whole'}: ${issue?.message ?? 'not of the schema'}`,
  );
}
