/** One VS Code window, used as a person uses it: keys, palette, what is on screen. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ConsoleMessage, FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { root } from '../../support/shell.mjs';

export const THEMES = {
  dark: { name: 'Dark Modern', mark: 'dark_modern', kind: 'vscode-dark' },
  light: { name: 'Light Modern', mark: 'light_modern', kind: 'vscode-light' },
  'hc-dark': { name: 'Default High Contrast', mark: 'hc_black', kind: 'vscode-high-contrast' },
  'hc-light': { name: 'Default High Contrast Light', mark: 'hc_light', kind: 'vscode-high-contrast-light' },
} as const;
export type Theme = keyof typeof THEMES;

export class Workbench {
  /** What the page and its frames said about blocked content; a webview of ours must add nothing. */
  readonly violations: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly folder: string,
  ) {
    page.on('console', (message: ConsoleMessage) => {
      if (message.text().includes('Content Security Policy')) this.violations.push(message.text());
    });
  }

  /** Waits until the window shows its parts and its extension host answers. */
  static async ready(page: Page, folder: string): Promise<Workbench> {
    const workbench = new Workbench(page, folder);
    await page.locator('.monaco-workbench').waitFor();
    await page.locator('#workbench\\.parts\\.statusbar').waitFor();
    return workbench;
  }

  /** The document of the custom editor in front: `(await workbench.editor()).getByRole('button')`. */
  editor(): Promise<FrameLocator> {
    return this.webviewIn('workbench.parts.editor');
  }

  /** The document of the view in the bottom panel, once that is open. */
  metrics(): Promise<FrameLocator> {
    return this.webviewIn('workbench.parts.panel');
  }

  /**
   * Webviews lie over the workbench, outside of its parts, and tell nothing of what they are; so the one whose
   * middle is in the part is taken. A webview that was hidden and shown again is a new one: ask again then.
   */
  private async webviewIn(part: string): Promise<FrameLocator> {
    const found = await this.page.waitForFunction((id) => {
      const area = document.getElementById(id)?.getBoundingClientRect();
      const frames = [...document.querySelectorAll<HTMLIFrameElement>('iframe.webview.ready')];
      const inside = frames.find((frame) => {
        const { x, y, width, height } = frame.getBoundingClientRect();
        const shown = width > 0 && height > 0 && getComputedStyle(frame).visibility === 'visible';
        const [left, top] = [x + width / 2, y + height / 2];
        return shown && area && left > area.left && left < area.right && top > area.top && top < area.bottom;
      });
      return inside?.name;
    }, part);
    const name = await found.jsonValue();
    const outer = this.page.locator(`iframe.webview[name="${name}"]`).contentFrame();
    return outer.locator('iframe#active-frame').contentFrame();
  }

  /** Runs a command by its full palette title, such as `Transcript Review: Next Span`. */
  async runCommand(title: string): Promise<void> {
    // The palette lists what is known when it opens, and a new window learns of extensions a little later; and it closes
    // when something else of the window takes the focus.
    for (let attempt = 1; ; attempt++) {
      try {
        await this.fillQuickInput('F1', `>${title}`);
        await this.quickPick(title).click({ timeout: 15_000 });
        return;
      } catch (error) {
        if (attempt === 10) throw error;
        await this.page.keyboard.press('Escape');
        await this.page.locator('.quick-input-widget').first().waitFor({ state: 'hidden', timeout: 15_000 });
      }
    }
  }

  private async fillQuickInput(key: string, text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible .quick-input-box input');
    await this.page.keyboard.press(key);
    await input.waitFor({ timeout: 30_000 });
    await input.fill(text, { timeout: 5_000 });
  }

  /** A row of the open quick pick with exactly this label. */
  quickPick(label: string): Locator {
    const row = this.page.locator('.quick-input-list .monaco-list-row');
    return row.filter({ has: this.page.getByText(label, { exact: true }) }).first();
  }

  /** Opens a file of the workspace in its default editor. */
  async openFile(name: string): Promise<void> {
    await this.fillQuickInput('ControlOrMeta+p', name);
    await this.quickPick(path.basename(name)).click();
    await this.tab(path.basename(name)).waitFor();
  }

  /** An editor tab by its label. */
  tab(label: string): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: label });
  }

  /** Whether the tab shows that it has unsaved changes. */
  async isDirty(label: string): Promise<boolean> {
    return /\bdirty\b/.test((await this.tab(label).getAttribute('class')) ?? '');
  }

  /** The notifications (toasts) on screen. */
  notifications(): Locator {
    return this.page.locator('.notification-toast .notification-list-item-message');
  }

  /** Changes settings of the workspace, which VS Code follows at once (its user settings file it does not). */
  changeSettings(changes: Readonly<Record<string, unknown>>): void {
    const file = path.join(this.folder, '.vscode/settings.json');
    mkdirSync(path.dirname(file), { recursive: true });
    const before: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    writeFileSync(file, JSON.stringify({ ...Object(before), ...changes }, null, 2));
  }

  /** Switches the colour theme and waits until it shows, in the webviews too, which hear of it later. */
  async setTheme(theme: Theme): Promise<void> {
    const { name, mark, kind } = THEMES[theme];
    this.changeSettings({ 'workbench.colorTheme': name });
    await this.page.locator(`.monaco-workbench[class*="-${mark}-json"]`).waitFor();
    const shown = () =>
      Promise.all(
        this.page
          .frames()
          .map((frame) =>
            frame.evaluate(() => document.body?.dataset.vscodeThemeKind).catch(() => undefined),
          ),
      );
    await expect.poll(async () => (await shown()).filter((one) => one && one !== kind)).toEqual([]);
  }

  /** Writes a picture of the window to `artifacts/NAME.png`. */
  async screenshot(name: string): Promise<void> {
    const file = path.join(root, 'artifacts', `${name}.png`);
    mkdirSync(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file });
  }

  /** Ends the window without asking it, as a crash would: nothing gets a chance to save. */
  async kill(): Promise<void> {
    await this.page.close({ runBeforeUnload: false });
  }
}
