/**
 * What is not saved yet, on disk: VS Code makes its backup about a second after a decision, and a killed window may not
 * get that far. Each session has a file of its own, to which it appends a line a decision, and whose time it renews while
 * it lives; a file that was left alone for a while is taken over by the next session. Taking over too early does no harm,
 * since the same entry counts once, however often it is saved.
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
/** Each time all that is unsaved is written anew, a hundred thousand perhaps. */
const RETRY_MS = 5_000;
const EXTENSION = '.jsonl';
/** A hundred thousand may be unsaved, and the thread is free between these. */
const LINES_AT_ONCE = 500;
/** Likewise, of reading. */
const CHUNK_BYTES = 1 << 17;
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

/** The journal of one session with a dataset: follows its unsaved decisions. */
export class Journal implements UnsavedListener {
  private readonly name = `${randomUUID()}${EXTENSION}`;
  private queue: string[] = [];
  /** Nothing of what is in the file is unsaved any more. */
  private emptied = false;
  private file: FileHandle | null = null;
  private writing: Promise<void> | null = null;
  private beat: NodeJS.Timeout | null = null;
  private isTroubled = false;
  /** What removes the files of ended sessions whose entries are among those here. */
  private readonly superseded: (() => Promise<void>)[] = [];

  constructor(private readonly options: JournalOptions) {}

  get path(): string {
    return join(this.options.folder, this.name);
  }

  added(entry: Entry): void {
    this.append(encode(entry));
  }

  removed(entry: Entry): void {
    if (this.options.log.hasPending) this.append(`${DROP}${JSON.stringify(entry.id)}}\n`);
    else this.empty();
  }

  /** Resolves when all that was told so far is on disk, or could not be written. */
  async settled(): Promise<void> {
    while (this.writing) await this.writing;
  }

  /**
   * What ended sessions left has been taken over: removes their files, at once or as soon as all that is unsaved is on disk
   * here. On a full disk they are the only ones that have it.
   */
  async supersede(remove: () => Promise<void>): Promise<void> {
    this.superseded.push(remove);
    await this.settled();
    if (!this.isTroubled) await this.removeSuperseded();
  }

  /** The dataset is closed, and VS Code has asked about what is unsaved: nothing of it is needed any more. */
  async close(): Promise<void> {
    this.empty();
    await this.settled();
    await this.letGo();
  }

  private empty(): void {
    this.queue = [];
    this.emptied = true;
    this.write();
  }

  private append(line: string): void {
    this.queue.push(line);
    this.write();
  }

  private write(): void {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null;
    });
  }

  private async writeAll(): Promise<void> {
    // What comes in one go is written in one go.
    await Promise.resolve();
    while (this.queue.length > 0 || this.emptied) {
      try {
        if (this.emptied) {
          this.emptied = false;
          await this.remove();
        }
        const lines = this.queue;
        this.queue = [];
        if (this.file) {
          await this.file.appendFile(lines.join(''));
          await this.file.datasync();
        } else if (lines.length > 0) await this.begin();
        this.isTroubled = false;
        await this.removeSuperseded();
      } catch (error) {
        // Whatever was written by halves is left to a new file.
        await this.letGo();
        if (!this.isTroubled) this.options.onTrouble(error as Error);
        this.isTroubled = true;
        this.beat = setInterval(() => this.beginAnew(), RETRY_MS);
        this.beat.unref();
      }
    }
  }

  /** A file with all that is unsaved: whole or not at all. */
  private async begin(): Promise<void> {
    await mkdir(this.options.folder, { recursive: true });
    const draft = `${this.path}.tmp`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.appendFile(`${JSON.stringify({ dataset: this.options.dataset })}\n`);
      for (const part of inSlices([this.options.log.pending()], LINES_AT_ONCE)) {
        await file.appendFile(part.map(encode).join(''));
        await setImmediate();
      }
      await file.sync();
      await rename(draft, this.path);
    } catch (error) {
      await file.close();
      await rm(draft, { force: true }).catch(() => {});
      throw error;
    }
    await this.letGo();
    this.file = file;
    this.beat = setInterval(() => void this.renew(), BEAT_MS);
    this.beat.unref();
  }

  /** Tells other sessions that this one lives; and begins anew when one of them thought that it does not. */
  private async renew(): Promise<void> {
    const { file } = this;
    if (!file) return;
    try {
      const now = new Date();
      await file.utimes(now, now);
      const [own, there] = await Promise.all([file.stat(), stat(this.path)]);
      if (own.ino === there.ino) return;
    } catch {
      // Begun anew below.
    }
    if (file !== this.file) return;
    await this.settled();
    await this.letGo();
    this.beginAnew();
  }

  private beginAnew(): void {
    const [first] = this.options.log.pending();
    if (first) this.added(first); // all of them, where there is no file
  }

  private async removeSuperseded(): Promise<void> {
    // Where one cannot be removed the next session finds what is known by then.
    for (const remove of this.superseded.splice(0)) await remove().catch(() => {});
  }

  private async remove(): Promise<void> {
    await this.letGo();
    await rm(this.path, { force: true });
  }

  private async letGo(): Promise<void> {
    if (this.beat) clearInterval(this.beat);
    this.beat = null;
    const { file } = this;
    this.file = null;
    await file?.close().catch(() => {});
  }
}

/** What sessions that have ended left unsaved. */
export interface Left {
  readonly entries: readonly Entry[];
  /** Removes it; call it when the entries are safe elsewhere. */
  readonly remove: () => Promise<void>;
}

/**
 * The journals in these folders of sessions that have ended. One that was touched a moment ago may be of a window that was killed a moment
 * ago or of one that lives; 'once old' waits until that shows.
 */
export async function leftBehind(folders: readonly string[], when: 'at once' | 'once old'): Promise<Left> {
  const old = await ended(async () => (await Promise.all(folders.map(journalsIn))).flat(), when);
  const entries: Entry[] = [];
  const read: string[] = [];
  for (const { path } of old) {
    const own = await entriesOf(path);
    if (own === null) continue;
    read.push(path);
    for (const entry of own) entries.push(entry);
  }
  return {
    entries,
    remove: async () => {
      for (const path of read) await rm(path, { force: true });
    },
  };
}

interface JournalFile {
  readonly path: string;
  readonly mtimeMs: number;
  /** In ms, since it was touched last. */
  readonly age: number;
}

/** Those of sessions that have ended. */
async function ended(
  journals: () => Promise<readonly JournalFile[]>,
  when: 'at once' | 'once old',
): Promise<readonly JournalFile[]> {
  const found = await journals();
  const old = found.filter(({ age }) => age > OLD_MS);
  if (when === 'at once' || old.length === found.length) return old;
  await wait(OLD_MS, undefined, { ref: false });
  const now = new Map((await journals()).map((journal) => [journal.path, journal]));
  // By what has become of them, not by clocks, which two machines may not share.
  const left = found.filter(({ path, age, mtimeMs }) => age <= OLD_MS && now.get(path)?.mtimeMs === mtimeMs);
  return [...old, ...left];
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
    for (const { path } of all.flat()) {
      const dataset = datasets.get(path) ?? (await datasetOf(path));
      if (dataset !== null && (await isGone(dataset))) datasets.set(path, dataset);
    }
    return all.flat().filter(({ path }) => datasets.has(path));
  };
  const found: LeftOnMoved[] = [];
  for (const { path } of await ended(journals, 'once old')) {
    const [dataset, entries] = [datasets.get(path) ?? '', (await entriesOf(path)) ?? []];
    if (entries.length > 0) found.push({ dataset, entries, remove: () => rm(path, { force: true }) });
  }
  return found;
}

/** null where it is not named: earlier versions did not. */
async function datasetOf(path: string): Promise<string | null> {
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

async function journalsIn(folder: string): Promise<readonly JournalFile[]> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => name.endsWith(EXTENSION)).map((name) => join(folder, name));
  // Earlier versions kept one file, in the place of the folder.
  const all = await Promise.all(
    [...paths, `${folder}${EXTENSION}`].map(async (path) => {
      const stats = await stat(path).catch(() => null);
      return stats?.isFile()
        ? [{ path, mtimeMs: stats.mtimeMs, age: Math.abs(Date.now() - stats.mtimeMs) }]
        : [];
    }),
  );
  return all.flat();
}

/**
 * Lines that were cut off, and the process number that stood first in earlier versions, are left out. null where it cannot
 * be read, now.
 */
async function entriesOf(path: string): Promise<readonly Entry[] | null> {
  const entries = new Map<string, Entry>();
  const lines = new LineReader((line) => {
    const dropped = line.startsWith(DROP) ? idIn(line) : null;
    if (dropped !== null) entries.delete(dropped);
    else for (const entry of decodeLog(line).entries) entries.set(entry.id, entry);
  });
  try {
    for await (const bytes of createReadStream(path, { highWaterMark: CHUNK_BYTES })) lines.push(bytes);
    lines.end();
  } catch {
    return null;
  }
  return [...entries.values()];
}

function idIn(line: string): string | null {
  try {
    return String(JSON.parse(line).drop);
  } catch {
    return null;
  }
}
