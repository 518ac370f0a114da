/** One reviewer's file, read a chunk at a time. */
import type { FileHandle } from 'node:fs/promises';
import type { Problem } from '../core/dataset/model';
import { LogDecoder, MAX_LINE_BYTES } from '../core/review/codec';
import type { Entry } from '../core/review/entry';
import { reviewerKey } from '../core/review/reviewerKey';
import { type BesideStamp, stampOf } from './besideFiles';

/** A hundred decisions: decoding them does not hold up the thread for long. */
const CHUNK_BYTES = 1 << 15;
/** Of what is wrong with one file so much is listed; the rest is counted. */
const MAX_LISTED = 1_000;
const LINE_FEED = 0x0a;

export interface ReviewFile {
  readonly stamp: BesideStamp;
  /** Decisions of the reviewer whose file it is: these count. */
  readonly entries: readonly Entry[];
  /** As they spell that reviewer's name. */
  readonly spellings: ReadonlySet<string>;
  /** Decisions under other names: nobody speaks for another. */
  readonly foreign: readonly Entry[];
  readonly problems: readonly Problem[];
}

/** Whoever waits for a long reading can see how far it is, and give it up. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((path: string, bytes: number) => void) | undefined;
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
  { signal, progress }: ReadOptions,
): Promise<ReviewFile> {
  const stamp = stampOf(await handle.stat({ bigint: true }));
  const decoder = new LogDecoder(MAX_LISTED);
  const entries: Entry[] = [];
  const spellings = new Set<string>();
  const foreign: Entry[] = [];
  const lines = new LineReader((text, kind) => {
    if (kind === 'too long') return decoder.skip(`longer than ${MAX_LINE_BYTES / 2 ** 20} MiB`);
    const entry = decoder.next(text, kind === 'unfinished');
    if (!entry) return;
    const isOwn = reviewerKey(entry.reviewer) === owner;
    (isOwn ? entries : foreign).push(entry);
    if (isOwn) spellings.add(entry.reviewer);
  });
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (let at = 0; at < stamp.size; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK_BYTES, stamp.size - at), at);
    if (bytesRead === 0) break; // it has become shorter
    lines.push(chunk.subarray(0, bytesRead));
    at += bytesRead;
    progress?.(path, at);
  }
  lines.end();
  const problems = decoder.problems.map(({ line, reason, counts }) =>
    problemOf('warning', path, line, counts ? reason : `decision not read: ${reason}`),
  );
  const unlisted = decoder.problemCount - problems.length;
  if (unlisted > 0) problems.push(problemOf('warning', path, null, `${unlisted} more lines are like that`));
  return { stamp, entries, spellings, foreign, problems };
}

export function problemOf(
  severity: Problem['severity'],
  file: string,
  line: number | null,
  reason: string,
): Problem {
  return { severity, file, line, offset: null, index: null, reason };
}

type LineKind = 'whole' | 'unfinished' | 'too long';

/** Cuts bytes into lines of text, without their line feeds. Of a line that is too long only the beginning is given. */
class LineReader {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Of the line that has begun, in pieces. */
  private begun: Uint8Array[] = [];
  private length = 0;

  constructor(private readonly visit: (text: string, kind: LineKind) => void) {}

  /** @param bytes are not kept */
  push(bytes: Uint8Array): void {
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      this.add(bytes.subarray(from, at));
      this.emit('whole');
      from = at + 1;
    }
    this.add(bytes.slice(from));
  }

  /** The last line may lack its line feed. */
  end(): void {
    if (this.length > 0) this.emit('unfinished');
  }

  private add(bytes: Uint8Array): void {
    if (this.length <= MAX_LINE_BYTES) this.begun.push(bytes);
    this.length += bytes.length;
  }

  private emit(kind: LineKind): void {
    const isTooLong = this.length > MAX_LINE_BYTES;
    const [first, ...more] = this.begun;
    const text = this.decoder.decode(more.length === 0 ? first : Buffer.concat(this.begun));
    this.visit(text, isTooLong ? 'too long' : kind);
    this.begun = [];
    this.length = 0;
  }
}
