import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Chunk } from '../core/export/encoder';

/** Bytes that are collected before they are written. */
const BUFFERED = 2 ** 18;

/**
 * Writes a file that the user has named, whole or not at all: to a temporary one beside it, synced, then put in its
 * place. A link that lies there is replaced, not followed: it may have come with a folder from a stranger and lead to any
 * file. Each chunk is asked for when the ones before it are on their way.
 * @param mode who may read and write it, as far as the process's umask lets
 * @throws what `chunks` throws, or the file system's error; the temporary file is gone then.
 */
export async function writeWhole(
  path: string,
  chunks: Iterable<Chunk> | AsyncIterable<Chunk>,
  mode = 0o666,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await open(temporary, 'wx', mode);
  try {
    try {
      await writeAll(handle, chunks);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeAll(handle: FileHandle, chunks: Iterable<Chunk> | AsyncIterable<Chunk>): Promise<void> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  const flush = async () => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    size = 0;
    for (let written = 0; written < bytes.length; ) {
      written += (await handle.write(bytes, written)).bytesWritten;
    }
  };
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    waiting.push(bytes);
    size += bytes.length;
    if (size >= BUFFERED) await flush();
  }
  await flush();
}
