import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  DocumentScanner,
  detectLayout,
  type Layout,
  LineScanner,
  type RecordRange,
} from '../core/dataset/scan';

const CHUNK_BYTES = 1 << 20;
const HEAD_BYTES = 1 << 16;

/** A dataset that cannot be read at all; the message says why, in words for the user. */
export class DatasetError extends Error {}

/** Tells one state of a file from another. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
}

export interface RawRecord {
  readonly range: RecordRange;
  /** Valid until the next chunk is asked for. */
  readonly bytes: Uint8Array;
}

export interface RecordChunk {
  readonly records: readonly RawRecord[];
  readonly bytesRead: number;
  /** What is wrong with the file's frame (only in the last chunk), in words. */
  readonly frameProblem: string | null;
}

/** A file of records, read from front to back. Close it when done. */
export class RecordFile {
  private constructor(
    private readonly handle: FileHandle,
    readonly stamp: FileStamp,
    readonly layout: Layout,
    private readonly start: number,
  ) {}

  /** @throws DatasetError when the file is missing, unreadable, empty or no text. */
  static async open(path: string): Promise<RecordFile> {
    const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      throw new DatasetError(describeFileError(path, error));
    });
    try {
      const stat = await handle.stat();
      if (stat.isDirectory()) throw new DatasetError(`${basename(path)} is a folder, not a file`);
      const head = new Uint8Array(Math.min(HEAD_BYTES, stat.size));
      await handle.read(head, 0, head.length, 0);
      const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
      checkIsText(basename(path), head);
      const layout = detectLayout(head.subarray(start), head.length === stat.size, basename(path));
      return new RecordFile(handle, { size: stat.size, mtimeMs: stat.mtimeMs }, layout, start);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Every record once, in file order, as many at a time as a chunk of the file holds. */
  async *chunks(signal?: AbortSignal): AsyncGenerator<RecordChunk> {
    const scanner = this.layout === 'lines' ? new LineScanner(this.start) : new DocumentScanner(this.start);
    let window = new Uint8Array(0);
    let windowStart = this.start;
    let position = this.start;
    const take = (range: RecordRange): RawRecord => {
      const from = range.offset - windowStart;
      return { range, bytes: window.subarray(from, from + range.length) };
    };
    for (;;) {
      signal?.throwIfAborted();
      const kept = window.subarray(scanner.keepFrom - windowStart);
      const next = new Uint8Array(kept.length + CHUNK_BYTES);
      next.set(kept);
      const { bytesRead } = await this.handle.read(next, kept.length, CHUNK_BYTES, position);
      windowStart = scanner.keepFrom;
      window = next.subarray(0, kept.length + bytesRead);
      position += bytesRead;
      const ranges: RecordRange[] = [];
      const chunk = window.subarray(kept.length);
      if (bytesRead > 0) scanner.push(chunk, (range) => ranges.push(range));
      const frameProblem = bytesRead > 0 ? null : scanner.end((range) => ranges.push(range));
      yield { records: ranges.map(take), bytesRead: position, frameProblem };
      if (bytesRead === 0) return;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** Why a file could not be opened or read, in words. */
export function describeFileError(path: string, error: NodeJS.ErrnoException): string {
  const name = basename(path);
  if (error.code === 'ENOENT') return `${name} is not there (any more)`;
  if (error.code === 'EACCES' || error.code === 'EPERM') return `${name} may not be read by you`;
  return `${name} cannot be read: ${error.message}`;
}

function checkIsText(name: string, head: Uint8Array): void {
  if (!head.some((byte) => byte > 32)) throw new DatasetError(`${name} is empty: it holds no transcript`);
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw new DatasetError(`${name} is encoded in UTF-16; save it as UTF-8`);
  }
  const magic = String.fromCharCode(...head.subarray(0, 4));
  if (magic.startsWith('PK\u0003\u0004') || magic === 'PAR1' || magic.startsWith('\u001f\u008b')) {
    throw new DatasetError(`${name} is a binary file (zip, gzip or Parquet), not JSON or JSONL`);
  }
}
