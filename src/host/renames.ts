import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { pathOf } from '../node/besideFiles';
import { reviewFolder } from '../node/reviewStore';
import type { ReviewDocument } from './reviewDocument';
import { warn } from './tell';

/** Undoing a rename, VS Code renames what went along only after it has told of the dataset. */
const FOLLOWING_MS = 3_000;

/**
 * Decisions go where their dataset goes: before VS Code renames one, or a folder above it, what is unsaved is saved (VS
 * Code opens the new name without it), and the folder of decisions is renamed with it.
 */
export function followRenames(documents: () => Iterable<ReviewDocument>): vscode.Disposable {
  const onDisk = ({ files }: vscode.FileRenameEvent) =>
    files.filter(({ oldUri, newUri }) => oldUri.scheme === 'file' && newUri.scheme === 'file');
  return vscode.Disposable.from(
    vscode.workspace.onWillRenameFiles((event) => {
      for (const { oldUri, newUri } of onDisk(event)) event.waitUntil(takeAlong(oldUri, newUri, documents()));
    }),
    vscode.workspace.onDidRenameFiles((event) => {
      for (const { oldUri, newUri } of onDisk(event))
        setTimeout(() => tellLeftBehind(oldUri, newUri), FOLLOWING_MS);
    }),
  );
}

/** @returns what VS Code renames with it */
export async function takeAlong(
  from: vscode.Uri,
  to: vscode.Uri,
  documents: Iterable<ReviewDocument>,
): Promise<vscode.WorkspaceEdit> {
  for (const document of documents) {
    if (!isAtOrIn(document.uri, from)) continue;
    await saveBefore(document);
    document.isMoved = true;
  }
  const edit = new vscode.WorkspaceEdit();
  const [source, target] = [pathOf(reviewFolder(from.fsPath)), pathOf(reviewFolder(to.fsPath))];
  if (existsSync(source) && !existsSync(target))
    edit.renameFile(vscode.Uri.file(source), vscode.Uri.file(target));
  return edit;
}

/** Never rejects: VS Code renames all the same, and what goes along with the dataset has to. */
async function saveBefore(document: ReviewDocument): Promise<void> {
  try {
    // By VS Code first, which else keeps the tab of the old name as unsaved; it saves only what has a tab.
    if (document.dirty) await vscode.workspace.save(document.uri);
    if (document.dirty) await document.save();
  } catch (error) {
    const count = document.audit.log.pendingCount;
    const decisions = count === 1 ? '1 unsaved decision' : `${count} unsaved decisions`;
    void warn(
      `${decisions} on ${document.uri.fsPath} could not be saved before it is renamed: ${(error as Error).message}. They are kept, and offered where its transcripts are opened next.`,
    );
  }
}

/** Decisions may stay where they are: others lie where they would go, or VS Code was told to rename nothing else. */
export function tellLeftBehind(from: vscode.Uri, to: vscode.Uri): void {
  const [source, target] = [pathOf(reviewFolder(from.fsPath)), pathOf(reviewFolder(to.fsPath))];
  if (!existsSync(source) || existsSync(from.fsPath)) return;
  const [why, what] = existsSync(target)
    ? [`there are decisions in ${target} already`, 'Move its files there']
    : ['the folder was not renamed with it', `Rename it to ${target}`];
  void warn(
    `the decisions on ${from.fsPath} stay in ${source} and count no more: ${why}. ${what} if they belong to this dataset, or rename the dataset back.`,
  );
}

function isAtOrIn(uri: vscode.Uri, moved: vscode.Uri): boolean {
  return uri.toString() === moved.toString() || uri.toString().startsWith(`${moved.toString()}/`);
}
