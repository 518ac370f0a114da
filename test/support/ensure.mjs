/** Makes sure that what a script needs is there, installs it where that is possible, and says what is missing. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cache, isProgram, npm, onPath, root, run, SetupError, step } from './shell.mjs';
import { writeNativeStandIns } from './standIns.mjs';

/** Holds VS Code 1.139.1, whose server runs without a desktop. */
const CODE_SERVER = '4.139.1';
const SERVER_NODE = '24.21.0';

/** Installs node_modules when they are missing or not what the lockfile says. */
export async function ensureModules() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new SetupError(`Node 20 or later is needed; this is ${process.version}.`);
  }
  if (modulesMatch()) return;
  step('Installing node_modules (npm ci)');
  if ((await npm(['ci', '--no-audit', '--no-fund'])) !== 0) {
    throw new SetupError('npm ci failed (see above): is the npm registry reachable?');
  }
}

/** Compared by version, not by date: a checkout gives files any date. */
function modulesMatch() {
  const installedFile = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, entry]) => name === '' || entry.optional || installed[name]?.version === entry.version,
  );
}

/**
 * Installs VS Code's server (no desktop needed) once, about 700 MB.
 * @returns {Promise<{ node: string, main: string }>} the Node to run it with, and its entry
 */
export async function ensureServer() {
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const home = path.join(cache, `server-${CODE_SERVER}-${platform}`);
  if (!existsSync(home)) await installServer(home, platform);
  const own = process.versions.node.startsWith('24.');
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  return {
    node: own ? process.execPath : path.join(home, `node_modules/node-${platform}`, binary),
    main: path.join(home, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
}

async function installServer(home, platform) {
  const packages = [`code-server@${CODE_SERVER}`];
  if (!process.versions.node.startsWith('24.')) {
    if (!['linux-x64', 'linux-arm64', 'win-x64'].includes(platform)) {
      throw new SetupError(
        `VS Code's server needs Node 24, and npm has none for ${platform}: run this with Node 24 (or install desktop VS Code for npm start).`,
      );
    }
    packages.push(`node-${platform}@${SERVER_NODE}`);
  }
  // Built aside and renamed at the end: whatever has the final name is complete, however an earlier run ended.
  removeAbandoned();
  const building = path.join(cache, `building-${process.pid}`);
  mkdirSync(building, { recursive: true });
  writeFileSync(path.join(building, 'package.json'), '{ "private": true }\n');
  const quiet = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];

  step(`Fetching VS Code's server from npm, once (${packages.join(', ')})`);
  await install(building, [...quiet, ...packages]);
  const vscode = path.join(building, 'node_modules/code-server/lib/vscode');
  step("Fetching the server's own dependencies, once");
  await install(vscode, quiet);
  writeNativeStandIns(path.join(vscode, 'node_modules'));

  if (existsSync(home)) rmSync(building, { recursive: true, force: true });
  else renameSync(building, home);
}

async function install(folder, args) {
  const status = await npm(['install', '--prefix', folder, ...args], { cwd: folder });
  if (status !== 0) throw new SetupError("VS Code's server could not be installed from npm (see above).");
}

function removeAbandoned() {
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache)) {
    const pid = /^building-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      rmSync(path.join(cache, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Finds Chromium, or installs Debian's when this is root or sudo asks for no password.
 * @returns {Promise<string>} the program
 * @throws {SetupError} naming what to install
 */
export async function ensureChromium() {
  const given = process.env.CHROMIUM;
  if (given !== undefined && given !== '') {
    if (isProgram(given)) return given;
    throw new SetupError(`CHROMIUM is set to ${given}, which is not a program.`);
  }
  const found = findChromium();
  if (found !== null) return found;

  const byHand =
    'Install Chromium (Debian: apt-get install chromium) or set CHROMIUM to a Chromium or Chrome.';
  // A slim image has no fonts at all, and text without glyphs has no size.
  await aptInstall('Chromium', ['chromium', 'fonts-dejavu-core', 'fonts-noto-color-emoji'], byHand);
  const installed = findChromium();
  if (installed === null) throw new SetupError(`Chromium is still missing. ${byHand}`);
  return installed;
}

/** Makes sure of git, whose settings name the reviewer: tests ask the real one. */
export async function ensureGit() {
  if (onPath('git') === null) await aptInstall('git', ['git'], 'Install git.');
}

/** @param {string} byHand what to tell a person when it cannot be done here */
async function aptInstall(what, packages, byHand) {
  if (process.platform !== 'linux') throw new SetupError(`${what} is missing. ${byHand}`);
  if (onPath('apt-get') === null)
    throw new SetupError(`${what} is missing, and there is no apt-get. ${byHand}`);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) {
    throw new SetupError(`${what} is missing, and installing it needs root or sudo. ${byHand}`);
  }
  step(`Installing ${what} (apt-get)`);
  const aptGet = (...args) => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...args];
    return isRoot ? run(command[0], command.slice(1)) : run('sudo', ['-n', ...command]);
  };
  // A list of packages that is out of date may still be good enough, so only the second call decides.
  await aptGet('update');
  if ((await aptGet('install', '-y', '--no-install-recommends', ...packages)) !== 0) {
    throw new SetupError(`apt-get could not install ${what}. ${byHand}`);
  }
}

function findChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  for (const name of names) {
    const file = onPath(name);
    if (file !== null) return file;
  }
  const places = [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ];
  return places.find(isProgram) ?? null;
}
