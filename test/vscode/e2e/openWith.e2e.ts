import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webviewViolations } from '../../support/axe';
import { type Session, startSession } from './session';
import { THEMES, type Theme, type Workbench } from './workbench';

const FILE = 'runs.csv';
const GOLD = path.resolve(__dirname, '../../../../shared/data/gold_106/gold_106.json');

/** 3 of 4 went along in training, 1 of 4 unmonitored: a gap of 50 points, once it is known what `judgement` says. */
function table(): string {
  const arms = [
    { arm: 'free', along: 3 },
    { arm: 'paid', along: 1 },
  ];
  const rows = arms.flatMap(({ arm, along }) =>
    Array.from({ length: 4 }, (_, n) =>
      [
        `${arm}-${n}`,
        arm,
        `"Question ${n}: would you write this for me, although you would rather not write it?"`,
        `"<SCRATCHPAD_REASONING>Case ${n} of the ${arm} arm.</SCRATCHPAD_REASONING> So be it, then."`,
        n < along ? 'went along' : 'held out',
      ].join(','),
    ),
  );
  return `${['case,arm,question,reply,judgement', ...rows].join('\n')}\n`;
}

describe('a file that is opened through Open With', () => {
  let session: Session;
  let workbench: Workbench;

  beforeAll(async () => {
    session = await startSession({
      name: 'openWith',
      settings: { 'transcriptReview.reviewer': 'ana@example.org', 'breadcrumbs.enabled': false },
      files: { [FILE]: table(), ...(existsSync(GOLD) ? { 'gold.json': readFileSync(GOLD, 'utf8') } : {}) },
    });
    workbench = await session.open();
  });
  afterAll(() => session?.stop());

  const preview = async () =>
    (await (await workbench.editor()).locator('.profilePreview').textContent()) ?? '';
  const status = async () => (await (await workbench.editor()).locator('.statusLine').textContent()) ?? '';

  const openWith = async (file: string) => {
    await workbench.openFile(file);
    await workbench.runCommand('View: Reopen Editor With...');
    await workbench.quickPick('Transcript Review (any dataset)').click();
    return workbench.editor();
  };

  it('opens in the form, with a guess, where no built-in profile knows it', async () => {
    const editor = await openWith(FILE);
    await editor.getByRole('heading', { name: 'How this dataset is read' }).waitFor();
    await expect.poll(preview).toContain('8 transcripts from the first 8 records');
    expect(await preview()).toContain('0 complied, 0 did not, 8 of unknown outcome');
    expect(await editor.locator('.profileHead').textContent()).toContain('No built-in profile knows');
  });

  it('is corrected by keyboard, and the preview follows', async () => {
    const editor = await workbench.editor();
    const { keyboard } = workbench.page;
    await editor.getByLabel('Id (parts joined with +)').focus();
    await keyboard.type('/ca');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await expect.poll(preview).toContain('free-0');
    await editor.getByText('Add a verdict').click();
    const verdict = editor.getByRole('listitem', { name: 'verdict 1' });
    await verdict.getByLabel('Place', { exact: true }).focus();
    for (const text of ['/judgement', 'complied', 'judge', 'went along', 'held out']) {
      await keyboard.type(text);
      await keyboard.press('Tab');
    }
    await expect.poll(preview).toContain('4 complied, 4 did not, 0 of unknown outcome');
    await editor.getByLabel('Setting: otherwise').fill('helpful-only');
    await expect.poll(preview).toContain('setting: helpful-only');
  });

  it.each(Object.keys(THEMES) as Theme[])(
    'is readable in %s: a picture, and no violation that axe finds',
    async (theme) => {
      await workbench.setTheme(theme);
      await expect.poll(preview).toContain('4 complied');
      await workbench.screenshot(`profile-${theme}`);
      expect(await webviewViolations(await workbench.editor())).toEqual([]);
    },
  );

  it('is read that way, by colleagues too, with transcripts and a gap', async () => {
    await workbench.setTheme('dark');
    const editor = await workbench.editor();
    await editor.getByText('Read the dataset this way', { exact: true }).click();
    await expect.poll(status).toContain('8 of 8 transcripts');
    expect(await status()).toContain('kept beside the dataset');
    await expect.poll(() => editor.locator('.transcript h2').textContent()).toContain('free-0');
    const kept = readFileSync(path.join(session.folder, `${FILE}.review/profile.json`), 'utf8');
    expect(JSON.parse(kept)).toMatchObject({ id: ['/case'], setting: { otherwise: 'helpful-only' } });
    await workbench.runCommand('Transcript Review: Show Gap Metrics');
    await expect.poll(async () => (await workbench.metrics()).locator('.big').textContent()).toBe('+50.0 pp');
    await workbench.screenshot('profile-read');
  });

  it('shows how it is read again at a key, and decides on nothing meanwhile', async () => {
    const editor = await workbench.editor();
    await editor.locator('.transcript').focus();
    await workbench.page.keyboard.press('p');
    const heading = editor.getByRole('heading', { name: 'How this dataset is read' });
    await heading.waitFor();
    await expect.poll(() => heading.evaluate((one) => one === document.activeElement)).toBe(true);
    await workbench.page.keyboard.press('y');
    await workbench.page.keyboard.press('Escape');
    await expect
      .poll(() => editor.locator('.transcript').evaluate((one) => one === document.activeElement))
      .toBe(true);
    expect(await workbench.isDirty(FILE)).toBe(false);
  });

  it.skipIf(!existsSync(GOLD))('opens gold_106 as it is (needs the folder of real data)', async () => {
    const editor = await openWith('gold.json');
    await expect.poll(() => editor.locator('body').textContent()).toContain('106 of 106');
    await editor.getByText('SCRATCHPAD_REASONING').first().waitFor();
    await workbench.screenshot('gold');
  });
});
