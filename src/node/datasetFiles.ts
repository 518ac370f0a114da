import { access, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { inTurns } from './inTurns';
import { readSet, SET_FILE } from './setFile';
import { describeFileError } from './sources/fileError';
import { SCAN_FILE } from './sources/scanStamp';
import { DatasetError } from './sources/source';

/** Files of a folder that may hold transcripts, by their names. */
const DATA_FILE = /\.(jsonl|ndjson|json|csv|tsv|parquet|eval)$/i;
/** An ending behind that of a file which is not read as it is. */
const PACKED = /\.(gz|zst|bz2|xz)$/i;
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

/** A link in a dataset's folder that is not followed, or a file that would have to be unpacked. */
export interface SkippedEntry {
  /** As `DatasetFile.name`. */
  readonly name: string;
  /** In words, which begin with the entry's own name. */
  readonly reason: string;
  /** By its name it holds data, which no figure has. */
  readonly isData: boolean;
}

/** What a dataset is read from, and what in its folder may be meant to belong to it but does not. */
export interface DatasetListing {
  readonly files: readonly DatasetFile[];
  readonly skipped: readonly SkippedEntry[];
}

/** The files of `listDataset`. @throws as that. */
export async function datasetFiles(path: string): Promise<readonly DatasetFile[]> {
  return (await listDataset(path)).files;
}

/**
 * The files of a dataset in a fixed order: the file itself, those that a set names, or those of a folder and its
 * subfolders.
 * @throws DatasetError when there is none, or they cannot be listed.
 */
export async function listDataset(path: string): Promise<DatasetListing> {
  const name = basename(path) || path;
  const kind = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new DatasetError(describeFileError(path, error));
  });
  if (path.toLowerCase().endsWith(SET_FILE)) return { files: await filesOfSet(path), skipped: [] };
  if (!kind.isDirectory() || (await isScan(path)))
    return { files: [await datasetFile(path, dirname(resolve(path)))], skipped: [] };
  const listed: Listed = { own: [], packed: [], folders: [], links: [] };
  await collect(path, listed, { left: MOST_ENTRIES });
  const { files, skipped } = await followed(listed);
  if (files.length === 0) {
    const [first] = skipped;
    const why = first === undefined ? '' : `; ${first.reason}`;
    throw new DatasetError(
      `${name} holds no file that could be a dataset (JSONL, JSON, CSV, Parquet, .eval)${why}`,
    );
  }
  return {
    files: await inTurns(files.toSorted(byName), (file) => datasetFile(file, path)),
    skipped: skipped.map(({ path: entry, ...why }) => ({ name: nameIn(path, entry), ...why })),
  };
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
    name: nameIn(folder, path),
    folder: lastTwo(folder),
    size: stats?.isFile() ? stats.size : 0,
    within,
  };
}

function nameIn(folder: string, path: string): string {
  return slashed(relative(folder, resolve(path)));
}

function lastTwo(folder: string): string {
  return slashed(resolve(folder)).split('/').slice(-2).join('/');
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}

/** Paths of what a folder holds. */
interface Listed {
  /** Its own files of data, and scans. */
  readonly own: string[];
  /** Files of data that would have to be unpacked. */
  readonly packed: string[];
  /** Itself and its subfolders. */
  readonly folders: string[];
  /** Links, to whatever they lead. */
  readonly links: string[];
}

/**
 * Its own files and those to which links lead; none by a second name, such as `latest.jsonl`: it would count twice. A link
 * to a folder is not followed, since it may lead back up; it is told, unless that folder is read anyway.
 */
async function followed({ own, packed, folders, links }: Listed): Promise<{
  readonly files: readonly string[];
  readonly skipped: readonly (Omit<SkippedEntry, 'name'> & { readonly path: string })[];
}> {
  const taken = new Set<string>();
  // Where nothing is a link, nobody need be asked where it leads: that takes as long as to list it.
  const ownFiles = await firstOfEach(own.toSorted(byName), taken, links.length > 0 ? identity : ownIdentity);
  const isRead = new Set(ownFiles);
  const skip = (path: string, reason: string) => ({ path, reason, isData: isData(unpacked(path)) });
  const skipped = [
    ...packed.sort(byName).map((path) => skip(path, packedReason(path))),
    ...own
      .filter((path) => !isRead.has(path))
      .map((path) => ({
        path,
        reason: `${basename(path)} is another name of a file that is read`,
        isData: false,
      })),
  ];
  if (links.length === 0) return { files: ownFiles, skipped };
  for (const folder of await inTurns(folders, identity)) taken.add(folder);
  const toFiles: string[] = [];
  const looks = await inTurns(links.sort(byName), async (path) => ({
    path,
    reason: await notFollowed(path),
    target: await identity(path),
  }));
  for (const { path, reason, target } of looks) {
    if (reason !== null && !taken.has(target)) skipped.push(skip(path, reason));
    else if (reason === null && isData(basename(path))) toFiles.push(path);
  }
  return { files: [...ownFiles, ...(await firstOfEach(toFiles, taken))], skipped };
}

/** Why a link is not followed, in words; null for one to a file, or named as data: of these reading tells. */
async function notFollowed(link: string): Promise<string | null> {
  const name = basename(link);
  try {
    const target = await stat(link);
    if (target.isDirectory()) return `${name} is a link to a folder; only links to files are followed`;
    return isPacked(name) ? packedReason(link) : null;
  } catch (error) {
    if (isData(name)) return null;
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? `${name} is a link that leads nowhere`
      : describeFileError(link, error as NodeJS.ErrnoException);
  }
}

/** Those that lead to a file to which none before has led, and that is not taken: by a link, or as another of its names. */
async function firstOfEach(
  paths: readonly string[],
  taken: Set<string>,
  by = identity,
): Promise<readonly string[]> {
  const targets = await inTurns(paths, by);
  return paths.filter((path, index) => {
    const target = targets[index] ?? path;
    const isFirst = !taken.has(target);
    taken.add(target);
    return isFirst;
  });
}

/** Where each leads to, through links. */
export function realPaths(paths: readonly string[]): Promise<readonly string[]> {
  return inTurns(paths, real);
}

/** The path itself for a link that leads nowhere, which reading it will say. */
function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/**
 * The same for all names of a file. What has one name only is told by where that leads: not every file system gives each
 * file a number of its own, and none may be left out for another's.
 */
export async function identity(path: string): Promise<string> {
  return (await numberOf(path)) ?? real(path);
}

/** Likewise, where nothing leads anywhere. */
async function ownIdentity(path: string): Promise<string> {
  return (await numberOf(path)) ?? path;
}

/** null for what has one name, or is no file. */
async function numberOf(path: string): Promise<string | null> {
  const stats = await stat(path, { bigint: true }).catch(() => null);
  return stats?.isFile() && stats.nlink > 1n && stats.ino !== 0n ? `${stats.dev} ${stats.ino}` : null;
}

/** A set names other files, and is read by itself only. */
function isData(name: string): boolean {
  return DATA_FILE.test(name) && !name.toLowerCase().endsWith(SET_FILE);
}

function isPacked(name: string): boolean {
  return PACKED.test(name) && isData(unpacked(name));
}

function unpacked(name: string): string {
  return name.replace(PACKED, '');
}

function packedReason(path: string): string {
  return `${basename(path)} is compressed; unpack it first`;
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
  listed.folders.push(folder);
  const names = new Set(entries.map(({ name }) => name));
  // What stands there unpacked as well is read.
  const isSkipped = (name: string) => SKIPPED.test(name) || (isPacked(name) && names.has(unpacked(name)));
  for (const entry of entries.filter(({ name }) => !isSkipped(name))) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) listed.links.push(path);
    else if (entry.isDirectory()) {
      if (await isScan(path)) listed.own.push(path);
      else await collect(path, listed, entriesLeft, true);
    } else if (isData(entry.name)) listed.own.push(path);
    else if (isPacked(entry.name)) listed.packed.push(path);
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
