import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webviewViolations } from '../../support/axe';
import { root } from '../../support/shell.mjs';
import { type Session, startSession } from './session';
import { THEMES, type Theme, type Workbench } from './workbench';

const SAMPLE = 'alignment-faking.transcripts.jsonl';
const settings = { 'transcriptReview.reviewer': 'ana@example.org' };

/** The reviewers' files beside the sample, wherever VS Code keeps it. */
function reviewLines(folder: string): { action: string; value: unknown; transcript: string }[] {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.review\/.*\.jsonl$/.test(file),
  );
  return found.flatMap((file) =>
    readFileSync(path.join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  );
}

describe('reviewing by keyboard alone', () => {
  let session: Session;
  let workbench: Workbench;

  beforeAll(async () => {
    session = await startSession({ name: 'review', settings });
    workbench = await session.open();
  });
  afterAll(() => session?.stop());

  const key = (name: string) => workbench.page.keyboard.press(name);
  const shownId = async () => (await workbench.editor()).locator('.transcript h2').textContent();
  const gap = async () => (await (await workbench.metrics()).locator('.big').textContent()) ?? '';
  const gapIs = (text: string) => expect.poll(gap).toBe(text);
  const dirtyIs = (dirty: boolean) => expect.poll(() => workbench.isDirty(SAMPLE)).toBe(dirty);
  const idIs = (id: string) => expect.poll(shownId).toContain(id);
  const reviewed = async () => (await workbench.editor()).getByText(/^\d+ reviewed$/).textContent();
  const reviewedIs = (text: string) => expect.poll(reviewed).toBe(text);

  it("opens the sample with the paper's gap in the panel", async () => {
    await workbench.runCommand('Transcript Review: Open Sample Dataset');
    await workbench.tab(SAMPLE).waitFor();
    await idIs('ho-0001-trn');
    await gapIs('+11.3 pp');
    await dirtyIs(false);
    await workbench.screenshot('opened');
  });

  it('moves through transcripts, labels and spans', async () => {
    await key('j');
    await idIs('ho-0001-unm');
    await key('k');
    await idIs('ho-0001-trn');
    await key(']');
    await expect
      .poll(async () => (await workbench.editor()).locator('mark.focused').count())
      .toBeGreaterThan(0);
    await key('Shift+L');
    await expect
      .poll(async () => (await workbench.editor()).locator('.card.focused').textContent())
      .toContain('Complied');
  });

  it('moves the gap with an override, back with undo, and there again with redo', async () => {
    await key('y');
    await gapIs('+11.6 pp');
    await dirtyIs(true);
    await key('ControlOrMeta+z');
    await gapIs('+11.3 pp');
    await dirtyIs(false);
    await key('ControlOrMeta+Shift+z');
    await gapIs('+11.6 pp');
  });

  it('confirms a span and writes a note, and saves both beside the dataset', async () => {
    await key('c');
    await key('e');
    await (await workbench.editor()).locator('vscode-text-area:focus').waitFor();
    await workbench.page.keyboard.type('yes, no and undecided', { delay: 5 });
    await key('Control+Enter');
    await key('Escape');
    await dirtyIs(true);
    await key('ControlOrMeta+s');
    await dirtyIs(false);
    const lines = reviewLines(session.profile);
    expect(lines.map(({ action }) => action)).toEqual(['label', 'confirm', 'note']);
    expect(lines.every(({ transcript }) => transcript === 'ho-0001-trn')).toBe(true);
  });

  it('adds a span from selected text, with a label from the menu', async () => {
    const editor = await workbench.editor();
    const spans = () => editor.locator('.spanItem').count();
    const before = await spans();
    const text = editor.locator('.transcript .body').last();
    const box = await text.boundingBox();
    if (!box) throw new Error('no text on screen');
    // Text is selected by mouse or with caret browsing; everything after that is the keyboard's.
    await workbench.page.mouse.dblclick(box.x + 30, box.y + 12);
    await key('a');
    await workbench.quickPick('Free to act').waitFor();
    await workbench.page.locator('.quick-input-widget:visible input:focus').waitFor();
    await workbench.page.keyboard.type('Free');
    await key('Enter');
    await expect.poll(spans).toBe(before + 1);
    await key('ControlOrMeta+z');
    await expect.poll(spans).toBe(before);
    await dirtyIs(false);
    await workbench.page.locator('.quick-input-widget').first().waitFor({ state: 'hidden' });
  });

  it('adds a span by its words, without a mouse', async () => {
    const editor = await workbench.editor();
    const spans = () => editor.locator('.spanItem').count();
    const before = await spans();
    await key('a');
    // Visible is not enough: what is typed before it has the focus goes to the editor.
    await workbench.page.locator('.quick-input-widget:visible input:focus').waitFor();
    await workbench.page.keyboard.type('a bad review');
    await key('Enter');
    await workbench.quickPick('Free to act').waitFor();
    await key('Enter');
    await expect.poll(spans).toBe(before + 1);
    await key('ControlOrMeta+z');
    await expect.poll(spans).toBe(before);
  });

  it('undoes what is saved', async () => {
    // VS Code drops an undo that comes while another still runs, so each is waited for: note, span, label.
    const note = async () => (await workbench.editor()).locator('vscode-text-area textarea').inputValue();
    const confirmed = async () =>
      (await workbench.editor()).getByRole('button', { name: /, confirm$/ }).count();
    expect(await confirmed()).toBe(1);
    await key('ControlOrMeta+z');
    await expect.poll(note).toBe('');
    await key('ControlOrMeta+z');
    await expect.poll(confirmed).toBe(0);
    await key('ControlOrMeta+z');
    await gapIs('+11.3 pp');
    await dirtyIs(true);
    await key('ControlOrMeta+Shift+z');
    await gapIs('+11.6 pp');
    await key('ControlOrMeta+Shift+z');
    await expect.poll(confirmed).toBe(1);
    await key('ControlOrMeta+Shift+z');
    await expect.poll(note).toBe('yes, no and undecided');
  });

  it('finds unsaved decisions again after the window was killed', async () => {
    await key('j');
    await idIs('ho-0001-unm');
    await key('y');
    await gapIs('+11.3 pp');
    await dirtyIs(true);
    const confirmed = async () =>
      (await workbench.editor()).getByRole('button', { name: /, confirm$/ }).count();
    await key(']');
    await key('c');
    await expect.poll(confirmed).toBe(1);
    const before = reviewLines(session.profile).length;
    await session.backedUp();
    // VS Code makes a backup about a second after a change; this one has neither of these when the window dies.
    await key('ControlOrMeta+z');
    await expect.poll(confirmed).toBe(0);
    await key('u');
    await gapIs('+11.6 pp');
    await workbench.kill();
    workbench = await session.restart();
    await workbench.tab(SAMPLE).waitFor();
    await idIs('ho-0001-unm');
    await workbench.runCommand('Transcript Review: Show Gap Metrics');
    await gapIs('+11.6 pp');
    await dirtyIs(true);
    expect(await confirmed()).toBe(0);
    expect(reviewLines(session.profile)).toHaveLength(before);
    await workbench.runCommand('File: Save');
    await dirtyIs(false);
    const saved = reviewLines(session.profile).slice(before);
    expect(saved).toMatchObject([
      { action: 'label', value: 'yes', transcript: 'ho-0001-unm' },
      { action: 'label', value: 'unsure', transcript: 'ho-0001-unm' },
    ]);
  });

  it('finds them again where VS Code has another storage for the workspace, and no backup', async () => {
    const before = reviewLines(session.profile).length;
    await key('n');
    await dirtyIs(true);
    await workbench.kill();
    workbench = await session.restart('elsewhere');
    await workbench.runCommand('Transcript Review: Open Sample Dataset');
    await workbench.tab(SAMPLE).waitFor();
    await idIs('ho-0001-trn'); // the place is not known here
    await dirtyIs(true);
    await workbench.runCommand('File: Save');
    await dirtyIs(false);
    const saved = reviewLines(session.profile);
    expect(saved).toHaveLength(before + 1);
    expect(saved.at(-1)).toMatchObject({ action: 'label', value: 'no', transcript: 'ho-0001-unm' });
  });

  it('finds them again where the browser alone has crashed, and the server waits for it to come back', async () => {
    const before = reviewLines(session.profile).length;
    await key('y');
    await key('j');
    await idIs('ho-0001-unm');
    await key('j');
    await idIs('ho-0002-trn');
    await key('n');
    await reviewedIs('3 reviewed');
    await session.crash();
    workbench = await session.reopen();
    // The browser may have been ended before it had kept what was open in it.
    await workbench.runCommand('Transcript Review: Open Sample Dataset');
    // Not the dot: VS Code may show it on the tab of a window that has crashed, with nothing unsaved behind it.
    await reviewedIs('3 reviewed');
    await workbench.runCommand('File: Save');
    await dirtyIs(false);
    const saved = reviewLines(session.profile).slice(before);
    expect(saved.map(({ value }) => value)).toEqual(['yes', 'no']);
  });

  it('has them in another window that is open, once theirs has crashed', async () => {
    const before = reviewLines(session.profile).length;
    const survivor = workbench;
    workbench = await session.openElsewhere();
    await workbench.runCommand('Transcript Review: Open Sample Dataset');
    await workbench.tab(SAMPLE).waitFor();
    await reviewedIs('3 reviewed');
    for (const id of ['ho-0001-unm', 'ho-0002-trn', 'ho-0002-unm']) {
      await key('j');
      await idIs(id);
    }
    await key('u');
    await reviewedIs('4 reviewed');
    await session.crash();
    workbench = survivor;
    await reviewedIs('4 reviewed');
    await workbench.runCommand('File: Save');
    await dirtyIs(false);
    const saved = reviewLines(session.profile).slice(before);
    expect(saved.map(({ value }) => value)).toEqual(['unsure']);
    await workbench.runCommand('Transcript Review: Show Gap Metrics');
  });

  it.each(Object.keys(THEMES) as Theme[])(
    'is readable in %s: a picture, and no violation that axe finds',
    async (theme) => {
      await workbench.setTheme(theme);
      await workbench.screenshot(`review-${theme}`);
      expect(await webviewViolations(await workbench.editor())).toEqual([]);
      expect(await webviewViolations(await workbench.metrics())).toEqual([]);
    },
  );

  it('has a note in hand before the tab can be closed over it', async () => {
    await workbench.runCommand('File: Save');
    await dirtyIs(false);
    await workbench.runCommand('Transcript Review: Edit the Note');
    await (await workbench.editor()).locator('vscode-text-area:focus').waitFor();
    await workbench.page.keyboard.type('and more');
    await dirtyIs(true);
    await key('ControlOrMeta+w');
    await workbench.page.getByRole('button', { name: 'Cancel' }).click();
    await dirtyIs(true);
  });

  it('loads nothing that the content security policy forbids', () => {
    expect(workbench.violations).toEqual([]);
  });
});

describe('a dataset that is renamed while its decisions cannot be saved', () => {
  const ROW = '.explorer-folders-view .monaco-list-row';

  it('has them under its new name', async () => {
    const file = path.join(root, 'media/sample', SAMPLE);
    const files = { 'run.transcripts.jsonl': readFileSync(file, 'utf8') };
    const session = await startSession({ name: 'renamed', settings, files });
    try {
      const workbench = await session.open();
      const { page } = workbench;
      await workbench.openFile('run.transcripts.jsonl');
      const reviewed = async () => (await workbench.editor()).getByText(/^\d+ reviewed$/).textContent();
      await expect.poll(reviewed).toBe('0 reviewed');
      await page.keyboard.press('y');
      await expect.poll(reviewed).toBe('1 reviewed');
      // A folder in the place of one's own file: as on a full disk, nothing can be appended.
      const own = path.join(session.folder, 'run.transcripts.jsonl.review/ana@example.org.jsonl');
      mkdirSync(own, { recursive: true });
      await workbench.runCommand('File: Reveal Active File in Explorer View');
      await page
        .locator(ROW)
        .filter({ hasText: /^run\.transcripts\.jsonl$/ })
        .click();
      const name = page.locator('.explorer-item-edited input');
      // On a busy machine the row may have the focus a moment after the click; a key before that goes elsewhere.
      await expect
        .poll(async () => {
          if (!(await name.isVisible())) await page.keyboard.press('F2');
          return name.isVisible();
        })
        .toBe(true);
      await name.fill('moved.transcripts.jsonl');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'OK' }).click(); // the folder of decisions is to go along
      await workbench
        .notifications()
        .filter({ hasText: 'could not be saved before it is renamed' })
        .waitFor();
      await workbench.tab('moved.transcripts.jsonl').waitFor();
      rmSync(own.replace('/run.', '/moved.'), { recursive: true });
      await page.getByRole('button', { name: 'Take Them Over' }).click();
      await expect.poll(reviewed).toBe('1 reviewed');
      await workbench.runCommand('File: Save');
      await expect.poll(() => reviewLines(session.folder)).toMatchObject([{ action: 'label', value: 'yes' }]);
    } finally {
      await session.stop();
    }
  });
});
