import * as vscode from 'vscode';
import { takenBackIn } from '../node/endedSessions';
import { Journal, journalFolder, placeOf } from '../node/journal';
import type { RunIndex } from '../node/runIndex';
import { EditorSession } from './editorSession';
import { FileWatch } from './fileWatch';
import { offerGitAttributes } from './gitAttributes';
import { saveOrOffer } from './inTheWay';
import { offerLinkedFolder } from './linkedFolder';
import { offerFromMoved } from './movedDatasets';
import { type Backup, ReviewDocument } from './reviewDocument';
import type { Reviewers } from './reviewer';
import { canBeKept, type SavedPlace } from './savedPlace';
import { TakingOver } from './takingOver';
import { inPlainText, tellError, warn } from './tell';
import { showPage } from './webviewPage';
import { windowAnswers } from './windowAnswers';

export const VIEW_TYPES = ['transcriptReview.editor', 'transcriptReview.anyFile'] as const;

/** Opens datasets in the custom editor, and knows which editor is the active one. */
export class EditorProvider implements vscode.Disposable {
  private readonly activated = new vscode.EventEmitter<ReviewDocument | null>();
  /** The dataset that the reviewer works on has changed. */
  readonly onDidActivate = this.activated.event;
  private readonly moved = new vscode.EventEmitter<void>();
  /** An editor shows another transcript. */
  readonly onDidMove = this.moved.event;
  private readonly named = new vscode.EventEmitter<void>();
  /** Another reviewer decides in the active editor, or another editor is active. */
  readonly onDidChangeReviewer = this.named.event;
  private readonly sessions = new Set<EditorSession>();
  private current: EditorSession | null = null;
  private newest: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly run: RunIndex,
    private readonly reviewers: Reviewers,
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
      saveCustomDocument: (document) => inPlainText(() => saveOrOffer(document), document.uri),
      saveCustomDocumentAs: (document, target) => inPlainText(() => document.saveAs(target), document.uri),
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
    for (const session of this.sessions) session.who.learn().catch((error) => session.tell(error));
  }

  dispose(): void {
    for (const emitter of [this.activated, this.moved, this.named]) emitter.dispose();
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
    const { storageUri, globalStorageUri } = this.context;
    const place = await placeOf(uri.fsPath);
    // Earlier versions kept them by another path, and in the workspace's storage.
    const storages = [globalStorageUri, ...(storageUri ? [storageUri] : [])].map(({ fsPath }) => fsPath);
    const left = storages.flatMap((storage) =>
      [...new Set([place, uri.fsPath])].map((path) => journalFolder(storage, path)),
    );
    const cache = vscode.Uri.joinPath(globalStorageUri, 'index').fsPath;
    const backup = backupId === undefined ? undefined : await backupOf(backupId, left);
    const document = await ReviewDocument.open({ uri, run: this.run, cache, backup });
    const journal = keepJournal(document, globalStorageUri.fsPath, place);
    journal.start(backup?.takenBack ?? []);
    const { globalState } = this.context;
    const taking = new TakingOver(document, journal, left);
    const offerMoved = async () => {
      await document.loading; // its transcripts are known
      await offerFromMoved(document, globalStorageUri.fsPath, globalState, (moved) => taking.takeOver(moved));
    };
    const takenOver = document.whenKnown().then(() => taking.takeOverAll());
    void takenOver.then(() => Promise.all([taking.goOn(), offerMoved()])).catch(tellError);
    void offerLinkedFolder(document, globalState);
    const trusted = vscode.workspace.onDidGrantWorkspaceTrust(
      () => void offerLinkedFolder(document, globalState),
    );
    const edits = document.onDidEdit((edit) => changed.fire({ document, ...edit }));
    // The API's types allow one kind of event a provider; VS Code itself takes both, and tells them apart by `undo`.
    const change: vscode.CustomDocumentContentChangeEvent<ReviewDocument> = { document };
    const missed = document.onDidMissEdit(() =>
      changed.fire(change as vscode.CustomDocumentEditEvent<ReviewDocument>),
    );
    const saved = document.onDidSave(() => void offerGitAttributes(document, globalState));
    const watcher = new FileWatch(document);
    document.onDidDispose(() => vscode.Disposable.from(edits, missed, saved, watcher, trusted).dispose());
    return document;
  }

  private show(document: ReviewDocument, panel: vscode.WebviewPanel): void {
    const key = `place:${document.uri.toString()}`;
    const place = this.context.workspaceState.get<SavedPlace>(key) ?? null;
    const keepPlace = (next: SavedPlace) => {
      void this.context.workspaceState.update(key, canBeKept(next) ? next : undefined);
      this.moved.fire();
    };
    const searchScript = vscode.Uri.joinPath(this.context.extensionUri, 'dist', 'searchWorker.js').fsPath;
    const session = new EditorSession(document, panel, place, keepPlace, searchScript, this.reviewers);
    session.who.onDidChange(() => this.named.fire());
    this.sessions.add(session);
    if (panel.active || this.current === null) this.activate(session);
    panel.onDidChangeViewState(() => {
      if (panel.active) this.activate(session);
      this.named.fire();
    });
    panel.onDidDispose(() => {
      session.dispose();
      this.sessions.delete(session);
      if (this.current === session) this.activate([...this.sessions].at(-1) ?? null);
      this.named.fire();
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

/** @param folders of the dataset's journals, which know what was undone after VS Code made the backup */
async function backupOf(id: string, folders: readonly string[]): Promise<Backup> {
  return { uri: vscode.Uri.parse(id), takenBack: await takenBackIn(folders) };
}

/** From now until the document is closed, which VS Code asks about, what is unsaved is also in a journal. */
function keepJournal(document: ReviewDocument, storage: string, dataset: string): Journal {
  const { log } = document.audit;
  const folder = journalFolder(storage, dataset);
  const journal = new Journal({ folder, dataset, log, onTrouble: tellTrouble, isSeen: windowAnswers });
  const unfollow = log.onUnsaved(journal);
  document.onDidDispose(() => {
    unfollow();
    void journal.close();
  });
  return journal;
}

function tellTrouble(error: Error): void {
  void warn(`unsaved decisions cannot be kept safe from a crash: ${error.message}. Save them often.`);
}
