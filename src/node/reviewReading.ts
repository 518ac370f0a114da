/** One reviewer's file, read a part at a time, and read on where it has grown. */
import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Problem } from '../core/dataset/model';
import { type BadLine, LogDecoder, MAX_LINE_BYTES } from '../core/review/codec';
import type { Entry } from '../core/review/entry';
import { EntrySet } from '../core/review/entrySet';
import { reviewerKey } from '../core/review/reviewerKey';
import { type BesideStamp, sameStamp } from './besideFiles';
import { hasHeapRoom } from './heapRoom';
import { LineReader } from './lineReader';
import { PrefixDigest } from './prefixDigest';
import type { Appended } from './reviewStore';

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

/** Whoever waits for a long reading can see how far it is, and give it up. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((path: string, bytes: number) => void) | undefined;
  /** Whether there is memory for more decisions. */
  readonly hasRoom?: (() => boolean) | undefined;
  /** Reading ends when more bytes than this are no decisions; by default as many as of any file. */
  readonly maxUnread?: number | undefined;
}

/** What follows on what was read of a file. */
export interface Grown {
  /** Decisions of the reviewer whose file it is. */
  readonly entries: Entry[];
  readonly spellings: Set<string>;
  /** Decisions under other names, by their keys: nobody speaks for another. */
  readonly foreign: Map<string, Entry[]>;
  /** What `hold` was told of, and was found. */
  readonly placed: readonly Entry[];
  /** What it was told of before and was not: it does not stand there any more. */
  readonly isLost: boolean;
  readonly stamp: BesideStamp;
  readonly last: LastLine | null;
  /** Why it was not read to its end; null where it was. */
  readonly notRead: NotRead | null;
}

/** What a file ends with behind its last line feed. */
interface LastLine {
  readonly entry: Entry | null;
  readonly problem: BadLine | null;
  readonly bytes: number;
}

interface NotRead {
  readonly reason: string;
  /** By nobody: somebody with more memory may read what there was no memory for. */
  readonly isCut: boolean;
}

/**
 * What was read of one reviewer's file. As long as that stands there as it did, what is appended is all that is read; so it
 * is with what we append ourselves, which is not read at all.
 */
export class ReviewFile {
  /** As it was read last; null when it was not, or has to be read again at the next look. */
  stamp: BesideStamp | null = null;
  private own: Entry[] = [];
  /** Of these it is not known where they stand: somebody else has written there, too, or was reading it. */
  private readonly unplaced = new EntrySet();
  private spelt = new Set<string>();
  private others = new Map<string, Entry[]>();
  private readonly decoder: LogDecoder;
  private readonly prefix = new PrefixDigest();
  /** Of the whole lines that were read, in bytes. */
  private end = 0;
  /** Bytes of lines that hold no decision of that reviewer. */
  private unreadBytes = 0;
  private unreadLines = 0;
  private last: LastLine | null = null;
  private notRead: NotRead | null = null;
  /** Problems that are not of its lines. */
  private readonly remarks: Problem[] = [];
  private listed: readonly Problem[] | null = null;
  /** Reading has begun, and nothing of it was taken in yet. */
  private isBeingRead = false;
  /** What is held of it is not what its bytes say from first to last. */
  private isLeft = false;

  /**
   * @param path to name it by; @param owner key of the reviewer whose file it is
   * @param maxListed so many of the lines that are no decisions are listed, and no more than a thousand
   */
  constructor(
    readonly path: string,
    private readonly owner: string,
    private readonly maxListed = MAX_LISTED,
  ) {
    this.decoder = new LogDecoder(Math.min(maxListed, MAX_LISTED));
  }

  /** Decisions of the reviewer whose file it is: these count. */
  get entries(): readonly Entry[] {
    return this.own;
  }

  /** As the entries spell that reviewer's name. */
  get spellings(): ReadonlySet<string> {
    return this.spelt;
  }

  /** Decisions under other names, by their keys. */
  get foreign(): ReadonlyMap<string, readonly Entry[]> {
    return this.others;
  }

  /** Bytes of lines that hold no decision of that reviewer, as far as it was read. */
  get unread(): number {
    return this.unreadBytes + (this.last?.bytes ?? 0);
  }

  /** Why nobody reads it to its end, and from where on; null where somebody with more memory may. */
  get cut(): string | null {
    return this.notRead?.isCut ? this.notRead.reason : null;
  }

  get problems(): readonly Problem[] {
    this.listed ??= this.allProblems();
    return this.listed;
  }

  /** Besides what is wrong with its lines. */
  remark(problem: Problem): void {
    this.remarks.push(problem);
    this.listed = null;
  }

  /** It cannot be read now. What was read of it before stands, and it is tried again at the next look. */
  fail(problem: Problem): void {
    this.stamp = null;
    this.remarks.length = 0;
    this.remark(problem);
  }

  /** Of what was read, these count. From here on it can only be read from its beginning. */
  count(entries: readonly Entry[]): void {
    this.own = [...entries];
    this.isLeft = true;
  }

  /** We have appended these, it is not known where: behind all that was read, reading on will tell. */
  hold(entries: readonly Entry[]): void {
    for (const entry of entries) if (this.unplaced.add(entry)) this.holdOne(entry);
  }

  /**
   * Whether what was read of it is what the file begins with, so that reading can go on behind that.
   * @param maxListed so many of the lines that are no decisions may be listed by now
   * @throws the file system's error; AbortError when given up
   */
  async isContinued(
    handle: FileHandle,
    size: number,
    maxListed: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const isWhole = !this.isLeft && !this.isBeingRead && this.notRead === null && !this.last?.entry;
    const { problems, problemCount } = this.decoder;
    const isListed = problems.length === problemCount || maxListed <= this.maxListed;
    return isWhole && isListed && size >= this.prefix.size && this.prefix.isOf(handle, signal);
  }

  /**
   * Reads what follows on what was read, as far as the file reached as of the stamp. Nothing of it is held before `take`;
   * where that does not follow, it can only be read from its beginning.
   * @throws the file system's error; AbortError when given up
   */
  async readOn(
    handle: FileHandle,
    stamp: BesideStamp,
    { signal, progress, hasRoom = hasHeapRoom, maxUnread = MAX_UNREAD_BYTES }: ReadOptions,
  ): Promise<Grown> {
    this.isBeingRead = true;
    const entries: Entry[] = [];
    const placed: Entry[] = [];
    const spellings = new Set<string>();
    const foreign = new Map<string, Entry[]>();
    const expected = [...this.unplaced];
    const sort = (entry: Entry) => {
      const key = reviewerKey(entry.reviewer);
      const ours = this.unplaced.get(entry);
      if (ours) placed.push(ours);
      else if (key === this.owner) {
        entries.push(entry);
        spellings.add(entry.reviewer);
      } else hold(foreign, key, [entry]);
      return key === this.owner;
    };
    let last: LastLine | null = null;
    let isAtEnd = false;
    const lines = new LineReader((text, kind, bytes) => {
      if (kind === 'unfinished' || isAtEnd) {
        const { entry, problem } = this.decoder.last(text, kind === 'too long' ? TOO_LONG : undefined);
        const isOwn = entry !== null && sort(entry);
        last = { entry, problem, bytes: isOwn ? 0 : bytes };
        return;
      }
      this.end += bytes + 1;
      const entry = kind === 'too long' ? this.decoder.skip(TOO_LONG) : this.decoder.next(text);
      if (!entry) this.unreadLines++;
      if (!entry || !sort(entry)) this.unreadBytes += bytes; // it counts for nobody
    });
    let at = this.end;
    let isFull = false;
    const isTooMuch = () =>
      this.unreadBytes + lines.pending > maxUnread || this.unreadLines > MAX_UNREAD_LINES;
    for await (const part of partsOf(handle, at, stamp.size)) {
      if (isTooMuch()) break;
      signal?.throwIfAborted();
      isFull = !hasRoom();
      if (isFull) break;
      lines.push(part);
      // A line that was not ended was read before.
      this.prefix.push(part.subarray(Math.max(0, this.prefix.size - at)));
      at += part.length;
      progress?.(this.path, at);
    }
    const isCut = isTooMuch();
    isAtEnd = true;
    if (!isFull) lines.end();
    const where = `not read behind byte ${at} of ${stamp.size}`;
    const why = isCut ? this.tooMuch(maxUnread) : 'there is no memory for more decisions';
    const notRead = isFull || isCut ? { reason: `${where}: ${why}`, isCut } : null;
    const found = new Set(placed);
    const isLost = expected.some((entry) => !found.has(entry));
    return { entries, placed, isLost, spellings, foreign, stamp, last, notRead };
  }

  /** Holds what `readOn` has found. */
  take({ entries, placed, spellings, foreign, stamp, last, notRead }: Grown): void {
    for (const entry of placed) this.unplaced.delete(entry);
    if (this.own.length === 0) this.own = entries;
    else for (const entry of entries) this.own.push(entry);
    if (this.spelt.size === 0) this.spelt = spellings;
    else for (const each of spellings) this.spelt.add(each);
    if (this.others.size === 0) this.others = foreign;
    else for (const [key, theirs] of foreign) hold(this.others, key, theirs);
    this.stamp = stamp;
    this.last = last;
    this.notRead = notRead;
    this.remarks.length = 0;
    this.listed = null;
    this.isBeingRead = false;
  }

  /** Holds what we have appended to it ourselves. */
  append(entries: readonly Entry[], { before, after, bytes }: Appended): void {
    const isNew = this.stamp === null && this.prefix.size === 0 && before.size === 0;
    const isFollowed = isNew || sameStamp(before, this.stamp);
    if (isFollowed) this.stamp = after;
    const isRead = this.prefix.size === before.size && this.end === before.size && !this.isLeft;
    this.listed = null;
    if (this.isBeingRead || !isFollowed || !isRead || bytes === null) {
      this.hold(entries);
      return;
    }
    for (const entry of entries) {
      const kept = this.decoder.nextWritten(entry);
      if (kept) this.holdOne(kept);
    }
    this.prefix.push(bytes);
    this.end += bytes.length;
  }

  private holdOne(entry: Entry): void {
    this.own.push(entry);
    this.spelt.add(entry.reviewer);
  }

  private tooMuch(maxUnread: number): string {
    if (this.unreadLines > MAX_UNREAD_LINES)
      return `${MAX_UNREAD_LINES.toLocaleString('en')} of its lines are no decisions`;
    return maxUnread < MAX_UNREAD_BYTES
      ? 'too much is no decision in files under other spellings of this name'
      : `${MAX_UNREAD_BYTES / 2 ** 20} MiB of it are no decisions`;
  }

  private allProblems(): readonly Problem[] {
    const { path, decoder } = this;
    const last = this.last?.problem ?? null;
    const bad = last ? [...decoder.problems, last] : decoder.problems;
    const problems = bad.map(({ line, reason, counts }) =>
      problemOf('warning', path, line, counts ? reason : `decision not read: ${reason}`),
    );
    const unlisted = decoder.problemCount - decoder.problems.length;
    if (unlisted > 0)
      problems.push(problemOf('warning', path, null, unlistedReason(unlisted, problems.length)));
    if (this.notRead) problems.push(problemOf('error', path, null, this.notRead.reason));
    return [...problems, ...this.remarks];
  }
}

function hold(byKey: Map<string, Entry[]>, key: string, entries: readonly Entry[]): void {
  const theirs = byKey.get(key);
  if (theirs) for (const entry of entries) theirs.push(entry);
  else byKey.set(key, [...entries]);
}

const TOO_LONG = `longer than ${MAX_LINE_BYTES / 2 ** 20} MiB`;

/** Parts between which the thread is free; a part holds only until the next is asked for. */
async function* partsOf(handle: FileHandle, from: number, to: number): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(Math.min(CHUNK_BYTES, to - from));
  for (let at = from; at < to; ) {
    const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK_BYTES, to - at), at);
    if (bytesRead === 0) return;
    for (let start = 0; start < bytesRead; start += PART_BYTES) {
      yield chunk.subarray(start, Math.min(start + PART_BYTES, bytesRead));
      await setImmediate();
    }
    at += bytesRead;
  }
}

function unlistedReason(count: number, listed: number): string {
  if (listed > 0) return `${count} more lines are like that`;
  return `something is wrong with ${count === 1 ? '1 line' : `${count} lines`}; not listed, since there is so much in other files`;
}

export function problemOf(
  severity: Problem['severity'],
  file: string,
  line: number | null,
  reason: string,
): Problem {
  return { severity, file, line, offset: null, index: null, reason };
}
