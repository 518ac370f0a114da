import { resolve } from 'node:path';
import { guessProfile } from '../core/formats/guess';
import type { Profile } from '../core/formats/profile';
import type { BesideFolder } from '../node/besideFiles';
import { type DatasetFile, datasetFiles } from '../node/datasetFiles';
import { profileOfSample, type RecordSample, sampleRecords } from '../node/detectFile';
import { joinedFiles } from '../node/joins';
import { keptText, readProfile } from '../node/profileFile';
import { openSource } from '../node/sources/open';
import { DatasetError } from '../node/sources/source';
import { PROFILE_UNITS } from '../protocol/profile';

/** The first records of one file of a dataset, and what they look like. */
export interface FileSample extends RecordSample {
  readonly file: DatasetFile;
  /** null where no built-in profile knows them. */
  readonly detected: Profile | null;
  readonly guess: Profile;
}

/** @throws DatasetError when the file cannot be read. */
export async function sampleFile(file: DatasetFile): Promise<FileSample> {
  const source = await openSource(file.path, file.within);
  try {
    const sample = await sampleRecords(source);
    const { values } = sample;
    return { ...sample, file, detected: profileOfSample(file.path, sample), guess: guessProfile(values) };
  } finally {
    await source.close();
  }
}

/** The files of a dataset but those that only hold verdicts to join. @throws DatasetError when they cannot be told. */
export async function transcriptFiles(path: string, chosen: Profile | null): Promise<readonly DatasetFile[]> {
  const joined = joinedFiles(chosen, path);
  return (await datasetFiles(path)).filter((file) => !joined.has(resolve(file.path)));
}

/** What is kept beside a dataset: a profile; nothing; or a file that is none, with its text where that can be shown. */
export type Kept =
  | { readonly kind: 'profile'; readonly profile: Profile }
  | { readonly kind: 'none' }
  | { readonly kind: 'broken'; readonly reason: string; readonly text: string | null };

export async function readKept(reviewFolder: BesideFolder): Promise<Kept> {
  try {
    const profile = await readProfile(reviewFolder);
    return profile === null ? { kind: 'none' } : { kind: 'profile', profile };
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return { kind: 'broken', reason: error.message, text: await shortText(reviewFolder) };
  }
}

/** What to tell when what is kept is not what the dataset was read by any more; null while it is. */
export async function keptNotice(reviewFolder: BesideFolder, readBy: Profile | null): Promise<string | null> {
  const kept = await readKept(reviewFolder);
  if (kept.kind === 'broken')
    return `the profile that is kept beside the dataset has changed: ${kept.reason}`;
  const now = kept.kind === 'profile' ? kept.profile : null;
  return JSON.stringify(now) === JSON.stringify(readBy)
    ? null
    : 'the profile that is kept beside the dataset has changed since it was read';
}

async function shortText(reviewFolder: BesideFolder): Promise<string | null> {
  const text = await keptText(reviewFolder).catch(() => null);
  return text === null || text.length > PROFILE_UNITS ? null : text.replace(/^\ufeff/, '');
}
