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
  // What has come back and goes once more is told once more.
  if (lost.length === 0) document.offeredLost.clear();
  if (lost.length === 0 || document.offeredLost.has(key)) return;
  const isThere = existsSync(document.uri.fsPath);
  if (document.isMoved && !isThere) return;
  document.offeredLost.add(key);
  const decisions = lost.length === 1 ? '1 decision' : `${lost.length} decisions`;
  const why = isThere
    ? 'A file of decisions was removed, or replaced by an older one; what is gone counts no more.'
    : 'So is the dataset; decisions that were moved with it count where it is now.';
  const text = `gone from disk: ${decisions} that you made and saved here on ${document.audit.dataset.name}. ${why}`;
  if ((await warn(text, SAVE)) !== SAVE) return;
  await document.takeOver(document.audit.log.lost());
}
