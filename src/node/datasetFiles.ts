import { access, readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { describeFileError } from './sources/fileError';
import { DatasetError } from './sources/source';

/** Files of a folder that may hold transcripts, by their names. */
const DATA_FILE = /\.(jsonl|ndjson|json|csv|tsv|parquet|eval)$/i;
/** What programs keep for themselves in a folder of data. */
const SKIPPED = /^\.|^node_modules$|\.review$/;
/** A folder with more in it is hardly one of data, but a disk or a home folder. */
const MOST_ENTRIES = 100_000;
/** A folder with this file in it is one scan of Inspect Scout, and read as a whole. */
export const SCAN_FILE = '_scan.json';

/** One file that a dataset is read from. */
export interface DatasetFile {
  readonly path: string;
  /** As it is told to the user: relative to the dataset's folder, with `/`; the base name where there is one file. */
  readonly name: string;
  /** Bytes; 0 for a folder that is read as one. */
  readonly size: number;
}

/**
 * The files of a dataset in a fixed order: the file itself, or those of a folder and its subfolders.
 * @throws DatasetError when there is none, or they cannot be listed.
 */
export async function datasetFiles(path: string): Promise<readonly DatasetFile[]> {
  const name = basename(path) || path;
  const kind = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new DatasetError(describeFileError(path, error));
  });
  if (!kind.isDirectory() || (await isScan(path)))
    return [{ path, name, size: kind.isFile() ? kind.size : 0 }];
  const found: string[] = [];
  await collect(path, found, { left: MOST_ENTRIES });
  if (found.length === 0) {
    throw new DatasetError(
      `${name} holds no file that could be a dataset (JSONL, JSON, CSV, Parquet, .eval)`,
    );
  }
  return Promise.all(
    found.sort(byName).map(async (file) => ({
      path: file,
      name: relative(path, file).split(sep).join('/'),
      size: await stat(file).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0, // reading it will say why
      ),
    })),
  );
}

async function collect(folder: string, found: string[], entriesLeft: { left: number }): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new DatasetError(describeFileError(folder, error));
  });
  entriesLeft.left -= entries.length;
  if (entriesLeft.left < 0) {
    throw new DatasetError(`there are over ${MOST_ENTRIES} files in it; open a folder nearer to the data`);
  }
  for (const entry of entries.filter(({ name }) => !SKIPPED.test(name))) {
    const path = join(folder, entry.name);
    // A link to a folder is not followed: it may lead back up.
    if (entry.isDirectory()) {
      if (await isScan(path)) found.push(path);
      else await collect(path, found, entriesLeft);
    } else if (DATA_FILE.test(entry.name)) found.push(path);
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
