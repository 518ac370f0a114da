import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, command, decide, isDirty, open, twoArms, until } from './support';

/** The workspace's settings and its git configuration name mallory; the user's own git configuration names ana. */
describe('the reviewer in Restricted Mode', () => {
  afterEach(closeAll);

  it('is not chosen by the workspace', async () => {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    assert.equal(vscode.workspace.isTrusted, false);
    assert.match(readFileSync(join(workspace.uri.fsPath, '.git/config'), 'utf8'), /mallory-by-git/);
    const uri = vscode.Uri.joinPath(workspace.uri, 'run.transcripts.jsonl');
    writeFileSync(uri.fsPath, twoArms(4, { training: 3, unmonitored: 1 }));
    const extension = await open(uri);
    await until('the first transcript is on screen', () => extension.cursor()?.label);
    await decide('answerNo', () => isDirty());
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved', () => !isDirty());
    assert.deepEqual(readdirSync(`${uri.fsPath}.review`), ['ana@example.org.jsonl']);
    // nor does it choose anything else
    const { labels, conditioning } = extension.snapshot().options;
    assert.deepEqual({ labels, conditioning }, { labels: 'adjudicated', conditioning: 'both' });
    assert.equal(extension.cursor()?.position, 0);
  });

  it('has a folder to which no .gitattributes is written without a click', async () => {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    const uri = vscode.Uri.joinPath(workspace.uri, 'run.transcripts.jsonl');
    const attributes = `${uri.fsPath}.review/.gitattributes`;
    await open(uri);
    assert.equal(existsSync(attributes), false);
    await command('writeGitAttributes');
    assert.match(readFileSync(attributes, 'utf8'), /^\*\.jsonl merge=union text eol=lf -filter .*\n$/);
  });
});
