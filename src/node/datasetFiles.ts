import { access, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { inTurns } from './inTurns';
import { readSet, SET_FILE } from './setFile';
import { describeFileError } from './sources/fileError';
import { SCAN_FILE } from './sources/scanStamp';
import { DatasetError } from './sources/source';

/** Files of a folder that may hold transcripts, by their names. */
const DATA_FILE = /\.(jsonl|ndjson|json|csv|tsv|parquet|eval)$/i;
/** What programs keep for themselves in a folder of data. */
const SKIPPED = /^\.|^node_modules$|\.review$/;
/** A folder with more in it is hardly one of data, but a disk or a home folder. */
const MOST_ENTRIES = 100_000;

/** One file that a dataset is read from. */
export interface DatasetFile {
  readonly path: string;
  /** As it is told to the user: relative to the dataset's folder, with `/`; the base name where there is one file. */
  readonly name: string;
  /** The folders in which `name` stands, the last two: see RecordPlace. */
  readonly folder: string;
  /** Bytes; 0 for a folder that is read as one. */
  readonly size: number;
  /** The folder of the set that names it, outside of which nothing is read for it; null where no set does. */
  readonly within: string | null;
}

/**
 * The files of a dataset in a fixed order: the file itself, those that a set names, or those of a folder and its
 * subfolders.
 * @throws DatasetError when there is none, or they cannot be listed.
 */
export async function datasetFiles(path: string): Promise<readonly DatasetFile[]> {
  const name = basename(path) || path;
  const kind = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new DatasetError(describeFileError(path, error));
  });
  if (path.toLowerCase().endsWith(SET_FILE)) return filesOfSet(path);
  if (!kind.isDirectory() || (await isScan(path))) return [await datasetFile(path, dirname(resolve(path)))];
  const listed: Listed = { own: [], links: [] };
  await collect(path, listed, { left: MOST_ENTRIES });
  const found = await withoutSeconds(listed);
  if (found.length === 0) {
    throw new DatasetError(
      `${name} holds no file that could be a dataset (JSONL, JSON, CSV, Parquet, .eval)`,
    );
  }
  return inTurns(found.toSorted(byName), (file) => datasetFile(file, path));
}

/** In the order in which the set names them. */
async function filesOfSet(path: string): Promise<readonly DatasetFile[]> {
  const files = await firstOfEach(await readSet(path), new Set());
  return inTurns(files, (file) => datasetFile(file, dirname(path), dirname(path)));
}

async function datasetFile(path: string, folder: string, within: string | null = null): Promise<DatasetFile> {
  const stats = await stat(path).catch(() => null);
  return {
    path,
    name: slashed(relative(folder, resolve(path))),
    folder: lastTwo(folder),
    size: stats?.isFile() ? stats.size : 0,
    within,
  };
}

function lastTwo(folder: string): string {
  return slashed(resolve(folder)).split('/').slice(-2).join('/');
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}

/** Paths of what a folder holds: its own files, and links to files. */
interface Listed {
  readonly own: string[];
  readonly links: string[];
}

/** Without links to files that are read anyway, such as `latest.jsonl`: they would count twice. */
async function withoutSeconds({ own, links }: Listed): Promise<readonly string[]> {
  if (links.length === 0) return own;
  return [...own, ...(await firstOfEach(links.sort(byName), new Set(await inTurns(own, real))))];
}

/** Those that lead to a file to which none before has led, and that is not taken. */
async function firstOfEach(paths: readonly string[], taken: Set<string>): Promise<readonly string[]> {
  const targets = await inTurns(paths, real);
  return paths.filter((path, index) => {
    const target = targets[index] ?? path;
    const isFirst = !taken.has(target);
    taken.add(target);
    return isFirst;
  });
}

/** The path itself for a link that leads nowhere, which reading it will say. */
function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** A set names other files, and is read by itself only. */
function isData(name: string): boolean {
  return DATA_FILE.test(name) && !name.toLowerCase().endsWith(SET_FILE);
}

async function collect(
  folder: string,
  listed: Listed,
  entriesLeft: { left: number },
  isBelow = false,
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (!isBelow) throw new DatasetError(describeFileError(folder, error));
    listed.own.push(folder); // one folder that cannot be listed is skipped like a file that cannot be read
    return [];
  });
  entriesLeft.left -= entries.length;
  if (entriesLeft.left < 0) {
    throw new DatasetError(`there are over ${MOST_ENTRIES} files in it; open a folder nearer to the data`);
  }
  for (const entry of entries.filter(({ name }) => !SKIPPED.test(name))) {
    const path = join(folder, entry.name);
    // A link to a folder is not followed: it may lead back up.
    if (entry.isDirectory()) {
      if (await isScan(path)) listed.own.push(path);
      else await collect(path, listed, entriesLeft, true);
    } else if (isData(entry.name)) (entry.isSymbolicLink() ? listed.links : listed.own).push(path);
  }
}

async function isScan(folder: string): Promise<boolean> {
  return access(join(folder, SCAN_FILE)).then(
    () => true,
    () => false,
  );
}

/** The same on every machine, whatever its language. */
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
