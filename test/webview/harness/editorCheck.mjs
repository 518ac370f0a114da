/**
 * `node test/webview/harness/editorCheck.mjs [theme…]`: opens the page in Chromium in each theme, takes pictures into
 * artifacts/harness/shots and runs axe. Ends with status 1 on a violation, an error of the page or of its policy.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { launchBrowser } from '../../support/browser.mjs';
import { serveHarness } from './editorBuild.mjs';

const themes = process.argv.length > 2 ? process.argv.slice(2) : ['dark', 'light', 'hc-dark', 'hc-light'];
const shots = path.resolve('artifacts/harness/shots');
await mkdir(shots, { recursive: true });
const { url, stop } = await serveHarness();
const browser = await launchBrowser();
const faults = [];

/** What is looked at: a name, the page's query, the window's width, and what to do first. */
const scenes = [
  ['flyer', '', 1500, ['nextSpan', 'nextSpan', 'nextSpan', 'nextLabel', 'answerYes']],
  ['hostile', '', 1200, ['nextTranscript', 'nextSpan', 'confirmSpan']],
  ['bad', '', 1200, ['nextTranscript', 'nextTranscript']],
  ['keys', '', 1200, ['showKeys']],
  ['narrow', '', 620, ['nextSpan', 'rejectSpan']],
  ['indexing', 'phase=indexing', 1000, []],
  ['none', 'rows=0', 1000, []],
];

try {
  for (const theme of themes) {
    for (const [name, query, width, commands] of scenes) {
      const context = await browser.newContext({ viewport: { width, height: 780 } });
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(`${theme} ${name}: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(`${theme} ${name}: ${message.text()}`);
      });
      await page.goto(`${url}?theme=${theme}&${query}`);
      await page.waitForSelector('.statusLine b');
      for (const command of commands) {
        await page.evaluate((one) => window.perform(one), command);
        await page.waitForTimeout(60);
      }
      await page.waitForTimeout(150);
      await page.screenshot({ path: path.join(shots, `${name}-${theme}.png`) });
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, nodes } of violations) {
        for (const node of nodes)
          faults.push(`${theme} ${name}: axe ${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await stop();
}
for (const fault of faults) console.error(fault);
console.log(
  `${themes.length} themes, ${scenes.length} scenes, ${faults.length} faults; pictures in ${shots}`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
