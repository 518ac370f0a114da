/**
 * What is not saved yet, on disk: VS Code makes its backup about a second after a decision, and a killed window may not
 * get that far; nor does its backup know what was undone within that second. Each session has a file of its own, to which
 * it appends a line a decision, and whose time it renews while it lives and its window answers; a file that was left alone
 * for a while is taken over by another session (endedSessions). Taking over too early does no harm, since the same entry
 * counts once, however often it is saved.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { type FileHandle, mkdir, open, realpath, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { encode } from '../core/review/codec';
import type { Entry } from '../core/review/entry';
import type { ReviewLog, UnsavedListener } from '../core/review/log';
import { inSlices } from '../core/slices';

export const BEAT_MS = 1_000;
/**
 * A session that did not renew its file for so long was away (its window had no connection, its process stood still), and
 * others may have taken it over: sooner than they do.
 */
const AWAY_MS = 4 * BEAT_MS;
/** Each time all that is unsaved is written anew, a hundred thousand perhaps. */
const RETRY_MS = 5_000;
export const EXTENSION = '.jsonl';
/** A hundred thousand may be unsaved, and the thread is free between these. */
const LINES_AT_ONCE = 500;
export const FOLDER = 'unsaved';
/** A line that takes an entry back: it was undone before it was saved. */
export const DROP = '{"drop":';

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
  readonly log: Pick<ReviewLog, 'pending' | 'hasPending' | 'isPending' | 'share'>;
  /** The journal cannot be written: told once. Nobody is kept from deciding, since VS Code's backup and saving remain. */
  readonly onTrouble: (error: Error) => void;
  /**
   * Resolves once the session's window has answered. VS Code's server keeps the processes of a window that is gone for
   * minutes to hours, should it come back: nobody sees what is unsaved there, and others have to take it over.
   */
  readonly isSeen: () => Promise<unknown>;
}

/** What another session left, which has been taken over. */
export interface TakenOver {
  /** Ids that it had undone, with when: VS Code may have a backup of that session's which holds them. */
  readonly drops: ReadonlyMap<string, number>;
  /** Each of its journals, as it was read. */
  readonly stamps: readonly string[];
  /** Removes them. */
  readonly remove: () => Promise<void>;
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
  readonly drops = new Map<string, number>();
  /** Those that another session's backup may have: only this one tells of them now. */
  private readonly inherited = new Set<string>();
  /** Files of ended sessions may be there that hold some of those. */
  private hasPredecessors = true;
  /** Of those that were taken over, some cannot be removed. */
  private hasLeftovers = false;
  /** The file says more than has to be known: another one is begun in its stead. */
  private isStale = false;
  /** Something was written that the disk may not have. */
  private isUnsynced = false;
  private file: FileHandle | null = null;
  private writing: Promise<void> | null = null;
  private syncing: Promise<void> | null = null;
  private tidying: Promise<void> | null = null;
  private beat: NodeJS.Timeout | null = null;
  private retry: NodeJS.Timeout | null = null;
  private isRenewing = false;
  /** When the files of this session were known to be its own, in ms since 1970; null while there are none. */
  private aliveAt: number | null = null;
  /** Files are removed no more: what is unsaved still is in them only. */
  private isClosed = false;
  private isTroubled = false;
  /** Files of this session that another one has replaced. */
  private readonly outdated: string[] = [];
  /** What removes the files of ended sessions whose entries are among those here. */
  private readonly superseded: TakenOver['remove'][] = [];
  private readonly takenOver = new Set<string>();
  /** Ids of what was unsaved there: if it is dropped here, a backup of theirs has it still. */
  private readonly foreign = new Set<string>();

  constructor(private readonly options: JournalOptions) {}

  /** The file that was begun last. */
  get path(): string {
    return join(this.options.folder, `${this.session}.${this.begun}${EXTENSION}`);
  }

  /** Whether a path is that of a file of this session. */
  owns(path: string): boolean {
    return basename(path).startsWith(`${this.session}.`);
  }

  /** Whether a journal was taken over in this state. It may be there still: it waits for the disk, or cannot be removed. */
  tookOver(stamp: string): boolean {
    return this.takenOver.has(stamp);
  }

  /** Resolves once the window has answered. */
  async isSeen(): Promise<void> {
    await this.options.isSeen();
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
    this.inherited.delete(entry.id);
    this.append(encode(entry));
  }

  saved({ id }: Entry): void {
    if (this.options.log.hasPending) this.append(dropLine([id, Date.now()], true));
    else this.beginAnew();
  }

  dropped({ id }: Entry): void {
    const at = Date.now();
    this.drops.set(id, at);
    if (this.foreign.has(id)) this.inherited.add(id);
    this.append(dropLine([id, at]));
  }

  /**
   * What is undone at the moment of coming back, before `renew` could look, must be retracted, too. And so must what another
   * session may have from the same backup: two tabs on one folder have one.
   */
  flipping(): void {
    this.shareIfAway();
    if (this.hasOthers()) this.options.log.share();
  }

  /** Resolves when all that was told so far is on disk, or could not be written. */
  async settled(): Promise<void> {
    while (this.writing || this.syncing || this.tidying) await (this.writing ?? this.syncing ?? this.tidying);
  }

  /**
   * What ended sessions left has been taken over: removes their files, at once or as soon as all that is unsaved is on disk
   * here. On a full disk they are the only ones that have it.
   */
  async supersede({ stamps, drops, remove }: TakenOver): Promise<void> {
    for (const stamp of stamps) this.takenOver.add(stamp);
    this.inherit(drops);
    this.superseded.push(remove);
    this.tidy();
    await this.settled();
  }

  /**
   * Before what an ended session had unsaved is taken over.
   * @param ids of all that it held: a backup of its may have them, and bring back what is dropped here
   */
  willHold(ids: Iterable<string>): void {
    for (const id of ids) {
      this.foreign.add(id);
      if (this.drops.has(id)) this.inherited.add(id);
    }
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
      if (!this.hasPredecessors && !this.hasLeftovers) this.forgetOwnDrops();
      this.beginAnew();
    }
    await this.settled();
    this.isClosed = true;
    await this.letGo();
  }

  /** What is unsaved here stands, whoever had undone it. */
  private inherit(drops: ReadonlyMap<string, number>): void {
    for (const [id, at] of drops) {
      if (this.options.log.isPending(id)) continue;
      this.inherited.add(id);
      const latest = Math.max(at, this.drops.get(id) ?? 0);
      this.drops.set(id, latest);
      this.append(dropLine([id, latest]));
    }
  }

  /** VS Code keeps no backup of a dataset that was closed; of those that went with their windows it may. */
  private forgetOwnDrops(): void {
    for (const id of this.drops.keys()) if (!this.inherited.has(id)) this.drops.delete(id);
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
        // One that another session may have taken over meanwhile, and removed, is not written to.
        if (this.file && !this.isStale && !this.isAway) await this.file.appendFile(lines.join(''));
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
    this.shareIfAway();
    await this.letGo();
    if (!this.holdsAnything) {
      this.aliveAt = null;
      return;
    }
    const { log, folder, dataset } = this.options;
    await mkdir(folder, { recursive: true });
    this.begun++;
    const { path } = this;
    const aliveAt = Date.now();
    const file = await open(path, 'wx', 0o600);
    try {
      await file.appendFile(`${JSON.stringify({ dataset })}\n`);
      for (const part of inSlices([log.pending()], LINES_AT_ONCE)) {
        await file.appendFile(part.map(encode).join(''));
        await setImmediate();
      }
      await file.appendFile([...this.drops].map((drop) => dropLine(drop)).join(''));
    } catch (error) {
      await file.close();
      await rm(path, { force: true }).catch(() => {});
      throw error;
    }
    this.file = file;
    this.aliveAt = aliveAt;
    this.keepRenewing();
  }

  /** What was written and what was to be synced may fail together: of each timer there is one, which `letGo` ends. */
  private keepRenewing(): void {
    this.endTimers();
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
    this.keepRenewing();
    this.retry = setTimeout(() => this.beginAnew(), RETRY_MS);
    this.retry.unref();
  }

  /** Once all that was told is on disk, removes what held it before. */
  private tidy(): void {
    const isBusy = this.writing || this.syncing || this.isTroubled;
    if (this.isClosed || isBusy || this.outdated.length + this.superseded.length === 0) return;
    this.tidying ??= this.removeReplaced().finally(() => {
      this.tidying = null;
      this.tidy();
    });
  }

  private async removeReplaced(): Promise<void> {
    for (const path of this.outdated.splice(0)) await rm(path, { force: true }).catch(() => {});
    // Where one cannot be removed the next session finds it, and what is known by then.
    for (const remove of this.superseded.splice(0)) {
      await remove().catch(() => {
        this.hasLeftovers = true;
      });
    }
  }

  /** Tells other sessions that this one lives; and begins anew when one of them thought that it does not, and took it over. */
  private async renew(): Promise<void> {
    if (this.isRenewing) return;
    this.isRenewing = true;
    await this.isSeen();
    this.isRenewing = false;
    const { file, path } = this;
    const now = new Date();
    // On a full disk, what was written before stands for the session.
    if (!file) {
      const last = this.outdated.at(-1);
      if (last !== undefined)
        await utimes(last, now, now).then(
          () => this.wasAlive(now),
          () => {},
        );
      return;
    }
    try {
      await file.utimes(now, now);
      const [own, there] = await Promise.all([file.stat(), stat(path)]);
      if (own.ino === there.ino) return this.wasAlive(now);
    } catch {
      // Begun anew below.
    }
    if (file !== this.file) return;
    this.options.log.share();
    this.beginAnew();
  }

  /** Asked at a key: to wait for the answer would change the order of what is undone. */
  private hasOthers(): boolean {
    try {
      return readdirSync(this.options.folder).some((name) => name.endsWith(EXTENSION) && !this.owns(name));
    } catch {
      return false; // nobody has begun one
    }
  }

  private wasAlive(at: Date): void {
    this.aliveAt = at.getTime();
  }

  private get isAway(): boolean {
    return this.aliveAt !== null && Math.abs(Date.now() - this.aliveAt) > AWAY_MS;
  }

  private shareIfAway(): void {
    if (this.isAway) this.options.log.share();
  }

  private endTimers(): void {
    if (this.beat) clearInterval(this.beat);
    this.beat = null;
    if (this.retry) clearTimeout(this.retry);
    this.retry = null;
  }

  private async letGo(): Promise<void> {
    this.endTimers();
    const { file } = this;
    this.file = null;
    if (!file) return;
    this.outdated.push(this.path);
    await file.close().catch(() => {});
  }
}

function dropLine([drop, at]: readonly [id: string, at: number], isSaved = false): string {
  return `${JSON.stringify({ drop, at, ...(isSaved ? { saved: true } : {}) })}\n`;
}
