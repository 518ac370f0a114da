/** One VS Code window, used as a person uses it: keys, palette, what is on screen. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ConsoleMessage, FrameLocator, Locator, Page } from 'playwright-core';
import { settingsFile } from '../../support/server.mjs';
import { root } from '../../support/shell.mjs';

export const THEMES = {
  dark: { name: 'Default Dark Modern', mark: '.vs-dark' },
  light: { name: 'Default Light Modern', mark: '.vs' },
  'hc-dark': { name: 'Default High Contrast', mark: '.hc-black' },
  'hc-light': { name: 'Default High Contrast Light', mark: '.hc-light' },
} as const;
export type Theme = keyof typeof THEMES;

export class Workbench {
  /** What the page and its frames said about blocked content; a webview of ours must add nothing. */
  readonly violations: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly dataDir: string,
  ) {
    page.on('console', (message: ConsoleMessage) => {
      if (message.text().includes('Content Security Policy')) this.violations.push(message.text());
    });
  }

  /** Waits until the window shows its parts and its extension host answers. */
  static async ready(page: Page, dataDir: string): Promise<Workbench> {
    const workbench = new Workbench(page, dataDir);
    await page.locator('.monaco-workbench').waitFor();
    await page.locator('#workbench\\.parts\\.statusbar').waitFor();
    return workbench;
  }

  /** The custom editor's document, for locators: `workbench.editor().getByRole('button')`. */
  editor(): FrameLocator {
    return this.webview('customEditor');
  }

  /** The Gap Metrics panel's document. */
  metrics(): FrameLocator {
    return this.webview('webviewView');
  }

  /** A webview is a frame in a frame; VS Code hides those of inactive tabs instead of removing them at once. */
  private webview(purpose: 'customEditor' | 'webviewView'): FrameLocator {
    return this.page
      .locator(`iframe.webview[src*="extensionId=transcript-review"][src*="purpose=${purpose}"]:visible`)
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  /** Runs a command by its full palette title, such as `Transcript Review: Next Span`. */
  async runCommand(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible .quick-input-box input');
    await this.page.keyboard.press('F1');
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.quickPick(title).click();
  }

  /** A row of the open quick pick with exactly this label. */
  quickPick(label: string): Locator {
    const row = this.page.locator('.quick-input-list .monaco-list-row');
    return row.filter({ has: this.page.getByText(label, { exact: true }) }).first();
  }

  /** Opens a file of the workspace in its default editor. */
  async openFile(name: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible .quick-input-box input');
    await this.page.keyboard.press('ControlOrMeta+p');
    await input.waitFor();
    await input.fill(name);
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

  /** Changes user settings; VS Code follows its settings file at once. */
  changeSettings(changes: Readonly<Record<string, unknown>>): void {
    const file = settingsFile(this.dataDir);
    const settings: unknown = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...Object(settings), ...changes }, null, 2));
  }

  /** Switches the colour theme and waits until it shows. */
  async setTheme(theme: Theme): Promise<void> {
    const { name, mark } = THEMES[theme];
    this.changeSettings({ 'workbench.colorTheme': name });
    await this.page.locator(`.monaco-workbench${mark}`).waitFor();
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
