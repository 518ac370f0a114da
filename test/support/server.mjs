/** Runs VS Code's server on loopback: the real workbench and extension host, with a browser as its window. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureServer } from './ensure.mjs';
import { run, SetupError } from './shell.mjs';

/** Nothing but the extension on screen, no look-ups outside, and saving as on a desktop (browsers save by themselves). */
export const QUIET_SETTINGS = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': 'off',
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * Installs a packaged extension into a server's data folder, as a user would.
 * @param {string} dataDir
 * @param {string} vsix
 */
export async function installExtension(dataDir, vsix) {
  const server = await ensureServer();
  const status = await run(server.node, [
    server.main,
    ...['--install-extension', vsix, '--force'],
    ...['--server-data-dir', dataDir, '--accept-server-license-terms'],
  ]);
  if (status !== 0) throw new Error(`${vsix} could not be installed`);
}

/**
 * @typedef {object} Server
 * @property {string} origin `http://127.0.0.1:PORT`
 * @property {(file: string) => string} remote the URI by which the workbench names an absolute path of this machine
 * @property {(folder: string, payload?: readonly (readonly [string, string])[]) => string} url the workbench with a
 * folder open; `payload` as VS Code's own test runner gives it, e.g. `['extensionDevelopmentPath', remote(path)]`
 * @property {() => Promise<void>} stop ends the server and everything it started; may be called twice
 */

/**
 * Starts the server and waits until it answers.
 * @param {object} options
 * @param {string} options.dataDir profile, installed extensions and logs
 * @param {Record<string, unknown>} [options.settings] user settings, over the quiet ones; a file that is there stays
 * @param {Record<string, string>} [options.env] for the server and its extension hosts
 * @param {number} [options.port] taken when it is free, else any
 * @returns {Promise<Server>}
 */
export async function startServer({ dataDir, settings = {}, env = {}, port = 0 }) {
  const server = await ensureServer();
  const settingsPath = path.join(dataDir, 'data/User/settings.json');
  mkdirSync(path.dirname(settingsPath), { recursive: true });
  if (!existsSync(settingsPath)) {
    writeFileSync(settingsPath, JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2));
  }

  const chosen = await freePort(port);
  const logPath = path.join(dataDir, 'server.log');
  const log = openSync(logPath, 'a');
  const child = spawn(
    server.node,
    [
      server.main,
      ...['--host', '127.0.0.1', '--port', String(chosen), '--without-connection-token'],
      ...['--accept-server-license-terms', '--server-data-dir', dataDir, '--telemetry-level', 'off'],
      // Without it a built workbench ignores extensionDevelopmentPath and extensionTestsPath in the address.
      '--enable-smoke-test-driver',
    ],
    // A group of its own, so that extension hosts and terminals can be ended with it.
    { detached: process.platform !== 'win32', env: { ...process.env, ...env }, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const killNow = () => signalTree(child.pid, 'SIGKILL');
  process.once('exit', killNow);

  const stop = async () => {
    signalTree(child.pid, 'SIGTERM');
    await Promise.race([exited, sleep(3000)]);
    killNow();
    process.off('exit', killNow);
    await exited;
  };

  const origin = `http://127.0.0.1:${chosen}`;
  if (!(await answers(origin, child))) {
    await stop();
    throw new SetupError(
      `VS Code's server did not start. Its output:\n${readFileSync(logPath, 'utf8').slice(-4000)}`,
    );
  }

  const remote = (file) => `vscode-remote://127.0.0.1:${chosen}${encodeURI(toUriPath(file))}`;
  const url = (folder, payload = []) => {
    const all = [['skipWelcome', 'true'], ...payload];
    const query = `folder=${encodeURIComponent(toUriPath(folder))}`;
    return `${origin}/?${query}&payload=${encodeURIComponent(JSON.stringify(all))}`;
  };
  return { origin, remote, url, stop };
}

function toUriPath(file) {
  return process.platform === 'win32' ? `/${file.replaceAll('\\', '/')}` : file;
}

/** @returns {Promise<number>} `wanted` when nothing listens there, else a free port */
function freePort(wanted) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      if (wanted === 0) reject(error);
      else resolve(freePort(0));
    });
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function answers(origin, child) {
  const end = Date.now() + 120_000;
  while (Date.now() < end && child.exitCode === null && child.signalCode === null) {
    try {
      if ((await fetch(origin, { signal: AbortSignal.timeout(5000) })).ok) return true;
    } catch {
      // Not listening yet.
    }
    await sleep(100);
  }
  return false;
}

function signalTree(pid, signal) {
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32')
      spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    else process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}
