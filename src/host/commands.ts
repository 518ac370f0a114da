import { copyFile, lstat, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { writeWhole } from '../node/outputFile';
import { commonFolder, SET_FILE, setFilePath, setText } from '../node/setFile';
import { DatasetError } from '../node/sources/source';
import { EDITOR_COMMANDS } from '../protocol/editor';
import { type EditorProvider, VIEW_TYPES } from './editorProvider';
import { writeGitAttributes } from './gitAttributes';
import type { MetricsView } from './metricsView';
import type { Reviewers } from './reviewer';
import { confirm, tellError, warn } from './tell';

const DATASETS = {
  'Transcripts (JSONL, JSON, CSV, Parquet, Inspect logs)': [
    'jsonl',
    'ndjson',
    'json',
    'csv',
    'tsv',
    'parquet',
    'eval',
  ],
};
const SAMPLE = 'alignment-faking.transcripts.jsonl';

/** Passed to a command that is only to be known, not to do anything (see keepKeysInOrder). */
const NOTHING = 'nothing';

/**
 * VS Code asks every extension host before it runs a command for the first time, and runs a command that it knows at
 * once; so of two keys pressed in quick succession the second could act first, and a decision fall on the wrong span
 * or transcript. Each editor command is therefore run once through VS Code, to no effect, before any key can be pressed.
 */
export function keepKeysInOrder(): Thenable<unknown> {
  const commands = EDITOR_COMMANDS.map((name) => ({ command: `transcriptReview.${name}`, args: NOTHING }));
  return vscode.commands.executeCommand('runCommands', { commands });
}

/** Registers the commands of package.json. */
export function registerCommands(
  context: vscode.ExtensionContext,
  editors: EditorProvider,
  metrics: MetricsView,
  reviewers: Reviewers,
): vscode.Disposable {
  const register = (name: string, run: (clicked: unknown, selected: unknown) => unknown) =>
    vscode.commands.registerCommand(`transcriptReview.${name}`, (clicked: unknown, selected: unknown) =>
      clicked === NOTHING ? undefined : told(() => run(clicked, selected)),
    );
  return vscode.Disposable.from(
    ...EDITOR_COMMANDS.filter((name) => name !== 'showMetrics').map((name) =>
      register(name, () => editors.active?.run(name)),
    ),
    // From the editor it only opens the panel, for the reviewer's keys to go on; when it is open, it is gone into.
    register('showMetrics', () => openPanel({ preserveFocus: !metrics.visible })),
    register('openSample', () => openSample(context, editors)),
    register('openFile', openFile),
    register('openFolder', openFolder),
    register('openTogether', openTogether),
    register('writeGitAttributes', async () => {
      const { active } = editors;
      if (active) await writeGitAttributes(active.document).catch((error) => active.tell(error));
    }),
    register('setReviewer', async () => {
      await reviewers.change(editors.active?.document.uri ?? null);
      editors.learnReviewers();
    }),
  );
}

/** VS Code tells of a command that fails when it came from the palette, and of none that came from a menu or a key. */
async function told(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    tellError(error as Error);
  }
}

/**
 * Opens the sample from the user's storage, not from the extension's folder: decisions are written beside a dataset, and
 * an update of the extension replaces its folder.
 */
async function openSample(context: vscode.ExtensionContext, editors: EditorProvider): Promise<void> {
  const shipped = vscode.Uri.joinPath(context.extensionUri, 'media', 'sample', SAMPLE);
  const own = vscode.Uri.joinPath(context.globalStorageUri, 'sample', SAMPLE);
  if ((await sizeOf(own)) !== (await sizeOf(shipped))) {
    await mkdir(vscode.Uri.joinPath(own, '..').fsPath, { recursive: true });
    await copyFile(shipped.fsPath, own.fsPath);
  }
  await vscode.commands.executeCommand('vscode.openWith', own, VIEW_TYPES[0]);
  // In a browser that shows webviews for the first time, the service worker that serves them does not always take in a
  // second page that loads beside the first: that one would stay empty for good. One after the other is safe.
  await editors.shown();
  await openPanel({ preserveFocus: true });
}

function openPanel(how: { readonly preserveFocus: boolean }): Thenable<unknown> {
  return vscode.commands.executeCommand('transcriptReview.metrics.focus', how);
}

async function sizeOf(uri: vscode.Uri): Promise<number | null> {
  return stat(uri.fsPath).then(
    ({ size }) => size,
    () => null,
  );
}

async function openFile(): Promise<void> {
  const [uri] = (await vscode.window.showOpenDialog({ title: 'Open Dataset', filters: DATASETS })) ?? [];
  if (uri) await openDataset(uri);
}

/** @param clicked the folder in the explorer; without it, one is asked for. */
async function openFolder(clicked: unknown): Promise<void> {
  const [uri] =
    clicked instanceof vscode.Uri
      ? [clicked]
      : ((await vscode.window.showOpenDialog({
          title: 'Open Folder as Dataset',
          canSelectFolders: true,
          canSelectFiles: false,
        })) ?? []);
  if (uri) await openDataset(uri);
}

/**
 * Several files as one dataset: a small file that names them is what decisions are kept beside. It is kept in a folder
 * that holds them all: a set from a stranger looks like one of ours, and may not name what lies elsewhere.
 * @param selected the files that are selected in the explorer; without them, they are asked for.
 */
async function openTogether(clicked: unknown, selected: unknown): Promise<void> {
  const uris = Array.isArray(selected)
    ? selected.filter((each) => each instanceof vscode.Uri)
    : ((await vscode.window.showOpenDialog({
        title: 'Open Files as One Dataset',
        canSelectMany: true,
        filters: DATASETS,
      })) ?? []);
  const [first] = uris;
  if (!first) return;
  if (uris.length === 1) return openDataset(first);
  const files = uris.map(({ fsPath }) => fsPath);
  const folder = commonFolder(files);
  if (folder === null) {
    void warn('the files are on different drives; copy them into one folder to read them as one dataset.');
    return;
  }
  const set = await vscode.window.showSaveDialog({
    title: `Where should the list of these files be kept? In ${folder}, or a folder above it`,
    defaultUri: vscode.Uri.file(join(folder, `together${SET_FILE}`)),
    filters: { 'List of transcript files': [SET_FILE.slice(1)] },
  });
  if (!set) return;
  const path = setFilePath(set.fsPath);
  const text = writtenSet(files, dirname(path));
  if (text.ok) {
    // VS Code has asked about the name that was given only
    const isOther = path !== set.fsPath && (await lstat(path).catch(() => null)) !== null;
    if (isOther && !(await confirm(`${path} is there already.`, 'What is in it is replaced.', 'Replace')))
      return;
    await writeWhole(path, [text.value]);
    await openDataset(vscode.Uri.file(path));
  } else if (await warn(`the list is not written: ${text.reason}.`, 'Choose Another Place')) {
    await openTogether(clicked, uris);
  }
}

function writtenSet(files: readonly string[], folder: string) {
  try {
    return { ok: true, value: setText(files, folder) } as const;
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return { ok: false, reason: error.message } as const;
  }
}

async function openDataset(uri: vscode.Uri): Promise<void> {
  const isOurs = uri.path.endsWith('.transcripts.jsonl') || uri.path.endsWith(SET_FILE);
  await vscode.commands.executeCommand('vscode.openWith', uri, isOurs ? VIEW_TYPES[0] : VIEW_TYPES[1]);
}
