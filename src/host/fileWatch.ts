import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { pathOf } from '../node/besideFiles';
import { realPaths } from '../node/datasetFiles';
import { PROFILE_FILE } from '../node/profileFile';
import { reviewFolder } from '../node/reviewStore';
import type { ReviewDocument } from './reviewDocument';

/** Watchers fire several times, and before the content can be read: act once it is quiet. */
const QUIET_MS = 200;

/** VS Code does not say when it has begun to watch: what changed before is looked for once more. */
const BEGUN_MS = 3_000;
/** Folders of one dataset that are watched; what changes in others is seen when the window comes back into focus. */
const MOST_FOLDERS = 100;

/**
 * Other windows, colleagues' git pulls and running experiments write to the same files. Watches the dataset with all files
 * that it was read from and its review folder, also where that is made only later, and looks again when the window comes
 * back into focus.
 */
export class FileWatch implements vscode.Disposable {
  private readonly checkFile: () => void;
  private readonly reloadReviews: () => void;
  private readonly disposables: vscode.Disposable[] = [];
  private reviews: vscode.Disposable | null = null;
  private folders: vscode.Disposable | null = null;
  /** How often the folders were asked for; only the last time counts. */
  private asked = 0;
  private begun: NodeJS.Timeout | null = null;

  constructor(private readonly document: ReviewDocument) {
    this.checkFile = debounce(() => document.checkFile());
    this.reloadReviews = debounce(() => document.reloadReviews());
    const path = document.uri.fsPath;
    const folder = vscode.Uri.file(dirname(path));
    const dataset = watch(folder, escapeGlob(basename(path)), this.checkFile);
    const beside = watch(folder, escapeGlob(basename(pathOf(document.reviewFolder))), () => {
      this.watchReviews();
      this.reloadReviews();
      this.checkFile(); // a profile may have come with it
      this.checkLater();
    });
    this.watchReviews();
    // The first one may make the folder. What a colleague writes between two watchers would be seen by neither.
    const firstSave = document.onDidSave(() => {
      firstSave.dispose();
      this.watchReviews();
      this.reloadReviews();
      this.checkLater();
    });
    this.disposables.push(
      dataset,
      beside,
      firstSave,
      document.onDidLoad(() => void this.watchFolders()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (!focused) return;
        this.checkFile();
        this.reloadReviews();
      }),
    );
  }

  dispose(): void {
    this.asked++;
    this.reviews?.dispose();
    this.folders?.dispose();
    if (this.begun) clearTimeout(this.begun);
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /**
   * Where it is more than one file: a list or a folder names others, verdicts stand elsewhere, or it is a link, whose
   * watcher tells nothing of what it leads to.
   */
  private async watchFolders(): Promise<void> {
    const asked = ++this.asked;
    const { paths } = this.document.audit.dataset;
    const isOther = (path: string) => path !== this.document.uri.fsPath;
    const places = [...paths, ...(await realPaths(paths))].filter(isOther);
    if (asked !== this.asked) return;
    this.folders?.dispose();
    const others = paths.filter(isOther);
    const folders = [...new Set(places.map((path) => dirname(path)))].slice(0, MOST_FOLDERS);
    this.folders = vscode.Disposable.from(
      ...folders.map((folder) => watch(vscode.Uri.file(folder), '*', this.checkFile)),
      ...others.slice(0, MOST_FOLDERS).map((path) => {
        const beside = vscode.Uri.file(pathOf(reviewFolder(path)));
        return watch(beside, PROFILE_FILE, this.checkFile);
      }),
    );
    this.checkLater();
  }

  private checkLater(): void {
    if (this.begun) clearTimeout(this.begun);
    this.begun = setTimeout(() => {
      this.checkFile();
      this.reloadReviews();
    }, BEGUN_MS);
  }

  /** Begun anew whenever the folder may just have been made: a watcher of a folder that is not there sees nothing. */
  private watchReviews(): void {
    this.reviews?.dispose();
    const folder = vscode.Uri.file(pathOf(this.document.reviewFolder));
    this.reviews = vscode.Disposable.from(
      watch(folder, '*.jsonl', this.reloadReviews),
      watch(folder, PROFILE_FILE, this.checkFile),
    );
  }
}

/** Also where a link leads to that stands on the way to the folder: VS Code follows none in a workspace. */
function watch(folder: vscode.Uri, pattern: string, changed: () => void): vscode.Disposable {
  const watchers = [watchThere(folder, pattern, changed)];
  let isEnded = false;
  void realPaths([folder.fsPath]).then(([real = folder.fsPath]) => {
    if (!isEnded && real !== folder.fsPath)
      watchers.push(watchThere(vscode.Uri.file(real), pattern, changed));
  });
  return new vscode.Disposable(() => {
    isEnded = true;
    vscode.Disposable.from(...watchers).dispose();
  });
}

function watchThere(folder: vscode.Uri, pattern: string, changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, pattern));
  watcher.onDidChange(changed);
  watcher.onDidCreate(changed);
  watcher.onDidDelete(changed);
  return watcher;
}

function escapeGlob(name: string): string {
  return name.replace(/[*?{}[\]]/g, '?');
}

function debounce(run: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | null = null;
  return () => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void run(), QUIET_MS);
  };
}
