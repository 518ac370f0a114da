import { type FileHandle, open, stat, statfs } from 'node:fs/promises';
import { basename } from 'node:path';
import { describeFileError } from './fileError';
import { DatasetError, type FileStamp } from './source';

export interface OpenFile {
  readonly name: string;
  readonly handle: FileHandle;
  readonly stamp: FileStamp;
}

/**
 * Opens a file for reading.
 * @throws DatasetError when it is missing, unreadable, or a folder, a pipe, a device, or a file that the system makes up
 */
export async function openHandle(path: string): Promise<OpenFile> {
  const name = basename(path) || path;
  const unreadable = (error: NodeJS.ErrnoException) => {
    throw new DatasetError(describeFileError(path, error));
  };
  // Before it is opened: opening a pipe waits for who writes to it.
  const kind = await stat(path).catch(unreadable);
  if (kind.isDirectory()) throw new DatasetError(`${name} is a folder, not a file`);
  if (!kind.isFile()) throw new DatasetError(`${name} is a pipe or a device; only files can be read`);
  // As in /proc: without a size, on a file system without blocks.
  if (kind.size === 0 && (await statfs(path).catch(unreadable)).blocks === 0)
    throw new DatasetError(
      `${name} lies on no disk; the system makes it up as it is read, which may wait for ever`,
    );
  const handle = await open(path, 'r').catch(unreadable);
  try {
    const { size, mtimeMs } = await handle.stat();
    return { name, handle, stamp: { size, mtimeMs } };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * All of a small file.
 * @param maxBytes a longer one is refused; @param why in words, behind its name
 * @throws DatasetError as `openHandle`, and when it is too long or becomes shorter meanwhile
 */
export async function readWhole(
  path: string,
  maxBytes: number,
  why: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await openHandle(path);
  try {
    const { size } = file.stamp;
    if (size > maxBytes) throw new DatasetError(`${file.name} ${why}`);
    return await readExactly(file, 0, size);
  } finally {
    await file.handle.close();
  }
}

/** `length` bytes from `offset` on. @throws DatasetError when the file does not reach that far (any more). */
export async function readExactly(
  { name, handle }: OpenFile,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new DatasetError(`${name} has become shorter since it was read`);
    done += bytesRead;
  }
  return bytes;
}
