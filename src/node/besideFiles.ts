/**
 * The one way to files that lie beside a dataset: decisions, profiles and the like. They come with whatever folder was
 * cloned or unpacked, so their names may lead anywhere: a link to a shell's start-up file, a device without end, a pipe
 * that nobody writes to. Here no link is followed below the dataset's own folder, nothing but a regular file is opened,
 * and nothing is appended to a file that has a second name elsewhere.
 *
 * Datasets themselves are not opened here: data stores keep them behind links.
 */
import { randomBytes } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeOf } from './fileReason';
import { inTurns } from './inTurns';

/** A folder beside a dataset: folders `below` one that is trusted, since the user chose it. */
export interface BesideFolder {
  /** The dataset's own folder, or one that the user named. It may be reached through links. */
  readonly base: string;
  /** Names of the folders below it, outermost first. */
  readonly below: readonly string[];
  /** Where `base` led when it was `pinned`: nothing is opened once it leads elsewhere. */
  readonly real?: string;
}

/** What lies there is not opened; the message says why, in words for the user. */
export class BesideError extends Error {}

/** Another file stands there now, as git and synchronisers leave it. */
export class ReplacedError extends BesideError {}

/** The folder itself is none that is opened. */
export class BesideFolderError extends BesideError {}

/** Tells one state of a file from another. */
export interface BesideStamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
}

/** Not there on systems without it, such as Windows; the checks around it stay. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
/** Opening a pipe must not wait for who writes to it. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;
const READ = constants.O_RDONLY | NO_FOLLOW | NO_WAIT;
const APPEND = constants.O_RDWR | constants.O_APPEND | NO_FOLLOW | NO_WAIT;
const CREATE = constants.O_CREAT | constants.O_EXCL;
const COPIED_BYTES = 1 << 20;
/** A file that comes and goes while it is opened: so many times it is looked at anew. */
const MAX_TRIES = 5;

/** What opening or syncing a folder fails with where that is not supported (Windows, some network shares). */
const NO_FOLDER_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES']);

export function pathOf({ base, below }: BesideFolder, ...names: readonly string[]): string {
  return join(base, ...below, ...names);
}

/**
 * The folder as it is reached now: one that is used for hours may have become a link meanwhile (another branch was checked
 * out), and nobody was asked about where that leads.
 */
export async function pinned(folder: BesideFolder): Promise<BesideFolder> {
  const real = await realpath(folder.base).catch(() => null);
  return real === null ? folder : { ...folder, real };
}

/**
 * Whether the folder is there.
 * @throws BesideFolderError when a part of the way to it is a link or no folder; the file system's error otherwise.
 */
export async function isThere(folder: BesideFolder): Promise<boolean> {
  let path = folder.base;
  if ((await lstatOrNull(path)) === null) return false;
  const base = await checkBase(folder);
  for (const name of folder.below) {
    checkName(name);
    path = join(path, name);
    const stats = await lstatOrNull(path);
    if (stats === null) return false;
    if (stats.isSymbolicLink()) throw new BesideFolderError(linkReason(path));
    if (!stats.isDirectory()) throw new BesideFolderError(`${basename(path)} is no folder (ENOTDIR)`);
  }
  // What `lstat` does not call a link may still lead elsewhere (a mount of its own kind, a reparse point).
  const real = await realpath(path);
  if (!sameName(real, join(base, ...folder.below)))
    throw new BesideFolderError(
      `${basename(path)} leads to ${real}, and nothing beside a dataset is looked for elsewhere`,
    );
  return true;
}

/** Where the base leads to. @throws BesideFolderError when that is elsewhere than when it was `pinned` */
async function checkBase({ base, real }: BesideFolder): Promise<string> {
  const now = await realpath(base);
  if (real === undefined || sameName(now, real)) return now;
  throw new BesideFolderError(
    `${base} leads to ${now} by now, and led to ${real} when the dataset was opened; open it again if that is right`,
  );
}

/** Names of what lies in it, sorted; none when the folder is not there. @throws as `isThere` does. */
export async function namesIn(folder: BesideFolder): Promise<readonly string[]> {
  return (await isThere(folder)) ? (await readdir(pathOf(folder))).sort() : [];
}

/** The state of what has this name, whatever it is; null when nothing has. @throws as `isThere` does. */
export async function stampIn(folder: BesideFolder, name: string): Promise<BesideStamp | null> {
  checkName(name);
  if (!(await isThere(folder))) return null;
  const stats = await lstatOrNull(pathOf(folder, name));
  return stats === null ? null : stampOf(stats);
}

/** Those of many, a few at a time; null where it cannot be told, too. Never rejects. */
export async function stampsIn(
  folder: BesideFolder,
  names: readonly string[],
): Promise<readonly (BesideStamp | null)[]> {
  if (!(await isThere(folder).catch(() => false))) return names.map(() => null);
  return inTurns(names, async (name) => {
    const stats = isName(name) ? await lstatOrNull(pathOf(folder, name)).catch(() => null) : null;
    return stats === null ? null : stampOf(stats);
  });
}

/**
 * What the file that is opened by a name is called in the folder: file systems that ignore case, or keep another composition
 * of letters, find it by more than that. null where it is not there any more.
 * @throws as `isThere` does
 */
export async function nameOnDisk(folder: BesideFolder, name: string, ino: number): Promise<string | null> {
  const names = await namesIn(folder);
  if (names.includes(name)) return name;
  for (const each of names) if (isName(each) && (await stampIn(folder, each))?.ino === ino) return each;
  return null;
}

export function stampOf(stats: BigIntStats): BesideStamp {
  return { size: Number(stats.size), mtimeMs: Number(stats.mtimeNs) / 1e6, ino: Number(stats.ino) };
}

export function sameStamp(a: BesideStamp | null, b: BesideStamp | null): boolean {
  return a !== null && b !== null && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino;
}

/**
 * Opens a file for reading.
 * @throws BesideError when it is no regular file, or is reached through a link; the file system's error (ENOENT when
 * it is not there).
 */
export async function openToRead(folder: BesideFolder, name: string): Promise<FileHandle> {
  checkName(name);
  const path = pathOf(folder, name);
  for (let tries = 1; ; tries++) {
    if (!(await isThere(folder))) throw notThere(path);
    const before = regular(path, await lstat(path, { bigint: true }));
    try {
      return await checked(folder, path, before, await openFlags(path, READ));
    } catch (error) {
      if (!(error instanceof ReplacedError) || tries === MAX_TRIES) throw error;
    }
  }
}

/**
 * Opens a file for appending (and reading its end); makes it when it is not there, but not its folder.
 * @throws BesideError when it is no regular file, has another name elsewhere, or is reached through a link; the file
 * system's error.
 */
export async function openToAppend(folder: BesideFolder, name: string): Promise<FileHandle> {
  checkName(name);
  const path = pathOf(folder, name);
  if (!(await isThere(folder))) throw notThere(path);
  for (let tries = 1; ; tries++) {
    const before = await lstatOrNull(path);
    if (before) onlyName(path, regular(path, before));
    try {
      const handle = await openFlags(path, before ? APPEND : APPEND | CREATE);
      return await checked(folder, path, before, handle, onlyName);
    } catch (error) {
      const hasChanged = error instanceof ReplacedError || codeOf(error) === (before ? 'ENOENT' : 'EEXIST');
      if (!hasChanged || tries === MAX_TRIES) throw error;
    }
  }
}

/**
 * The bytes of a small file; null when it is not there.
 * @param maxBytes a longer one is refused.
 * @throws BesideError as `openToRead`, and when the file is too long; the file system's error.
 */
export async function readBytes(
  folder: BesideFolder,
  name: string,
  maxBytes: number,
): Promise<Uint8Array | null> {
  let handle: FileHandle;
  try {
    handle = await openToRead(folder, name);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLong(pathOf(folder, name), maxBytes);
    // One byte more, since it may have grown.
    const bytes = Buffer.alloc(size + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === bytes.length) break;
    }
    return bytes.subarray(0, Math.min(length, size));
  } finally {
    await handle.close();
  }
}

/**
 * Makes the folder, but not the trusted one that it lies in. Returns whether it was not there before.
 * @throws as `isThere` does; ENOENT where the trusted one is not there (any more)
 */
export async function makeFolder(folder: BesideFolder): Promise<boolean> {
  if (await isThere(folder)) return false;
  if (folder.below.length === 0) throw notThere(folder.base);
  const made: BesideFolder = { ...folder, below: folder.below.slice(0, -1) };
  await makeFolder(made);
  try {
    await mkdir(pathOf(folder));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    await isThere(folder);
    return false;
  }
  await syncFolder(made);
  return true;
}

/** Makes new names in the folder survive a power cut, where the system can do that. */
export async function syncFolder(folder: BesideFolder): Promise<void> {
  try {
    const handle = await open(pathOf(folder), 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!NO_FOLDER_SYNC.has(codeOf(error) ?? '')) throw error;
  }
}

/**
 * Writes a small file whole or not at all, in place of one that may be there. Makes the folder if need be.
 * @throws BesideError when a link, or no regular file, stands in its place; the file system's error.
 */
export async function writeWhole(
  folder: BesideFolder,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  checkName(name);
  await makeFolder(folder);
  const path = pathOf(folder, name);
  const before = await lstatOrNull(path);
  if (before) regular(path, before);
  await putInPlace(folder, name, (draft) => draft.writeFile(content));
  await syncFolder(folder);
}

/** `fill` makes a draft, which takes the place of a file that may be there once it is on the disk. */
async function putInPlace(
  folder: BesideFolder,
  name: string,
  fill: (draft: FileHandle) => Promise<void>,
): Promise<void> {
  const path = pathOf(folder, name);
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await checked(
      folder,
      draft,
      null,
      await openFlags(draft, constants.O_WRONLY | CREATE | NO_FOLLOW),
      onlyName,
    );
    try {
      await fill(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * Makes a folder that is not there, or is empty, whole or not at all: `fill` makes a draft of it, which is put in its place.
 * @throws what `fill` throws, and as `isThere` does; the file system's error. The draft is gone then.
 */
export async function makeWhole(
  folder: BesideFolder,
  fill: (draft: BesideFolder) => Promise<void>,
): Promise<void> {
  const name = folder.below.at(-1) ?? '';
  checkName(name);
  const below = [...folder.below.slice(0, -1), `${name}.${randomBytes(6).toString('hex')}.tmp`];
  const draft: BesideFolder = { ...folder, below };
  try {
    await fill(draft);
    if (!(await isThere(draft))) return;
    if (await isThere(folder)) await rmdir(pathOf(folder)); // not every system renames onto one
    await rename(pathOf(draft), pathOf(folder));
  } catch (error) {
    await rm(pathOf(draft), { recursive: true, force: true });
    throw error;
  }
  await syncFolder({ ...folder, below: folder.below.slice(0, -1) });
}

/** Where the folder leads to when it is a link to a folder; null when it is none. */
export async function linkTarget(folder: BesideFolder): Promise<string | null> {
  const path = pathOf(folder);
  const stats = await lstatOrNull(path);
  if (!stats?.isSymbolicLink()) return null;
  const target = await realpath(path).catch(() => null);
  return target !== null && (await lstatOrNull(target))?.isDirectory() ? target : null;
}

/**
 * Copies the files in a folder, and in folders below it, to one that is not there yet.
 * @returns the paths of what was left out: links, devices, names that are none on every system
 * @throws as `isThere` does; the file system's error
 */
export async function copyFiles(from: BesideFolder, to: BesideFolder): Promise<readonly string[]> {
  const left: string[] = [];
  for (const name of await namesIn(from)) {
    const path = pathOf(from, name);
    const stats = await lstatOrNull(path);
    if (!isName(name)) left.push(path);
    else if (stats?.isDirectory()) left.push(...(await copyFiles(within(from, name), within(to, name))));
    else if (stats?.isFile()) await copyFile(from, to, name);
    else left.push(path);
  }
  return left;
}

async function copyFile(from: BesideFolder, to: BesideFolder, name: string): Promise<void> {
  await makeFolder(to);
  const source = await openToRead(from, name);
  try {
    const target = await openToAppend(to, name);
    try {
      await copyBytes(source, target);
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyBytes(source: FileHandle, target: FileHandle): Promise<void> {
  const chunk = Buffer.alloc(COPIED_BYTES);
  for (let at = 0; ; ) {
    const { bytesRead } = await source.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return;
    await target.writeFile(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
}

function within(folder: BesideFolder, name: string): BesideFolder {
  return { ...folder, below: [...folder.below, name] };
}

/** Removes a file, or a link itself, where there is one. @throws as `isThere` does; the file system's error. */
export async function remove(folder: BesideFolder, name: string): Promise<void> {
  checkName(name);
  if (await isThere(folder)) await rm(pathOf(folder, name), { force: true });
}

/**
 * Puts a folder that stands where a file belongs out of the way, with all that is in it: under a name of its own beside.
 * @returns that name; null where no folder stands there. @throws as `remove`
 */
export async function putFolderAside(folder: BesideFolder, name: string): Promise<string | null> {
  checkName(name);
  const path = pathOf(folder, name);
  const stats = (await isThere(folder)) ? await lstatOrNull(path) : null;
  return stats?.isDirectory() ? putAside(folder, name) : null;
}

/** What stands at a place, in a folder. */
export interface InTheWay {
  readonly folder: BesideFolder;
  readonly name: string;
  /** No file (or no folder, in the place of one), a file with a second name elsewhere, or one that may only be read. */
  readonly kind: 'no file' | 'linked' | 'read-only';
}

/**
 * What keeps a file from being written, and may be put aside: something that is no file in its place, or one that is not
 * written to; or no folder in that of its folder. A folder that is a link, or is reached through one, is none of these: see
 * `linkTarget`.
 * @throws the file system's error
 */
export async function inTheWay(folder: BesideFolder, name: string): Promise<InTheWay | null> {
  checkName(name);
  const [above, own] = [{ ...folder, below: folder.below.slice(0, -1) }, folder.below.at(-1)];
  const at = own === undefined ? null : await lstatOrNull(pathOf(above, own));
  if (own !== undefined && at && !at.isDirectory() && !at.isSymbolicLink())
    return { folder: above, name: own, kind: 'no file' };
  try {
    const stats = (await isThere(folder)) ? await lstatOrNull(pathOf(folder, name)) : null;
    if (stats === null) return null;
    if (!stats.isFile()) return { folder, name, kind: 'no file' };
    if (stats.nlink > 1n) return { folder, name, kind: 'linked' };
    return (await isReadOnly(folder, name)) ? { folder, name, kind: 'read-only' } : null;
  } catch (error) {
    if (error instanceof BesideFolderError) return null;
    throw error;
  }
}

/** Whether a file may be read, as is needed to copy it, and not be written to. */
async function isReadOnly(folder: BesideFolder, name: string): Promise<boolean> {
  const opened = async (open: Promise<FileHandle>) => (await open).close();
  try {
    await opened(openFlags(pathOf(folder, name), APPEND));
    return false;
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return false;
  }
  return opened(openToRead(folder, name)).then(
    () => true,
    () => false,
  );
}

/** Gives what stands there, a link itself, another name beside. @returns that name @throws the file system's error */
export async function putAside(folder: BesideFolder, name: string): Promise<string> {
  const aside = asideOf(name);
  await renameIn(folder, name, aside);
  return aside;
}

/** Gives what stands there another name, in place of a file that may have that. @throws the file system's error */
export async function renameIn(folder: BesideFolder, from: string, to: string): Promise<void> {
  checkName(from);
  checkName(to);
  const path = pathOf(folder, from);
  if (!(await isThere(folder))) throw notThere(path);
  await rename(path, pathOf(folder, to));
}

/**
 * Puts a file in the place of one that gets another name beside: at each moment the one or the other is there, whole.
 * @param fill writes the new one; without it, that is a copy of the old one
 * @returns the name that the old one has now
 * @throws BesideError when no regular file is there, or it is written to meanwhile; the file system's error
 */
export async function replaceAside(
  folder: BesideFolder,
  name: string,
  fill?: (draft: FileHandle) => Promise<void>,
): Promise<string> {
  checkName(name);
  const aside = asideOf(name);
  try {
    await putInPlace(folder, name, async (draft) => {
      const old = await openToRead(folder, name);
      try {
        const before = stampOf(await old.stat({ bigint: true }));
        await (fill ? fill(draft) : copyBytes(old, draft));
        // Not every system has hard links, nor lets everybody make one on a file of somebody else.
        await link(pathOf(folder, name), pathOf(folder, aside)).catch(() =>
          putInPlace(folder, aside, (copy) => copyBytes(old, copy)),
        );
        if (!sameStamp(before, await stampIn(folder, name)))
          throw new ReplacedError(`${name} was written to meanwhile; try again`);
      } finally {
        await old.close();
      }
    });
  } catch (error) {
    await rm(pathOf(folder, aside), { force: true });
    throw error;
  }
  await syncFolder(folder);
  return aside;
}

function asideOf(name: string): string {
  return `${name}.${randomBytes(6).toString('hex')}.aside`;
}

/** A handle on what stood at the path before and stands there now; closed, and refused, when it is something else. */
async function checked(
  folder: BesideFolder,
  path: string,
  before: BigIntStats | null,
  handle: FileHandle,
  check: (path: string, stats: BigIntStats) => void = () => {},
): Promise<FileHandle> {
  try {
    const opened = regular(path, await handle.stat({ bigint: true }));
    check(path, opened);
    const after = (await isThere(folder)) ? await lstatOrNull(path) : null;
    if (!same(opened, after) || (before && !same(opened, before)))
      throw new ReplacedError(`${basename(path)} was replaced while it was opened; try again`);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFlags(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags, 0o666);
  } catch (error) {
    // O_NOFOLLOW says so of a link that has come after `lstat`, and a pipe opened for writing without a reader ENXIO.
    const code = codeOf(error);
    if (code === 'ELOOP') throw new BesideError(linkReason(path));
    if (code === 'ENXIO') throw new BesideError(pipeReason(path));
    throw error;
  }
}

function regular(path: string, stats: BigIntStats): BigIntStats {
  if (stats.isSymbolicLink()) throw new BesideError(linkReason(path));
  if (stats.isDirectory()) throw new BesideError(`${basename(path)} is a folder, not a file (EISDIR)`);
  if (!stats.isFile()) throw new BesideError(pipeReason(path));
  return stats;
}

function onlyName(path: string, { nlink }: BigIntStats): void {
  if (nlink > 1n)
    throw new BesideError(
      `${basename(path)} has a second name elsewhere (a hard link), where the decisions would appear, too`,
    );
}

function same(a: BigIntStats, b: BigIntStats | null): boolean {
  return b !== null && a.dev === b.dev && a.ino === b.ino;
}

/** File systems may keep another case or composition of the letters than they were asked for. */
function sameName(a: string, b: string): boolean {
  return a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();
}

/** A name is one part of a path, whatever the system. */
function checkName(name: string): void {
  if (!isName(name)) throw new BesideError(`${JSON.stringify(name)} is no name of a file in one folder`);
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

async function lstatOrNull(path: string): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function linkReason(path: string): string {
  return `${basename(path)} is a link, and links beside a dataset are not followed`;
}

function pipeReason(path: string): string {
  return `${basename(path)} is a pipe or a device; only files can be read`;
}

function notThere(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory: ${path}`), { code: 'ENOENT' });
}

function tooLong(path: string, maxBytes: number): BesideError {
  return new BesideError(`${basename(path)} is too large: over ${maxBytes / 2 ** 20} MiB`);
}
