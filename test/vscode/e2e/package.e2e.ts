import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Session, startSession } from './session';
import { THEMES, type Theme, type Workbench } from './workbench';

const CONTENTS = [
  ...['.vsixmanifest', 'LICENSE.txt', 'changelog.md'],
  ...['dist/cli.js', 'dist/extension.js', 'dist/indexWorker.js', 'dist/searchWorker.js'],
  ...['dist/third-party-notices.txt', 'dist/webview/editor.css', 'dist/webview/editor.js'],
  ...['dist/webview/metrics.css', 'dist/webview/metrics.js'],
  ...['media/icon.png', 'media/readme/', 'media/sample/', 'package.json', 'readme.md'],
];

/** With the pictures that people look at: kept as artefacts of the run, two of them in the README. */
describe('the packaged extension in a fresh profile', () => {
  let session: Session;
  let workbench: Workbench;

  beforeAll(async () => {
    session = await startSession({
      name: 'package',
      // Breadcrumbs would show where this machine keeps its files.
      settings: { 'transcriptReview.reviewer': 'ana@example.org', 'breadcrumbs.enabled': false },
    });
    workbench = await session.open();
  });
  afterAll(() => session?.stop());

  const shows = async (id: string) =>
    expect.poll(async () => (await workbench.editor()).locator('.transcript h2').textContent()).toContain(id);

  it('holds what it needs, its notices included, and nothing else', () => {
    const installed = path.join(session.profile, 'extensions');
    const name = readdirSync(installed).find((folder) => folder.startsWith('transcript-review.')) ?? '';
    const files = readdirSync(path.join(installed, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(path.join(installed, name), path.join(entry.parentPath, entry.name)));
    const folders = (file: string) => file.replaceAll(path.sep, '/').replace(/^(media\/[^/]+)\/.*/, '$1/');
    expect([...new Set(files.map(folders))].sort()).toEqual(CONTENTS);
    const notices = readFileSync(path.join(installed, name, 'dist/third-party-notices.txt'), 'utf8');
    expect(notices).toMatch(/^zod \d+\.\d+\.\d+ \(MIT\)\n\nMIT License/m);
  });

  it('opens the sample dataset from the palette', async () => {
    await workbench.runCommand('Transcript Review: Open Sample Dataset');
    await workbench.tab('transcripts.jsonl').waitFor();
    await shows('ho-0001-trn');
    expect(await workbench.isDirty('transcripts.jsonl')).toBe(false);
  });

  it('shows a transcript with nested spans, some of them decided on', async () => {
    const { keyboard } = workbench.page;
    await keyboard.press('/');
    await (await workbench.editor()).locator('vscode-text-field:focus').waitFor();
    await keyboard.type('ho-003');
    await shows('ho-0030-trn');
    await keyboard.press('Escape');
    for (const next of [
      'ho-0030-unm',
      'ho-0031-trn',
      'ho-0031-unm',
      'ho-0032-trn',
      'ho-0032-unm',
      'ho-0033-trn',
      'ho-0033-unm',
      'ho-0034-trn',
    ]) {
      await keyboard.press('n');
      await keyboard.press('j');
      await shows(next);
    }
    await keyboard.press('y');
    for (const key of [']', 'c', ']', ']']) await keyboard.press(key);
    // As fast as that, and still in order: the first span is confirmed, the third in focus.
    const confirmed = (await workbench.editor()).getByRole('button', { name: /, confirm$/ });
    await expect.poll(() => confirmed.count()).toBe(1);
    expect(await confirmed.textContent()).toContain('There is a plain clash');
    await expect
      .poll(async () => (await workbench.editor()).locator('mark.focused').count())
      .toBeGreaterThan(0);
  });

  it.each(Object.keys(THEMES) as Theme[])('has its picture taken in %s', async (theme) => {
    await workbench.setTheme(theme);
    await (await workbench.metrics()).locator('.big').waitFor();
    await workbench.screenshot(`picture-${theme}`);
  });

  it('keeps the labels inside their cards in a narrow window', async () => {
    const { page } = workbench;
    await workbench.setTheme('light');
    const before = page.viewportSize();
    await page.setViewportSize({ width: 900, height: 900 });
    const editor = await workbench.editor();
    await editor.locator('.side .answer').first().waitFor();
    const outside = () =>
      editor.locator('.card').evaluateAll((cards) =>
        cards.flatMap((card) => {
          const { right } = card.getBoundingClientRect();
          return [...card.querySelectorAll('*')]
            .filter((part) => part.getBoundingClientRect().right > right)
            .map((part) => `${part.className}: ${part.textContent}`);
        }),
      );
    // Polled: the layout follows the window.
    await expect.poll(() => editor.locator('body').evaluate((body) => body.clientWidth)).toBeLessThan(600);
    await expect.poll(outside).toEqual([]);
    await workbench.screenshot('picture-narrow-light');
    if (before) await page.setViewportSize(before);
  });

  it('shows the whole panel', async () => {
    await workbench.setTheme('light');
    await workbench.runCommand('View: Toggle Maximized Panel');
    await (await workbench.metrics()).locator('table.rows, .rows table').first().waitFor();
    await (await workbench.metrics()).locator('svg[role=img]').nth(2).waitFor();
    await workbench.page.mouse.move(200, 500); // off the tabs
    // A tooltip may be there all the same, of what has the keyboard focus: it would be in the picture.
    await workbench.page.locator('.workbench-hover').evaluateAll((tooltips) => {
      for (const tooltip of tooltips) tooltip.remove();
    });
    await workbench.screenshot('picture-panel-light');
  });
});
