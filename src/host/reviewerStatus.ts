import * as vscode from 'vscode';
import type { EditorProvider } from './editorProvider';
import { plainText } from './plainText';
import { describeChoice, shortChoice } from './reviewerChoice';

/** Under whose name one decides, in VS Code's status bar while a dataset is in the active editor; a click changes it. */
export class ReviewerStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'transcriptReview.reviewer',
    vscode.StatusBarAlignment.Right,
    100,
  );
  private readonly following: vscode.Disposable;

  constructor(private readonly editors: EditorProvider) {
    this.item.name = 'Transcript Review: Reviewer';
    this.item.command = 'transcriptReview.setReviewer';
    this.following = editors.onDidChangeReviewer(() => this.show());
  }

  dispose(): void {
    this.following.dispose();
    this.item.dispose();
  }

  private show(): void {
    const { active } = this.editors;
    if (!active?.panel.active) {
      this.item.hide();
      return;
    }
    const { choice } = active.who;
    const sentence = plainText(describeChoice(choice));
    this.item.text = `$(account) ${plainText(shortChoice(choice))}`;
    this.item.tooltip = `${sentence} Click to change the name.`;
    this.item.accessibilityInformation = { label: `Reviewer: ${sentence}` };
    this.item.backgroundColor =
      choice.kind === 'known' ? undefined : new vscode.ThemeColor('statusBarItem.warningBackground');
    this.item.show();
  }
}
