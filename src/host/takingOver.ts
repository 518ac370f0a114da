import { setTimeout as wait } from 'node:timers/promises';
import { type Damage, type Left, leftBehind } from '../node/endedSessions';
import type { Journal } from '../node/journal';
import type { ReviewDocument } from './reviewDocument';
import { tell, warn } from './tell';

const LOOK_MS = 5_000;

/**
 * Takes over what windows that have ended left unsaved on a dataset: when it is opened, and for as long as it is open. A
 * window that lives then may end later.
 */
export class TakingOver {
  /** Files that could not be read, and were told. */
  private readonly told = new Set<string>();

  /** @param folders in which sessions with this dataset keep their journals */
  constructor(
    private readonly document: ReviewDocument,
    private readonly journal: Journal,
    private readonly folders: readonly string[],
  ) {}

  /** Resolves with how many decisions there were; null when the dataset is closed meanwhile: they are left for the next time. */
  async takeOver(left: Left): Promise<number | null> {
    const { document, journal } = this;
    const { entries, damaged, unread } = left;
    const path = document.uri.fsPath;
    journal.willHold(left.held);
    const count = await document.takeOver(entries, left.at);
    if (count === null) return null;
    if (left.stamps.length > 0) await journal.supersede(left);
    if (count > 0) tellTakenOver(count, path);
    if (damaged.lines > 0) tellDamaged(damaged, path);
    const news = unread.filter((file) => !this.told.has(file));
    for (const file of news) this.told.add(file);
    if (news.length > 0) tellUnread(news, path);
    return entries.length;
  }

  /** What is left when the dataset is opened. */
  async takeOverAll(): Promise<void> {
    const { document, journal, folders } = this;
    const atOnce = await this.takeOver(await leftBehind(folders, 'at once', journal));
    const later = await this.takeOver(await leftBehind(folders, 'once old', journal));
    if (atOnce === null || later === null) return;
    // What cannot be read now may bring back what is undone here.
    if (this.told.size === 0) journal.tookOverAll();
    if (document.backupIsGone && atOnce + later === 0)
      void warn(
        `VS Code names a backup of unsaved decisions on ${document.uri.fsPath} that is not there, and no journal holds any: they were saved, or are lost`,
      );
  }

  /** What is left later, until the dataset is closed. */
  async goOn(): Promise<void> {
    const { document, journal, folders } = this;
    for (;;) {
      await wait(LOOK_MS, undefined, { ref: false });
      if (document.isClosed) return;
      const left = await leftBehind(folders, 'once old', journal);
      // A file that tells what was undone, and nothing else, is for whoever opens the dataset with an older backup.
      if (left.entries.length + left.unread.length === 0) continue;
      if ((await this.takeOver(left)) === null) return;
    }
  }
}

function tellTakenOver(count: number, path: string): void {
  const decisions = count === 1 ? '1 unsaved decision' : `${count} unsaved decisions`;
  void tell(`${decisions} on ${path} came back from a window that has ended, or did not answer.`);
}

function tellDamaged({ lines, files }: Damage, path: string): void {
  const some = lines === 1 ? '1 line' : `${lines} lines`;
  void warn(
    `${some} of what a window left unsaved on ${path} could not be read: decisions may be missing. They are kept: ${files.join(', ')}`,
  );
}

function tellUnread(files: readonly string[], path: string): void {
  void warn(
    `what a window left unsaved on ${path} could not be read: decisions may be missing. It is kept: ${files.join(', ')}`,
  );
}
