import * as vscode from 'vscode';
import { linkTarget } from '../node/besideFiles';
import { reviewFolder } from '../node/reviewStore';
import type { ReviewDocument } from './reviewDocument';
import { warn } from './tell';

/**
 * A folder of decisions that is a link is not opened, since links come with a clone and lead anywhere. Teams that keep it
 * elsewhere on purpose are asked once for each place that it leads to, and only in a workspace that they trust.
 * @param allowed remembers the answer
 */
export async function offerLinkedFolder(document: ReviewDocument, allowed: vscode.Memento): Promise<void> {
  const path = document.uri.fsPath;
  const target = await linkTarget(reviewFolder(path)).catch(() => null);
  if (target === null || !vscode.workspace.isTrusted) return;
  const key = `linkedReviews:${JSON.stringify([path, target])}`;
  if (allowed.get<boolean>(key) === undefined) {
    const text = `the folder of decisions on ${path} is a link to ${target}. Decisions would be read and written there.`;
    const answer = await warn(text, 'Use This Folder', 'Do Not');
    if (answer === undefined) return;
    await allowed.update(key, answer === 'Use This Folder');
  }
  if (allowed.get<boolean>(key)) document.useFolder({ base: target, below: [], real: target });
}
