import * as vscode from 'vscode';
import { keepKeysInOrder, registerCommands } from './host/commands';
import { EditorProvider, VIEW_TYPES } from './host/editorProvider';
import { MetricsView } from './host/metricsView';
import { followRenames } from './host/renames';
import { checkReviewerSetting, Reviewers } from './host/reviewer';
import { ReviewerStatus } from './host/reviewerStatus';
import { inWorker } from './node/runIndex';
import type { CursorView } from './protocol/editor';

/** What the extension exports: the figures on screen, so that they can be read without a mouse or a screen. */
export interface TranscriptReviewApi {
  snapshot: MetricsView['snapshot'];
  /** Where the reviewer is in the active editor, null when there is none. */
  cursor: () => CursorView | null;
}

export function activate(context: vscode.ExtensionContext): TranscriptReviewApi {
  const worker = vscode.Uri.joinPath(context.extensionUri, 'dist', 'indexWorker.js').fsPath;
  const reviewers = new Reviewers(context.globalState);
  const editors = new EditorProvider(context, inWorker(worker), reviewers);
  const metrics = new MetricsView(context, editors);
  context.subscriptions.push(
    editors,
    metrics,
    new ReviewerStatus(editors),
    ...VIEW_TYPES.map((viewType) =>
      vscode.window.registerCustomEditorProvider(viewType, editors.provider(), {
        supportsMultipleEditorsPerDocument: true,
      }),
    ),
    vscode.window.registerWebviewViewProvider('transcriptReview.metrics', metrics),
    registerCommands(context, editors, metrics, reviewers),
    followRenames(() => editors.documents()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('transcriptReview.reviewer')) return;
      checkReviewerSetting();
      editors.learnReviewers();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => editors.learnReviewers()),
  );
  checkReviewerSetting();
  void keepKeysInOrder();
  return { snapshot: () => metrics.snapshot(), cursor: () => editors.active?.focus ?? null };
}
