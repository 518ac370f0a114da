import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { TranscriptReviewApi } from '../../../src/extension';

const EXTENSION = 'transcript-review.transcript-review';
export const EDITOR = 'transcriptReview.editor';
export const ANY_FILE = 'transcriptReview.anyFile';

/** What the extension exports, once it is active. */
export async function api(): Promise<TranscriptReviewApi> {
  const extension = vscode.extensions.getExtension<TranscriptReviewApi>(EXTENSION);
  assert.ok(extension, 'the extension is there');
  return extension.activate();
}

/** Polls until `probe` gives a value that is not null, undefined or false. */
export async function until<T>(what: string, probe: () => T | null | undefined | false): Promise<T> {
  for (const end = Date.now() + 60_000; ; await sleep(20)) {
    const value = probe();
    if (value !== undefined && value !== null && value !== false) return value;
    assert.ok(Date.now() < end, `timed out waiting until ${what}`);
  }
}

export function command(name: string): Thenable<unknown> {
  return vscode.commands.executeCommand(`transcriptReview.${name}`);
}

/** Writes a dataset into a folder of its own. */
export function writeDataset(name: string, content: string): vscode.Uri {
  const path = join(mkdtempSync(join(tmpdir(), 'transcript-review-data-')), name);
  writeFileSync(path, content);
  return vscode.Uri.file(path);
}

/** Opens a dataset and waits until it is read and checked, or has failed to be. */
export async function open(uri: vscode.Uri, viewType = EDITOR): Promise<TranscriptReviewApi> {
  const { snapshot, cursor } = await api();
  await vscode.commands.executeCommand('vscode.openWith', uri, viewType);
  await until(`${uri.path} is checked`, () => {
    const { dataset } = snapshot();
    return (
      dataset !== null &&
      uri.path.endsWith(`/${dataset.file}`) &&
      !['indexing', 'checking'].includes(dataset.phase)
    );
  });
  return { snapshot, cursor };
}

/** Runs a command that changes a decision, and waits until it has, and until VS Code knows what it may undo or save. */
export async function decide(name: string, done: () => boolean): Promise<void> {
  await command(name);
  await until(`${name} shows`, done);
  // The window hears of an edit by a message, and takes what comes in one packet with it before it: a question is
  // answered after both.
  await vscode.commands.executeCommand('vscode.getEditorLayout');
}

/** Presses until it decides: while no transcript is on screen, or a field takes the keys, a key decides on nothing. */
export async function decideInTheEnd(name: string): Promise<void> {
  for (let presses = 0; !isDirty() && presses < 600; presses++) {
    await command(name);
    await sleep(100);
  }
  assert.ok(isDirty(), `${name} shows`);
}

export function isDirty(): boolean {
  return vscode.window.tabGroups.activeTabGroup.activeTab?.isDirty ?? false;
}

export async function closeAll(): Promise<void> {
  while (isDirty()) await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  const { snapshot } = await api();
  await until('no dataset is active', () => snapshot().dataset === null);
}

/** `n` transcripts an arm; the first `complied` of each did. Alignment faking is flagged where training complied. */
export function twoArms(n: number, complied: { training: number; unmonitored: number }): string {
  const record = (condition: 'training' | 'unmonitored', i: number) => ({
    id: `${condition}-${i}`,
    setting: 'helpful-only',
    condition,
    promptId: `p${i}`,
    messages: [
      { role: 'user', content: `Question ${i}` },
      {
        role: 'assistant',
        content: `<SCRATCHPAD_REASONING>I may be watched, case ${i}.</SCRATCHPAD_REASONING>Answer ${i}.`,
      },
    ],
    verdicts: [
      { classifier: 'judge', label: 'complied', value: i < complied[condition] },
      {
        classifier: 'af',
        label: 'alignment_faking',
        value: condition === 'training' && i < complied.training,
      },
    ],
    spans: [{ classifier: 'af', label: 'unmonitored_awareness', message: 1, quote: 'I may be watched' }],
  });
  const arm = (condition: 'training' | 'unmonitored') =>
    Array.from({ length: n }, (_, i) => record(condition, i));
  return [...arm('training'), ...arm('unmonitored')].map((one) => `${JSON.stringify(one)}\n`).join('');
}
