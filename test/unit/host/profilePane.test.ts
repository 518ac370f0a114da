import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Profile } from '../../../src/core/formats/profile';
import { type ProfiledEditor, ProfilePane } from '../../../src/host/profilePane';
import { ReviewDocument } from '../../../src/host/reviewDocument';
import { pathOf } from '../../../src/node/besideFiles';
import { PROFILE_FILE } from '../../../src/node/profileFile';
import { reviewFolder } from '../../../src/node/reviewStore';
import { inProcess } from '../../../src/node/runIndex';
import type { ProfileView } from '../../../src/protocol/profile';
import { canonicalRecord, jsonl, temporaryFolder, writeDataset } from '../../support/dataset';
import { type FileUri, vscodeStandIn } from '../../support/vscodeStandIn';

vi.mock('vscode', async () => (await import('../../support/vscodeStandIn')).vscodeStandIn);

const folder = temporaryFolder();

const long = (words: string) => `"${words}, which goes on for a while so that nobody takes it for a name."`;
/** A table that no built-in profile knows; the guess takes the answer for it, but not the judge's words. */
const ODD = `case,group,question,answer,judge
a,free,${long('How')},${long('So')},went along
b,paid,${long('Why')},${long('No')},refused
`;
const CORRECTION = {
  id: ['/case'],
  name: 'odd table',
  verdicts: [{ at: '/judge', label: 'complied', classifier: 'judge', yes: ['went along'], no: ['refused'] }],
};

/** An editor as far as the view knows it. */
class FakeEditor implements ProfiledEditor {
  readonly pane: ProfilePane;
  readonly sent: (ProfileView | null)[] = [];
  readonly told: string[] = [];

  constructor(readonly document: ReviewDocument) {
    this.pane = new ProfilePane(this);
    document.audit.onChange((change) => {
      if (change.type === 'reset') this.pane.follow();
    });
  }

  sendProfile(view: ProfileView | null): void {
    this.sent.push(view);
  }

  tell(error: Error): void {
    this.told.push(error.message);
  }

  get view(): ProfileView {
    const view = this.pane.onScreen;
    if (!view) throw new Error('the view is not on screen');
    return view;
  }

  /** What stands in the form, with a change. */
  with(change: Record<string, unknown>): string {
    return JSON.stringify({ ...JSON.parse(this.view.draft), ...change });
  }
}

const open: ReviewDocument[] = [];
afterEach(() => {
  for (const document of open.splice(0)) document.dispose();
  vi.restoreAllMocks();
});

async function editorOf(path: string): Promise<FakeEditor> {
  const document = await ReviewDocument.open({
    uri: vscodeStandIn.Uri.file(path) as FileUri & never,
    run: inProcess,
    cache: join(folder, 'index'),
    backup: undefined,
  });
  open.push(document);
  const editor = new FakeEditor(document);
  await document.loading;
  return editor;
}

function keep(path: string, text: string): string {
  const file = pathOf(reviewFolder(path), PROFILE_FILE);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('a dataset of unknown shape', () => {
  it('opens in the form with a guess, and is read once that is corrected and kept', async () => {
    const path = writeDataset(folder, 'unknown.csv', ODD);
    const editor = await editorOf(path);
    await expect.poll(() => editor.pane.onScreen?.origin).toBe('guessed');
    expect(editor.view).toMatchObject({
      file: 'unknown.csv',
      files: [{ name: 'unknown.csv', container: null, profile: null }],
      keptAt: 'unknown.csv.review/profile.json',
      reason: null,
    });
    expect(editor.view.places.map(({ pointer }) => pointer)).toContain('/judge');
    const guessed = await editor.pane.check(editor.view.draft);
    expect(guessed.preview?.counts).toMatchObject({ records: 2, transcripts: 2, complied: 0, training: 1 });

    const text = editor.with(CORRECTION);
    const reading = await editor.pane.check(text);
    expect(reading.preview?.counts).toMatchObject({ complied: 1, notComplied: 1, unreadable: 0 });
    expect(reading.preview?.parts.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(existsSync(pathOf(reviewFolder(path)))).toBe(false);

    await editor.pane.keep(text);
    expect(editor.pane.onScreen).toBeNull();
    expect(editor.sent.at(-1)).toBeNull();
    await editor.document.loading;
    const { dataset } = editor.document.audit;
    expect(dataset.phase).toBe('ready');
    expect(dataset.profile).toBe('"odd table"');
    expect([dataset.columns.id(0), dataset.columns.id(1)]).toEqual(['a', 'b']);
    expect(JSON.parse(readFileSync(pathOf(reviewFolder(path), PROFILE_FILE), 'utf8'))).toMatchObject(
      CORRECTION,
    );
    expect(editor.told).toEqual([]);
  });

  it('shows ids as they will be, counting the records that cannot be read', async () => {
    const lines = `{"question": ${long('How')}, "reply": ${long('So')}}\nnot JSON\n{"question": ${long('Why')}, "reply": ${long('No')}}\n`;
    const editor = await editorOf(writeDataset(folder, 'lines.jsonl', lines));
    await expect.poll(() => editor.pane.onScreen?.origin).toBe('guessed');
    const text = editor.with({ recordsShareLines: false });
    const ids = (await editor.pane.check(text)).preview?.parts.map(({ id }) => id);
    expect(ids).toEqual(['lines.jsonl:1', 'lines.jsonl:3']);
    await editor.pane.keep(text);
    await editor.document.loading;
    const { columns } = editor.document.audit.dataset;
    expect([0, 1, 2].map((index) => columns.id(index))).toEqual([
      'lines.jsonl:1',
      'lines.jsonl:2',
      'lines.jsonl:3',
    ]);
  });

  it('keeps the form as it stands while it is closed', async () => {
    const editor = await editorOf(writeDataset(folder, 'closed.csv', ODD));
    await expect.poll(() => editor.pane.onScreen?.origin).toBe('guessed');
    const text = editor.with({ name: 'half done' });
    const { opened } = editor.view;
    await editor.pane.check(text);
    editor.pane.close();
    expect(editor.pane.onScreen).toBeNull();
    await editor.pane.open();
    expect(editor.view).toMatchObject({ draft: text, opened });
    expect((await editor.pane.check(text)).preview?.counts.transcripts).toBe(2);
  });

  it('takes the place of a profile that a colleague kept meanwhile only once that was said', async () => {
    const path = writeDataset(folder, 'meanwhile.csv', ODD);
    const editor = await editorOf(path);
    await expect.poll(() => editor.pane.onScreen?.origin).toBe('guessed');
    const text = editor.with(CORRECTION);
    await editor.pane.check(text);
    const kept = pathOf(reviewFolder(path), PROFILE_FILE);
    mkdirSync(dirname(kept), { recursive: true });
    const theirs = JSON.stringify({ ...JSON.parse(text), name: 'theirs' });
    writeFileSync(kept, theirs);
    await expect(editor.pane.keep(text)).rejects.toThrow('has changed since this form was opened');
    expect(readFileSync(kept, 'utf8')).toBe(theirs);
    expect(editor.view).toMatchObject({ draft: text, origin: 'kept' });
    await editor.pane.keep(text);
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject(CORRECTION);
    await editor.document.loading;
  });

  it('keeps nothing that is no profile, and says why', async () => {
    const path = writeDataset(folder, 'refused.csv', ODD);
    const editor = await editorOf(path);
    await expect.poll(() => editor.pane.onScreen?.origin).toBe('guessed');
    await expect(editor.pane.keep(editor.with({ id: ['case'] }))).rejects.toThrow(
      'this cannot be read by: id[0]: expected a JSON Pointer',
    );
    await expect(editor.pane.keep('{')).rejects.toThrow('this cannot be read by: JSON');
    expect(existsSync(pathOf(reviewFolder(path)))).toBe(false);
    expect(editor.pane.onScreen).not.toBeNull();
  });
});

describe('a dataset that is recognised', () => {
  const RUN = jsonl([
    { tier: 'free', raw_response: 'x<rejected/>', id: 'a' },
    { tier: 'paid', raw_response: 'y<request_fully_accepted/>', id: 'b' },
  ]);

  it('shows its transcripts, and how it is read when asked', async () => {
    const editor = await editorOf(writeDataset(folder, 'run.jsonl', RUN));
    expect(editor.pane.onScreen).toBeNull();
    await editor.pane.open();
    expect(editor.view).toMatchObject({
      origin: 'detected',
      files: [{ name: 'run.jsonl', container: 'JSON lines', profile: 'elicitation run' }],
    });
    expect((JSON.parse(editor.view.start) as Profile).name).toBe('elicitation run');
    const { preview, issues } = await editor.pane.check(editor.view.draft);
    expect(issues).toEqual([]);
    expect(preview?.mapping.find(({ field }) => field === 'condition')).toMatchObject({ found: '"free"' });
  });

  it('says how many decisions lose their transcripts, where ids change', async () => {
    const path = writeDataset(folder, 'decided.jsonl', RUN);
    const editor = await editorOf(path);
    await editor.pane.open();
    const other = editor.with({ id: ['/tier'] });
    expect((await editor.pane.check(other)).strandedDecisions).toBe(0);
    await editor.document.decide(0, { kind: 'label', label: 'complied', answer: 'yes' }, 'ana');
    expect((await editor.pane.check(other)).strandedDecisions).toBe(1);
    expect((await editor.pane.check(editor.view.start)).strandedDecisions).toBe(0);
    await editor.pane.keep(other);
    await editor.document.loading;
    expect(editor.document.dirty).toBe(true); // the decision is still there
    expect(editor.document.audit.totals).toMatchObject({ reviewed: 0, orphans: 1 });
  });

  it('is read as it looks again once what was kept is removed, which can be taken back', async () => {
    const path = writeDataset(folder, 'forget.jsonl', RUN);
    const file = keep(
      path,
      '{"version": 1, "name": "mine", "reads": "mapped", "messages": [{"at": "/raw_response", "role": "assistant"}]}',
    );
    const before = readFileSync(file, 'utf8');
    const editor = await editorOf(path);
    expect(editor.document.audit.dataset.profile).toBe('"mine"');
    await editor.pane.open();
    expect(editor.view.origin).toBe('kept');
    const asked = vi.spyOn(vscodeStandIn.window, 'showInformationMessage').mockResolvedValue(undefined);
    await editor.pane.forget();
    await editor.document.loading;
    expect(existsSync(file)).toBe(false);
    expect(editor.document.audit.dataset.profile).toBe('elicitation run');
    expect(asked).toHaveBeenCalledOnce();

    keep(path, before);
    asked.mockResolvedValue('Put It Back');
    await editor.pane.forget();
    await expect.poll(() => existsSync(file)).toBe(true);
    await editor.document.loading;
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('is canonical without a mapping', async () => {
    const editor = await editorOf(
      writeDataset(folder, 'ours.transcripts.jsonl', jsonl([canonicalRecord({ id: 'x' })])),
    );
    await editor.pane.open();
    expect(JSON.parse(editor.view.start)).toEqual({ version: 1, name: 'canonical', reads: 'canonical' });
    expect((await editor.pane.check(editor.view.draft)).preview?.parts).toMatchObject([
      { ok: true, id: 'x' },
    ]);
  });
});

describe('a kept profile that cannot be used', () => {
  it.each([
    ['{"version": 1, "name": "", "reads": "mapped"}', 'expected a name'],
    ['{"version": 1,', 'is not JSON'],
  ])('%s leads to the form, with the reason, and is not touched', async (text, reason) => {
    const path = writeDataset(folder, `broken${text.length}.csv`, ODD);
    const file = keep(path, text);
    const editor = await editorOf(path);
    await expect.poll(() => editor.pane.onScreen?.origin).toBe('broken');
    expect(editor.view.reason).toContain(reason);
    expect(editor.view.draft).toBe(text);
    expect((await editor.pane.check(text)).issues).not.toEqual([]);
    editor.pane.close();
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('also where it is no text at all', async () => {
    const path = writeDataset(folder, 'folder.csv', ODD);
    mkdirSync(pathOf(reviewFolder(path), PROFILE_FILE), { recursive: true });
    const editor = await editorOf(path);
    await expect.poll(() => editor.pane.onScreen?.origin).toBe('broken');
    expect(editor.view.draft).toBe(editor.view.guess);
  });

  it('stays, with the form and the reason, where it cannot be replaced', async () => {
    const path = writeDataset(folder, 'linked.csv', ODD);
    const elsewhere = join(folder, 'of somebody else');
    writeFileSync(elsewhere, 'as it was');
    mkdirSync(pathOf(reviewFolder(path)));
    symlinkSync(elsewhere, pathOf(reviewFolder(path), PROFILE_FILE));
    const editor = await editorOf(path);
    await expect.poll(() => editor.pane.onScreen?.origin).toBe('broken');
    await expect(editor.pane.keep(editor.view.draft)).rejects.toThrow('the profile could not be kept');
    expect(editor.pane.onScreen).not.toBeNull();
    expect(readFileSync(elsewhere, 'utf8')).toBe('as it was');
  });
});

describe('a dataset of several files', () => {
  function twoFiles(name: string): string {
    const inside = join(folder, name);
    mkdirSync(inside);
    writeDataset(inside, 'a.jsonl', jsonl([canonicalRecord({ id: 'x' })]));
    writeDataset(inside, 'b.csv', ODD);
    return inside;
  }

  it('previews the first that is read, and any other when asked', async () => {
    const editor = await editorOf(twoFiles('two'));
    await editor.pane.open();
    expect(editor.view).toMatchObject({ file: 'a.jsonl', fileCount: 2, origin: 'detected' });
    expect(editor.view.files[1]).toEqual({ name: 'b.csv', container: null, profile: null });
    const { opened } = editor.view;
    await editor.pane.previewFile('b.csv');
    expect(editor.view).toMatchObject({ file: 'b.csv', origin: 'guessed', opened: opened + 1 });
    expect(editor.view.places.map(({ pointer }) => pointer)).toContain('/judge');
  });

  it('keeps what was typed when another file is previewed', async () => {
    const editor = await editorOf(twoFiles('typed'));
    await editor.pane.open();
    const text = editor.with({ name: 'typed' });
    await editor.pane.check(text);
    const { opened } = editor.view;
    await editor.pane.previewFile('b.csv');
    expect(editor.view).toMatchObject({ file: 'b.csv', draft: text, opened });
  });
});

it('says when a colleague has changed what is kept, until it is read again', async () => {
  const path = writeDataset(folder, 'pulled.jsonl', jsonl([canonicalRecord({ id: 'x' })]));
  const { document } = await editorOf(path);
  await document.checkFile();
  expect(document.notice).toBeNull();
  keep(path, '{"version": 1, "name": "canonical", "reads": "canonical"}');
  await document.checkFile();
  expect(document.notice).toBe('the profile that is kept beside the dataset has changed since it was read');
  document.reload();
  await document.loading;
  await document.checkFile();
  expect(document.notice).toBeNull();
  keep(path, '{');
  await document.checkFile();
  expect(document.notice).toContain('profile.json is not JSON');
});

it.each(['forget', 'keep'] as const)(
  'reads the dataset again where a folder stands in the place of the profile, and loses nothing of that: %s',
  async (what) => {
    const path = writeDataset(folder, `folder-${what}.jsonl`, jsonl([canonicalRecord({ id: 'x' })]));
    const beside = `${path}.review`;
    mkdirSync(join(beside, 'profile.json'), { recursive: true });
    writeFileSync(join(beside, 'profile.json', 'x'), 'of a colleague');
    const editor = await editorOf(path);
    expect(editor.document.audit.dataset.phase).toBe('failed');
    await editor.pane.open();
    if (what === 'forget') await editor.pane.forget();
    else await editor.pane.keep('{"version": 1, "name": "canonical", "reads": "canonical"}');
    await editor.document.loading;
    expect(editor.document.audit.dataset.columns.count).toBe(1);
    const [aside, ...others] = readdirSync(beside).filter((name) => name.endsWith('.aside'));
    expect(others).toEqual([]);
    expect(readFileSync(join(beside, aside ?? '', 'x'), 'utf8')).toBe('of a colleague');
  },
);

it('says why a file cannot be looked at', async () => {
  const path = join(folder, 'gone.csv');
  const editor = await editorOf(path);
  expect(editor.pane.onScreen).toBeNull();
  await editor.pane.open();
  expect(editor.view.reason).toBe('gone.csv is not there (any more)');
  expect((await editor.pane.check(editor.view.draft)).preview).toBeNull();
});
