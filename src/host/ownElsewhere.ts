import { shortened } from '../core/invisible';
import type { ReviewDocument } from './reviewDocument';
import { warn } from './tell';

const TAKE = 'Take Them Over';

/**
 * Decisions that are signed by this reviewer but stand in somebody else's file count for nobody: whoever wrote them there
 * may have been another. Where they are the reviewer's own, as in the copy that a program for synchronising makes of a
 * file that was changed on two machines, one click takes them over.
 * @param offered what was offered before, and is not again until there are others
 */
export async function offerOwnElsewhere(
  document: ReviewDocument,
  reviewer: string,
  offered: Set<string>,
): Promise<void> {
  if (reviewer === '') return;
  const found = document.audit.reviews.foreignOf(reviewer);
  const entries = [...found.values()].flat();
  const key = JSON.stringify([reviewer, ...entries.map(({ id }) => id).sort()]);
  if (entries.length === 0 || offered.has(key)) return;
  offered.add(key);
  const decisions = entries.length === 1 ? '1 decision is' : `${entries.length} decisions are`;
  const text = `${decisions} signed with your name (${reviewer}) in ${shortened([...found.keys()].join(', '))}, and not counted, since that is not your file. Take them over only if you made them.`;
  if ((await warn(text, TAKE)) !== TAKE) return;
  await document.takeOver(entries);
}
