import type { Memento } from 'vscode';
import { type LeftOnMoved, leftOnMoved } from '../node/endedSessions';
import type { ReviewDocument } from './reviewDocument';
import { warn } from './tell';

const TAKE = 'Take Them Over';
const NEVER = 'Do Not Ask Again';
/** Texts that are compared: those of a moved dataset are the same, one by one. */
const LOOKED_AT = 32;

/**
 * Unsaved decisions of a window that was killed wait in a journal under the dataset's path, where nobody looks for them
 * once the dataset has been moved. Whoever opens one that holds the texts they were made on is asked.
 * @param storage as of `journalFolder`
 * @param answers remembers what need not be asked again
 * @param takeOver resolves when the entries are safe elsewhere, and rejects when they are not
 */
export async function offerFromMoved(
  document: ReviewDocument,
  storage: string,
  answers: Memento,
  takeOver: (left: LeftOnMoved) => Promise<unknown>,
): Promise<void> {
  for (const left of await leftOnMoved(storage)) {
    const { dataset, entries } = left;
    const key = `movedDataset:${JSON.stringify([dataset, document.uri.fsPath])}`;
    if (answers.get(key) || !(await wereMadeOn(document, left))) continue;
    const decisions = entries.length === 1 ? '1 unsaved decision' : `${entries.length} unsaved decisions`;
    const text = `a window that has ended left ${decisions} on ${dataset}, which is not there any more. They were made on texts that stand in ${document.uri.fsPath}: was it moved here?`;
    const answer = await warn(text, TAKE, NEVER);
    if (answer === TAKE) await takeOver(left);
    if (answer === NEVER) await answers.update(key, true);
  }
}

async function wereMadeOn({ audit }: ReviewDocument, { entries }: LeftOnMoved): Promise<boolean> {
  const { dataset } = audit;
  const found = entries
    .map(({ transcript, hash }) => ({ index: dataset.columns.indexOf(transcript), hash }))
    .filter(({ index }) => index >= 0)
    .slice(0, LOOKED_AT);
  const hashes = await dataset.hashes(found.map(({ index }) => index));
  return found.some(({ hash }, at) => hash === hashes[at]);
}
