/** Follows the folder of decisions beside a dataset: what is in it, and what has changed since it was last read. */
import { setImmediate } from 'node:timers/promises';
import type { Problem } from '../core/dataset/model';
import type { Entry } from '../core/review/entry';
import { EntrySet } from '../core/review/entrySet';
import type { SavedChange } from '../core/review/log';
import { reviewerKey } from '../core/review/reviewerKey';
import { fileOwner, REVIEW_EXTENSION, reviewFileName } from '../core/review/reviewerName';
import { inSlices } from '../core/slices';
import {
  type BesideFolder,
  type BesideStamp,
  namesIn,
  openToRead,
  pathOf,
  ReplacedError,
  sameStamp,
  stampIn,
} from './besideFiles';
import { type Counted, lastOnEach, MAX_ON_TRANSCRIPT, MAX_TOGETHER } from './crowd';
import { codeOf, reasonOf } from './fileReason';
import { inTurns } from './inTurns';
import { problemOf, type ReadOptions, type ReviewFile, readReviewFile } from './reviewReading';
import { appendEntries } from './reviewStore';
import { unlessAborted } from './unlessAborted';

/** Taking in so many decisions, or ids that they name, does not hold up the thread for long. */
const MAX_CHANGES_AT_ONCE = 200;
/** Likewise, of those that are only held. */
const HELD_AT_ONCE = 2_000;
/** Likewise, of those that are compared with what may be a megabyte. */
const COMPARED_AT_ONCE = 10;
/** More files than any team has reviewers. */
const MAX_FILES = 10_000;
/** Names that somebody signs with in a file that is not theirs: so many are listed, the rest is counted. */
const MAX_NAMES_LISTED = 1_000;
const MAX_SPELLINGS_LISTED = 10;
/**
 * Of what is wrong with all files, errors apart: so much is listed, and kept. Thousands of files that hold nothing else
 * would take more memory than there is, and hide what matters.
 */
const MAX_LISTED = 10_000;
/**
 * What is no decision in all files of one reviewer but the one that we write to: a name can be spelt in thousands of ways,
 * and whoever has it waits for all of them to decide.
 */
const MAX_UNREAD_ELSEWHERE = 1 << 24;
/** Likewise, of these files themselves. */
const MAX_SPELLINGS_AWAITED = 100;

interface FileState extends Omit<ReviewFile, 'stamp'> {
  /** null when it was never read. */
  readonly stamp: BesideStamp | null;
}

interface ReadState extends FileState {
  /** Decisions that stand there and do not count, since there are so many. */
  readonly left: readonly Entry[];
}

/** A file that was not read to its end. */
export interface CutFile {
  /** From where on, and why. */
  readonly cut: string;
  /** The decisions that were read from it, and count. */
  readonly entries: readonly Entry[];
}

interface Collected {
  readonly added: EntrySet;
  readonly removed: Entry[];
}

const STILL_COUNT = '; those that were read before still count';

const UNREAD: FileState = {
  stamp: null,
  entries: [],
  spellings: new Set(),
  foreign: [],
  problems: [],
  unread: 0,
  cut: null,
};

/**
 * The reviewers' files, each read again only when it has changed. Trouble with a file or a line is not thrown: it is a
 * problem that names it.
 */
export class ReviewFiles {
  /** By name. */
  private readonly files = new Map<string, FileState>();
  /** Names of the files of one reviewer, by key: several where the name was spelt differently. */
  private readonly owned = new Map<string, Set<string>>();
  /** What we have appended since the reading of a file began, which may have missed it; by name. */
  private readonly appended = new Map<string, Entry[]>();
  /** Decisions that stood there and do not any more; by name. */
  private readonly gone = new Map<string, EntrySet>();
  private listed: readonly Problem[] = [];
  /** How many problems the states of the files hold. */
  private heldProblems = 0;
  /**
   * What was read and not told yet. For all readings together: one that finds a file read already, by another that goes on
   * with the next, tells what that has not come to.
   */
  private collected: Collected = { added: new EntrySet(), removed: [] };
  /** Settles when the file that is being read is; by name. */
  private readonly busy = new Map<string, Promise<void>>();

  /** @param counted of the decisions that `changes` and `changesOf` have told, those that count */
  constructor(
    readonly folder: BesideFolder,
    private readonly counted: Counted = { most: 0, countOn: () => 0 },
    private readonly maxFiles = MAX_FILES,
  ) {}

  /** Of the last reading. */
  get problems(): readonly Problem[] {
    return this.listed;
  }

  /**
   * Decisions under this name that stand in others' files only, by the names of these files. They count once their
   * reviewer has taken them over.
   */
  async foreignOf(reviewer: string): Promise<ReadonlyMap<string, readonly Entry[]>> {
    const key = reviewerKey(reviewer);
    const signed = [...this.files].map(
      ([name, { foreign }]) =>
        [name, foreign.filter((entry) => reviewerKey(entry.reviewer) === key)] as const,
    );
    const found = new Map<string, readonly Entry[]>();
    if (signed.every(([, theirs]) => theirs.length === 0)) return found;
    const own = await this.ownOf(key);
    for (const [name, theirs] of signed) {
      const left = await withoutThose(own, theirs);
      if (left.length > 0) found.set(name, left);
    }
    return found;
  }

  /**
   * What has changed in the folder since the last call, in parts between which the thread is free. One call at a time.
   * @throws AbortError when it is given up: what was not read by then stands as it did before.
   */
  changes(options: ReadOptions = {}): AsyncGenerator<SavedChange> {
    return this.together(this.changesInFolder(options));
  }

  /** Of one reviewer's files only. Waits for no other's, and may run beside `changes`. @throws AbortError as there */
  changesOf(reviewer: string, options: ReadOptions = {}): AsyncGenerator<SavedChange> {
    return this.together(this.changesOfOne(reviewerKey(reviewer), options));
  }

  /** Over many small files together: each change folds its transcripts anew. */
  private async *together(parts: AsyncIterable<SavedChange>): AsyncGenerator<SavedChange> {
    try {
      for await (const { added, removed } of parts) {
        // What is removed is taken out before anything is added: what came before it has to be told before it.
        while (removed.some((entry) => this.collected.added.get(entry))) yield this.takeCollected();
        for (const entry of added) this.collected.added.add(entry);
        for (const entry of removed) this.collected.removed.push(entry);
        if (this.collectedWeight < MAX_CHANGES_AT_ONCE) continue;
        yield this.takeCollected();
        await setImmediate();
      }
    } finally {
      // Given up or not: its file is known to have been read.
      if (this.collectedWeight > 0) yield this.takeCollected();
    }
  }

  private get collectedWeight(): number {
    return weightOf(this.collected.added) + weightOf(this.collected.removed);
  }

  private takeCollected(): SavedChange {
    const { collected } = this;
    this.collected = { added: new EntrySet(), removed: [] };
    return { added: [...collected.added], removed: collected.removed };
  }

  private async *changesInFolder(options: ReadOptions): AsyncGenerator<SavedChange> {
    const folderProblems: Problem[] = [];
    try {
      // Before the folder is listed: what is saved after that is none that is gone.
      const known = [...this.files.keys()];
      const names = await this.names(folderProblems, options.signal);
      if (names === null) return;
      const listed = new Set(names);
      for (const name of known) if (!listed.has(name)) yield* this.changesIn(name, options, null);
      // The small ones first: there may be no memory for one that somebody made large.
      for (const name of await this.bySize(names)) yield* this.changesIn(name, options);
    } finally {
      this.listed = [...folderProblems, ...(await this.fileProblems())];
    }
  }

  /** As large as they were when they were read last; of a new one it is asked. */
  private async bySize(names: readonly string[]): Promise<readonly string[]> {
    const sized = await inTurns(names, async (name) => {
      const known = this.files.get(name)?.stamp;
      const stamp = known ?? (await stampIn(this.folder, name).catch(() => null));
      return { name, size: stamp?.size ?? 0 };
    });
    return sized.sort((a, b) => a.size - b.size).map(({ name }) => name);
  }

  private async *changesOfOne(key: string, options: ReadOptions): AsyncGenerator<SavedChange> {
    // What is wrong with the folder as a whole, `changes` will say; and it reads what is left out here.
    const names = (await this.names([], options.signal, (name) => fileOwner(name) === key)) ?? [];
    const main = reviewFileName(key);
    const others = names.filter((name) => name !== main).slice(0, MAX_SPELLINGS_AWAITED);
    for (const name of names.includes(main) ? [main, ...others] : others)
      yield* this.changesIn(name, options);
  }

  /** @param untold its state where that cannot be asked for: null for none, where it was not listed either */
  private async *changesIn(
    name: string,
    options: ReadOptions,
    untold: null | undefined = undefined,
  ): AsyncGenerator<SavedChange> {
    for (let busy = this.busy.get(name); busy; busy = this.busy.get(name))
      await unlessAborted(busy, options.signal);
    let done = () => {};
    this.busy.set(name, new Promise((resolve) => (done = resolve)));
    try {
      // What its state cannot be told of (a name that is none elsewhere, say), reading it will say why.
      const stamp = await unlessAborted(stampIn(this.folder, name), options.signal).catch(() => untold);
      options.signal?.throwIfAborted();
      const known = this.files.get(name);
      if (sameStamp(stamp ?? null, known?.stamp ?? null)) return;
      this.appended.set(name, []);
      const isGone = stamp === null && known !== undefined;
      const read = isGone ? null : await unlessAborted(this.read(name, options), options.signal);
      yield* this.replace(name, read);
    } finally {
      this.appended.delete(name);
      this.busy.delete(name);
      done();
    }
  }

  /**
   * Appends decisions to the files of their reviewers; `written` hears of each file's as soon as they are on disk. Waits
   * for no reading, and is no change for the next one. What stands in the way of one reviewer's keeps no other's back.
   * @throws Error that names the first file that failed and the reason; what `written` was not told of has to be appended
   * again.
   */
  async append(entries: readonly Entry[], written: (own: readonly Entry[]) => void): Promise<void> {
    const failed: Error[] = [];
    for (const key of new Set(entries.map(({ reviewer }) => reviewerKey(reviewer)))) {
      const own = entries.filter(({ reviewer }) => reviewerKey(reviewer) === key);
      try {
        await this.appendOwn(key, own);
      } catch (error) {
        failed.push(error as Error);
        continue;
      }
      written(own);
    }
    const [first, ...more] = failed;
    if (!first) return;
    if (more.length === 0) throw first;
    const files = more.length === 1 ? '1 more file' : `${more.length} more files`;
    throw new Error(`${first.message}. Nor could those of ${files}`, { cause: first });
  }

  /**
   * A reviewer's own file that was not read to its end; null where it was, as far as is known, or another stands there by
   * now.
   */
  async cutFileOf(key: string): Promise<CutFile | null> {
    const name = reviewFileName(key);
    const { stamp = null, cut = null, entries = [] } = this.files.get(name) ?? {};
    if (cut === null) return null;
    const now = await stampIn(this.folder, name).catch(() => null);
    return sameStamp(now, stamp) ? { cut, entries } : null;
  }

  /** @throws Error in words where what is appended to a reviewer's file, or to a copy of it, would be read by nobody */
  async refuseCut(key: string): Promise<void> {
    const file = await this.cutFileOf(key);
    if (file === null) return;
    const path = pathOf(this.folder, reviewFileName(key));
    const what = 'What is added at its end would be read by nobody';
    throw new Error(`The decisions could not be saved to ${path}: it is ${file.cut}. ${what}`);
  }

  private async appendOwn(key: string, own: readonly Entry[]): Promise<void> {
    const name = reviewFileName(key);
    await this.refuseCut(key);
    const { before, after } = await appendEntries(this.folder, key, own);
    for (const entry of own) this.appended.get(name)?.push(entry);
    const state = this.files.get(name) ?? UNREAD;
    const isNew = state === UNREAD && before.size === 0;
    this.keep(name, {
      ...state,
      stamp: isNew || sameStamp(before, state.stamp) ? after : state.stamp,
      entries: [...state.entries, ...own],
      spellings: new Set([...state.spellings, ...own.map(({ reviewer }) => reviewer)]),
    });
  }

  /** Names of the reviewers' files that are wanted, those that were read before first; null while nobody can tell. */
  private async names(
    problems: Problem[],
    signal: AbortSignal | undefined,
    isWanted: (name: string) => boolean = () => true,
  ): Promise<readonly string[] | null> {
    try {
      const all = await unlessAborted(namesIn(this.folder), signal);
      const wanted = all.filter((name) => name.endsWith(REVIEW_EXTENSION) && isWanted(name));
      const isKnown = (name: string) => this.files.has(name);
      // There may be more than are read, but none that was is taken for gone.
      const names = [...wanted.filter(isKnown), ...wanted.filter((name) => !isKnown(name))];
      const misnamed = all.filter(
        (name) => !name.endsWith(REVIEW_EXTENSION) && name.toLowerCase().endsWith(REVIEW_EXTENSION),
      );
      for (const name of misnamed.slice(0, MAX_NAMES_LISTED)) {
        const reason = `decisions not read: its name has to end in ${REVIEW_EXTENSION}, in lower case`;
        problems.push(problemOf('error', pathOf(this.folder, name), null, reason));
      }
      if (names.length > this.maxFiles) {
        const reason = `only ${this.maxFiles} of its ${names.length} files of decisions are read`;
        problems.push(problemOf('error', pathOf(this.folder), null, reason));
      }
      return names.slice(0, this.maxFiles);
    } catch (error) {
      signal?.throwIfAborted();
      const isKept = isPassing(error) && this.files.size > 0;
      const reason = `decisions not read: ${reasonOf(error)}${isKept ? STILL_COUNT : ''}`;
      problems.push(problemOf('error', pathOf(this.folder), null, reason));
      return isKept ? null : [];
    }
  }

  private async read(name: string, options: ReadOptions): Promise<ReadState> {
    const path = pathOf(this.folder, name);
    try {
      const handle = await openToRead(this.folder, name);
      try {
        const others = this.heldProblems - (this.files.get(name)?.problems.length ?? 0);
        const maxListed = Math.max(0, MAX_LISTED - others);
        const maxUnread = this.maxUnreadIn(name);
        const limits = { ...options, maxListed, maxUnread };
        return await this.uncrowded(name, await readReviewFile(handle, path, fileOwner(name), limits));
      } finally {
        await handle.close();
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      // Node gives a name whose bytes are no text with marks in their place, under which nothing is found.
      const isNoText = codeOf(error) === 'ENOENT' && name.includes('\uFFFD');
      const reason = `decisions not read: ${isNoText ? 'its name is not UTF-8' : reasonOf(error)}`;
      const known = isPassing(error) ? this.files.get(name) : undefined;
      if (known && known.entries.length > 0) {
        const problem = problemOf('error', path, null, `${reason}${STILL_COUNT}`);
        return { ...known, stamp: null, problems: [problem], left: [] };
      }
      // Tried again at each look: what stands in the way need not leave a trace in the file's state.
      return { ...UNREAD, problems: [problemOf('error', path, null, reason)], left: [] };
    }
  }

  private async uncrowded(name: string, read: ReviewFile): Promise<ReadState> {
    const known = this.files.get(name)?.entries ?? [];
    const { last, left } = await lastOnEach(read.entries, known, this.counted);
    if (left.length === 0) return { ...read, left };
    const [each, all] = [MAX_ON_TRANSCRIPT, MAX_TOGETHER].map((most) => most.toLocaleString('en'));
    const reason = `${left.length === 1 ? '1 decision is' : `${left.length} decisions are`} not counted: of very many on one transcript, the last ${each} of a file count, and no more than ${all} of all files`;
    return {
      ...read,
      ...{ entries: last, left },
      problems: [...read.problems, problemOf('warning', pathOf(this.folder, name), null, reason)],
    };
  }

  /** undefined where it is for the file alone. */
  private maxUnreadIn(name: string): number | undefined {
    const owner = fileOwner(name);
    const main = reviewFileName(owner);
    if (name === main) return undefined;
    let left = MAX_UNREAD_ELSEWHERE;
    for (const other of this.owned.get(owner) ?? [])
      if (other !== name && other !== main) left -= this.files.get(other)?.unread ?? 0;
    return Math.max(0, left);
  }

  /** Puts what was read of a file in the place of what was known of it; null for a file that is gone. */
  private async *replace(name: string, found: ReadState | null): AsyncGenerator<SavedChange> {
    const known = this.files.get(name)?.entries ?? [];
    const isFirst = known.length === 0;
    const before = await setOf(known);
    const after = isFirst ? null : await setOf(found?.entries ?? []);
    // Nothing is appended from here on until it is kept.
    const appended = this.appended.get(name) ?? [];
    const read = found ?? (appended.length > 0 ? { ...UNREAD, left: [] } : null);
    for (const entry of appended) after?.add(entry);
    const now = after ? [...after] : [...(read?.entries ?? []), ...appended];
    if (read) {
      const spellings = new Set([...read.spellings, ...appended.map(({ reviewer }) => reviewer)]);
      const { left: _, ...state } = read;
      this.keep(name, { ...state, entries: now, spellings });
    } else this.keep(name, null);
    const added = isFirst ? now : await withoutThose(before, now);
    // One reviewer may have several files, of several spellings; to look for them in each of ten thousand takes a while.
    const elsewhere = before.size > 0 ? await this.ownOf(fileOwner(name)) : before;
    const removed = await withoutThose(elsewhere, known);
    const gone = await withoutThose(await setOf(read?.left ?? []), removed);
    if (gone.length > 0) this.gone.set(name, await setOf([...(this.gone.get(name) ?? []), ...gone]));
    for (const part of inParts(added, removed)) {
      yield part;
      await setImmediate();
    }
  }

  private keep(name: string, state: FileState | null): void {
    this.heldProblems -= this.files.get(name)?.problems.length ?? 0;
    this.heldProblems += state?.problems.length ?? 0;
    if (state) this.files.set(name, state);
    else this.files.delete(name);
    const owner = fileOwner(name);
    const owned = this.owned.get(owner) ?? new Set();
    if (state) owned.add(name);
    else owned.delete(name);
    this.owned.set(owner, owned);
  }

  private ownOf(key: string): Promise<EntrySet> {
    return setOf([...(this.owned.get(key) ?? [])].flatMap((name) => this.files.get(name)?.entries ?? []));
  }

  /** Errors first. In parts between which the thread is free. */
  private async fileProblems(): Promise<readonly Problem[]> {
    const files = [...this.files].sort(([a], [b]) => (a < b ? -1 : 1));
    const problems = new ProblemList();
    for (const [, state] of files) for (const problem of state.problems) problems.push(problem);
    const signed = new Set<string>();
    for (const [, { foreign }] of files) {
      for (const some of inSlices([foreign], MAX_CHANGES_AT_ONCE)) {
        for (const { reviewer } of some) signed.add(reviewerKey(reviewer));
        await setImmediate();
      }
    }
    const own = new Map<string, EntrySet>();
    const spellings = new Map<string, Set<string>>();
    for (const [name, state] of files) {
      const key = fileOwner(name);
      const names = spellings.get(key) ?? new Set();
      spellings.set(key, names);
      for (const each of state.spellings) names.add(each);
      if (!signed.has(key)) continue;
      const entries = own.get(key) ?? new EntrySet();
      own.set(key, entries);
      for (const some of inSlices([state.entries], MAX_CHANGES_AT_ONCE)) {
        for (const entry of some) entries.add(entry);
        await setImmediate();
      }
    }
    for (const [name, { foreign }] of files) {
      const counts = new Map<string, number>();
      for (const some of inSlices([foreign], COMPARED_AT_ONCE)) {
        for (const entry of some) {
          const key = reviewerKey(entry.reviewer);
          if (!own.get(key)?.get(entry)) counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        await setImmediate();
      }
      for (const [key, count] of [...counts].slice(0, MAX_NAMES_LISTED))
        problems.push(this.foreignProblem(name, key, count));
      const more = counts.size - MAX_NAMES_LISTED;
      if (more > 0) {
        const reason = `decisions under ${more} more names, whose file this is not, are not counted`;
        problems.push(problemOf('warning', pathOf(this.folder, name), null, reason));
      }
    }
    for (const [name, gone] of this.gone) {
      const there = await this.ownOf(fileOwner(name));
      const count = [...gone].filter((entry) => !there.get(entry)).length;
      if (count === 0) this.gone.delete(name);
      else {
        const reason = `${count === 1 ? '1 decision' : `${count} decisions`} that stood there when it was read before, and no more`;
        problems.push(problemOf('warning', pathOf(this.folder, name), null, reason));
      }
    }
    for (const [key, names] of spellings) {
      if (names.size < 2) continue;
      const listed = [...names].sort().slice(0, MAX_SPELLINGS_LISTED);
      const others = names.size > listed.length ? [`${names.size - listed.length} more spellings`] : [];
      const all = [...listed.map((each) => JSON.stringify(each)), ...others];
      const reason = `${all.join(' and ')} are counted as one reviewer`;
      problems.push(problemOf('warning', pathOf(this.folder, reviewFileName(key)), null, reason));
    }
    return problems.listed(pathOf(this.folder));
  }

  private foreignProblem(name: string, key: string, count: number): Problem {
    const decisions = count === 1 ? '1 decision is' : `${count} decisions are`;
    const reason = `${decisions} signed by ${JSON.stringify(key)}, whose file this is not, and not counted; in ${reviewFileName(key)} they would be`;
    return problemOf('warning', pathOf(this.folder, name), null, reason);
  }
}

function weightOf(entries: Iterable<Entry | undefined>): number {
  let weight = 0;
  for (const entry of entries) if (entry) weight += 1 + (entry.over?.length ?? 0);
  return weight;
}

function* inParts(added: readonly Entry[], removed: readonly Entry[]): Generator<SavedChange> {
  const end = Math.max(added.length, removed.length);
  for (let from = 0, to = 0; from < end; from = to) {
    for (let weight = 0; to < end && weight < MAX_CHANGES_AT_ONCE; to++)
      weight += weightOf([added[to], removed[to]]);
    yield { added: added.slice(from, to), removed: removed.slice(from, to) };
  }
}

/** All errors, which are few for each file, first; of lines as much else as is listed, and of files; the rest is counted. */
class ProblemList {
  private readonly errors: Problem[] = [];
  private readonly warnings: Problem[] = [];
  private ofLines = 0;
  private ofFiles = 0;

  push(problem: Problem): void {
    if (problem.severity === 'error') this.errors.push(problem);
    else if ((problem.line === null ? this.ofFiles++ : this.ofLines++) < MAX_LISTED)
      this.warnings.push(problem);
  }

  listed(folder: string): readonly Problem[] {
    const unlisted = this.ofLines + this.ofFiles - this.warnings.length;
    const reason = `${unlisted} more warnings on files in it`;
    const more = unlisted > 0 ? [problemOf('warning', folder, null, reason)] : [];
    return [...this.errors, ...this.warnings, ...more];
  }
}

/** In parts between which the thread is free, as the following. */
async function setOf(entries: readonly Entry[]): Promise<EntrySet> {
  const set = new EntrySet();
  for (const some of inSlices([entries], HELD_AT_ONCE)) {
    for (const entry of some) set.add(entry);
    await setImmediate();
  }
  return set;
}

/** Those of the entries that the set does not hold. */
async function withoutThose(held: EntrySet, entries: readonly Entry[]): Promise<readonly Entry[]> {
  const left: Entry[] = [];
  for (const some of inSlices([entries], MAX_CHANGES_AT_ONCE)) {
    for (const entry of some) if (!held.get(entry)) left.push(entry);
    await setImmediate();
  }
  return left;
}

/**
 * Whether what cannot be read may well be there: a share that is away for a moment, or a folder that may not be read for
 * one, takes nobody's decisions back.
 */
function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  return error instanceof ReplacedError || (code !== null && code !== 'ENOENT' && code !== 'ENOTDIR');
}
