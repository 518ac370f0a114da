/**
 * Runs the suite of test/vscode/suite in the extension host of VS Code's server, with headless Chromium as window.
 * The server gives no exit status, so the suite writes mocha's report and its counts to files (see suite/index.ts).
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchBrowser } from './browser.mjs';
import { startServer } from './server.mjs';
import { cache, root } from './shell.mjs';

const TIME_LIMIT = 5 * 60_000;

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * @param {string | undefined} grep runs only the tests whose title matches
 * @returns {Promise<Counts | null>} null when the suite did not come to an end
 */
export async function runSuite(grep) {
  const results = path.join(cache, 'results/suite');
  const dataDir = path.join(cache, 'suite-profile');
  for (const folder of [results, dataDir]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const workspace = mkdtempSync(path.join(tmpdir(), 'transcript-review-suite-'));

  const server = await startServer({
    dataDir,
    testDriver: true,
    env: { TRANSCRIPT_REVIEW_RESULTS: results, TRANSCRIPT_REVIEW_GREP: grep ?? '' },
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(
      server.url(workspace, [
        ['skipWelcome', 'true'],
        ['extensionDevelopmentPath', server.remote(root)],
        ['extensionTestsPath', server.remote(path.join(cache, 'suite/index.js'))],
      ]),
    );
    const counts = await follow(results);
    if (counts === null || counts.failed > 0) {
      const picture = path.join(root, 'artifacts/suite-failed.png');
      await page.screenshot({ path: picture }).catch(() => {});
      console.log(`The window at the end: ${picture}. Logs: ${dataDir}/data/logs`);
    }
    return counts;
  } finally {
    await browser.close();
    await server.stop();
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** Passes mocha's report on as it grows, until the counts are there. */
async function follow(results) {
  const report = path.join(results, 'report.txt');
  const countsFile = path.join(results, 'counts.json');
  const end = Date.now() + TIME_LIMIT;
  let shown = 0;
  const show = () => {
    const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
    process.stdout.write(text.slice(shown));
    shown = text.length;
  };
  while (Date.now() < end) {
    const done = existsSync(countsFile);
    show();
    if (done) return JSON.parse(readFileSync(countsFile, 'utf8'));
    await sleep(200);
  }
  console.log(`The suite did not end within ${TIME_LIMIT / 60_000} minutes.`);
  return null;
}
