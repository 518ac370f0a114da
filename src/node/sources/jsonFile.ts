import type { FileHandle } from 'node:fs/promises';
import { DocumentScanner } from '../../core/dataset/documentScan';
import { detectLayout, isSpace, type Layout, LineScanner, type RecordRange } from '../../core/dataset/scan';
import { MOST_RECORD_BYTES, parseJson, RAW_BYTES, tooLong } from '../parseRecord';
import { ShortLines } from '../shortLines';
import { type LinePiece, linePieces } from './linePieces';
import { openHandle, readExactly } from './openHandle';
import { DatasetError, type FileStamp, type RecordValue, type Source, type SourceChunk } from './source';

const CHUNK_BYTES = 1 << 20;
/** Of a file that is shorter, which may grow while it is read. */
const SMALL_CHUNK_BYTES = 1 << 12;
const HEAD_BYTES = 1 << 16;
/** Records within it are read together: parsing them all does not hold up the thread. */
const NEAR_BYTES = 1 << 17;

/** Records as JSON, one a line or in one document. */
export class JsonFile implements Source {
  readonly unit = 'line';

  private constructor(
    private readonly name: string,
    private readonly handle: FileHandle,
    readonly stamp: FileStamp,
    readonly layout: Layout,
    private readonly start: number,
    private readonly notNumbersMean: boolean,
  ) {}

  get container(): string {
    return this.layout === 'lines' ? 'JSON lines' : 'JSON';
  }

  /**
   * @param notNumbersMean see `parseJson`.
   * @throws DatasetError when the file is missing, unreadable, empty, no text, or no file but a pipe.
   */
  static async open(path: string, notNumbersMean = false): Promise<JsonFile> {
    const { name, handle, stamp } = await openHandle(path);
    try {
      const { size } = stamp;
      const head = await readAt(handle, 0, size);
      checkIsText(name, head);
      const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
      const first = await firstText(handle, start, size);
      if (!first) throw new DatasetError(`${name} is empty: it holds no transcript`);
      const layout = detectLayout(first.bytes, first.offset + first.bytes.length === size, name);
      return new JsonFile(name, handle, stamp, layout, start, notNumbersMean);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<SourceChunk> {
    const scanner = this.layout === 'lines' ? new LineScanner(this.start) : new DocumentScanner(this.start);
    // Bytes of the file from `windowStart` to `position`; doubled when full, so that a line of any length costs its length.
    // A dataset may be a hundred thousand small files, and none of them needs room for more than it has.
    const chunk = Math.min(CHUNK_BYTES, Math.max(SMALL_CHUNK_BYTES, this.stamp.size));
    let window = new Uint8Array(4 * chunk);
    let windowStart = this.start;
    let position = this.start;
    const short = new ShortLines(null, this.notNumbersMean);
    const take = (range: RecordRange) => {
      const from = range.offset - windowStart;
      if (from < 0) return { range, bytes: null, value: () => tooLong(new Uint8Array()) };
      const bytes = window.subarray(from, from + range.length);
      return { range, bytes, value: () => short.value(bytes) };
    };
    for (;;) {
      signal?.throwIfAborted();
      if (position - windowStart + chunk > window.length) {
        const isTooLong = position - scanner.keepFrom > MOST_RECORD_BYTES;
        const keepFrom = isTooLong ? position : Math.max(windowStart, scanner.keepFrom);
        const kept = window.subarray(keepFrom - windowStart, position - windowStart);
        const needed = kept.length + chunk;
        const next = needed > window.length / 2 ? new Uint8Array(2 * needed) : window;
        next.set(kept);
        window = next;
        windowStart = keepFrom;
      }
      const end = position - windowStart;
      const { bytesRead } = await this.handle.read(window, end, chunk, position);
      position += bytesRead;
      const ranges: RecordRange[] = [];
      if (bytesRead > 0) scanner.push(window.subarray(end, end + bytesRead), (range) => ranges.push(range));
      const frameProblem = bytesRead > 0 ? null : scanner.end((range) => ranges.push(range));
      const isEnd = bytesRead === 0 && scanner.position === position;
      const fileWarnings = isEnd ? scanner.warnings() : [];
      yield { records: ranges.map(take), bytesRead: position, frameProblem, fileWarnings };
      if (isEnd) return;
      position = scanner.position;
      windowStart = Math.min(windowStart, position);
    }
  }

  /** Where the first record may begin: behind a byte order mark. */
  get begin(): number {
    return this.start;
  }

  /**
   * The lines of a file of that layout, as their bytes stand, from a line's beginning on.
   * @param to leaves out what stands from there on, too; without it, the file as far as it reaches.
   */
  pieces(from = this.start, to = Number.POSITIVE_INFINITY, signal?: AbortSignal): AsyncGenerator<LinePiece> {
    return linePieces(this.handle, from, to, signal);
  }

  async read({ offset, length }: RecordRange): Promise<RecordValue> {
    const bytes = new Uint8Array(length > MOST_RECORD_BYTES ? RAW_BYTES : length);
    const { bytesRead } = await this.handle.read(bytes, 0, bytes.length, offset);
    if (bytesRead < bytes.length) throw new DatasetError(`${this.name} has become shorter since it was read`);
    return bytes.length < length ? tooLong(bytes) : parseJson(bytes, this.notNumbersMean);
  }

  /** Those that stand near each other are read together: to ask for each takes several times as long as to parse it. */
  async *readEach(ranges: readonly RecordRange[]): AsyncGenerator<RecordValue> {
    const { name, handle, stamp } = this;
    for (let at = 0; at < ranges.length; ) {
      const near = nearby(ranges, at);
      at += near.length;
      const [first] = near;
      const last = near.at(-1);
      if (!first || !last) break;
      if (near.length === 1) {
        yield await this.read(first);
        continue;
      }
      const bytes = await readExactly(
        { name, handle, stamp },
        first.offset,
        last.offset + last.length - first.offset,
      );
      for (const { offset, length } of near) {
        const start = offset - first.offset;
        yield parseJson(bytes.subarray(start, start + length), this.notNumbersMean);
      }
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** Those from number `at` on that stand one behind the other, within a few bytes. */
function nearby(ranges: readonly RecordRange[], at: number): readonly RecordRange[] {
  const start = ranges[at]?.offset ?? 0;
  let end = start;
  let next = at;
  for (let range = ranges[next]; range; range = ranges[++next]) {
    const isNear = range.offset >= end && range.offset + range.length - start <= NEAR_BYTES;
    if (next > at && !isNear) break;
    end = range.offset + range.length;
  }
  return ranges.slice(at, next);
}

/** The bytes from the first one on that is no white space, as far as they are needed; null when there is none. */
async function firstText(
  handle: FileHandle,
  start: number,
  size: number,
): Promise<{ readonly offset: number; readonly bytes: Uint8Array } | null> {
  for (let offset = start; offset < size; offset += HEAD_BYTES) {
    const bytes = await readAt(handle, offset, size);
    if (bytes.some((byte) => !isSpace(byte))) return { offset, bytes };
  }
  return null;
}

async function readAt(handle: FileHandle, offset: number, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(HEAD_BYTES, size - offset));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
  return bytes.subarray(0, bytesRead);
}

function checkIsText(name: string, head: Uint8Array): void {
  const [first = 0, second = 0, third = 0, fourth = 0] = head;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // JSON begins with two ASCII characters, so an unmarked UTF-16 has every other byte 0 (RFC 4627, section 3).
  const zeros = [first, second, third, fourth].map((byte) => byte === 0).join();
  if (marked || zeros === 'false,true,false,true' || zeros === 'true,false,true,false') {
    throw new DatasetError(`${name} is encoded in UTF-16; save it as UTF-8`);
  }
  if (first === 0x1f && second === 0x8b) {
    throw new DatasetError(`${name} is compressed with gzip; unpack it first`);
  }
}
