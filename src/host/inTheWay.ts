import * as vscode from 'vscode';
import { reviewerKey } from '../core/review/reviewerKey';
import { REVIEW_EXTENSION } from '../core/review/reviewerName';
import { type Obstacle, obstacleTo } from '../node/makeWay';
import type { ReviewDocument } from './reviewDocument';
import { tell, tellError, warn } from './tell';

const ASIDE = 'Put It Aside and Save';
const RENAME = 'Rename It and Save';

/**
 * Saves; where something stands in the place of a file of decisions that is none, or none that is written to (a folder or a
 * link that came with a clone or a colleague's push, a hard link), one click puts it aside and saves again.
 * @throws why it could not be saved
 */
export async function saveOrOffer(document: ReviewDocument): Promise<void> {
  try {
    await document.save();
  } catch (error) {
    void offer(document).catch(tellError);
    throw error;
  }
}

async function offer(document: ReviewDocument): Promise<void> {
  const keys = new Set(document.audit.log.pending().map(({ reviewer }) => reviewerKey(reviewer)));
  for (const key of keys) {
    const found = await obstacleTo(document.audit.reviews, key);
    if (found === null) continue;
    const button = found.kind === 'misnamed' ? RENAME : ASIDE;
    if ((await warn(`${found.path} ${wordsOf(found)}`, button)) !== button) return;
    // The question may be hours old, and a good file stand there by now.
    const still = await obstacleTo(document.audit.reviews, key);
    if (still !== null && still.kind === found.kind && still.path === found.path)
      void tell(`it is called ${await still.remove()} now.`);
    // By VS Code, which else keeps the tab as unsaved.
    await vscode.workspace.save(document.uri);
    return;
  }
}

/** What is wrong with it, and what can be done. */
function wordsOf({ kind, cut }: Obstacle): string {
  const copied = 'It can be put aside under another name; a copy with all that is in it takes its place.';
  switch (kind) {
    case 'no file':
      return 'is no file of decisions, and stands where yours belong. It can be put aside under another name, with all that is in it.';
    case 'linked':
      return `has a second name elsewhere (a hard link), where your decisions would appear, too. ${copied}`;
    case 'read-only':
      return `may be read, but not written to. ${copied}`;
    case 'misnamed':
      return `stands where your decisions belong, and is not read, as its name has to end in ${REVIEW_EXTENSION}, in lower case. It can be renamed; the decisions in it count then.`;
    case 'cut':
      return `is ${cut}. What is saved there would not be read either. It can be put aside under another name, with all that is in it; the decisions that were read from it are written to a new file in its place.`;
  }
}
