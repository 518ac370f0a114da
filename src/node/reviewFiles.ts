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
  namesIn,
  openToRead,
  pathOf,
  ReplacedError,
  sameStamp,
  stampIn,
  stampOf,
  stampsIn,
} from './besideFiles';
import { type Counted, lastOnEach, MAX_ON_TRANSCRIPT, MAX_TOGETHER } from './crowd';
import { codeOf, reasonOf } from './fileReason';
import { type Grown, problemOf, type ReadOptions, ReviewFile } from './reviewReading';
import { appendEntries } from './reviewStore';
import { setOf, Unheld } from './unheld';
import { unlessAborted } from './unlessAborted';

/** Taking in so many decisions, or ids that they name, does not hold up the thread for long. */
const MAX_CHANGES_AT_ONCE = 200;
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

/** A file that was read from its beginning. */
interface ReadAnew {
  readonly file: ReviewFile;
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

/**
 * The reviewers' files, each read again only when it has changed. Trouble with a file or a line is not thrown: it is a
 * problem that names it.
 */
export class ReviewFiles {
  /** By name. */
  private readonly files = new Map<string, ReviewFile>();
  /** Names of the files of one reviewer, by key: several where the name was spelt differently. */
  private readonly owned = new Map<string, Set<string>>();
  /** What we have appended since the reading of a file began, which may have missed it; by name. */
  private readonly appended = new Map<string, Entry[]>();
  /** Decisions in others' files. */
  private readonly foreign = new Unheld();
  /** Names of the files in which decisions under a name stand that is not the one that they have; by its key. */
  private readonly signed = new Map<string, Set<string>>();
  /** How often decisions of a reviewer, by key, were found in their own files. */
  private readonly held = new Map<string, number>();
  /** Decisions that stood there and do not any more. */
  private readonly gone = new Unheld();
  private listed: readonly Problem[] = [];
  /** Of the files; null where something has happened to one of them since. */
  private listedOfFiles: readonly Problem[] | null = null;
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
  foreignOf(reviewer: string): ReadonlyMap<string, readonly Entry[]> {
    const unheld = this.foreign.of(reviewerKey(reviewer));
    return new Map([...unheld].map(([name, entries]) => [name, [...entries]]));
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
      const changed = await unlessAborted(this.changedBySize(names), options.signal);
      for (const name of changed) yield* this.changesIn(name, options);
    } finally {
      this.listedOfFiles ??= this.fileProblems();
      this.listed = [...folderProblems, ...this.listedOfFiles];
    }
  }

  /** Those that have another stamp than they were read with, or are being read or told, the small ones first. */
  private async changedBySize(names: readonly string[]): Promise<readonly string[]> {
    const stamps = await stampsIn(this.folder, names);
    return names
      .map((name, at) => ({ name, stamp: stamps[at] ?? null }))
      .filter(
        ({ name, stamp }) => this.busy.has(name) || !sameStamp(stamp, this.files.get(name)?.stamp ?? null),
      )
      .sort((a, b) => (a.stamp?.size ?? 0) - (b.stamp?.size ?? 0))
      .map(({ name }) => name);
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
      if (read === 'as before') return;
      if (read && 'entries' in read) yield* this.grow(name, read);
      else yield* this.replace(name, read);
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
    return sameStamp(now, stamp) ? { cut, entries: [...entries] } : null;
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
    const appended = await appendEntries(this.folder, key, own);
    for (const entry of own) this.appended.get(name)?.push(entry);
    const known = this.files.get(name);
    const file = known ?? this.newFile(name);
    if (!known) this.keep(name, file);
    this.change(file, () => file.append(own, appended));
    await this.found(key, own);
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

  /**
   * What follows on what is known of a file, which is then taken in with `grow`; else all that is in it. Where it cannot be
   * read, what was known of it stands.
   */
  private async read(name: string, options: ReadOptions): Promise<Grown | ReadAnew | 'as before'> {
    const { signal } = options;
    const known = this.files.get(name);
    try {
      const handle = await openToRead(this.folder, name);
      try {
        const stamp = stampOf(await handle.stat({ bigint: true }));
        signal?.throwIfAborted(); // else another reading may have begun
        const limits = { ...options, maxUnread: this.maxUnreadIn(name) };
        const maxListed = this.maxListedIn(name);
        if (known && (await known.isContinued(handle, stamp.size, maxListed, signal))) {
          const grown = await known.readOn(handle, stamp, limits);
          const isSimple = !grown.isLost && grown.foreign.size <= MAX_NAMES_LISTED;
          if (isSimple && !this.mayCrowd(known, grown.entries)) return grown;
        }
        const file = this.newFile(name);
        file.take(await file.readOn(handle, stamp, limits));
        return { file, left: await this.uncrowd(name, file) };
      } finally {
        await handle.close();
      }
    } catch (error) {
      signal?.throwIfAborted();
      // Node gives a name whose bytes are no text with marks in their place, under which nothing is found.
      const isNoText = codeOf(error) === 'ENOENT' && name.includes('\uFFFD');
      const reason = `decisions not read: ${isNoText ? 'its name is not UTF-8' : reasonOf(error)}`;
      const isKept = known !== undefined && isPassing(error) && known.entries.length > 0;
      const problem = problemOf(
        'error',
        pathOf(this.folder, name),
        null,
        `${reason}${isKept ? STILL_COUNT : ''}`,
      );
      if (isKept) {
        this.change(known, () => known.fail(problem));
        return 'as before';
      }
      // Tried again at each look: what stands in the way need not leave a trace in the file's state.
      const file = this.newFile(name);
      file.fail(problem);
      return { file, left: [] };
    }
  }

  private newFile(name: string): ReviewFile {
    return new ReviewFile(pathOf(this.folder, name), fileOwner(name), this.maxListedIn(name));
  }

  private maxListedIn(name: string): number {
    const others = this.heldProblems - (this.files.get(name)?.problems.length ?? 0);
    return Math.max(0, MAX_LISTED - others);
  }

  /** Whether so many decisions may stand on one transcript that not all of the file's count. */
  private mayCrowd({ entries: { length } }: ReviewFile, more: readonly Entry[]): boolean {
    const { most } = this.counted;
    if (length + more.length <= Math.min(MAX_ON_TRANSCRIPT, MAX_TOGETHER - most)) return false;
    const counts = new Map<string, number>();
    for (const { transcript } of more) {
      const count = (counts.get(transcript) ?? this.counted.countOn(transcript)) + 1;
      if (count > MAX_ON_TRANSCRIPT) return true;
      counts.set(transcript, count);
    }
    return false;
  }

  /** @returns those that do not count, since there are so many. */
  private async uncrowd(name: string, file: ReviewFile): Promise<readonly Entry[]> {
    const known = this.files.get(name)?.entries ?? [];
    const { last, left } = await lastOnEach(file.entries, known, this.counted);
    if (left.length === 0) return left;
    const [each, all] = [MAX_ON_TRANSCRIPT, MAX_TOGETHER].map((most) => most.toLocaleString('en'));
    const reason = `${left.length === 1 ? '1 decision is' : `${left.length} decisions are`} not counted: of very many on one transcript, the last ${each} of a file count, and no more than ${all} of all files`;
    file.count(last);
    file.remark(problemOf('warning', pathOf(this.folder, name), null, reason));
    return left;
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

  /** Takes in what follows on what was known of a file. */
  private async *grow(name: string, grown: Grown): AsyncGenerator<SavedChange> {
    const file = this.files.get(name);
    if (!file) return;
    this.change(file, () => file.take(grown));
    await this.found(fileOwner(name), grown.entries);
    await this.lookForAll(name, grown.foreign);
    yield* tell(grown.entries, []);
  }

  /** Puts what was read of a file in the place of what was known of it; null for a file that is gone. */
  private async *replace(name: string, found: ReadAnew | null): AsyncGenerator<SavedChange> {
    const key = fileOwner(name);
    const knownFile = this.files.get(name);
    const known = knownFile?.entries ?? [];
    const isFirst = known.length === 0;
    const before = await setOf(known);
    const after = isFirst ? null : await setOf(found?.file.entries ?? []);
    // Nothing is appended from here on until it is kept.
    const appended = this.appended.get(name) ?? [];
    const file = found?.file ?? (appended.length > 0 ? this.newFile(name) : null);
    file?.hold(appended);
    for (const entry of appended) after?.add(entry);
    this.keep(name, file);
    const now = after ? [...after] : (file?.entries ?? []);
    const added = isFirst ? now : await withoutThose(before, now);
    // One reviewer may have several files, of several spellings; to look for them in each of ten thousand takes a while.
    const elsewhere = before.size > 0 ? await this.ownOf(key) : before;
    const removed = await withoutThose(elsewhere, known);
    await this.found(key, added);
    const held = this.held.get(key);
    const gone = await withoutThose(await setOf(found?.left ?? []), removed);
    if (gone.length > 0)
      this.gone.set(key, name, await setOf([...(this.gone.of(key).get(name) ?? []), ...gone]));
    // Saved again meanwhile.
    if (this.held.get(key) !== held) await this.gone.found(key, [...(await this.ownOf(key))]);
    if (removed.length > 0) await this.lookFor(key, this.signed.get(key) ?? []);
    if (knownFile) await this.lookForAll(name, knownFile.foreign);
    if (file) await this.lookForAll(name, file.foreign);
    yield* tell(added, removed);
  }

  /** Those under the names of these, which stand in a file, or did. */
  private async lookForAll(name: string, foreign: ReadonlyMap<string, unknown>): Promise<void> {
    for (const key of foreign.keys()) {
      const names = this.signed.get(key);
      if (names) names.add(name);
      else this.signed.set(key, new Set([name]));
      await this.lookFor(key, [name]);
    }
  }

  /** Of the decisions under a name in files that are not theirs: which of them its own files do not hold. */
  private async lookFor(key: string, names: Iterable<string>): Promise<void> {
    for (const name of [...names]) {
      for (let isKnown = false; !isKnown; ) {
        const held = this.held.get(key);
        const foreign = this.files.get(name)?.foreign.get(key) ?? [];
        const own = foreign.length > 0 ? await this.ownOf(key) : null;
        const left = await setOf(own ? await withoutThose(own, foreign, COMPARED_AT_ONCE) : []);
        isKnown = this.held.get(key) === held; // else something was saved meanwhile
        if (isKnown) this.foreign.set(key, name, left);
      }
    }
  }

  /** One of the reviewer's files holds these now. */
  private async found(key: string, entries: readonly Entry[]): Promise<void> {
    this.held.set(key, (this.held.get(key) ?? 0) + 1);
    await this.foreign.found(key, entries);
    await this.gone.found(key, entries);
  }

  /** @param run changes the file, which may be one of those that are kept */
  private change(file: ReviewFile, run: () => void): void {
    const before = file.problems.length;
    run();
    this.heldProblems += file.problems.length - before;
    this.listedOfFiles = null;
  }

  private keep(name: string, file: ReviewFile | null): void {
    this.heldProblems -= this.files.get(name)?.problems.length ?? 0;
    this.heldProblems += file?.problems.length ?? 0;
    this.listedOfFiles = null;
    if (file) this.files.set(name, file);
    else this.files.delete(name);
    const owner = fileOwner(name);
    const owned = this.owned.get(owner) ?? new Set();
    if (file) owned.add(name);
    else owned.delete(name);
    this.owned.set(owner, owned);
  }

  private ownOf(key: string): Promise<EntrySet> {
    return setOf([...(this.owned.get(key) ?? [])].flatMap((name) => this.files.get(name)?.entries ?? []));
  }

  /** Errors first. */
  private fileProblems(): readonly Problem[] {
    const files = [...this.files].sort(([a], [b]) => (a < b ? -1 : 1));
    const problems = new ProblemList();
    for (const [, file] of files) for (const problem of file.problems) problems.push(problem);
    const spellings = new Map<string, Set<string>>();
    for (const [name, file] of files) {
      const key = fileOwner(name);
      const names = spellings.get(key) ?? new Set();
      spellings.set(key, names);
      for (const each of file.spellings) names.add(each);
    }
    for (const [name] of files) {
      const unheld = this.foreign.in(name);
      let left = unheld.size;
      for (const [key, { size }] of unheld) {
        if (unheld.size - left === MAX_NAMES_LISTED) break;
        problems.push(this.foreignProblem(name, key, size));
        left--;
      }
      if (left > 0) {
        const reason = `decisions under ${left} more names, whose file this is not, are not counted`;
        problems.push(problemOf('warning', pathOf(this.folder, name), null, reason));
      }
    }
    for (const [name, { size: count }] of this.gone.inFiles()) {
      const reason = `${count === 1 ? '1 decision' : `${count} decisions`} that stood there when it was read before, and no more`;
      problems.push(problemOf('warning', pathOf(this.folder, name), null, reason));
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

/** In parts between which the thread is free, as the following. */
async function* tell(added: readonly Entry[], removed: readonly Entry[]): AsyncGenerator<SavedChange> {
  for (const part of inParts(added, removed)) {
    yield part;
    await setImmediate();
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

/** Those of the entries that the set does not hold. */
async function withoutThose(
  held: EntrySet,
  entries: readonly Entry[],
  atOnce = MAX_CHANGES_AT_ONCE,
): Promise<readonly Entry[]> {
  const left: Entry[] = [];
  for (const some of inSlices([entries], atOnce)) {
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
