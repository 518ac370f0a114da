import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Profile } from '../core/formats/profile';
import { stampIn } from './besideFiles';
import { datasetFiles } from './datasetFiles';
import type { FileChange } from './fileState';
import { inTurns } from './inTurns';
import { joinedFiles } from './joins';
import { PROFILE_FILE } from './profileFile';
import { reviewFolder } from './reviewStore';

/**
 * What a dataset is made of beside the contents of its files, as it was when its reading began: which files they are, where
 * a folder or a list says so, the profiles that are kept beside these, and the files whose verdicts are joined.
 */
export class Makeup {
  private constructor(
    private readonly path: string,
    private readonly joined: readonly { readonly path: string; readonly state: string }[],
    /** null where the dataset is one file. */
    private readonly files: string | null,
    /** By path of a file that may be read by a profile of its own: the state of that. */
    private readonly kept: ReadonlyMap<string, string>,
    /** By name, the files that it lists. */
    private readonly listed: ReadonlyMap<string, { readonly path: string; readonly state: string }>,
  ) {}

  /** As it is now. Rejects when it is given up only: what is wrong with the list of files, the reading says. */
  static async of(path: string, profile: Profile | null, signal: AbortSignal): Promise<Makeup> {
    const joined = await inTurns([...joinedFiles(profile, path)], async (each) => ({
      path: each,
      state: await stateOf(each),
    }));
    const listing = await listOf(path, joined).catch(() => null);
    const files = listing?.map(pathOf) ?? null;
    const own = profile === null && files !== null ? files : [];
    const kept = await inTurns(own, async (each) => {
      signal.throwIfAborted();
      return [each, await keptState(each)] as const;
    });
    const states = await inTurns(listing ?? [], async (each) => {
      signal.throwIfAborted();
      const state = await stateOf(each.path);
      return [each.name, { path: each.path, state }] as const;
    });
    return new Makeup(path, joined, files && JSON.stringify(files), new Map(kept), new Map(states));
  }

  /** What has become of some of its files since. */
  async changeOf(names: ReadonlySet<string>): Promise<FileChange> {
    const listed = [...names].flatMap((name) => ({ name, ...this.listed.get(name) }));
    const now = await inTurns(listed, async ({ path }) => (path === undefined ? undefined : stateOf(path)));
    const changed = listed.filter(
      ({ state }, at) => state !== now[at] && !(isEmpty(state) && isEmpty(now[at])),
    );
    const [first] = changed;
    if (!first) return { kind: 'same' };
    // It may have its first line by now; of others, more lines make nothing readable.
    if (changed.some(({ state }) => isEmpty(state))) return { kind: 'begun' };
    return { kind: 'changed', what: `${first.name}, which was not read whole, has changed on disk since` };
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
      if (JSON.stringify(now?.map(pathOf) ?? null) !== this.files)
        return `${basename(this.path)} has other files by now than were read`;
      const states = await inTurns([...this.kept.keys()], keptState);
      const changed = [...this.kept].find(([, state], at) => states[at] !== state);
      return changed
        ? `the profile that is kept beside ${basename(changed[0])} has changed since it was read`
        : null;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

/** null for a dataset that is one file. @throws DatasetError */
async function listOf(
  path: string,
  joined: readonly { readonly path: string }[],
): Promise<readonly Listed[] | null> {
  const taken = new Set(joined.map((each) => each.path));
  const files = (await datasetFiles(path))
    .map((file) => ({ name: file.name, path: resolve(file.path) }))
    .filter((file) => !taken.has(file.path));
  return files.length === 1 && files[0]?.path === resolve(path) ? null : files;
}

interface Listed {
  readonly name: string;
  readonly path: string;
}

const pathOf = ({ path }: Listed) => path;

async function keptState(path: string): Promise<string> {
  const stamp = await stampIn(reviewFolder(path), PROFILE_FILE).catch(() => null);
  return stamp ? `${stamp.size} ${stamp.mtimeMs} ${stamp.ino}` : 'not there';
}

/** Of a file that has nothing in it. */
const EMPTY = '0 ';

function stateOf(path: string): Promise<string> {
  return stat(path).then(
    // On some systems a folder has no size.
    (stats) => `${stats.isFile() ? stats.size : 'none'} ${stats.mtimeMs}`,
    () => 'not there',
  );
}

function isEmpty(state: string | undefined): boolean {
  return state?.startsWith(EMPTY) === true;
}
