import type { FileHandle } from 'node:fs/promises';

const FIRST_BYTES = 1 << 16;
const CHUNK_BYTES = 1 << 20;

/** A stretch of a file in memory: it grows at its end and is let go of at its beginning. */
export class FileWindow {
  /** The whole file from here on is in the window. */
  atEnd = false;
  private buffer = new Uint8Array(2 * FIRST_BYTES);
  private filled = 0;
  /** A dataset may be a hundred thousand small files, and none of them needs room for more than it has. */
  private chunk = FIRST_BYTES;

  /** @param start offset in the file of the first byte held. */
  constructor(
    private readonly handle: FileHandle,
    private start: number,
  ) {}

  /** Offset in the file behind the last byte held. */
  get end(): number {
    return this.start + this.filled;
  }

  /** The bytes held from `offset` on, valid until more are asked for. */
  from(offset: number): Uint8Array {
    return this.buffer.subarray(offset - this.start, this.filled);
  }

  /**
   * Lets go of what stands before `keepFrom` and reads on: as much again as is kept, so that looking anew at a row of
   * any length each time costs a multiple of its length, not its square.
   */
  async more(keepFrom: number): Promise<void> {
    const kept = this.from(keepFrom);
    const wanted = Math.max(this.chunk, kept.length);
    if (this.filled + wanted > this.buffer.length) {
      const fits = kept.length + wanted <= this.buffer.length;
      const next = fits ? this.buffer : new Uint8Array(2 * (kept.length + wanted));
      next.set(kept);
      this.buffer = next;
      this.start = keepFrom;
      this.filled = kept.length;
    }
    const { bytesRead } = await this.handle.read(this.buffer, this.filled, wanted, this.end);
    this.filled += bytesRead;
    this.atEnd = bytesRead === 0;
    this.chunk = bytesRead < FIRST_BYTES ? FIRST_BYTES : CHUNK_BYTES;
  }
}
