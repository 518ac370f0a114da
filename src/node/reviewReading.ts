/** One reviewer's file, read a chunk at a time. */
import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Problem } from '../core/dataset/model';
import { LogDecoder, MAX_LINE_BYTES } from '../core/review/codec';
import type { Entry } from '../core/review/entry';
import { reviewerKey } from '../core/review/reviewerKey';
import { type BesideStamp, stampOf } from './besideFiles';
import { hasHeapRoom } from './heapRoom';
import { LineReader } from './lineReader';

/** So much is read at once. */
const CHUNK_BYTES = 1 << 18;
/** A hundred decisions: decoding them does not hold up the thread for long. */
const PART_BYTES = 1 << 15;
/** Of what is wrong with one file so much is listed at most; the rest is counted. */
const MAX_LISTED = 1_000;
/**
 * So much that is no decision, and nothing behind it is read: a file without contents may claim to have a terabyte, and
 * reading it took hours.
 */
const MAX_UNREAD_BYTES = 1 << 28;
/** Likewise, of lines: an empty one is a byte. */
const MAX_UNREAD_LINES = 1 << 22;

export interface ReviewFile {
  readonly stamp: BesideStamp;
  /** Decisions of the reviewer whose file it is: these count. */
  readonly entries: readonly Entry[];
  /** As they spell that reviewer's name. */
  readonly spellings: ReadonlySet<string>;
  /** Decisions under other names: nobody speaks for another. */
  readonly foreign: readonly Entry[];
  readonly problems: readonly Problem[];
  /** Bytes of lines that hold no decision of that reviewer, as far as it was read. */
  readonly unread: number;
  /** Why nobody reads it to its end, and from where on; null where somebody with more memory may. */
  readonly cut: string | null;
}

/** Whoever waits for a long reading can see how far it is, and give it up. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((path: string, bytes: number) => void) | undefined;
  /** Whether there is memory for more decisions. */
  readonly hasRoom?: (() => boolean) | undefined;
  /** Reading ends when more bytes than this are no decisions; by default as many as of any file. */
  readonly maxUnread?: number | undefined;
  /** So many of the lines that are no decisions are listed, and no more than a thousand. */
  readonly maxListed?: number | undefined;
}

/**
 * Reads the file as far as it reaches now.
 * @param path to name it by; @param owner key of the reviewer whose file it is
 * @throws the file system's error; AbortError when given up
 */
export async function readReviewFile(
  handle: FileHandle,
  path: string,
  owner: string,
  {
    signal,
    progress,
    hasRoom = hasHeapRoom,
    maxUnread = MAX_UNREAD_BYTES,
    maxListed = MAX_LISTED,
  }: ReadOptions,
): Promise<ReviewFile> {
  const stamp = stampOf(await handle.stat({ bigint: true }));
  const decoder = new LogDecoder(Math.min(maxListed, MAX_LISTED));
  const entries: Entry[] = [];
  const spellings = new Set<string>();
  const foreign: Entry[] = [];
  let unread = 0;
  let unreadLines = 0;
  const lines = new LineReader((text, kind, bytes) => {
    const entry = kind === 'too long' ? tooLong(decoder) : decoder.next(text, kind === 'unfinished');
    if (!entry) {
      unread += bytes;
      unreadLines++;
      return;
    }
    const isOwn = reviewerKey(entry.reviewer) === owner;
    (isOwn ? entries : foreign).push(entry);
    if (isOwn) spellings.add(entry.reviewer);
    else unread += bytes; // it counts for nobody
  });
  let at = 0;
  let isFull = false;
  const isTooMuch = () => unread + lines.pending > maxUnread || unreadLines > MAX_UNREAD_LINES;
  for await (const part of partsOf(handle, stamp.size)) {
    if (isTooMuch()) break;
    signal?.throwIfAborted();
    isFull = !hasRoom();
    if (isFull) break;
    lines.push(part);
    at += part.length;
    progress?.(path, at);
  }
  const isCut = isTooMuch();
  if (!isFull) lines.end();
  const problems = decoder.problems.map(({ line, reason, counts }) =>
    problemOf('warning', path, line, counts ? reason : `decision not read: ${reason}`),
  );
  const unlisted = decoder.problemCount - problems.length;
  if (unlisted > 0)
    problems.push(problemOf('warning', path, null, unlistedReason(unlisted, problems.length)));
  const notRead = (why: string) => {
    const reason = `not read behind byte ${at} of ${stamp.size}: ${why}`;
    problems.push(problemOf('error', path, null, reason));
    return reason;
  };
  if (isFull) notRead('there is no memory for more decisions');
  let cut: string | null = null;
  if (isCut) {
    const much =
      unreadLines > MAX_UNREAD_LINES
        ? `${MAX_UNREAD_LINES.toLocaleString('en')} of its lines are no decisions`
        : maxUnread < MAX_UNREAD_BYTES
          ? 'too much is no decision in files under other spellings of this name'
          : `${MAX_UNREAD_BYTES / 2 ** 20} MiB of it are no decisions`;
    cut = notRead(much);
  }
  return { stamp, entries, spellings, foreign, problems, unread, cut };
}

/** The file as far as `size`, in parts between which the thread is free; a part holds only until the next is asked for. */
async function* partsOf(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(Math.min(CHUNK_BYTES, size));
  for (let at = 0; at < size; ) {
    const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK_BYTES, size - at), at);
    if (bytesRead === 0) return;
    for (let from = 0; from < bytesRead; from += PART_BYTES) {
      yield chunk.subarray(from, Math.min(from + PART_BYTES, bytesRead));
      await setImmediate();
    }
    at += bytesRead;
  }
}

function unlistedReason(count: number, listed: number): string {
  if (listed > 0) return `${count} more lines are like that`;
  return `something is wrong with ${count === 1 ? '1 line' : `${count} lines`}; not listed, since there is so much in other files`;
}

function tooLong(decoder: LogDecoder): null {
  decoder.skip(`longer than ${MAX_LINE_BYTES / 2 ** 20} MiB`);
  return null;
}

export function problemOf(
  severity: Problem['severity'],
  file: string,
  line: number | null,
  reason: string,
): Problem {
  return { severity, file, line, offset: null, index: null, reason };
}
