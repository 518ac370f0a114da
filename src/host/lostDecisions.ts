import { existsSync } from 'node:fs';
import type { ReviewDocument } from './reviewDocument';
import { warn } from './tell';

const SAVE = 'Save Them Again';

/**
 * What was decided here and saved can be gone from disk: the folder was removed, the file was replaced by an older one,
 * another branch was checked out. That is followed, as figures have to be those of the files; but told, and undone by one
 * click as long as this window still has the decisions.
 */
export async function offerLost(document: ReviewDocument): Promise<void> {
  const lost = document.audit.log.lost();
  const key = JSON.stringify(lost.map(({ id }) => id).sort());
  if (lost.length === 0 || document.isMoved || document.offered.has(key)) return;
  document.offered.add(key);
  const decisions = lost.length === 1 ? '1 decision' : `${lost.length} decisions`;
  const why = existsSync(document.uri.fsPath)
    ? 'a file of decisions was removed, or replaced by an older one. They count no more.'
    : 'nor is the dataset. If both were moved, they count where they are now.';
  const text = `${decisions} that you made and saved here on ${document.audit.dataset.name} are on disk no more: ${why}`;
  if ((await warn(text, SAVE)) !== SAVE) return;
  await document.takeOver(document.audit.log.lost());
}
