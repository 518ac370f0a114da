import * as vscode from 'vscode';
import { pathOf } from '../node/besideFiles';
import { ATTRIBUTES_LINE, addAttributes, attributesState } from '../node/gitAttributes';
import type { ReviewDocument } from './reviewDocument';
import { confirm, tell, warn } from './tell';

const WRITE = 'Write .gitattributes';
const ADD = 'Add the Line';

type Decisions = Pick<ReviewDocument, 'uri' | 'reviewFolder'>;

/**
 * After a save: offers, once for each dataset, to tell git how decisions are merged, where they lie in a repository of a
 * trusted workspace that has not been told. Nothing is written without a click.
 */
export async function offerGitAttributes(document: Decisions, memory: vscode.Memento): Promise<void> {
  const key = `gitAttributes:${document.uri.toString()}`;
  if (!vscode.workspace.isTrusted || memory.get(key) !== undefined) return;
  try {
    if ((await attributesState(document.reviewFolder)).kind !== 'missing') return;
    await memory.update(key, 'offered');
    const clicked = await tell(
      `the decisions in ${pathOf(document.reviewFolder)} lie in a git repository. Who decides on two machines meets a conflict at every merge, unless a .gitattributes there says that the lines of both sides are kept.`,
      WRITE,
    );
    if (clicked === WRITE) await writeGitAttributes(document);
  } catch (error) {
    // Told once, too: this comes after a save that went well.
    await memory.update(key, 'failed');
    const reason = error instanceof Error ? error.message : String(error);
    void warn(`the .gitattributes in ${pathOf(document.reviewFolder)}: ${reason}`);
  }
}

/**
 * Writes the `.gitattributes` of a review folder. To one that is there the line is added, once the user has seen it.
 * Says what came of it. @throws when the file cannot be read or written.
 */
export async function writeGitAttributes({ reviewFolder }: Decisions): Promise<void> {
  const state = await attributesState(reviewFolder);
  if (state.kind === 'noRepository') void tell(`${pathOf(reviewFolder)} is in no git repository.`);
  else if (state.kind === 'covered')
    void tell(`${state.file} says already that the lines of both sides are kept.`);
  else if (!state.others || (await confirmed(state.file))) {
    await addAttributes(reviewFolder);
    void tell(`${state.file} now tells git to keep the lines of both sides. Commit it with the decisions.`);
  }
}

function confirmed(file: string): Promise<boolean> {
  return confirm(`${file} exists. Its lines stay; shall this one be added at its end?`, ATTRIBUTES_LINE, ADD);
}
