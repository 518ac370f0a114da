/**
 * What is not saved yet, on disk: VS Code makes its backup about a second after a decision, and a killed window may not
 * get that far; nor does its backup know what was undone within that second. Each session has a file of its own, to which
 * it appends a line a decision, and whose time it renews while it lives; a file that was left alone for a while is taken
 * over by the next session. Taking over too early does no harm, since the same entry counts once, however often it is
 * saved.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { decodeLog, encode } from '../core/review/codec';
import type { Entry } from '../core/review/entry';
import type { ReviewLog, UnsavedListener } from '../core/review/log';
import { inSlices } from '../core/slices';
import { codeOf } from './fileReason';
import { inTurns } from './inTurns';
import { LineReader } from './lineReader';

const BEAT_MS = 1_000;
/** A session whose file was not touched for so long has ended, or sleeps. */
const OLD_MS = 5 * BEAT_MS;
/** So late a session that lives may renew its file. */
const LATE_MS = 2 * BEAT_MS;
/** Each time all that is unsaved is written anew, a hundred thousand perhaps. */
const RETRY_MS = 5_000;
const EXTENSION = '.jsonl';
/** A hundred thousand may be unsaved, and the thread is free between these. */
const LINES_AT_ONCE = 500;
/** Likewise, of reading. */
const CHUNK_BYTES = 1 << 17;
/** Of files that nobody reads again but the user. */
const DAMAGED = '.damaged';
const FOLDER = 'unsaved';
/** A first line that names the dataset is no longer than this. */
const NAME_BYTES = 1 << 16;
/** A line that takes an entry back: it was undone before it was saved. */
const DROP = '{"drop":';

/**
 * The folder of a dataset's journals, in a storage of our own. It has to be one for all windows: VS Code gives a second
 * window on the same folder, and a browser that comes by another port, another workspace storage, and what a killed one
 * left there nobody would look for.
 */
export function journalFolder(storage: string, dataset: string): string {
  return join(storage, FOLDER, createHash('sha256').update(dataset).digest('hex').slice(0, 32));
}

/**
 * The path of a dataset by which its journals are kept: the same through whichever links its folder is reached, as the
 * decisions beside it are. A dataset that is a link itself has its own.
 */
export async function placeOf(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return join(folder, basename(path));
}

export interface JournalOptions {
  /** See `placeOf`. It stands first in the file: the dataset may be moved, and nobody would look for the file any more. */
  readonly dataset: string;
  /** See `journalFolder`. */
  readonly folder: string;
  /** Tells all that is unsaved, to begin a new file with. */
  readonly log: Pick<ReviewLog, 'pending' | 'hasPending'>;
  /** The journal cannot be written: told once. Nobody is kept from deciding, since VS Code's backup and saving remain. */
  readonly onTrouble: (error: Error) => void;
}

/**
 * The journal of one session with a dataset: follows its unsaved decisions. A line is written at once, and waits for no
 * disk to have it: a killed process takes nothing along that was written.
 */
export class Journal implements UnsavedListener {
  private readonly session = randomUUID();
  /** Files that were begun: the later one goes on where the one before ends. */
  private begun = 0;
  private queue: string[] = [];
  /** Ids that were unsaved and are not made any more, with when: an older backup of VS Code's may have them. */
  private readonly drops = new Map<string, number>();
  /** Files of ended sessions may be there that hold some of those. */
  private hasPredecessors = true;
  /** The file says more than has to be known: another one is begun in its stead. */
  private isStale = false;
  /** Something was written that the disk may not have. */
  private isUnsynced = false;
  private file: FileHandle | null = null;
  private writing: Promise<void> | null = null;
  private syncing: Promise<void> | null = null;
  private tidying: Promise<void> | null = null;
  private beat: NodeJS.Timeout | null = null;
  private isTroubled = false;
  /** Files of this session that another one has replaced. */
  private readonly outdated: string[] = [];
  /** What removes the files of ended sessions whose entries are among those here. */
  private readonly superseded: (() => Promise<void>)[] = [];

  constructor(private readonly options: JournalOptions) {}

  /** The file that was begun last. */
  get path(): string {
    return join(this.options.folder, `${this.session}.${this.begun}${EXTENSION}`);
  }

  /**
   * Begins with what is unsaved already.
   * @param takenBack ids in VS Code's backup that an ended session had dropped
   */
  start(takenBack: Iterable<string>): void {
    for (const id of takenBack) this.drops.set(id, Date.now());
    this.beginAnew();
  }

  added(entry: Entry): void {
    this.drops.delete(entry.id);
    this.append(encode(entry));
  }

  saved({ id }: Entry): void {
    if (this.options.log.hasPending) this.append(dropLine([id, Date.now()]));
    else this.beginAnew();
  }

  dropped({ id }: Entry): void {
    const at = Date.now();
    this.drops.set(id, at);
    this.append(dropLine([id, at]));
  }

  /** Resolves when all that was told so far is on disk, or could not be written. */
  async settled(): Promise<void> {
    while (this.writing || this.syncing || this.tidying) await (this.writing ?? this.syncing ?? this.tidying);
  }

  /**
   * What ended sessions left has been taken over: removes their files, at once or as soon as all that is unsaved is on disk
   * here. On a full disk they are the only ones that have it.
   */
  async supersede(remove: () => Promise<void>): Promise<void> {
    this.superseded.push(remove);
    this.tidy();
    await this.settled();
  }

  /** What all ended sessions left has been taken over. */
  tookOverAll(): void {
    this.hasPredecessors = false;
  }

  /**
   * The dataset is closed. What is unsaved still stays: VS Code asks before it closes one, and has it reverted where the
   * answer is no; but where it renames a dataset whose save has failed, it closes it without asking. And what was dropped
   * stays known for as long as the file of an ended session may bring it back.
   */
  async close(): Promise<void> {
    if (!this.options.log.hasPending) {
      if (!this.hasPredecessors) this.drops.clear();
      this.beginAnew();
    }
    await this.settled();
    await this.letGo();
  }

  private get holdsAnything(): boolean {
    return this.options.log.hasPending || this.drops.size > 0;
  }

  private append(line: string): void {
    this.queue.push(line);
    this.write();
  }

  private beginAnew(): void {
    this.isStale = true;
    this.write();
  }

  private write(): void {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null;
      this.tidy();
    });
  }

  private async writeAll(): Promise<void> {
    // What comes in one go is written in one go.
    await Promise.resolve();
    while (this.queue.length > 0 || this.isStale) {
      const lines = this.queue;
      this.queue = [];
      try {
        if (this.file && !this.isStale) await this.file.appendFile(lines.join(''));
        else await this.begin();
        this.sync();
      } catch (error) {
        await this.fail(error as Error);
      }
    }
  }

  /** A file with all that is unsaved, and what is not any more; none where there is neither. */
  private async begin(): Promise<void> {
    this.isStale = false;
    await this.letGo();
    if (!this.holdsAnything) return;
    const { log, folder, dataset } = this.options;
    await mkdir(folder, { recursive: true });
    this.begun++;
    const { path } = this;
    const file = await open(path, 'wx', 0o600);
    try {
      await file.appendFile(`${JSON.stringify({ dataset })}\n`);
      for (const part of inSlices([log.pending()], LINES_AT_ONCE)) {
        await file.appendFile(part.map(encode).join(''));
        await setImmediate();
      }
      await file.appendFile([...this.drops].map(dropLine).join(''));
    } catch (error) {
      await file.close();
      await rm(path, { force: true }).catch(() => {});
      throw error;
    }
    this.file = file;
    this.beat = setInterval(() => void this.renew(), BEAT_MS);
    this.beat.unref();
  }

  private sync(): void {
    this.isUnsynced = true;
    this.syncing ??= this.syncAll().finally(() => {
      this.syncing = null;
      this.tidy();
    });
  }

  private async syncAll(): Promise<void> {
    while (this.isUnsynced) {
      this.isUnsynced = false;
      const { file } = this;
      try {
        await file?.datasync();
        if (file === this.file && (file || !this.holdsAnything)) this.isTroubled = false;
      } catch (error) {
        if (file === this.file) await this.fail(error as Error);
      }
    }
  }

  /** Whatever was written by halves is left to a new file. */
  private async fail(error: Error): Promise<void> {
    await this.letGo();
    if (!this.isTroubled) this.options.onTrouble(error);
    this.isTroubled = true;
    this.beat = setInterval(() => this.beginAnew(), RETRY_MS);
    this.beat.unref();
  }

  /** Once all that was told is on disk, removes what held it before. */
  private tidy(): void {
    const isBusy = this.writing || this.syncing || this.isTroubled;
    if (isBusy || this.outdated.length + this.superseded.length === 0) return;
    this.tidying ??= this.removeReplaced().finally(() => {
      this.tidying = null;
      this.tidy();
    });
  }

  private async removeReplaced(): Promise<void> {
    for (const path of this.outdated.splice(0)) await rm(path, { force: true }).catch(() => {});
    // Where one cannot be removed the next session finds what is known by then.
    for (const remove of this.superseded.splice(0)) await remove().catch(() => {});
  }

  /** Tells other sessions that this one lives; and begins anew when one of them thought that it does not. */
  private async renew(): Promise<void> {
    const { file, path } = this;
    if (!file) return;
    try {
      const now = new Date();
      await file.utimes(now, now);
      const [own, there] = await Promise.all([file.stat(), stat(path)]);
      if (own.ino === there.ino) return;
    } catch {
      // Begun anew below.
    }
    if (file === this.file) this.beginAnew();
  }

  private async letGo(): Promise<void> {
    if (this.beat) clearInterval(this.beat);
    this.beat = null;
    const { file } = this;
    this.file = null;
    if (!file) return;
    this.outdated.push(this.path);
    await file.close().catch(() => {});
  }
}

function dropLine([drop, at]: readonly [id: string, at: number]): string {
  return `${JSON.stringify({ drop, at })}\n`;
}

/** What sessions that have ended left unsaved. */
export interface Left {
  readonly entries: readonly Entry[];
  /** Of lines that could not be read; their files are kept under names of their own. */
  readonly damaged: Damage;
  /** Removes it; call it when the entries are safe elsewhere. */
  readonly remove: () => Promise<void>;
}

export interface Damage {
  readonly lines: number;
  /** Where they are, once the rest is removed. */
  readonly files: readonly string[];
}

/**
 * The journals in these folders of sessions that have ended. One that was touched a moment ago may be of a window that was
 * killed a moment ago or of one that lives; 'once old' waits until that shows.
 */
export async function leftBehind(folders: readonly string[], when: 'at once' | 'once old'): Promise<Left> {
  const old = await ended(() => journalsInAll(folders), when);
  const keys = new Set(old.map(keyOf));
  // What was dropped by a session that has ended just now, or lives, must not come back from one that had ended before.
  const others = (await journalsInAll(folders)).filter((journal) => !keys.has(keyOf(journal)));
  return leftIn(await readJournals(old, others));
}

function leftIn({ entries, read }: Said): Left {
  const bad = read.filter(({ damaged }) => damaged > 0);
  return {
    entries,
    damaged: {
      lines: bad.reduce((sum, { damaged }) => sum + damaged, 0),
      files: bad.flatMap(({ journal }) => journal.paths.map((path) => `${path}${DAMAGED}`)),
    },
    remove: async () => {
      for (const { journal, damaged } of read) await removeJournal(journal, damaged > 0);
    },
  };
}

/**
 * Ids of what the sessions in these folders have dropped, living ones included: undone before it was saved. A backup that
 * VS Code made before may still have it.
 */
export async function takenBackIn(folders: readonly string[]): Promise<ReadonlySet<string>> {
  return (await readJournals(await journalsInAll(folders))).takenBack;
}

/** The files of one session, in the order in which they were begun. */
interface JournalFiles {
  readonly paths: readonly string[];
  /** When one of them was touched last. */
  readonly mtimeMs: number;
  /** In ms, since then. */
  readonly age: number;
}

/** Those of sessions that have ended. */
async function ended(
  journals: () => Promise<readonly JournalFiles[]>,
  when: 'at once' | 'once old',
): Promise<readonly JournalFiles[]> {
  const found = await journals();
  const old = found.filter(({ age }) => age > OLD_MS);
  if (when === 'at once' || old.length === found.length) return old;
  await wait(OLD_MS, undefined, { ref: false });
  const now = new Map((await journals()).map((journal) => [keyOf(journal), journal.mtimeMs]));
  // By what has become of them, not by clocks, which two machines may not share.
  const left = found.filter(
    (journal) => journal.age <= OLD_MS && now.get(keyOf(journal)) === journal.mtimeMs,
  );
  return [...old, ...left];
}

function keyOf({ paths }: JournalFiles): string {
  return paths.join('\n');
}

export interface LeftOnMoved extends Left {
  /** The dataset that they were made on; see `placeOf`. */
  readonly dataset: string;
}

/** What sessions that have ended left unsaved on datasets that are not where they were. See `leftBehind`. */
export async function leftOnMoved(storage: string): Promise<readonly LeftOnMoved[]> {
  const datasets = new Map<string, string>();
  const journals = async () => {
    const folders = await readdir(join(storage, FOLDER)).catch(() => []);
    const all = await inTurns(folders, (folder) => journalsIn(join(storage, FOLDER, folder)));
    for (const journal of all.flat()) {
      const dataset = datasets.get(keyOf(journal)) ?? (await datasetOf(journal));
      if (dataset !== null && (await isGone(dataset))) datasets.set(keyOf(journal), dataset);
    }
    return all.flat().filter((journal) => datasets.has(keyOf(journal)));
  };
  const found: LeftOnMoved[] = [];
  for (const journal of await ended(journals, 'once old')) {
    const dataset = datasets.get(keyOf(journal)) ?? '';
    const left = leftIn(await readJournals([journal]));
    if (left.entries.length > 0) found.push({ dataset, ...left });
  }
  return found;
}

/** null where it is not named: earlier versions did not. */
async function datasetOf({ paths: [path = ''] }: JournalFiles): Promise<string | null> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(NAME_BYTES), 0, NAME_BYTES, 0);
      const [line = ''] = buffer.toString('utf8', 0, bytesRead).split('\n', 1);
      const { dataset } = JSON.parse(line);
      return typeof dataset === 'string' ? dataset : null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/** A link in the place of its folder is a move, too. */
async function isGone(dataset: string): Promise<boolean> {
  const isThere = await stat(dataset).catch((error) => codeOf(error) !== 'ENOENT');
  return !isThere || (await placeOf(dataset)) !== dataset;
}

async function journalsInAll(folders: readonly string[]): Promise<readonly JournalFiles[]> {
  return (await Promise.all(folders.map(journalsIn))).flat();
}

async function journalsIn(folder: string): Promise<readonly JournalFiles[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(EXTENSION));
  const sessions = new Map<string, string[]>();
  for (const name of names.sort(inOrderOfNumbers)) {
    const [session = ''] = name.split('.', 1);
    sessions.set(session, [...(sessions.get(session) ?? []), join(folder, name)]);
  }
  // Earlier versions kept one file, in the place of the folder.
  const all = await Promise.all([...sessions.values(), [`${folder}${EXTENSION}`]].map(filesOfJournal));
  return all.flatMap((journal) => journal ?? []);
}

const { compare: inOrderOfNumbers } = new Intl.Collator('en', { numeric: true });

/** null where none of them is there, or is a file. */
async function filesOfJournal(candidates: readonly string[]): Promise<JournalFiles | null> {
  const found = await inTurns(candidates, async (path) => {
    const stats = await stat(path).catch(() => null);
    return stats?.isFile() ? [{ path, mtimeMs: stats.mtimeMs }] : [];
  });
  const files = found.flat();
  if (files.length === 0) return null;
  const mtimeMs = Math.max(...files.map((file) => file.mtimeMs));
  return { paths: files.map(({ path }) => path), mtimeMs, age: Math.abs(Date.now() - mtimeMs) };
}

async function removeJournal({ paths }: JournalFiles, isDamaged: boolean): Promise<void> {
  // The newest last: what it says of the others must not be gone before them.
  for (const path of paths) await (isDamaged ? rename(path, `${path}${DAMAGED}`) : rm(path, { force: true }));
}

interface Said {
  readonly entries: readonly Entry[];
  /** Ids of what was held before, and is by none any more. */
  readonly takenBack: ReadonlySet<string>;
  /** Those that could be read, and how many of their lines could not. */
  readonly read: readonly { readonly journal: JournalFiles; readonly damaged: number }[];
}

/**
 * What several sessions say together. What one of them holds stands, unless another has dropped it after that one had
 * ended, from which it then has it: two windows that live may differ, and none takes a decision from the other.
 * @param others whose own entries are not asked for
 */
async function readJournals(
  journals: readonly JournalFiles[],
  others: readonly JournalFiles[] = [],
): Promise<Said> {
  const read: Said['read'][number][] = [];
  const held: (readonly [entry: Entry, until: number, isAsked: boolean])[] = [];
  const drops = new Map<string, number>();
  for (const [index, journal] of [...journals, ...others].entries()) {
    const own = new Map<string, Entry>();
    const dropped = new Map<string, number>();
    const damaged = await readLines(journal, {
      entry: (entry) => {
        own.set(entry.id, entry);
        dropped.delete(entry.id);
      },
      drop: (id, at) => {
        own.delete(id);
        dropped.set(id, at);
      },
    });
    if (damaged === null) continue;
    const isAsked = index < journals.length;
    if (isAsked) read.push({ journal, damaged });
    for (const entry of own.values()) held.push([entry, journal.mtimeMs, isAsked]);
    for (const [id, at] of dropped) drops.set(id, Math.max(at, drops.get(id) ?? 0));
  }
  const standing = held.filter(([{ id }, until]) => !((drops.get(id) ?? 0) > until + LATE_MS));
  const takenBack = new Set(drops.keys());
  for (const [{ id }] of standing) takenBack.delete(id);
  const entries = new Map(standing.flatMap(([entry, , isAsked]) => (isAsked ? [[entry.id, entry]] : [])));
  return { entries: [...entries.values()], takenBack, read };
}

interface LineVisitor {
  entry(entry: Entry): void;
  /** @param at ms since 1970; 0 in earlier versions. */
  drop(id: string, at: number): void;
}

/**
 * Returns how many lines could not be read, null where the whole cannot, now. Not counted: the first, which names the
 * dataset (in earlier versions a process), and a last one that was cut off, since nobody was promised it.
 */
async function readLines({ paths }: JournalFiles, visitor: LineVisitor): Promise<number | null> {
  let damaged = 0;
  try {
    for (const path of paths) {
      let isFirst = true;
      const lines = new LineReader((text, kind) => {
        // Blocks that a disk never wrote are full of them.
        const written = text.replaceAll('\0', '');
        const dropped = written.startsWith(DROP) ? droppedIn(written) : null;
        const entries = dropped === null ? decodeLog(written).entries : [];
        if (dropped !== null) visitor.drop(...dropped);
        for (const entry of entries) visitor.entry(entry);
        const isRead = dropped !== null || entries.length > 0 || written.trim() === '';
        if (!isRead && !isFirst && kind !== 'unfinished') damaged++;
        isFirst = false;
      });
      for await (const bytes of createReadStream(path, { highWaterMark: CHUNK_BYTES })) lines.push(bytes);
      lines.end();
    }
    return damaged;
  } catch {
    return null;
  }
}

function droppedIn(line: string): Parameters<LineVisitor['drop']> | null {
  try {
    const { drop, at } = JSON.parse(line);
    return [String(drop), Number(at ?? 0)];
  } catch {
    return null;
  }
}
