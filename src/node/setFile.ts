import { basename, dirname, relative, resolve, sep } from 'node:path';
import * as z from 'zod';
import { isInsideFolder } from '../core/dataset/insideFolder';
import { shown } from '../core/formats/format';
import { parseLooseJson } from '../core/formats/looseJson';
import { leadsOutside } from './leadsOutside';
import { readWhole } from './sources/openHandle';
import { DatasetError } from './sources/source';

/**
 * A file that names others, which are read as one dataset: `{"files": ["a.jsonl", "logs/b.eval"]}`, relative to it. It may
 * come from a stranger, so that it can name only what is in its folder, and not through links what is elsewhere.
 */
export const SET_FILE = '.transcript-set.json';
const MAX_SET_BYTES = 4 << 20;
export const MAX_SET_FILES = 10_000;

const setSchema = z.object({ files: z.array(z.string()) });

/** Paths of the files that a set names, in its order. @throws DatasetError when it is no set, or too large. */
export async function readSet(path: string): Promise<readonly string[]> {
  const name = basename(path);
  const tooLarge = `is larger than ${MAX_SET_BYTES >> 20} MiB, which no list of files is`;
  const files = filesIn(await readWhole(path, MAX_SET_BYTES, tooLarge), name);
  if (files.length > MAX_SET_FILES) {
    throw new DatasetError(
      `${name} names ${files.length} files; a set may name ${MAX_SET_FILES}; open their folder instead`,
    );
  }
  const outside = files.findIndex((file) => !isInsideFolder(file));
  if (outside >= 0) {
    throw new DatasetError(
      `${name}: files[${outside}] is ${shown(files[outside])}; a set may name only files in its own folder, with / between folders`,
    );
  }
  const paths = files.map((file) => resolve(dirname(path), file));
  const targets = await leadsOutside(dirname(path), paths);
  const led = targets.findIndex((target) => target !== null);
  if (led >= 0) {
    throw new DatasetError(
      `${name}: files[${led}], ${shown(files[led])}, leads through a link to ${targets[led]}, out of the set's folder; open that file, or its folder`,
    );
  }
  return paths;
}

/**
 * What is written into a set file.
 * @param files their paths; @param folder that of the set.
 * @throws DatasetError when the set could not be read: they are too many, or one is not in the folder.
 */
export function setText(files: readonly string[], folder: string): string {
  if (files.length > MAX_SET_FILES) {
    throw new DatasetError(
      `${files.length} files are more than a set may name (${MAX_SET_FILES}); open their folder instead`,
    );
  }
  const names = files.map((file) => relative(folder, file).split(sep).join('/'));
  const outside = names.findIndex((name) => !isInsideFolder(name));
  if (outside >= 0)
    throw new DatasetError(`${files[outside]} is not in ${folder}, or has a name that a set cannot hold`);
  return `${JSON.stringify({ files: names }, null, 2)}\n`;
}

/** The path of a set, for one that a dialog gives: some add the ending to a name that has it, others to none. */
export function setFilePath(path: string): string {
  let stem = path;
  while (stem.endsWith(SET_FILE)) stem = stem.slice(0, -SET_FILE.length);
  return stem + SET_FILE;
}

/** The innermost folder that holds all of the files; null where none does: they are on different drives. */
export function commonFolder(files: readonly string[]): string | null {
  let folder = dirname(files[0] ?? '');
  for (;;) {
    const within = folder.endsWith(sep) ? folder : folder + sep;
    if (files.every((file) => file.startsWith(within))) return folder;
    if (folder === dirname(folder)) return null;
    folder = dirname(folder);
  }
}

function filesIn(bytes: Uint8Array, name: string): readonly string[] {
  const { files, isTwice } = listIn(bytes);
  if (isTwice)
    throw new DatasetError(
      `${name}: the key "files" occurs more than once, and nothing says which list is meant`,
    );
  if (files.length > 0) return files;
  throw new DatasetError(`${name} is no list of files; expected {"files": ["a.jsonl", …]}`);
}

/** No files where it is no JSON, or no list: what is wrong with it, its writer sees at a look. */
function listIn(bytes: Uint8Array): { readonly files: readonly string[]; readonly isTwice: boolean } {
  try {
    const { value, repeatedKey } = parseLooseJson(new TextDecoder().decode(bytes));
    return { files: setSchema.parse(value).files, isTwice: repeatedKey === 'files' };
  } catch {
    return { files: [], isTwice: false };
  }
}
