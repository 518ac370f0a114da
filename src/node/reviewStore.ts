/** The folder of decisions beside a dataset: one append-only file for each reviewer. */
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Problem } from '../core/dataset/model';
import { decodeLog, encode } from '../core/review/codec';
import type { Entry } from '../core/review/entry';
import { reviewFileName } from '../core/review/reviewerName';

const EXTENSION = '.jsonl';
const LINE_FEED = 0x0a;

/** What opening or syncing a folder fails with where that is not supported (Windows, some network shares). */
const NO_FOLDER_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES']);

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a file stands where a folder is needed',
  EISDIR: 'a folder stands where a file is needed',
  ENOENT: 'the folder does not exist',
  ENAMETOOLONG: 'the name is too long',
};

/** Where the decisions on a dataset lie: `run-42.jsonl` -> `run-42.jsonl.review`. */
export function reviewFolder(datasetPath: string): string {
  return `${datasetPath}.review`;
}

/**
 * All entries in a folder of decisions, and what could not be read there. A folder that does not exist holds
 * none. Nothing is thrown: trouble with a file or a line is a problem that names it.
 */
export async function readReviews(
  folder: string,
): Promise<{ readonly entries: readonly Entry[]; readonly problems: readonly Problem[] }> {
  const entries: Entry[] = [];
  const problems: Problem[] = [];
  const report = (severity: Problem['severity'], file: string, line: number | null, reason: string) =>
    problems.push({ severity, file, line, offset: null, index: null, reason });

  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') report('error', folder, null, `decisions not read: ${reasonOf(error)}`);
    return { entries, problems };
  }
  for (const name of names.filter((each) => each.endsWith(EXTENSION)).sort()) {
    const file = join(folder, name);
    try {
      const decoded = decodeLog(await readFile(file));
      for (const entry of decoded.entries) entries.push(entry);
      for (const bad of decoded.problems) {
        report('warning', file, bad.line, `decision not read: ${bad.reason}`);
      }
    } catch (error) {
      report('error', file, null, `decisions not read: ${reasonOf(error)}`);
    }
  }
  return { entries, problems };
}

/**
 * Appends entries to a reviewer's file and returns when they are on the disk. Makes folder and file if need be.
 *
 * One write call on a file opened for appending, so that lines of several processes do not mix. Nothing that is
 * there is changed: after a half-written line a new line is begun, and the broken one is reported by
 * `readReviews`.
 *
 * @throws Error that names the file and the reason. Some of the entries may be on disk then; appending all of
 *   them again is safe, since of the same id the first counts.
 */
export async function appendEntries(
  folder: string,
  reviewer: string,
  entries: readonly Entry[],
): Promise<void> {
  if (entries.length === 0) return;
  const file = join(folder, reviewFileName(reviewer));
  try {
    if (await makeFolder(folder)) await syncFolder(dirname(folder));
    await append(file, entries.map(encode).join(''));
    await syncFolder(folder);
  } catch (error) {
    throw new Error(`The decisions could not be saved to ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

async function append(file: string, lines: string): Promise<void> {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
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
  } finally {
    await handle.close();
  }
}

/** Returns whether the folder had to be made. Its parent is not made: without it the dataset is gone. */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Makes new names in the folder survive a power cut, where the system can do that. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!NO_FOLDER_SYNC.has(codeOf(error) ?? '')) throw error;
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  const words = code === null ? undefined : REASONS[code];
  if (words !== undefined) return `${words} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

/**
 * Appends entries to the files of their reviewers; `written` hears of each file's as soon as they are on disk.
 * @throws as `appendEntries` does; what `written` was not told of has to be appended again.
 */
export async function appendByReviewer(
  folder: string,
  entries: readonly Entry[],
  written: (own: readonly Entry[]) => void,
): Promise<void> {
  for (const reviewer of new Set(entries.map((entry) => entry.reviewer))) {
    const own = entries.filter((entry) => entry.reviewer === reviewer);
    await appendEntries(folder, reviewer, own);
    written(own);
  }
}
