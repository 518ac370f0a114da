import * as vscode from 'vscode';
import { reviewerKey } from '../core/review/reviewerKey';
import { reviewFileName } from '../core/review/reviewerName';
import { inTheWay, pathOf, putAside } from '../node/besideFiles';
import type { ReviewDocument } from './reviewDocument';
import { tell, tellError, warn } from './tell';

const ASIDE = 'Put It Aside and Save';

/**
 * Saves; where something that is no file of decisions stands in the place of one (a folder or a link that came with a
 * clone or a colleague's push), one click puts it aside and saves again.
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
    const found = await inTheWay(document.reviewFolder, reviewFileName(key));
    if (found === null) continue;
    const path = pathOf(found.folder, found.name);
    const text = `${path} is no file of decisions, and stands where yours belong. It can be put aside under another name, with all that is in it.`;
    if ((await warn(text, ASIDE)) !== ASIDE) return;
    // The question may be hours old, and a good file stand there by now.
    const still = await inTheWay(document.reviewFolder, reviewFileName(key));
    if (still !== null && pathOf(still.folder, still.name) === path) {
      const aside = await putAside(still.folder, still.name);
      void tell(`it is called ${pathOf(still.folder, aside)} now.`);
    }
    // By VS Code, which else keeps the tab as unsaved.
    await vscode.workspace.save(document.uri);
    return;
  }
}
