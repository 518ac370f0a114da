import * as vscode from 'vscode';
import type { RunIndex } from '../node/runIndex';
import { EditorSession, type SavedPlace } from './editorSession';
import { FileWatch } from './fileWatch';
import { ReviewDocument } from './reviewDocument';
import { showPage } from './webviewPage';

export const VIEW_TYPES = ['transcriptReview.editor', 'transcriptReview.anyFile'] as const;

/** Opens datasets in the custom editor, and knows which editor is the active one. */
export class EditorProvider implements vscode.CustomEditorProvider<ReviewDocument>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<ReviewDocument>>();
  /** Edits; and, where VS Code's count of them misses one, an event without undo, which makes the document dirty. */
  readonly onDidChangeCustomDocument = this.changed.event;
  private readonly activated = new vscode.EventEmitter<ReviewDocument | null>();
  /** The dataset that the reviewer works on has changed. */
  readonly onDidActivate = this.activated.event;
  private readonly moved = new vscode.EventEmitter<void>();
  /** An editor shows another transcript. */
  readonly onDidMove = this.moved.event;
  private readonly sessions = new Set<EditorSession>();
  private current: EditorSession | null = null;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly run: RunIndex,
  ) {}

  /** The editor that was last in focus and is still open. */
  get active(): EditorSession | null {
    return this.current;
  }

  async openCustomDocument(uri: vscode.Uri, open: vscode.CustomDocumentOpenContext): Promise<ReviewDocument> {
    if (uri.scheme !== 'file') {
      throw new Error(
        `Transcript Review reads files of a disk, by byte range; "${uri.scheme}:" has none. Save a copy to a folder.`,
      );
    }
    const backup = open.backupId === undefined ? undefined : vscode.Uri.parse(open.backupId);
    const document = await ReviewDocument.open({ uri, run: this.run, backup });
    const edits = document.onDidEdit((edit) => this.changed.fire({ document, ...edit }));
    const missed = document.onDidMissEdit(() => this.fireContentChange(document));
    const watcher = new FileWatch(document);
    document.onDidDispose(() => vscode.Disposable.from(edits, missed, watcher).dispose());
    return document;
  }

  resolveCustomEditor(document: ReviewDocument, panel: vscode.WebviewPanel): void {
    const key = `place:${document.uri.toString()}`;
    const place = this.context.workspaceState.get<SavedPlace>(key) ?? null;
    const session = new EditorSession(document, panel, place, (next) => {
      void this.context.workspaceState.update(key, next);
      this.moved.fire();
    });
    this.sessions.add(session);
    if (panel.active || this.current === null) this.activate(session);
    panel.onDidChangeViewState(() => {
      if (panel.active) this.activate(session);
    });
    panel.onDidDispose(() => {
      session.dispose();
      this.sessions.delete(session);
      if (this.current === session) this.activate([...this.sessions].at(-1) ?? null);
    });
    const page = showPage(panel, this.context.extensionUri, 'editor', 'Transcript Review');
    panel.onDidDispose(() => page.dispose());
  }

  saveCustomDocument(document: ReviewDocument): Promise<void> {
    return document.save();
  }

  saveCustomDocumentAs(document: ReviewDocument, destination: vscode.Uri): Promise<void> {
    return document.saveAs(destination);
  }

  async revertCustomDocument(document: ReviewDocument): Promise<void> {
    document.revert();
  }

  backupCustomDocument(
    document: ReviewDocument,
    context: vscode.CustomDocumentBackupContext,
  ): Promise<vscode.CustomDocumentBackup> {
    return document.backup(context.destination);
  }

  /** The reviewer's name may have changed: every editor asks for it again. */
  learnReviewers(): void {
    for (const session of this.sessions) void session.learnReviewer(false);
  }

  dispose(): void {
    for (const emitter of [this.changed, this.activated, this.moved]) emitter.dispose();
  }

  /** The API's types allow one kind of event a provider; VS Code itself takes both, and tells them apart by `undo`. */
  private fireContentChange(document: ReviewDocument): void {
    const event: vscode.CustomDocumentContentChangeEvent<ReviewDocument> = { document };
    this.changed.fire(event as vscode.CustomDocumentEditEvent<ReviewDocument>);
  }

  private activate(session: EditorSession | null): void {
    const before = this.current?.document;
    this.current = session;
    if (session?.document !== before) this.activated.fire(session?.document ?? null);
  }
}
