import type { FileHandle } from 'node:fs/promises';

const WINDOW_BYTES = 1 << 18;

/** Reads a file in small pieces that lie close to each other, by one large read for many of them. */
export class PeekFile {
  private bytes = Buffer.alloc(0);
  private start = 0;

  constructor(
    private readonly handle: FileHandle,
    readonly size: number,
  ) {}

  /** Up to `length` bytes from `position` on; fewer where the file ends. Valid until the next call. */
  async at(position: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.size - position));
    if (position < this.start || position + wanted > this.start + this.bytes.length) {
      const bytes = Buffer.allocUnsafe(Math.max(wanted, Math.min(WINDOW_BYTES, this.size - position), 0));
      const { bytesRead } = await this.handle.read(bytes, 0, bytes.length, position);
      this.bytes = bytes.subarray(0, bytesRead);
      this.start = position;
    }
    return this.bytes.subarray(position - this.start, position - this.start + wanted);
  }

  /** Where `pattern` stands next, from `from` on and before `to`; -1 when it does not. */
  async find(pattern: Buffer, from: number, to = this.size): Promise<number> {
    for (let at = from; at + pattern.length <= to; ) {
      // What is in memory first: of bytes that hold the pattern everywhere, each is read once.
      const held = at < this.start ? 0 : this.start + this.bytes.length - at;
      const length = Math.min(held >= pattern.length ? held : WINDOW_BYTES, to - at);
      const found = (await this.at(at, length)).indexOf(pattern);
      if (found >= 0) return at + found;
      at += length - pattern.length + 1;
    }
    return -1;
  }
}
