import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EditorCommand } from '../../../src/protocol/editor';
import { axeViolations } from '../../support/axe';
import { launchBrowser, WAIT_MS } from '../../support/browser.mjs';
import { serveHarness } from '../harness/editorBuild.mjs';

/** Pictures are kept where this names a folder. */
const PICTURES = process.env.EDITOR_PICTURES;

interface Scene {
  readonly name: string;
  readonly query?: string;
  readonly width?: number;
  readonly commands?: readonly EditorCommand[];
  readonly act?: (page: Page) => Promise<unknown>;
}

const THEMES = ['dark', 'light', 'hc-dark', 'hc-light'];
/** Seen in every theme; the others say nothing new about colours. */
const EVERYWHERE = new Set(['spans', 'hostile', 'list', 'hover', 'search', 'profile', 'profile-places']);
const SCENES: readonly Scene[] = [
  { name: 'spans', width: 1500, commands: ['nextSpan', 'nextSpan', 'nextSpan', 'nextLabel', 'answerYes'] },
  { name: 'hostile', commands: ['nextTranscript', 'nextSpan', 'confirmSpan'] },
  { name: 'bad', commands: ['nextTranscript', 'nextTranscript'] },
  { name: 'keys', commands: ['showKeys'] },
  { name: 'narrow', width: 620, commands: ['nextSpan', 'rejectSpan'] },
  { name: 'very-narrow', width: 400, commands: ['nextSpan'] },
  { name: 'list', act: (page) => page.locator('.list').focus() },
  { name: 'indexing', query: 'phase=indexing', width: 1000 },
  { name: 'empty', query: 'rows=0', width: 1000 },
  {
    name: 'hover',
    act: async (page) => {
      await page.hover('mark[data-span="3"]');
      await page.waitForSelector('.hoverCard');
    },
  },
  {
    name: 'search',
    act: async (page) => {
      await page.fill('.searchField input', 'the');
      await page.waitForSelector('.match.current');
    },
  },
  { name: 'profile', query: 'profile=guessed', width: 1300 },
  { name: 'profile-narrow', query: 'profile=kept', width: 600 },
  { name: 'profile-broken', query: 'profile=broken' },
  {
    name: 'profile-places',
    query: 'profile=guessed',
    width: 1300,
    act: async (page) => {
      await page.locator('.adders').filter({ hasText: 'Add a verdict' }).getByText('Add a verdict').click();
      await page.locator('.rule[aria-label="verdict 1"] [role="combobox"]').first().fill('/ju');
      await page.keyboard.press('ArrowDown');
      await page.waitForSelector('[role="option"][aria-selected="true"]');
    },
  },
  {
    name: 'dropdown',
    act: async (page) => {
      await page.click('vscode-dropdown >> nth=1');
      await page.waitForSelector('vscode-dropdown[open]');
    },
  },
];

/** Waits until what was under way in the page has been drawn. */
async function drawn(page: Page): Promise<void> {
  const frame = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  for (let frames = 0; frames < 3; frames++) await frame();
}

/** Waits until the transcript has stood still for many frames, and the place has been kept for the next life. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((done) => {
        let [place, still] = ['', 0];
        const look = () => {
          const kept: { top?: unknown } | null = JSON.parse(
            sessionStorage.getItem('webview state') ?? 'null',
          );
          const now = `${document.querySelector('.transcript')?.scrollTop} ${JSON.stringify(kept)}`;
          still = now === place ? still + 1 : 0;
          place = now;
          if (still === 60 && kept?.top) done();
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

describe('the editor webview in a browser', () => {
  let browser: Browser;
  /** One for all pages, which keeps the scripts that it has compiled; what a webview keeps is its page's. */
  let context: BrowserContext;
  let harness: Awaited<ReturnType<typeof serveHarness>>;

  beforeAll(async () => {
    [browser, harness] = await Promise.all([launchBrowser(), serveHarness()]);
    context = await browser.newContext();
    context.setDefaultTimeout(WAIT_MS);
  });
  afterAll(() => Promise.all([browser?.close(), harness?.stop()]));

  async function open(query: string, width = 1200): Promise<{ page: Page; complaints: string[] }> {
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 780 });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`${harness.url}?${query}`);
    await page.waitForSelector('.statusLine b');
    return { page, complaints };
  }

  async function perform(page: Page, command: EditorCommand): Promise<void> {
    await page.evaluate((name) => window.perform(name), command);
    await drawn(page);
  }

  it.each(SCENES)('keeps the policy and passes axe: $name', async (scene) => {
    const { page, complaints } = await open(scene.query ?? '', scene.width);
    for (const command of scene.commands ?? []) await perform(page, command);
    await scene.act?.(page);
    await drawn(page);
    // before pictures are taken, for which the driver puts a style of its own into the page
    expect(complaints).toEqual([]);
    for (const theme of EVERYWHERE.has(scene.name) ? THEMES : ['dark']) {
      await page.evaluate((name) => window.applyTheme(name), theme);
      await drawn(page);
      if (PICTURES) {
        await mkdir(PICTURES, { recursive: true });
        await page.screenshot({ path: path.join(PICTURES, `${scene.name}-${theme}.png`) });
      }
      expect(await axeViolations(page.mainFrame()), theme).toEqual([]);
    }
    await page.close();
  });

  it('goes through a million rows by keyboard', async () => {
    const { page } = await open('rows=1000000');
    await page.keyboard.press('t');
    await page.keyboard.press('End');
    await page.waitForSelector('#row-999999.selected .id');
    const box = await page.locator('#row-999999').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(780);
    const asked = await page.evaluate(
      () => window.host.heard.filter(({ method }) => method === 'rows').length,
    );
    expect(asked).toBeLessThan(6);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('#row-1.selected .id');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.className.includes('transcript'));
    await page.close();
  });

  it('shows the rows that came between a question for rows and its answer', async () => {
    const { page } = await open('rows=2194');
    const told = await page.evaluate(() => {
      const { host } = window;
      host.tell({ phase: 'indexing', total: 1, shown: 1, revision: 2 });
      // the webview hears of one row and asks for it; by then the host has them all, and says so a little later
      host.summary = { ...host.summary, phase: 'ready', total: 2194, shown: 2194, revision: 3 };
      setTimeout(() => host.tell({}), 16);
      return host.summary.shown;
    });
    expect(told).toBe(2194);
    await page.waitForFunction(() => document.querySelector('.statusLine')?.textContent?.startsWith('2,194'));
    await page.waitForSelector('#row-20 .id');
    await page.close();
  });

  it('brings the span in focus to the middle of a megabyte, and comes back to it', async () => {
    const { page } = await open('at=3');
    await page.waitForSelector('mark');
    await page.evaluate(() => {
      const { host } = window;
      host.tellRecord(host.record(), { span: 'l1500' }, true);
    });
    await page.waitForSelector('mark.focused');
    await atRest(page);
    const place = () => page.locator('mark[data-span="1500"]').first().boundingBox();
    const before = await place();
    expect(before?.y).toBeGreaterThan(150);
    expect(before?.y).toBeLessThan(650);
    await page.reload();
    await page.waitForSelector('mark');
    await atRest(page);
    const after = await place();
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(3);
    await page.close();
  });

  it('lets one type in its fields without a decision being made', async () => {
    const { page } = await open('');
    await page.keyboard.press('/');
    await page.keyboard.type('jkynu', { delay: 20 });
    await page.waitForFunction(() => window.host.summary.filter.text === 'jkynu');
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.keyboard.type('Why not? x c');
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction(() => window.host.heard.some(({ method }) => method === 'decide'));
    const decided = await page.evaluate(() => window.host.heard.filter(({ method }) => method === 'decide'));
    expect(decided.map(({ params }) => params)).toEqual([
      expect.objectContaining({ kind: 'note', id: 'ho-0102-free', text: 'Why not? x c' }),
    ]);
    expect(await page.evaluate(() => window.host.cursor.position)).toBe(0);
    await page.close();
  });

  it('shows the filter that the host holds in the drop-downs', async () => {
    const { page } = await open('');
    await page.click('vscode-dropdown >> nth=1');
    await page.click('vscode-option:has-text("unmonitored")');
    await page.waitForFunction(() => window.host.summary.filter.condition === 'unmonitored');
    const shown = () =>
      page
        .locator('vscode-dropdown')
        .evaluateAll((all) => all.map((one) => Reflect.get(one, 'displayValue')));
    await expect.poll(async () => (await shown())[1]).toBe('unmonitored');
    await page.click('vscode-button:has-text("Clear")');
    await expect.poll(async () => (await shown())[1]).toBe('condition: all');
    await page.close();
  });
});
