import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Profile } from '../core/formats/profile';
import { datasetFiles } from './datasetFiles';
import { inTurns } from './inTurns';
import { joinedFiles } from './joins';

/**
 * What a dataset is made of beside the contents of its files, as it was when its reading began: which files they are, where
 * a folder or a list says so, and the files whose verdicts are joined.
 */
export class Makeup {
  private constructor(
    private readonly path: string,
    private readonly joined: readonly { readonly path: string; readonly state: string }[],
    /** null where the dataset is one file. */
    private readonly files: string | null,
  ) {}

  /** As it is now. Never rejects: what is wrong with the list of files, the reading says. */
  static async of(path: string, profile: Profile | null): Promise<Makeup> {
    const joined = await inTurns([...joinedFiles(profile, path)], async (each) => ({
      path: each,
      state: await stateOf(each),
    }));
    const files = await listOf(path, joined).catch(() => null);
    return new Makeup(path, joined, files);
  }

  /** Paths of the files whose verdicts are joined. */
  get joinedPaths(): readonly string[] {
    return this.joined.map(({ path }) => path);
  }

  /** What is not as it was, in words; null when all is. */
  async change(): Promise<string | null> {
    for (const { path, state } of this.joined) {
      if ((await stateOf(path)) !== state)
        return `${basename(path)} has changed on disk since its verdicts were joined`;
    }
    if (this.files === null) return null;
    try {
      const now = await listOf(this.path, this.joined);
      return now === this.files ? null : `${basename(this.path)} has other files by now than were read`;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

/** null for a dataset that is one file. @throws DatasetError */
async function listOf(path: string, joined: readonly { readonly path: string }[]): Promise<string | null> {
  const taken = new Set(joined.map((each) => each.path));
  const paths = (await datasetFiles(path))
    .map((file) => resolve(file.path))
    .filter((each) => !taken.has(each));
  return paths.length === 1 && paths[0] === resolve(path) ? null : JSON.stringify(paths);
}

function stateOf(path: string): Promise<string> {
  return stat(path).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => 'not there',
  );
}
