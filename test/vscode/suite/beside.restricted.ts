import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, command, decide, decideInTheEnd, isDirty, open, twoArms, until } from './support';

/** What comes with a folder that was cloned from a stranger, opened before anybody trusts it. */
describe('files beside a dataset in Restricted Mode', () => {
  afterEach(closeAll);

  let count = 0;
  /** A dataset in the workspace, its review folder, and a file elsewhere that must stay as it is. */
  function prepare(content = twoArms(4, { training: 3, unmonitored: 1 })) {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    assert.equal(vscode.workspace.isTrusted, false);
    const uri = vscode.Uri.joinPath(workspace.uri, `case-${++count}.transcripts.jsonl`);
    writeFileSync(uri.fsPath, content);
    const victim = join(mkdtempSync(join(tmpdir(), 'transcript-review-home-')), '.bashrc');
    writeFileSync(victim, '# precious\n');
    return { uri, victim, reviews: `${uri.fsPath}.review` };
  }

  async function opened(uri: vscode.Uri) {
    const extension = await open(uri);
    await until('a transcript is on screen', () => extension.cursor()?.label);
    return extension;
  }

  const save = () => vscode.commands.executeCommand('workbench.action.files.save').then(undefined, () => {});

  it('gets nothing appended through a link, whatever stands in an id, and no decision is lost', async () => {
    const hostile = twoArms(4, { training: 3, unmonitored: 1 }).replaceAll(
      '"training-0"',
      '"$(touch /tmp/run)"',
    );
    const { uri, victim, reviews } = prepare(hostile);
    mkdirSync(reviews);
    symlinkSync(victim, join(reviews, 'ana@example.org.jsonl'));
    await opened(uri);
    await decide('answerNo', isDirty);
    await save();
    assert.equal(readFileSync(victim, 'utf8'), '# precious\n');
    assert.ok(isDirty(), 'the decision waits to be saved');
    unlinkSync(join(reviews, 'ana@example.org.jsonl'));
    await save();
    await until('saved', () => !isDirty());
    assert.match(readFileSync(join(reviews, 'ana@example.org.jsonl'), 'utf8'), /touch/);
  });

  it('is not looked for behind a review folder that is a link', async () => {
    const { uri, victim, reviews } = prepare();
    const elsewhere = join(victim, '..');
    symlinkSync(elsewhere, reviews);
    const extension = await opened(uri);
    await decide('answerNo', isDirty);
    await save();
    assert.deepEqual(readdirSync(elsewhere), ['.bashrc']);
    assert.ok(isDirty());
    assert.equal(extension.snapshot().dataset?.phase, 'ready');
  });

  it('keeps nobody waiting: pipes, devices and files without end stop neither opening nor saving', async () => {
    const { uri, reviews } = prepare();
    mkdirSync(reviews);
    symlinkSync('/dev/zero', join(reviews, 'a.jsonl'));
    execFileSync('mkfifo', [join(reviews, 'b.jsonl')]);
    execFileSync('mkfifo', [join(reviews, 'profile.json')]);
    const { snapshot } = await open(uri);
    // How it is to be read cannot be told, and is not guessed past what is kept there.
    await until('told', () => snapshot().dataset?.phase === 'failed');
    unlinkSync(join(reviews, 'profile.json'));
    await command('reload');
    await until('read', () => snapshot().dataset?.phase === 'ready');
    await command('focusList'); // back from the view that had opened to say what is wrong
    await decideInTheEnd('answerNo');
    await save();
    await until('saved', () => !isDirty());
    assert.ok(existsSync(join(reviews, 'ana@example.org.jsonl')));
  });

  it('speaks for nobody else, and an id of the last moment stops nobody', async () => {
    const { uri, reviews } = prepare();
    const extension = await opened(uri);
    await decide('answerNo', isDirty);
    await save();
    await until('saved', () => !isDirty());
    const [line = ''] = readFileSync(join(reviews, 'ana@example.org.jsonl'), 'utf8').split('\n');
    const mine = JSON.parse(line);
    const last = '7ZZZZZZZZZZZZZZZZZZZZZZZZZ';
    const forged = { ...mine, id: last, action: 'retract', target: { entry: mine.id }, value: null, saw: {} };
    const theirs = { ...mine, id: last, reviewer: 'mallory', value: 'yes' };
    writeFileSync(
      join(reviews, 'mallory.jsonl'),
      [forged, theirs].map((entry) => `${JSON.stringify(entry)}\n`).join(''),
    );
    await command('reload');
    await decideInTheEnd('answerYes');
    assert.equal(extension.snapshot().dataset?.reviewed, 1);
    await save();
    await until('saved', () => !isDirty());
    const lines = readFileSync(join(reviews, 'ana@example.org.jsonl'), 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 2);
    assert.deepEqual(JSON.parse(lines[1] ?? '').over, [mine.id]);
  });

  it('runs no pattern that never ends', async () => {
    const { uri, reviews } = prepare();
    mkdirSync(reviews);
    const pattern = `^(?:${'(a|aa)'.repeat(60)})$`;
    const profile = {
      name: 'theirs',
      reads: 'mapped',
      id: { at: '/id' },
      messages: { text: { at: '/messages/0/content' } },
      variant: { at: '/id', pattern },
    };
    writeFileSync(join(reviews, 'profile.json'), JSON.stringify(profile));
    const { snapshot } = await open(uri);
    await until('an answer', () => ['ready', 'failed'].includes(snapshot().dataset?.phase ?? ''));
  });
});
