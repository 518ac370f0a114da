import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ulid } from 'ulid';
import { describe, expect, it, vi } from 'vitest';
import { type MadeEdit, ReviewDocument } from '../../../src/host/reviewDocument';
import { inProcess, type RunIndex } from '../../../src/node/runIndex';
import { canonicalRecord, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { eventually } from '../../support/eventually';
import { JOINED_PROFILE } from '../../support/joinedProfile';
import { type FileUri, vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const folder = temporaryFolder();
const DATA = jsonl(['t1', 't2', 't3'].map((id) => canonicalRecord({ id })));
const YES = { kind: 'label', label: 'complied', answer: 'yes' } as const;
const running = { isCancellationRequested: false } as never;

/** The stand-in has only what is used of a Uri. */
function uri(path: string): FileUri & never {
  return vscodeStandIn.Uri.file(path) as FileUri & never;
}

async function opened(path: string, backup?: FileUri & never, takenBack: readonly string[] = []) {
  const document = await ReviewDocument.open({
    uri: uri(path),
    run: inProcess,
    cache: join(folder, 'index'),
    backup: backup && { uri: backup, takenBack: new Set(takenBack) },
  });
  const edits: MadeEdit[] = [];
  let missed = 0;
  document.onDidEdit((edit) => edits.push(edit));
  document.onDidMissEdit(() => missed++);
  await document.loading;
  return { document, edits, missed: () => missed };
}

function lines(path: string): readonly string[] {
  const file = join(`${path}.review`, 'ana.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

describe('ReviewDocument', () => {
  it('takes in what was written while it read, though nobody tells it then', async () => {
    const path = writeDataset(folder, 'running.jsonl', DATA);
    const add = (id: string) => appendFileSync(path, jsonl([canonicalRecord({ id })]));
    let passes = 0;
    const run: RunIndex = async (request, emit, signal) => {
      await inProcess(request, emit, signal);
      if (++passes <= 2) add(`meanwhile ${passes}`);
    };
    const document = await ReviewDocument.open({ uri: uri(path), run, cache: folder, backup: undefined });
    await eventually(() => expect(passes).toBe(3));
    expect(document.audit.dataset.columns.count).toBe(5);
    expect(document.notice).toBe(null);
  });

  it('reads a dataset with joins anew when it grows, and then rests', async () => {
    const own = join(folder, 'joined');
    mkdirSync(join(own, 'pads.jsonl.review'), { recursive: true });
    const path = writeDataset(own, 'pads.jsonl', jsonl([{ key: 'a', text: 'first' }]));
    writeDataset(own, 'predictions.csv', 'sample,prediction\na,yes\n');
    writeDataset(join(own, 'pads.jsonl.review'), 'profile.json', JSON.stringify(JOINED_PROFILE));
    let passes = 0;
    const run: RunIndex = (request, emit, signal) => {
      passes++;
      return inProcess(request, emit, signal);
    };
    const document = await ReviewDocument.open({ uri: uri(path), run, cache: folder, backup: undefined });
    const verdicts = async () => {
      const record = await document.audit.dataset.record(0);
      return record.kind === 'transcript' ? record.transcript.verdicts.length : null;
    };
    await document.loading;
    expect([await verdicts(), document.audit.dataset.errors]).toEqual([1, 0]);
    for (const [count, key] of [
      [2, 'b'],
      [3, 'c'],
    ] as const) {
      appendFileSync(path, jsonl([{ key, text: 'more' }]));
      await document.checkFile();
      await document.loading;
      await document.checkFile();
      const { dataset } = document.audit;
      // What is joined fits what is said of it, however often the file grows.
      expect([dataset.columns.count, await verdicts(), dataset.errors]).toEqual([count, 0, 1]);
      expect(dataset.fileErrors[0]?.reason).toContain('has no counterpart in predictions.csv');
      expect([await dataset.look(), document.notice, passes]).toEqual([{ kind: 'same' }, null, count]);
    }
    document.dispose();
  });

  it('reads a folder anew when a file in it that was empty has lines, and rests beside one that it cannot read', async () => {
    const path = join(folder, 'sweep');
    mkdirSync(path);
    const write = (name: string, text: string) => appendFileSync(join(path, name), text);
    write('a.jsonl', DATA);
    write('b.jsonl', '');
    write('notes.jsonl', '{"of": "no known shape"}\n');
    let passes = 0;
    const run: RunIndex = (request, emit, signal) => {
      passes++;
      return inProcess(request, emit, signal);
    };
    const document = await ReviewDocument.open({ uri: uri(path), run, cache: folder, backup: undefined });
    await document.loading;
    await document.checkFile();
    const counts = () => [document.audit.dataset.columns.count, passes];
    expect(counts()).toEqual([3, 1]);
    // The one that is read grows: what is new is taken in.
    write('a.jsonl', jsonl([canonicalRecord({ id: 't4' })]));
    await document.checkFile();
    expect([...counts(), document.notice]).toEqual([4, 2, null]);
    write('b.jsonl', jsonl([canonicalRecord({ id: 'b1' })]));
    await document.checkFile();
    await document.loading;
    await document.checkFile();
    expect([...counts(), document.notice]).toEqual([5, 3, null]);
    write('notes.jsonl', '{"of": "none either"}\n');
    await document.checkFile();
    expect([...counts(), document.notice]).toEqual([
      5,
      3,
      'notes.jsonl, which was not read whole, has changed on disk since',
    ]);
    document.dispose();
  });

  it('goes on following the file after a stop that came when nothing was being read', async () => {
    const path = writeDataset(folder, 'followed.jsonl', DATA);
    const { document } = await opened(path);
    document.cancelLoading();
    appendFileSync(path, jsonl([canonicalRecord({ id: 't4' })]));
    await document.checkFile();
    // The look that follows every reading may be under way still, and take it in.
    await eventually(() => expect(document.audit.dataset.columns.count).toBe(4));
  });

  it('also saves what is decided while it saves, since VS Code calls that saved', async () => {
    const path = writeDataset(folder, 'meanwhile.jsonl', DATA);
    const { document } = await opened(path);
    await document.decide(0, YES, 'ana');
    const { log } = document.audit;
    const [first] = log.pending();
    const markSaved = log.markSaved.bind(log);
    vi.spyOn(log, 'markSaved').mockImplementationOnce((entries) => {
      if (first) log.apply({ ...first, id: ulid(), transcript: 't2' });
      return markSaved(entries);
    });
    await document.save();
    expect(document.dirty).toBe(false);
    expect(lines(path)).toHaveLength(2);
  });

  it('keeps each backup in a file of its own, until a newer one is known', async () => {
    const path = writeDataset(folder, 'backups.jsonl', DATA);
    const destination = uri(join(folder, 'backups', 'same'));
    const [a, b] = [await opened(path), await opened(path)];
    await a.document.decide(0, YES, 'ana');
    await b.document.decide(1, YES, 'ben');
    const first = await a.document.backup(destination, running);
    const second = await b.document.backup(destination, running);
    expect(first.id).not.toBe(second.id);
    expect(readFileSync(first.id.replace('file://', ''), 'utf8')).toContain('"t1"');

    const { document } = await opened(path, uri(first.id.replace('file://', '')));
    expect(document.audit.log.pending().map(({ transcript }) => transcript)).toEqual(['t1']);
    const third = await document.backup(destination, running);
    expect(existsSync(first.id.replace('file://', ''))).toBe(true);
    third.delete();
    await eventually(() => expect(existsSync(first.id.replace('file://', ''))).toBe(false));
  });

  it('leaves out of a backup what was undone after it', async () => {
    const path = writeDataset(folder, 'undone.jsonl', DATA);
    const { document: before } = await opened(path);
    for (const index of [0, 1]) await before.decide(index, YES, 'ana');
    const { id } = await before.backup(uri(join(folder, 'undone')), running);
    const [first] = before.audit.log.pending();
    const { document } = await opened(path, uri(id.replace('file://', '')), [first?.id ?? '']);
    expect(document.audit.log.pending()).toEqual(before.audit.log.pending().slice(1));
  });

  it('does not call a backup broken that VS Code has replaced already: a journal holds what was in it', async () => {
    const warned = vi.spyOn(vscodeStandIn.window, 'showWarningMessage');
    const path = writeDataset(folder, 'gone.jsonl', DATA);
    const { document } = await opened(path, uri(join(folder, 'no-backup')));
    expect(document.backupIsGone).toBe(true);
    expect(warned).not.toHaveBeenCalled();
    document.dispose();
    warned.mockRestore();
  });

  it('leaves no cancelled backup behind that VS Code would take for the newest', async () => {
    const { document } = await opened(writeDataset(folder, 'cancelled.jsonl', DATA));
    const cancelled = { isCancellationRequested: true } as never;
    await expect(document.backup(uri(join(folder, 'cancelled')), cancelled)).rejects.toBeInstanceOf(
      vscodeStandIn.CancellationError,
    );
  });

  it('tells VS Code once of decisions from a backup, which it has no edits for', async () => {
    const path = writeDataset(folder, 'restored.jsonl', DATA);
    const before = await opened(path);
    await before.document.decide(0, YES, 'ana');
    const { id } = await before.document.backup(uri(join(folder, 'restored')), running);
    const { document, missed } = await opened(path, uri(id.replace('file://', '')));
    document.announceRestored();
    document.announceRestored();
    expect(missed()).toBe(1);
  });

  it('does not bring back by an undo what a revert has dropped', async () => {
    const { document, edits } = await opened(writeDataset(folder, 'reverted.jsonl', DATA));
    await document.decide(0, YES, 'ana');
    await document.save();
    edits[0]?.undo();
    await document.decide(1, YES, 'ana');
    document.revert();
    edits[1]?.undo();
    expect(document.audit.log.review('t2').labels.size).toBe(0);
    expect(document.audit.log.review('t1').labels.size).toBe(1);
    edits[1]?.redo();
    expect(document.audit.log.review('t2').labels.size).toBe(1);
  });

  it('saves a copy with all decisions, and never over those of another dataset', async () => {
    const path = writeDataset(folder, 'original.jsonl', DATA);
    const { document } = await opened(path);
    await document.decide(0, YES, 'ana');
    await document.save();
    await document.decide(1, YES, 'ana');
    const copy = join(folder, 'copies', 'copy.jsonl');
    await document.saveAs(uri(copy));
    expect(readFileSync(copy, 'utf8')).toBe(DATA);
    expect(lines(copy)).toHaveLength(2);

    const other = writeDataset(folder, 'other.jsonl', 'another dataset');
    mkdirSync(`${other}.review`);
    writeFileSync(join(`${other}.review`, 'ana.jsonl'), 'decisions on it');
    await expect(document.saveAs(uri(other))).rejects.toThrow('holds decisions already');
    expect(readFileSync(other, 'utf8')).toBe('another dataset');
    expect(lines(other)).toEqual(['decisions on it']);
  });

  it('has in a copy what is decided and undone while it is made', async () => {
    const path = writeDataset(folder, 'long.jsonl', DATA);
    const { document, edits } = await opened(path);
    await document.decide(0, YES, 'ana');
    const { log } = document.audit;
    const share = log.share.bind(log);
    // Once what is unsaved is on its way into the copy.
    log.share = () => {
      share();
      log.share = share;
      queueMicrotask(() => {
        edits[0]?.undo();
        void document.decide(1, YES, 'ana');
      });
    };
    const copy = join(folder, 'long copies', 'copy.jsonl');
    await document.saveAs(uri(copy));
    expect(document.dirty).toBe(false);
    expect(lines(copy)).toHaveLength(3);
    const reviewed = (await opened(copy)).document.audit.log.reviewedTranscripts();
    expect([...reviewed]).toEqual(['t2']);
  });

  it('leaves nothing of a copy that failed, so that the next try is not refused', async () => {
    const path = writeDataset(folder, 'no room.jsonl', DATA);
    const { document } = await opened(path);
    await document.decide(0, YES, 'bo');
    await document.save();
    await document.decide(1, YES, 'ana');
    const inTheWay = join(`${path}.review`, 'ana.jsonl');
    mkdirSync(inTheWay);
    writeFileSync(join(inTheWay, 'file'), '');
    const copy = join(folder, 'no room yet', 'copy.jsonl');
    await expect(document.saveAs(uri(copy))).rejects.toThrow('is a folder');
    expect(readdirSync(dirname(copy))).toEqual([]);
    expect(document.dirty).toBe(true);
    rmSync(inTheWay, { recursive: true });
    await document.saveAs(uri(copy));
    expect(readdirSync(dirname(copy)).sort()).toEqual(['copy.jsonl', 'copy.jsonl.review']);
    expect(readdirSync(`${copy}.review`).sort()).toEqual(['ana.jsonl', 'bo.jsonl']);
  });

  it('saves itself when it is to be saved as itself', async () => {
    const path = writeDataset(folder, 'itself.jsonl', DATA);
    const { document } = await opened(path);
    await document.decide(0, YES, 'ana');
    const { ino } = statSync(path);
    await document.saveAs(uri(path));
    expect([document.dirty, lines(path).length, statSync(path).ino]).toEqual([false, 1, ino]);
    await document.decide(1, YES, 'ana');
    await document.saveAs(uri(path));
    expect(lines(path)).toHaveLength(2);
  });

  it('tells once what is saved beside no dataset, since that was moved', async () => {
    const warned = vi.spyOn(vscodeStandIn.window, 'showWarningMessage');
    const path = writeDataset(folder, 'went away.jsonl', DATA);
    const { document } = await opened(path);
    await document.decide(0, YES, 'ana');
    await document.decide(1, YES, 'ana');
    await document.save();
    const saved = async () => {
      await document.save();
      await document.whenLooked();
    };
    renameSync(path, `${path}.moved`);
    await saved();
    expect(warned).toHaveBeenCalledTimes(1);
    expect(warned.mock.calls[0]?.[0]).toContain(
      'went away.jsonl.review, but the dataset is not there any more',
    );
    await saved();
    expect(warned).toHaveBeenCalledTimes(1);
    renameSync(`${path}.moved`, path);
    await saved();
    renameSync(path, `${path}.moved`);
    await saved();
    expect(warned).toHaveBeenCalledTimes(2);
    expect(lines(path)).toHaveLength(2);
    warned.mockRestore();
  });

  it('says that it saved beside nothing where a rename has failed before', async () => {
    const path = writeDataset(folder, 'stays.jsonl', DATA);
    const { document } = await opened(path);
    const told = vi.spyOn(vscodeStandIn.window, 'showWarningMessage');
    document.isMoved = true; // VS Code was about to rename it, and failed
    await document.decide(0, YES, 'ana');
    renameSync(path, `${path}.elsewhere`);
    await document.save();
    await document.whenLooked();
    expect(told.mock.calls.flat().join('\n')).toContain('but the dataset is not there any more');
    told.mockRestore();
  });

  it('keeps what was not saved in the copy only: VS Code calls this one saved then, in a second editor, too', async () => {
    const told = vi.spyOn(vscodeStandIn.window, 'showInformationMessage');
    const path = writeDataset(folder, 'left as saved.jsonl', DATA);
    const { document, edits } = await opened(path);
    await document.decide(0, YES, 'ana');
    await document.save();
    await document.decide(1, YES, 'ana');
    const copy = join(folder, 'as saved', 'copy.jsonl');
    await document.saveAs(uri(copy));
    expect(document.dirty).toBe(false);
    expect(document.audit.totals.reviewed).toBe(1);
    expect([lines(path).length, lines(copy).length]).toEqual([1, 2]);
    expect(told.mock.calls[0]?.[0]).toContain('1 unsaved decision is in the copy only');
    edits[1]?.undo();
    expect([document.dirty, document.audit.totals.reviewed]).toEqual([false, 1]);
    edits[1]?.redo();
    expect([document.dirty, document.audit.totals.reviewed]).toEqual([true, 2]);
    told.mockRestore();
  });

  it('replaces a link where it is saved to, and leaves what that leads to alone', async () => {
    const precious = writeDataset(folder, 'precious', 'precious');
    const link = join(folder, 'link.jsonl');
    symlinkSync(precious, link);
    const path = writeDataset(folder, 'no link.jsonl', DATA);
    chmodSync(path, 0o600); // which others may not read, and not the copy either
    const { document } = await opened(path);
    await document.saveAs(uri(link));
    expect(statSync(link).mode & 0o777).toBe(0o600);
    expect(lstatSync(link).isFile()).toBe(true);
    expect(readFileSync(link, 'utf8')).toBe(DATA);
    expect(readFileSync(precious, 'utf8')).toBe('precious');
  });
});
