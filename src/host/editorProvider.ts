import * as vscode from 'vscode';
import type { RunIndex } from '../node/runIndex';
import { EditorSession } from './editorSession';
import { FileWatch } from './fileWatch';
import { Journal, journalPath, recoverJournal } from './journal';
import { ReviewDocument } from './reviewDocument';
import type { SavedPlace } from './savedPlace';
import { inPlainText } from './tell';
import { showPage } from './webviewPage';

export const VIEW_TYPES = ['transcriptReview.editor', 'transcriptReview.anyFile'] as const;

/** Opens datasets in the custom editor, and knows which editor is the active one. */
export class EditorProvider implements vscode.Disposable {
  private readonly activated = new vscode.EventEmitter<ReviewDocument | null>();
  /** The dataset that the reviewer works on has changed. */
  readonly onDidActivate = this.activated.event;
  private readonly moved = new vscode.EventEmitter<void>();
  /** An editor shows another transcript. */
  readonly onDidMove = this.moved.event;
  private readonly sessions = new Set<EditorSession>();
  private current: EditorSession | null = null;
  private newest: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly run: RunIndex,
  ) {}

  /** The editor that was last in focus and is still open. */
  get active(): EditorSession | null {
    return this.current;
  }

  /** Settles once the page of the editor opened last runs. */
  shown(): Promise<void> {
    return this.newest;
  }

  /**
   * A provider for one view type. Each needs its own: VS Code takes every event of a provider for one about a document
   * of the view type that the provider was registered for.
   */
  provider(): vscode.CustomEditorProvider<ReviewDocument> {
    const changed = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<ReviewDocument>>();
    return {
      onDidChangeCustomDocument: changed.event,
      openCustomDocument: (uri, open) => inPlainText(() => this.open(uri, open.backupId, changed)),
      resolveCustomEditor: (document, panel) => this.show(document, panel),
      saveCustomDocument: (document) => inPlainText(() => document.save()),
      saveCustomDocumentAs: (document, target) => inPlainText(() => document.saveAs(target)),
      revertCustomDocument: async (document) => document.revert(),
      backupCustomDocument: (document, { destination }, token) => document.backup(destination, token),
    };
  }

  /** The datasets that are open, once for each editor. */
  documents(): readonly ReviewDocument[] {
    return [...this.sessions].map(({ document }) => document);
  }

  /** The reviewer's name may have changed: every editor asks for it again. */
  learnReviewers(): void {
    for (const session of this.sessions) session.learnReviewer(false).catch((error) => session.tell(error));
  }

  dispose(): void {
    for (const emitter of [this.activated, this.moved]) emitter.dispose();
  }

  /** @param changed hears of edits; and, where VS Code's count of them misses one, of a change without undo. */
  private async open(
    uri: vscode.Uri,
    backupId: string | undefined,
    changed: vscode.EventEmitter<vscode.CustomDocumentEditEvent<ReviewDocument>>,
  ): Promise<ReviewDocument> {
    if (uri.scheme !== 'file') {
      throw new Error(
        `Transcript Review reads files of a disk, by byte range; "${uri.scheme}:" has none. Save a copy to a folder.`,
      );
    }
    const backup = backupId === undefined ? undefined : vscode.Uri.parse(backupId);
    // Without a workspace there is no place of our own that another window would not use, too.
    const storage = this.context.storageUri?.fsPath;
    const journal = storage === undefined ? null : journalPath(storage, uri.fsPath);
    const recovered = journal === null ? [] : await recoverJournal(journal);
    const cache = vscode.Uri.joinPath(this.context.globalStorageUri, 'index').fsPath;
    const document = await ReviewDocument.open({ uri, run: this.run, cache, backup, recovered });
    if (journal !== null) keepJournal(document, new Journal(journal));
    const edits = document.onDidEdit((edit) => changed.fire({ document, ...edit }));
    // The API's types allow one kind of event a provider; VS Code itself takes both, and tells them apart by `undo`.
    const change: vscode.CustomDocumentContentChangeEvent<ReviewDocument> = { document };
    const missed = document.onDidMissEdit(() =>
      changed.fire(change as vscode.CustomDocumentEditEvent<ReviewDocument>),
    );
    const watcher = new FileWatch(document);
    document.onDidDispose(() => vscode.Disposable.from(edits, missed, watcher).dispose());
    return document;
  }

  private show(document: ReviewDocument, panel: vscode.WebviewPanel): void {
    const key = `place:${document.uri.toString()}`;
    const place = this.context.workspaceState.get<SavedPlace>(key) ?? null;
    const keepPlace = (next: SavedPlace) => {
      void this.context.workspaceState.update(key, next);
      this.moved.fire();
    };
    const searchScript = vscode.Uri.joinPath(this.context.extensionUri, 'dist', 'searchWorker.js').fsPath;
    const session = new EditorSession(document, panel, place, keepPlace, searchScript);
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
    this.newest = page.spoken;
    document.announceRestored();
  }

  private activate(session: EditorSession | null): void {
    const before = this.current?.document;
    this.current = session;
    if (session?.document !== before) this.activated.fire(session?.document ?? null);
    else this.moved.fire();
  }
}

/** From now until the document is closed, which VS Code asks about, what is unsaved is also in the journal. */
function keepJournal(document: ReviewDocument, journal: Journal): void {
  const keep = () => journal.keep(document.audit.log.pending());
  const unfollow = document.audit.onChange((change) => {
    if (change.type === 'reviewed' || change.type === 'reset') keep();
  });
  document.onDidDispose(() => {
    unfollow();
    journal.keep([]);
  });
}
