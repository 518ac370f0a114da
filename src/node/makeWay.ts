/** What keeps a reviewer's decisions from being saved to their own file, and how it is got out of the way. */
import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { encode } from '../core/review/codec';
import type { Entry } from '../core/review/entry';
import { fileOwner, REVIEW_EXTENSION, reviewFileName } from '../core/review/reviewerName';
import { inSlices } from '../core/slices';
import {
  type BesideFolder,
  type InTheWay,
  inTheWay,
  nameOnDisk,
  pathOf,
  putAside,
  renameIn,
  replaceAside,
  stampIn,
} from './besideFiles';
import type { ReviewFiles } from './reviewFiles';
import { isReadAs } from './reviewStore';

const ENTRIES_AT_ONCE = 500;

export interface Obstacle {
  /**
   * Besides those of `InTheWay`: a file whose name has the ending in another case, on a file system that ignores it; and one
   * that is not read to its end.
   */
  readonly kind: InTheWay['kind'] | 'misnamed' | 'cut';
  readonly path: string;
  /** From where on a file is not read, and why. */
  readonly cut?: string;
  /**
   * Gets it out of the way, with no decision lost that counted. @returns the path that it has then
   * @throws the file system's error
   */
  readonly remove: () => Promise<string>;
}

/**
 * What stands in the way of one reviewer's decisions and may be got out of it. Nothing that is another's: where a file system
 * takes two reviewers' names for one, neither file is touched.
 * @throws the file system's error
 */
export async function obstacleTo(reviews: ReviewFiles, key: string): Promise<Obstacle | null> {
  const { folder } = reviews;
  const name = reviewFileName(key);
  const found = await inTheWay(folder, name);
  if (found?.kind === 'no file') {
    const { kind } = found;
    const remove = async () => pathOf(found.folder, await putAside(found.folder, found.name));
    return { kind, path: pathOf(found.folder, found.name), remove };
  }
  const path = pathOf(folder, name);
  const there = await realName(folder, name);
  if (there !== null && !isReadAs(there, key)) {
    const isOwn = there.toLowerCase().endsWith(REVIEW_EXTENSION) && fileOwner(there) === key;
    const remove = () => renameIn(folder, there, name).then(() => path);
    return isOwn ? { kind: 'misnamed', path: pathOf(folder, there), remove } : null;
  }
  const replace = async (fill?: (draft: FileHandle) => Promise<void>) =>
    pathOf(folder, await replaceAside(folder, name, fill));
  // First: a copy of all that is in it would not be read to its end either.
  const file = await reviews.cutFileOf(key);
  if (file !== null)
    return { kind: 'cut', path, cut: file.cut, remove: () => replace((draft) => write(draft, file.entries)) };
  return found && { kind: found.kind, path, remove: () => replace() };
}

async function realName(folder: BesideFolder, name: string): Promise<string | null> {
  const stamp = await stampIn(folder, name).catch(() => null);
  return stamp === null ? null : nameOnDisk(folder, name, stamp.ino);
}

/** In parts between which the thread is free: there may be a hundred thousand. */
async function write(draft: FileHandle, entries: readonly Entry[]): Promise<void> {
  for (const part of inSlices([entries], ENTRIES_AT_ONCE)) {
    await draft.appendFile(part.map(encode).join(''));
    await setImmediate();
  }
}
