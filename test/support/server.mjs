/** Runs VS Code's server on loopback: the real workbench and extension host, with a browser as its window. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureServer } from './ensure.mjs';
import { makePrivateFolder, newToken, writePrivateFile } from './private.mjs';
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
 * Installs packaged extensions into a server's data folder, as a user would.
 * @param {string} dataDir
 * @param {readonly string[]} vsixes
 */
export async function installExtensions(dataDir, vsixes) {
  const server = await ensureServer();
  makePrivateFolder(dataDir);
  const status = await run(server.node, [
    server.main,
    ...vsixes.flatMap((vsix) => ['--install-extension', vsix]),
    ...['--force', '--server-data-dir', dataDir, '--accept-server-license-terms'],
  ]);
  if (status !== 0) throw new Error(`${vsixes.join(', ')} could not be installed`);
}

function writeSettings(file, settings) {
  mkdirSync(path.dirname(file), { recursive: true });
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(settings, null, 2));
}

/**
 * @typedef {object} Server
 * @property {string} origin `http://127.0.0.1:PORT`
 * @property {(file: string) => string} remote the URI by which the workbench names an absolute path of this machine
 * @property {(folder: string, payload?: readonly (readonly [string, string])[]) => string} url the workbench with a
 * folder open, and a secret: whoever has it can run programs as this account. `payload` as VS Code's own test runner
 * gives it, e.g. `['extensionDevelopmentPath', remote(path)]`; heard with `testDriver` only
 * @property {string} secrets folder that only this account may read, gone when the server stops
 * @property {() => Promise<void>} stop ends the server and everything it started; may be called twice
 */

/**
 * Starts the server and waits until it listens. It serves whoever knows its token, which its addresses hold (the
 * browser keeps it in a cookie from then on): other accounts of this machine can reach its port, but not use it.
 * @param {object} options
 * @param {string} options.dataDir profile, installed extensions and logs
 * @param {Record<string, unknown>} [options.settings] user settings, over the quiet ones; a file that is there stays
 * @param {Record<string, string>} [options.env] for the server and its extension hosts
 * @param {number} [options.port] taken when it is free, else any
 * @param {boolean} [options.testDriver] VS Code's driver for smoke tests: the address may name an extension to develop
 * and a suite to run, and notifications stay hidden
 * @returns {Promise<Server>}
 */
export async function startServer({ dataDir, settings = {}, env = {}, port = 0, testDriver = false }) {
  const server = await ensureServer();
  makePrivateFolder(dataDir);
  const all = { ...QUIET_SETTINGS, ...settings };
  // Settings that may differ from machine to machine, as the reviewer's name, hold on a server from its own file only.
  const ofMachine = Object.entries(all).filter(([key]) => key.startsWith('transcriptReview.'));
  writeSettings(path.join(dataDir, 'data/User/settings.json'), all);
  writeSettings(path.join(dataDir, 'data/Machine/settings.json'), Object.fromEntries(ofMachine));

  const token = newToken();
  const secrets = path.join(dataDir, 'secrets');
  rmSync(secrets, { recursive: true, force: true });
  makePrivateFolder(secrets);
  const tokenFile = path.join(secrets, 'token');
  // A file, since every account may read the command lines of all.
  writePrivateFile(tokenFile, token);

  const chosen = await freePort(port);
  const logPath = path.join(dataDir, 'server.log');
  rmSync(logPath, { force: true });
  // The server prints its address, token included.
  const log = openSync(logPath, 'wx', 0o600);
  const child = spawn(
    server.node,
    [
      server.main,
      ...['--host', '127.0.0.1', '--port', String(chosen), '--connection-token-file', tokenFile],
      ...['--accept-server-license-terms', '--server-data-dir', dataDir, '--telemetry-level', 'off'],
      ...(testDriver ? ['--enable-smoke-test-driver'] : []),
    ],
    // A group of its own, so that extension hosts and terminals can be ended with it.
    { detached: process.platform !== 'win32', env: { ...process.env, ...env }, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const killNow = () => {
    signalTree(child.pid, 'SIGKILL');
    rmSync(secrets, { recursive: true, force: true });
  };
  process.once('exit', killNow);
  // A worker of a test runner is ended by a signal, or outlives its runner.
  const ends = ['SIGTERM', 'disconnect'];
  const leave = () => process.exit(143);
  for (const end of ends) process.once(end, leave);

  const stop = async () => {
    signalTree(child.pid, 'SIGTERM');
    await Promise.race([exited, sleep(3000)]);
    killNow();
    process.off('exit', killNow);
    for (const end of ends) process.off(end, leave);
    await exited;
  };

  if (!(await listens(child, chosen, logPath))) {
    await stop();
    throw new SetupError(
      `VS Code's server did not start. Its output:\n${readFileSync(logPath, 'utf8').slice(-4000)}`,
    );
  }

  const remote = (file) => `vscode-remote://127.0.0.1:${chosen}${encodeURI(toUriPath(file))}`;
  const origin = `http://127.0.0.1:${chosen}`;
  const url = (folder, payload = []) => {
    const query = new URLSearchParams({ tkn: token, folder: toUriPath(folder) });
    if (payload.length > 0) query.set('payload', JSON.stringify(payload));
    return `${origin}/?${query}`;
  };
  return { origin, remote, url, secrets, stop };
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

/** By its own log, not by asking the port: that could be answered by another program, which would learn the token. */
async function listens(child, port, logPath) {
  const end = Date.now() + 120_000;
  while (Date.now() < end && child.exitCode === null && child.signalCode === null) {
    if (readFileSync(logPath, 'utf8').includes(`listening on ${port}\n`)) return true;
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
