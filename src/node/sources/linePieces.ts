import type { FileHandle } from 'node:fs/promises';

const FIRST_BYTES = 1 << 16;
const PIECE_BYTES = 1 << 20;
const LF = 10;

/** Whole lines of a file; the first begins at `offset`. */
export interface LinePiece {
  /** Valid until the next piece is asked for. */
  readonly bytes: Buffer;
  readonly offset: number;
}

/**
 * A file from `from` to before `to`, in pieces of whole lines; only the last may lack its line feed. While one piece is worked on the
 * next is read. The first is small, so that there is something soon; a line is as long as it is.
 */
export async function* linePieces(
  handle: FileHandle,
  from: number,
  to: number,
  signal?: AbortSignal,
): AsyncGenerator<LinePiece> {
  const buffers: readonly [Buffer, Buffer] = [
    Buffer.allocUnsafe(PIECE_BYTES),
    Buffer.allocUnsafe(PIECE_BYTES),
  ];
  let position = from;
  /** A line of which no end was met yet, and where it begins. */
  let open: Buffer[] = [];
  let openAt = from;
  let next = handle.read(buffers[0], 0, Math.min(FIRST_BYTES, to - position), position);
  for (let turn = 1; ; turn++) {
    signal?.throwIfAborted();
    const { bytesRead, buffer } = await next;
    if (bytesRead === 0) {
      if (open.length > 0) yield { bytes: Buffer.concat(open), offset: openAt };
      return;
    }
    const at = position;
    position += bytesRead;
    next = handle.read(buffers[turn % 2 === 0 ? 0 : 1], 0, Math.min(PIECE_BYTES, to - position), position);
    next.catch(() => {}); // nobody may come to ask for it
    const read = buffer.subarray(0, bytesRead);
    const firstEnd = read.indexOf(LF) + 1;
    const lastEnd = read.lastIndexOf(LF) + 1;
    if (firstEnd === 0) {
      open.push(Buffer.from(read));
      continue;
    }
    const begun = open.length > 0;
    if (begun) yield { bytes: Buffer.concat([...open, read.subarray(0, firstEnd)]), offset: openAt };
    const start = begun ? firstEnd : 0;
    if (lastEnd > start) yield { bytes: read.subarray(start, lastEnd), offset: at + start };
    // Copied, since its buffer is read into again before it is whole.
    open = lastEnd < bytesRead ? [Buffer.from(read.subarray(lastEnd))] : [];
    openAt = at + lastEnd;
  }
}
