/**
 * What sessions that have ended left unsaved in their journals, for another session to take over. Whether one has ended is
 * seen by its files, which a living one renews (see journal); no process is asked for.
 */
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { decodeLog } from '../core/review/codec';
import type { Entry } from '../core/review/entry';
import { codeOf } from './fileReason';
import { inTurns } from './inTurns';
import { BEAT_MS, DROP, EXTENSION, FOLDER, type Journal, placeOf, type TakenOver } from './journal';
import { LineReader } from './lineReader';

/** A session whose file was not touched for so long has ended, or sleeps. */
const OLD_MS = 5 * BEAT_MS;
/** So late a session that lives may renew its file. */
const LATE_MS = 2 * BEAT_MS;
/** A look that took longer was kept from looking, and tells nothing. */
const SLEPT_MS = 2 * OLD_MS;
/** The thread is free between these. */
const CHUNK_BYTES = 1 << 17;
/** For so long a window that was killed may come back with a backup of VS Code's that holds what was undone in it. */
const BACKUP_MS = 90 * 86_400_000;
/** Of files that nobody reads again but the user. */
const DAMAGED = '.damaged';
/** A first line that names the dataset is no longer than this. */
const NAME_BYTES = 1 << 16;

/** The session that looks for others, with what it has in memory. */
export type Looker = Pick<Journal, 'owns' | 'tookOver' | 'isSeen' | 'drops'>;

/** What sessions that have ended left unsaved. */
export interface Left extends TakenOver {
  readonly entries: readonly Entry[];
  /** Ids of what they had unsaved, also of what is known to be undone by now. */
  readonly held: ReadonlySet<string>;
  /** When that was looked for, in ms since 1970. */
  readonly at: number;
  /** Of lines that could not be read; their files are kept under names of their own. */
  readonly damaged: Damage;
  /** Files that could not be read at all; they stay. */
  readonly unread: readonly string[];
}

export interface Damage {
  readonly lines: number;
  /** Where they are, once the rest is removed. */
  readonly files: readonly string[];
}

/**
 * What is left in these folders by sessions that have ended. A file that was touched a moment ago may be of a window that
 * was killed a moment ago or of one that lives; 'once old' waits until that shows.
 * @param looker whose own files, and those that it took over already, are not looked at
 */
export async function leftBehind(
  folders: readonly string[],
  when: 'at once' | 'once old',
  looker?: Looker,
): Promise<Left> {
  const isOfOthers = (journal: JournalFiles) => !looker?.tookOver(stampOf(journal));
  const old = await ended(
    async () => (await journalsInAll(folders, looker)).filter(isOfOthers),
    when,
    looker,
  );
  const at = Date.now();
  if (old.length === 0) return leftIn(await readJournals([]), at);
  const keys = new Set(old.map(keyOf));
  // What was dropped by a session that has ended just now, or lives, must not come back from one that had ended before.
  const others = (await journalsInAll(folders, looker)).filter((journal) => !keys.has(keyOf(journal)));
  return leftIn(await readJournals(old, others, looker?.drops), at);
}

function leftIn({ entries, held, drops, read, unread }: Said, at: number): Left {
  const bad = read.filter(({ damaged }) => damaged > 0);
  return {
    entries,
    held,
    at,
    unread,
    drops: new Map([...drops].filter(([, time]) => time > at - BACKUP_MS)),
    stamps: read.map(({ journal }) => stampOf(journal)),
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
  looker?: Looker,
): Promise<readonly JournalFiles[]> {
  if (when === 'at once') return (await journals()).filter(({ age }) => age > OLD_MS);
  for (;;) {
    const found = await journals();
    if (found.length === 0) return [];
    const from = performance.now();
    await wait(OLD_MS, undefined, { ref: false });
    await looker?.isSeen();
    // What kept this one from looking (the machine slept, its window was away) may have kept others from renewing theirs.
    if (performance.now() - from > SLEPT_MS) continue;
    // By what has become of them, not by clocks, which two machines may not share.
    const now = new Map((await journals()).map((journal) => [keyOf(journal), journal.mtimeMs]));
    return found.filter((journal) => now.get(keyOf(journal)) === journal.mtimeMs);
  }
}

function keyOf({ paths }: JournalFiles): string {
  return paths.join('\n');
}

function stampOf(journal: JournalFiles): string {
  return `${keyOf(journal)}\n${journal.mtimeMs}`;
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
    const at = Date.now();
    const left = leftIn(await readJournals([journal]), at);
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

async function journalsInAll(folders: readonly string[], looker?: Looker): Promise<readonly JournalFiles[]> {
  const all = (await Promise.all(folders.map(journalsIn))).flat();
  return looker ? all.filter(({ paths }) => !paths.some((path) => looker.owns(path))) : all;
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

async function removeJournal(journal: JournalFiles, isDamaged: boolean): Promise<void> {
  // Its session has come back meanwhile, and written more, which nobody has read.
  if (!(await hasStayed(journal))) return;
  // The newest last: what it says of the others must not be gone before them.
  for (const path of journal.paths)
    await (isDamaged ? rename(path, `${path}${DAMAGED}`) : rm(path, { force: true }));
}

/** Whether all of it is there, as it was. */
async function hasStayed({ paths, mtimeMs }: JournalFiles): Promise<boolean> {
  const now = await filesOfJournal(paths);
  return now?.paths.length === paths.length && now.mtimeMs === mtimeMs;
}

interface Said {
  readonly entries: readonly Entry[];
  /** Ids of what those that were asked for hold, whatever others say of it. */
  readonly held: ReadonlySet<string>;
  /** Ids of what those that were asked for have undone, with when. */
  readonly drops: ReadonlyMap<string, number>;
  /** Ids of what was held before, and is by none any more. */
  readonly takenBack: ReadonlySet<string>;
  /** Those that could be read, and how many of their lines could not. */
  readonly read: readonly { readonly journal: JournalFiles; readonly damaged: number }[];
  /** Paths of those that were asked for, and could not be read. */
  readonly unread: readonly string[];
}

/**
 * What several sessions say together. What one of them holds stands, unless another has dropped it after that one had
 * ended, from which it then has it: two windows that live may differ, and none takes a decision from the other.
 * @param others whose own entries are not asked for
 * @param dropped likewise, by the session that asks
 */
async function readJournals(
  journals: readonly JournalFiles[],
  others: readonly JournalFiles[] = [],
  dropped: ReadonlyMap<string, number> = new Map(),
): Promise<Said> {
  const read: Said['read'][number][] = [];
  const unread: string[] = [];
  const held: (readonly [entry: Entry, until: number, isAsked: boolean])[] = [];
  const drops = new Map(dropped);
  const undone = new Map<string, number>();
  for (const [index, journal] of [...journals, ...others].entries()) {
    const own = new Map<string, Entry>();
    const ownDrops = new Map<string, number>();
    const ownSaved = new Set<string>();
    const damaged = await readLines(journal, {
      entry: (entry) => {
        own.set(entry.id, entry);
        ownDrops.delete(entry.id);
        ownSaved.delete(entry.id);
      },
      drop: (id, at, isSaved) => {
        own.delete(id);
        ownDrops.set(id, at);
        if (isSaved) ownSaved.add(id);
      },
    });
    const isAsked = index < journals.length;
    if (damaged === null) {
      // Another session may have been quicker: what it has taken over is gone.
      if (isAsked && (await hasStayed(journal))) unread.push(...journal.paths);
      continue;
    }
    if (isAsked) read.push({ journal, damaged });
    for (const entry of own.values()) held.push([entry, journal.mtimeMs, isAsked]);
    for (const [id, at] of ownDrops) {
      keepLatest(drops, id, at);
      if (isAsked && !ownSaved.has(id)) keepLatest(undone, id, at);
    }
  }
  const standing = held.filter(([{ id }, until]) => !((drops.get(id) ?? 0) > until + LATE_MS));
  const takenBack = new Set(drops.keys());
  for (const [{ id }] of standing) takenBack.delete(id);
  const entries = new Map(standing.flatMap(([entry, , isAsked]) => (isAsked ? [[entry.id, entry]] : [])));
  const heldIds = new Set(held.flatMap(([{ id }, , isAsked]) => (isAsked ? [id] : [])));
  return { entries: [...entries.values()], held: heldIds, drops: undone, takenBack, read, unread };
}

function keepLatest(times: Map<string, number>, id: string, at: number): void {
  times.set(id, Math.max(at, times.get(id) ?? 0));
}

interface LineVisitor {
  entry(entry: Entry): void;
  /**
   * @param at ms since 1970; 0 in earlier versions
   * @param isSaved it is on disk: no backup does harm with it
   */
  drop(id: string, at: number, isSaved: boolean): void;
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
    const { drop, at, saved } = JSON.parse(line);
    return [String(drop), Number(at ?? 0), saved === true];
  } catch {
    return null;
  }
}
