import { resolve } from 'node:path';
import { guessProfile } from '../core/formats/guess';
import type { Profile } from '../core/formats/profile';
import type { BesideFolder } from '../node/besideFiles';
import { type DatasetFile, datasetFiles } from '../node/datasetFiles';
import { profileOfSample, type RecordSample, sampleRecords } from '../node/detectFile';
import { joinedFiles } from '../node/joins';
import { keptText, parseKept } from '../node/profileFile';
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

/** What is kept beside a dataset: a profile; nothing; or a file that is none, without a text where it cannot be read. */
export type Kept =
  | { readonly kind: 'profile'; readonly profile: Profile; readonly text: string }
  | { readonly kind: 'none'; readonly text: null }
  | { readonly kind: 'broken'; readonly reason: string; readonly text: string | null };

export async function readKept(reviewFolder: BesideFolder): Promise<Kept> {
  let text: string | null = null;
  try {
    text = await keptText(reviewFolder);
    return text === null ? { kind: 'none', text } : { kind: 'profile', profile: await parseKept(text), text };
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return { kind: 'broken', reason: error.message, text };
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

/** What is kept, for the form to begin with; null where there is none, or more than it shows. */
export function draftOf({ text }: Kept): string | null {
  return text === null || text.length > PROFILE_UNITS ? null : text.replace(/^\ufeff/, '');
}
