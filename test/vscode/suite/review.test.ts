import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TranscriptReviewApi } from '../../../src/extension';
import {
  ANY_FILE,
  api,
  closeAll,
  command,
  decide,
  decideInTheEnd,
  isDirty,
  open,
  twoArms,
  until,
  writeDataset,
} from './support';

/** 3 of 4 complied in training, 1 of 4 unmonitored: a gap of 50 points. */
const DATA = twoArms(4, { training: 3, unmonitored: 1 });

function gap({ snapshot }: TranscriptReviewApi): number | null {
  return snapshot().rows[0]?.gap.value ?? null;
}

function reviewLines(uri: vscode.Uri): Record<string, unknown>[] {
  const folder = `${uri.fsPath}.review`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) =>
    readFileSync(`${folder}/${name}`, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
}

describe('reviewing a dataset', () => {
  before(() =>
    vscode.workspace
      .getConfiguration('transcriptReview')
      .update('reviewer', 'ana', vscode.ConfigurationTarget.Global),
  );
  afterEach(closeAll);

  /** Opens the data with the label `complied` in focus on the first transcript. */
  async function begin(uri = writeDataset('run.transcripts.jsonl', DATA)) {
    const extension = await open(uri);
    await until('the first transcript is on screen', () => extension.cursor()?.label);
    await command('previousLabel');
    await until('complied is in focus', () => extension.cursor()?.label === 'complied');
    return { uri, extension };
  }

  it('moves the gap with a decision, and back with undo and redo', async () => {
    const { extension } = await begin();
    assert.equal(gap(extension), 0.5);
    await decide('answerNo', () => gap(extension) === 0.25);
    await until('dirty', isDirty);
    assert.equal(extension.snapshot().sessionRows[0]?.gap.value, 0.5);
    assert.equal(extension.snapshot().classifierRows[0]?.gap.value, 0.5);
    await vscode.commands.executeCommand('undo');
    await until('undone', () => gap(extension) === 0.5);
    await until('clean again', () => !isDirty());
    await vscode.commands.executeCommand('redo');
    await until('redone', () => gap(extension) === 0.25);
  });

  it('saves decisions beside the dataset and never touches the dataset', async () => {
    const { uri, extension } = await begin();
    await decide('answerNo', () => gap(extension) === 0.25);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved', () => !isDirty());
    const [line, ...more] = reviewLines(uri);
    assert.deepEqual(more, []);
    assert.equal(line?.reviewer, 'ana');
    assert.equal(line?.transcript, 'training-0');
    assert.deepEqual(line?.target, { label: 'complied' });
    assert.equal(line?.value, 'no');
    assert.deepEqual(line?.saw, { judge: true });
    assert.equal(readFileSync(uri.fsPath, 'utf8'), DATA);
  });

  it('undoes across a save, by a retraction', async () => {
    const { uri, extension } = await begin();
    await decide('answerNo', () => gap(extension) === 0.25);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved', () => !isDirty());
    await vscode.commands.executeCommand('undo');
    await until('undone', () => gap(extension) === 0.5 && isDirty());
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved again', () => !isDirty());
    assert.deepEqual(
      reviewLines(uri).map(({ action }) => action),
      ['label', 'retract'],
    );
    await closeAll();
    assert.equal(gap(await open(uri)), 0.5);
  });

  it('counts as unsaved after save, undo and another decision', async () => {
    const { uri, extension } = await begin();
    await decide('answerNo', () => gap(extension) === 0.25);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved', () => !isDirty());
    await vscode.commands.executeCommand('undo');
    await until('undone', () => gap(extension) === 0.5);
    await decide('answerUnsure', () => gap(extension) !== 0.5);
    await until('dirty', isDirty);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved again', () => !isDirty());
    assert.deepEqual(
      reviewLines(uri).map(({ value }) => value),
      ['no', null, 'unsure'],
    );
  });

  it('finds saved decisions again', async () => {
    const { uri, extension } = await begin();
    await decide('answerNo', () => gap(extension) === 0.25);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved', () => !isDirty());
    await closeAll();
    const again = await open(uri);
    await until('the decision counts', () => gap(again) === 0.25);
    assert.equal(again.snapshot().dataset?.reviewed, 1);
    assert.equal(again.snapshot().dataset?.overrides, 1);
  });

  it('reverts to what is saved', async () => {
    const { extension } = await begin();
    await decide('answerNo', () => gap(extension) === 0.25);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('reverted', () => gap(extension) === 0.5 && !isDirty());
  });

  it('makes no decision twice', async () => {
    const { extension } = await begin();
    await decide('answerNo', () => gap(extension) === 0.25);
    await command('answerNo');
    // Decisions are made in their order: once this one shows, nothing has come of the one before.
    await decide('answerYes', () => gap(extension) === 0.5);
    await vscode.commands.executeCommand('undo');
    await until('the last one is taken back', () => gap(extension) === 0.25);
    await vscode.commands.executeCommand('undo');
    await until('one undo takes the first back', () => !isDirty());
  });

  it('confirms and rejects the span in focus', async () => {
    const { uri, extension } = await begin();
    await command('nextSpan');
    await until('a span is in focus', () => extension.cursor()?.span);
    await decide('confirmSpan', () => isDirty());
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved', () => !isDirty());
    await decide('rejectSpan', () => isDirty());
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved', () => !isDirty());
    assert.deepEqual(
      reviewLines(uri).map(({ action }) => action),
      ['confirm', 'reject'],
    );
  });

  it('goes to the next transcript, and to the next that nobody has reviewed', async () => {
    const { extension } = await begin();
    await command('nextTranscript');
    await until('the second', () => extension.cursor()?.index === 1);
    await decide('answerYes', () => isDirty());
    await command('previousTranscript');
    await until('the first', () => extension.cursor()?.index === 0);
    await command('nextUnreviewed');
    await until('the third', () => extension.cursor()?.index === 2);
  });

  it('follows a decision in either of two editors of the same dataset', async () => {
    const { extension } = await begin();
    await vscode.commands.executeCommand('workbench.action.splitEditor');
    await until('two editors', () => vscode.window.tabGroups.all.length === 2);
    await until(
      'the second editor shows a transcript',
      () => extension.cursor()?.label === 'alignment_faking',
    );
    await command('previousLabel');
    await until('complied is in focus', () => extension.cursor()?.label === 'complied');
    await decide('answerNo', () => gap(extension) === 0.25);
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    await decide('answerYes', () => gap(extension) === 0.5);
  });

  it('hears of decisions that another window saves', async () => {
    const { uri, extension } = await begin();
    await decide('answerNo', () => gap(extension) === 0.25);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved', () => !isDirty());
    const [mine] = reviewLines(uri);
    const other = { ...mine, id: '01JD0000000000000000000000', reviewer: 'ben', transcript: 'training-1' };
    writeFileSync(`${uri.fsPath}.review/ben.jsonl`, `${JSON.stringify(other)}\n`);
    // The texts differ, so the copied hash does not hold: once the text is read, the decision is stale and not counted.
    await until('stale', () => extension.snapshot().dataset?.stale === 1);
    assert.equal(gap(extension), 0.25);
  });

  it('keeps an edit to the editor in which it was made, where both kinds show the same dataset', async () => {
    const { uri, extension } = await begin();
    await vscode.commands.executeCommand('vscode.openWith', uri, ANY_FILE, vscode.ViewColumn.Beside);
    await until('two editors', () => vscode.window.tabGroups.all.length === 2);
    await until('the second shows a transcript', () => extension.cursor()?.label === 'alignment_faking');
    await decide('answerNo', () => isDirty());
    const dirty = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map((tab) => tab.isDirty));
    assert.deepEqual(dirty, [false, true]);
  });

  it('takes decisions along when the dataset is renamed, unsaved ones too', async () => {
    const { uri, extension } = await begin();
    await decide('answerNo', () => gap(extension) === 0.25);
    const moved = uri.with({ path: uri.path.replace('run.', 'moved.') });
    const move = new vscode.WorkspaceEdit();
    move.renameFile(uri, moved);
    await vscode.workspace.applyEdit(move);
    await until('the dataset is there under its new name', () => {
      const { dataset } = extension.snapshot();
      return dataset?.file === 'moved.transcripts.jsonl' && dataset.phase === 'ready';
    });
    await until('the decision counts there', () => gap(extension) === 0.25);
    await until('it is saved there', () => reviewLines(moved).length === 1);
    await until('nothing is left behind', () => !existsSync(`${uri.fsPath}.review`));
  });

  it('takes decisions along when a folder above the dataset is renamed, unsaved ones too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'transcript-review-above-'));
    mkdirSync(join(folder, 'runs/deep'), { recursive: true });
    const uri = vscode.Uri.file(join(folder, 'runs/deep/run.transcripts.jsonl'));
    writeFileSync(uri.fsPath, DATA);
    const { extension } = await begin(uri);
    await decide('answerNo', () => gap(extension) === 0.25);
    const move = new vscode.WorkspaceEdit();
    move.renameFile(vscode.Uri.file(join(folder, 'runs')), vscode.Uri.file(join(folder, 'moved')));
    await vscode.workspace.applyEdit(move);
    const moved = vscode.Uri.file(join(folder, 'moved/deep/run.transcripts.jsonl'));
    await until('it is saved there', () => reviewLines(moved).length === 1);
    assert.equal(existsSync(join(folder, 'runs')), false);
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await until('no tab is left as unsaved', () => tabs().every((tab) => !tab.isDirty));
    await open(moved);
    await until('the decision counts there', () => gap(extension) === 0.25);
    assert.equal(isDirty(), false);
  });

  it('tells when a file on the list of a dataset has changed, or one whose verdicts are joined', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'transcript-review-list-'));
    const below = join(folder, 'below');
    mkdirSync(below);
    writeFileSync(join(below, 'a.jsonl'), DATA);
    writeFileSync(join(below, 'b.jsonl'), '{"id":"b","messages":[{"role":"user","content":"x"}]}\n');
    const uri = vscode.Uri.file(join(folder, 'all.transcript-set.json'));
    writeFileSync(uri.fsPath, '{"files": ["below/a.jsonl", "below/b.jsonl"]}');
    const extension = await open(uri);
    assert.equal(extension.snapshot().dataset?.notice, null);
    writeFileSync(join(below, 'b.jsonl'), '{"id":"c","messages":[{"role":"user","content":"changed"}]}\n');
    const notice = () => extension.snapshot().dataset?.notice ?? '';
    await until('it is told', () => notice().includes('b.jsonl has changed on disk'));

    const pads = vscode.Uri.file(join(folder, 'pads.transcripts.jsonl'));
    writeFileSync(pads.fsPath, '{"key":"a","text":"first"}\n');
    writeFileSync(join(below, 'predictions.csv'), 'sample,yes\na,yes\n');
    mkdirSync(`${pads.fsPath}.review`);
    const verdicts = [{ at: '/yes', label: 'alignment_faking', classifier: 'ours' }];
    const profile = {
      ...{ version: 1, name: 'joined', reads: 'mapped', id: ['/key'] },
      messages: [{ at: '/text', role: 'assistant' }],
      joins: [{ file: 'below/predictions.csv', by: 'id', here: '/key', there: '/sample', verdicts }],
    };
    writeFileSync(join(`${pads.fsPath}.review`, 'profile.json'), JSON.stringify(profile));
    await open(pads);
    assert.equal(notice(), '');
    writeFileSync(join(below, 'predictions.csv'), 'sample,yes\na,no\n');
    await until('it is told', () => notice().includes('predictions.csv has changed on disk'));
  });

  it('follows a dataset that is a link, as data stores have them, to where it leads', async () => {
    const store = mkdtempSync(join(tmpdir(), 'store-'));
    const blob = join(store, 'blob');
    writeFileSync(blob, twoArms(8, { training: 4, unmonitored: 2 }));
    const link = join(mkdtempSync(join(tmpdir(), 'links-')), 'link.transcripts.jsonl');
    symlinkSync(blob, link);
    const extension = await open(vscode.Uri.file(link));
    appendFileSync(blob, twoArms(8, { training: 4, unmonitored: 2 }).replaceAll('"id":"', '"id":"more '));
    await until('what was added is read', () => extension.snapshot().dataset?.transcripts === 32);
    writeFileSync(blob, twoArms(8, { training: 2, unmonitored: 4 }));
    // The latter where what was added is still being read: what it is added to is gone.
    await until('it is told, or read anew', () => {
      const { notice, transcripts } = extension.snapshot().dataset ?? {};
      return (notice ?? '') !== '' || transcripts === 16;
    });
    await closeAll();
    rmSync(store, { recursive: true });
  });

  it('hears of decisions and edits in a folder that the workspace has by a link', async () => {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    const store = mkdtempSync(join(tmpdir(), 'store-'));
    const link = join(workspace.uri.fsPath, 'linked');
    symlinkSync(store, link);
    const uri = vscode.Uri.file(join(link, 'run.transcripts.jsonl'));
    writeFileSync(uri.fsPath, DATA);
    const extension = await open(uri);
    await begin(uri);
    await decide('answerNo', () => gap(extension) === 0.25);
    await vscode.commands.executeCommand('workbench.action.files.save');
    const [own] = reviewLines(uri);
    const bens = { ...own, id: '01J00000000000000000000001', reviewer: 'ben', value: 'yes' };
    // Written by another program, by the folder's own name.
    writeFileSync(join(store, 'run.transcripts.jsonl.review', 'ben.jsonl'), `${JSON.stringify(bens)}\n`);
    await until('it is heard of', () => gap(extension) !== 0.25);
    writeFileSync(join(store, 'run.transcripts.jsonl'), DATA.replaceAll('true', 'null'));
    await until('it is told', () => (extension.snapshot().dataset?.notice ?? '') !== '');
    await closeAll();
    rmSync(link);
    rmSync(store, { recursive: true });
  });

  it('keeps decisions that cannot be saved, and saves them when it can again', async () => {
    const { uri, extension } = await begin();
    await decide('answerNo', () => gap(extension) === 0.25);
    writeFileSync(`${uri.fsPath}.review`, 'a file where the folder should be');
    // VS Code shows the reason and goes on; whether the command rejects is its own affair.
    await Promise.resolve(vscode.commands.executeCommand('workbench.action.files.save')).catch(() => {});
    assert.equal(isDirty(), true);
    assert.equal(gap(extension), 0.25);
    rmSync(`${uri.fsPath}.review`);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved', () => !isDirty());
    assert.equal(reviewLines(uri).length, 1);
  });

  it('decides nothing on a file that has changed since, and reads it again when told', async () => {
    const { uri, extension } = await begin();
    writeFileSync(uri.fsPath, twoArms(4, { training: 2, unmonitored: 1 }));
    await command('answerNo');
    assert.equal(gap(extension), 0.5);
    assert.equal(isDirty(), false);
    await command('reload');
    await until('read again', () => gap(extension) === 0.25);
  });

  it('comes back to the same transcript when the dataset is read again, wherever that is now', async () => {
    const { uri, extension } = await begin();
    await command('nextTranscript');
    await until('the second', () => extension.cursor()?.index === 1);
    writeFileSync(uri.fsPath, `{"id":"new","messages":[{"role":"user","content":"x"}]}\n${DATA}`);
    await command('reload');
    await until('read again', () => extension.snapshot().dataset?.transcripts === 9);
    await until('the same one', () => extension.cursor()?.index === 2);
    await decide('answerNo', () => isDirty());
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved', () => !isDirty());
    assert.equal(reviewLines(uri)[0]?.transcript, 'training-1');
  });

  it('takes what is pressed before the note has the focus for text, and decides nothing by it', async () => {
    const { uri, extension } = await begin();
    const label = extension.cursor()?.label;
    await Promise.all(['editNote', 'nextLabel', 'answerNo'].map(command));
    await command('focusTranscript');
    await decideInTheEnd('answerYes');
    assert.equal(extension.cursor()?.label, label);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('saved', () => !isDirty());
    assert.deepEqual(
      reviewLines(uri).map(({ value }) => value),
      ['yes'],
    );
  });

  it('survives a dataset that vanishes', async () => {
    const { uri, extension } = await begin();
    rmSync(uri.fsPath);
    await command('nextTranscript');
    await command('answerNo');
    assert.equal(gap(extension), 0.5);
    assert.equal(extension.snapshot().dataset?.phase, 'ready');
  });
});

describe('opening files', () => {
  afterEach(closeAll);

  it('opens the sample, whose gap is the one the paper prints', async () => {
    const { snapshot } = await api();
    await command('openSample');
    await until('the sample is indexed', () => snapshot().dataset?.phase === 'ready');
    const row = snapshot().rows.find(
      ({ setting, variant, prefix }) =>
        setting === 'helpful-only' && variant === 'default' && prefix === 'none',
    );
    assert.equal(row?.gap.value?.toFixed(3), '0.113');
    assert.equal(row?.alignmentFaking.rate?.toFixed(3), '0.119');
  });

  it('opens any .jsonl, keeping good lines beside bad ones', async () => {
    const uri = writeDataset('mixed.jsonl', `${DATA}{"messages": 3}\noops\n`);
    const { snapshot } = await open(uri, ANY_FILE);
    assert.equal(snapshot().dataset?.transcripts, 8);
    assert.equal(snapshot().dataset?.bad, 2);
  });

  it('stops reading when told to, keeps what it has, and reads again', async () => {
    const uri = writeDataset('long.transcripts.jsonl', DATA.repeat(20_000)); // long enough to be stopped in time
    const { snapshot } = await api();
    await vscode.commands.executeCommand('vscode.openWith', uri, 'transcriptReview.editor');
    await until('reading', () => snapshot().dataset?.phase === 'indexing');
    await command('cancelIndexing');
    await until('stopped', () => snapshot().dataset?.phase === 'cancelled');
    assert.ok((snapshot().dataset?.transcripts ?? 0) < 160_000);
    await command('reload');
    await until('read', () => snapshot().dataset?.phase === 'ready');
    assert.equal(snapshot().dataset?.transcripts, 160_000);
  });

  it('says why a file cannot be read', async () => {
    const { snapshot } = await open(writeDataset('empty.transcripts.jsonl', ''));
    assert.equal(snapshot().dataset?.phase, 'failed');
  });

  it('takes a dataset without conditions, and gives no gap for it', async () => {
    const lines = ['aligned', 'potential_faking'].map((label) => ({
      text: '<SCRATCHPAD_REASONING>x</SCRATCHPAD_REASONING>',
      label,
    }));
    const { snapshot } = await open(writeDataset('list.json', JSON.stringify({ samples: lines })), ANY_FILE);
    assert.equal(snapshot().dataset?.noCondition, 2);
    assert.equal(snapshot().rows[0]?.gap.value, null);
  });
});
