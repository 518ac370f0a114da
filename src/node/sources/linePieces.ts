import type { FileHandle } from 'node:fs/promises';
import { LF } from '../../core/dataset/jsonBytes';
import { MOST_RECORD_BYTES } from '../parseRecord';

const FIRST_BYTES = 1 << 16;
const PIECE_BYTES = 1 << 20;
const PART_BYTES = 1 << 16;
const NOTHING = Buffer.alloc(0);

/** Whole lines of a file; the first begins at `offset`. */
export interface LinePiece {
  /** Valid until the next piece is asked for. */
  readonly bytes: Buffer;
  readonly offset: number;
  /** Bytes of the file that it stands for; more than it has where that is one line too long to be read. */
  readonly length: number;
}

/** A piece that stands for one line of which it holds only the beginning and the end. */
export function isTooLong({ bytes, length }: LinePiece): boolean {
  return length > bytes.length;
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
  const buffers: [Buffer, Buffer] = [Buffer.allocUnsafe(FIRST_BYTES), NOTHING];
  let position = from;
  /** A line of which no end was met yet, and where it begins. */
  let open: Buffer[] = [];
  let openAt = from;
  const endOpen = (to: number, last: Buffer): LinePiece => {
    const length = to - openAt;
    const kept = length > MOST_RECORD_BYTES ? open.slice(0, 1) : open;
    return { bytes: Buffer.concat([...kept, last]), offset: openAt, length };
  };
  let next = handle.read(buffers[0], 0, Math.min(FIRST_BYTES, to - position), position);
  for (let turn = 1; ; turn++) {
    signal?.throwIfAborted();
    const { bytesRead, buffer } = await next;
    if (bytesRead === 0) {
      if (open.length > 0) yield endOpen(position, NOTHING);
      return;
    }
    const at = position;
    position += bytesRead;
    // A dataset may be a hundred thousand small files, and none of them needs room for more than it has.
    const wanted = bytesRead < FIRST_BYTES ? FIRST_BYTES : PIECE_BYTES;
    const which = turn % 2 === 0 ? 0 : 1;
    if (buffers[which].length < wanted) buffers[which] = Buffer.allocUnsafe(wanted);
    next = handle.read(buffers[which], 0, Math.min(wanted, to - position), position);
    next.catch(() => {}); // nobody may come to ask for it
    const read = buffer.subarray(0, bytesRead);
    const firstEnd = read.indexOf(LF) + 1;
    const lastEnd = read.lastIndexOf(LF) + 1;
    if (firstEnd === 0) {
      if (position - openAt <= MOST_RECORD_BYTES) open.push(Buffer.from(read));
      else open.length = Math.min(open.length, 1);
      continue;
    }
    const begun = open.length > 0;
    if (begun) yield endOpen(at + firstEnd, read.subarray(0, firstEnd));
    const start = begun ? firstEnd : 0;
    if (lastEnd > start) {
      yield { bytes: read.subarray(start, lastEnd), offset: at + start, length: lastEnd - start };
    }
    // Copied, since its buffer is read into again before it is whole.
    open = lastEnd < bytesRead ? [Buffer.from(read.subarray(lastEnd))] : [];
    openAt = at + lastEnd;
  }
}

/** Whole lines in parts of about `PART_BYTES`; a longer line is a part of its own. */
export function* partsOf({ bytes, offset }: LinePiece): Generator<Pick<LinePiece, 'bytes' | 'offset'>> {
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(LF, Math.min(bytes.length, from + PART_BYTES));
    const to = newline < 0 ? bytes.length : newline + 1;
    yield { bytes: bytes.subarray(from, to), offset: offset + from };
    from = to;
  }
}
