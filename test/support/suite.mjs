/**
 * Runs the suite of test/vscode/suite in the extension host of VS Code's server, with headless Chromium as window.
 * The server gives no exit status, so the suite writes mocha's report and its counts to files (see suite/index.ts).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchBrowser, WAIT_MS } from './browser.mjs';
import { startServer } from './server.mjs';
import { cache, root } from './shell.mjs';

/** What hangs is ended; a busy machine may take many times as long as an idle one. */
const TIME_LIMIT = 30 * 60_000;

/**
 * @typedef {{ passed: number, failed: number, skipped: readonly string[] }} Counts
 */

/** Where mocha's report of a run goes. */
export const reportOf = (run) => path.join(cache, `results/${run}/report.txt`);

/**
 * Every `*.test.ts`, in a window where trust is not asked about.
 * @param {string | undefined} grep runs only the tests whose title matches
 * @returns {Promise<Counts | null>} null when the suite did not come to an end
 */
export function runSuite(grep) {
  const workspace = mkdtempSync(path.join(tmpdir(), 'transcript-review-suite-'));
  return runIn({ name: 'suite', workspace, env: { TRANSCRIPT_REVIEW_GREP: grep ?? '' } });
}

/** Every `*.restricted.ts`, in Restricted Mode: a folder from a stranger, who would like to choose for the reviewer. */
export function runRestricted(grep) {
  const workspace = mkdtempSync(path.join(tmpdir(), 'transcript-review-restricted-'));
  const own = path.join(workspace, '.vscode');
  mkdirSync(own);
  const chosen = {
    reviewer: 'mallory-by-setting',
    afterAnswer: 'nextTranscript',
    'metrics.labels': 'classifier',
    'metrics.conditioning': 'training',
  };
  const settings = Object.entries(chosen).map(([name, value]) => [`transcriptReview.${name}`, value]);
  writeFileSync(path.join(own, 'settings.json'), JSON.stringify(Object.fromEntries(settings)));
  spawnSync('git', ['init', '--quiet', workspace]);
  spawnSync('git', ['-C', workspace, 'config', 'user.email', 'mallory-by-git']);
  const global = path.join(cache, 'restricted-gitconfig');
  writeFileSync(global, '[user]\n\temail = ana@example.org\n');
  return runIn({
    name: 'restricted',
    workspace,
    env: {
      TRANSCRIPT_REVIEW_GREP: grep ?? '',
      TRANSCRIPT_REVIEW_RESTRICTED: 'yes',
      GIT_CONFIG_GLOBAL: global,
    },
    settings: {
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    },
  });
}

async function runIn({ name, workspace, env, settings = {} }) {
  const results = path.join(cache, 'results', name);
  const dataDir = path.join(cache, `${name}-profile`);
  for (const folder of [results, dataDir]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });

  const server = await startServer({
    dataDir,
    settings,
    env: { ...env, TRANSCRIPT_REVIEW_RESULTS: results },
    testDriver: true,
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(
      server.url(workspace, [
        ['skipWelcome', 'true'],
        ['extensionDevelopmentPath', server.remote(root)],
        ['extensionTestsPath', server.remote(path.join(cache, 'suite/index.js'))],
      ]),
    );
    const counts = await follow(results);
    if (counts === null || counts.failed > 0) {
      const picture = path.join(root, `artifacts/${name}-failed.png`);
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
