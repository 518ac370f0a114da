import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Profile, profileSchema } from '../core/formats/profile';
import { describeFileError } from './sources/fileError';
import { DatasetError } from './sources/source';

/** Where what a user said about a dataset's records is kept, so that colleagues get the same reading. */
export function profilePath(reviewFolder: string): string {
  return join(reviewFolder, 'profile.json');
}

/** null where there is no such file. @throws DatasetError when it cannot be read or is no profile. */
export async function readProfile(path: string): Promise<Profile | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code === 'ENOENT' || failure.code === 'ENOTDIR') return null;
    throw new DatasetError(describeFileError(path, failure));
  }
  const name = basename(path);
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new DatasetError(`${name} is not JSON: ${(error as Error).message}`);
  }
  const parsed = profileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DatasetError(
    `${name} is no profile: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not of the schema'}`,
  );
}

/** Writes it whole or not at all. @throws the file system's error. */
export async function writeProfile(path: string, profile: Profile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(profile, null, 2)}\n`);
  await rename(draft, path);
}
