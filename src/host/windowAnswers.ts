import * as vscode from 'vscode';

/**
 * Resolves once VS Code's window has answered, which has heard by then of all that it was told before: by a command that
 * the window runs, and not the extension's own process.
 */
export async function windowAnswers(): Promise<void> {
  try {
    await vscode.commands.executeCommand('setContext', 'transcriptReview.isSeen', true);
  } catch {
    // An answer, too.
  }
}
