/** Whether a file still begins as it did, without holding what it began with. */
import { createHash, type Hash, webcrypto } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const ALGORITHM = { node: 'sha256', web: 'SHA-256' } as const;
/** So much has a digest of its own: it is read and made out off this thread, which has to be given it as a whole. */
const BLOCK_BYTES = 1 << 20;

/** Digests of the blocks of what was read of a file, from its first byte on. */
export class PrefixDigest {
  private readonly blocks: Buffer[] = [];
  /** Of the last block, which is not full. */
  private open: Hash = createHash(ALGORITHM.node);
  private openBytes = 0;

  /** In bytes. */
  get size(): number {
    return this.blocks.length * BLOCK_BYTES + this.openBytes;
  }

  /** @param bytes that follow; few, since they are looked at on this thread */
  push(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      const part = bytes.subarray(from, from + BLOCK_BYTES - this.openBytes);
      this.open.update(part);
      this.openBytes += part.length;
      from += part.length;
      if (this.openBytes < BLOCK_BYTES) continue;
      this.blocks.push(this.open.digest());
      this.open = createHash(ALGORITHM.node);
      this.openBytes = 0;
    }
  }

  /** @throws the file system's error; AbortError when given up */
  async isOf(handle: FileHandle, signal?: AbortSignal): Promise<boolean> {
    const chunk = new Uint8Array(Math.min(BLOCK_BYTES, this.size));
    const ends = this.openBytes > 0 ? [...this.blocks, this.open.copy().digest()] : this.blocks;
    for (const [at, digest] of ends.entries()) {
      const from = at * BLOCK_BYTES;
      const block = chunk.subarray(0, Math.min(BLOCK_BYTES, this.size - from));
      if (!(await fill(block, handle, from))) return false;
      const now = await webcrypto.subtle.digest(ALGORITHM.web, block);
      signal?.throwIfAborted();
      if (!digest.equals(new Uint8Array(now))) return false;
    }
    return true;
  }
}

/** @returns false where the file ends before. */
async function fill(chunk: Uint8Array, handle: FileHandle, from: number): Promise<boolean> {
  for (let at = 0; at < chunk.length; ) {
    const { bytesRead } = await handle.read(chunk, at, chunk.length - at, from + at);
    if (bytesRead === 0) return false;
    at += bytesRead;
  }
  return true;
}
