/** The folder of decisions beside a dataset: one append-only file for each reviewer. */
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { encode } from '../core/review/codec';
import type { Entry } from '../core/review/entry';
import { reviewerKey } from '../core/review/reviewerKey';
import { fileOwner, REVIEW_EXTENSION, reviewFileName } from '../core/review/reviewerName';
import {
  BesideError,
  type BesideFolder,
  type BesideStamp,
  makeFolder,
  nameOnDisk,
  openToAppend,
  pathOf,
  ReplacedError,
  stampIn,
  stampOf,
  syncFolder,
} from './besideFiles';
import { codeOf, reasonOf } from './fileReason';

const LINE_FEED = 0x0a;
/** A file that is replaced while it is written to: so many times it is written to anew. */
const MAX_TRIES = 5;
const ENDING = '.review';
/** The folder, a folder in it such as `audits`, and a file there. */
const DEPTH = 3;

/** Where the decisions on a dataset lie: `run-42.jsonl` -> `run-42.jsonl.review`. */
export function reviewFolder(datasetPath: string): BesideFolder {
  const path = resolve(datasetPath);
  return { base: dirname(path), below: [`${basename(path)}${ENDING}`] };
}

/** Whether a path is, by its name, that of the decisions on some dataset or of a file among them. */
export function isAmongDecisions(path: string): boolean {
  return resolve(path)
    .split(sep)
    .slice(-DEPTH)
    .some((name) => name.endsWith(ENDING));
}

/** The states of a file before and after it was appended to; the same where more than that has happened to it. */
export interface Appended {
  readonly before: BesideStamp;
  readonly after: BesideStamp;
  /** What lies between the two; null where more has happened to it. */
  readonly bytes: Uint8Array | null;
}

/**
 * Appends entries to a reviewer's file and returns when they are on the disk. Makes folder and file if need be.
 *
 * One write call on a file opened for appending, so that lines of several processes do not mix. Nothing that is
 * there is changed: after a half-written line a new line is begun, and the broken one is reported on reading.
 *
 * @throws Error that names the file and the reason. Some of the entries may be on disk then; appending all of
 *   them again is safe, since of the same entry one counts.
 */
export async function appendEntries(
  folder: BesideFolder,
  reviewer: string,
  entries: readonly Entry[],
): Promise<Appended> {
  const key = reviewerKey(reviewer);
  const name = reviewFileName(key);
  try {
    const lines = entries.map(encode).join('');
    for (let tries = 1; ; tries++) {
      try {
        await makeFolder(folder);
        const appended = await appendLines(folder, key, lines);
        // What git or a synchroniser has put in its place meanwhile does not have them.
        const there = await stampIn(folder, name);
        if (appended && there?.ino === appended.before.ino) return appended;
      } catch (error) {
        // The folder may go, too, and is made anew.
        if (codeOf(error) !== 'ENOENT' || tries === MAX_TRIES) throw error;
      }
      if (tries === MAX_TRIES) throw new ReplacedError(`${name} is replaced again and again; save again`);
    }
  } catch (error) {
    throw new Error(`The decisions could not be saved to ${pathOf(folder, name)}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Whether a file of this name is read as one of the reviewer's own. */
export function isReadAs(name: string, key: string): boolean {
  return name.endsWith(REVIEW_EXTENSION) && fileOwner(name) === key;
}

/** null where the file has gone before anything was written to it. */
async function appendLines(folder: BesideFolder, key: string, lines: string): Promise<Appended | null> {
  const name = reviewFileName(key);
  const handle = await openToAppend(folder, name);
  try {
    const { ino } = stampOf(await handle.stat({ bigint: true }));
    const there = await nameOnDisk(folder, name, ino);
    if (there === null) return null;
    if (!isReadAs(there, key)) {
      const reason = `${there} stands in its place, as this file system takes the two names for one`;
      throw new BesideError(`${reason}, and what is in that is not read as this reviewer's`);
    }
    const appended = await append(handle, lines);
    // Each time: the first one may have made the name and then failed.
    await syncFolder(folder);
    return appended;
  } finally {
    await handle.close();
  }
}

async function append(handle: FileHandle, lines: string): Promise<Appended> {
  const before = stampOf(await handle.stat({ bigint: true }));
  const { size } = before;
  let text = lines;
  if (size > 0) {
    const last = new Uint8Array(1);
    await handle.read(last, 0, 1, size - 1);
    if (last[0] !== LINE_FEED) text = `\n${lines}`;
  }
  const bytes = Buffer.from(text);
  const { bytesWritten } = await handle.write(bytes);
  if (bytesWritten !== bytes.length) {
    throw new Error(`only ${bytesWritten} of ${bytes.length} bytes were written`);
  }
  await handle.sync();
  const after = stampOf(await handle.stat({ bigint: true }));
  // Behind a broken line, or where somebody else has written meanwhile, there is something to read again.
  const isFollowed = text === lines && after.size === size + bytes.length;
  return isFollowed ? { before, after, bytes } : { before, after: before, bytes: null };
}
