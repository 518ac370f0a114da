import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { gitEmail } from '../node/reviewer';
import { ask } from './tell';

/**
 * Who decides: the setting, else git's user.email where the dataset lies, else asked for once and kept in the setting.
 * `ask: false` never asks. null when the user does not say.
 */
export async function reviewerName(datasetPath: string, ask: boolean): Promise<string | null> {
  const set = configured();
  if (set !== '') return set;
  const email = await gitEmail(dirname(datasetPath));
  if (email !== null) return email;
  return ask ? askReviewer() : null;
}

/** Asks for the name and keeps it. null when the user gives up. */
export async function askReviewer(): Promise<string | null> {
  const name = await ask({
    title: 'Reviewer',
    prompt: 'Your name or e-mail address. Your decisions are kept under it, in a file beside the dataset.',
    value: configured(),
    check: (value) => (value.trim() === '' ? 'A name is needed, so that decisions can be told apart.' : null),
  });
  if (name === undefined) return null;
  await vscode.workspace
    .getConfiguration('transcriptReview')
    .update('reviewer', name.trim(), vscode.ConfigurationTarget.Global);
  return name.trim();
}

function configured(): string {
  return vscode.workspace.getConfiguration('transcriptReview').get('reviewer', '').trim();
}
