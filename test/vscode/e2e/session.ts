/** A fresh VS Code with the packaged extension installed, as a user has it. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext } from 'playwright-core';
import { launchProfile } from '../../support/browser.mjs';
import { installExtensions, type Server, startServer } from '../../support/server.mjs';
import { cache, root } from '../../support/shell.mjs';
import { Workbench } from './workbench';

const VSIX = path.join(root, 'transcript-review.vsix');

/** How many times slower the browser is made: what depends on its speed fails here rather than on a busy machine. */
const SLOWNESS = Number(process.env.TRANSCRIPT_REVIEW_SLOW ?? 1);

export interface Session {
  /** The workspace: a temporary folder. */
  readonly folder: string;
  /** All that VS Code keeps for this profile on the server's side. */
  readonly profile: string;
  /** Waits until VS Code has written a backup of unsaved work. */
  readonly backedUp: () => Promise<void>;
  /** Opens a window on the workspace and waits until VS Code can be used. */
  readonly open: () => Promise<Workbench>;
  /**
   * Ends browser and server without asking the window, and starts both again with the same profile and workspace;
   * 'elsewhere' by another port, and with a browser that was never here.
   */
  readonly restart: (where?: 'elsewhere') => Promise<Workbench>;
  /** Opens a window in a browser of its own, which was never here. */
  readonly openElsewhere: () => Promise<Workbench>;
  /** Ends the browser that was opened last, and all of its windows, as a crash would: the server waits for them. */
  readonly crash: () => Promise<void>;
  /** Starts that browser again, with the same profile, and opens a window. */
  readonly reopen: () => Promise<Workbench>;
  readonly stop: () => Promise<void>;
}

export interface SessionOptions {
  /** Names the profile and its logs, in `.vscode-test/e2e/`. */
  readonly name: string;
  /** Contents of the workspace's files by relative path. */
  readonly files?: Readonly<Record<string, string>>;
  /** User settings, over the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Starts VS Code's server and a browser, both with a new profile. Stop it in `afterAll`. */
export async function startSession(options: SessionOptions): Promise<Session> {
  // A runner that is ended leaves its worker behind, and the worker everything that it has started.
  process.once('disconnect', () => process.exit(1));
  const home = path.join(cache, 'e2e', options.name);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(path.join(tmpdir(), `transcript-review-${options.name}-`));
  for (const [name, text] of Object.entries(options.files ?? {})) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  if (!existsSync(VSIX))
    throw new Error(`${VSIX} is missing: run npm run package, or npm test -- --only e2e`);
  const dataDir = path.join(home, 'server');
  await installExtensions(dataDir, [VSIX]);

  const settings = options.settings ?? {};
  let server: Server = await startServer({ dataDir, settings });
  // A browser keeps its storage by address, so a restart must come back on the same port.
  const port = Number(new URL(server.origin).port);
  let browser = path.join(home, 'browser');
  let context: BrowserContext = await launchProfile(browser);
  const before: BrowserContext[] = [];
  const launch = async (name: string) => {
    browser = path.join(home, name);
    context = await launchProfile(browser);
  };

  const open = async () => {
    const page = await context.newPage();
    if (SLOWNESS > 1) {
      const devtools = await context.newCDPSession(page);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWNESS });
    }
    await page.goto(server.url(folder));
    return Workbench.ready(page, folder);
  };
  const stop = async () => {
    await context.close();
    for (const other of before.splice(0)) await other.close();
    await server.stop();
  };
  return {
    folder,
    profile: dataDir,
    backedUp: () => waitForBackup(path.join(dataDir, 'data/User')),
    open,
    restart: async (where) => {
      await stop();
      server = await startServer({ dataDir, settings, ...(where ? {} : { port }) });
      await launch(where ?? 'browser');
      return open();
    },
    openElsewhere: async () => {
      before.push(context);
      await launch('another');
      return open();
    },
    crash: async () => {
      const closed = context.waitForEvent('close');
      process.kill(processOf(browser), 'SIGKILL');
      await closed;
    },
    reopen: async () => {
      context = await launchProfile(browser);
      return open();
    },
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The number of the process that has a browser's profile open. */
function processOf(profile: string): number {
  const lock = readlinkSync(path.join(profile, 'SingletonLock')); // HOST-NUMBER
  return Number(lock.slice(lock.lastIndexOf('-') + 1));
}

/**
 * The extension's part of a backup is a file with the unsaved decisions; which files belong to which editor the window
 * notes in the browser's storage, a few seconds later, where nothing outside can see it.
 */
async function waitForBackup(userData: string): Promise<void> {
  const isBackup = (file: string) =>
    /[/\\]transcript-review\.transcript-review[/\\]/.test(file) &&
    !file.includes('.review') &&
    !file.endsWith('.jsonl') &&
    !file.endsWith('.json');
  for (let left = 100; ; left--) {
    const files = readdirSync(userData, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    if (files.some((file) => isBackup(file) && readFileSync(file, 'utf8').includes('"action"'))) break;
    if (left === 0) throw new Error(`no backup in ${userData}`);
    await sleep(100);
  }
  await sleep(6_000);
}
