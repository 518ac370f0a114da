/**
 * `npm start`: VS Code with the extension and the sample dataset, ready to review. Desktop VS Code where there is
 * one, else VS Code in the browser; `npm start -- --web` asks for the browser, `--home FOLDER` keeps profile and sample
 * elsewhere than in `.vscode-test`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium, ensureModules } from './ensure.mjs';
import { makePrivateFolder, writePrivateFile } from './private.mjs';
import { installExtensions, QUIET_SETTINGS, startServer } from './server.mjs';
import { cache, isProgram, node, npm, onPath, root, run, runMain, SetupError, step } from './shell.mjs';

const { values: options } = parseArgs({ options: { web: { type: 'boolean' }, home: { type: 'string' } } });
const home = path.resolve(options.home ?? cache);
const opener = path.join(root, 'test/support/opener');
const profile = path.join(home, 'start');
/** Kept from run to run, with the decisions beside the dataset. */
const workspace = path.join(home, 'sample-workspace');
/** The same each time: a browser keeps the layout, and unsaved decisions, by address. */
const PORT = 39217;
const OLDEST = [1, 101];

await runMain(async () => {
  await ensureModules();
  makePrivateFolder(profile);
  makePrivateFolder(workspace);
  copySample();
  const desktop = options.web ? null : findDesktop();
  return desktop === null ? await openInBrowser() : await openOnDesktop(desktop);
});

function copySample() {
  const from = path.join(root, 'media/sample');
  for (const name of readdirSync(from)) {
    if (name.endsWith('.transcripts.jsonl')) copyFileSync(path.join(from, name), path.join(workspace, name));
  }
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** @returns {string | null} the `code` command of a desktop VS Code that is new enough */
function findDesktop() {
  if (!hasDisplay()) return null;
  const places = [
    onPath('code'),
    '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code',
    path.join(process.env.LOCALAPPDATA ?? '', 'Programs\\Microsoft VS Code\\bin\\code.cmd'),
    'C:\\Program Files\\Microsoft VS Code\\bin\\code.cmd',
  ];
  const code = places.find((place) => place !== null && isProgram(place));
  if (code === undefined || code === null) return null;

  const shell = process.platform === 'win32';
  const quoted = (text) => (shell ? `"${text}"` : text);
  // As root it answers only with a profile named.
  const args = ['--version', '--user-data-dir', quoted(profile)];
  const answer = spawnSync(quoted(code), args, { encoding: 'utf8', shell });
  const [major, minor] = (answer.stdout ?? '').split('.').map(Number);
  if (major === OLDEST[0] && minor >= OLDEST[1]) return code;
  console.log(`${code} is not VS Code ${OLDEST.join('.')} or later: opening VS Code in the browser instead.`);
  return null;
}

/** In a profile of its own, so that nobody's own VS Code is changed. */
async function openOnDesktop(code) {
  step('Building');
  if ((await node(['esbuild.mjs'])) !== 0) throw new SetupError('The build failed (see above).');
  const settings = path.join(profile, 'User/settings.json');
  mkdirSync(path.dirname(settings), { recursive: true });
  if (!existsSync(settings)) writeFileSync(settings, JSON.stringify(QUIET_SETTINGS, null, 2));
  step(`Opening ${workspace} in desktop VS Code; this ends when its window is closed`);
  return run(code, [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...['--new-window', '--wait', '--skip-welcome', '--skip-release-notes'],
    ...['--user-data-dir', profile, '--extensions-dir', path.join(profile, 'extensions')],
    ...[`--extensionDevelopmentPath=${root}`, `--extensionDevelopmentPath=${opener}`],
    workspace,
  ]);
}

/** As packages, as users install them: the server takes an extension's folder from the address in tests only. */
async function openInBrowser() {
  step('Building');
  if ((await npm(['run', '--silent', 'package'])) !== 0)
    throw new SetupError('Packaging failed (see above).');
  await installExtensions(profile, [path.join(root, 'transcript-review.vsix'), await packageOpener()]);
  const server = await startServer({ dataDir: profile, port: PORT });
  const url = server.url(workspace);
  console.log(`\nVS Code with the sample dataset:\n\n  ${url}\n`);
  console.log('Keep this address to yourself: whoever has it can run programs as you.');
  console.log(`Decisions are kept beside the dataset in ${workspace}. Ctrl+C stops.`);
  if (hasDisplay()) await openPage(url, server.secrets);
  // Until a signal: runMain turns it into an exit, and that stops the server.
  await new Promise((resolve) => setInterval(resolve, 2 ** 30).ref());
  return 0;
}

async function packageOpener() {
  const vsix = path.join(home, 'opener.vsix');
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const flags = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', vsix];
  if ((await node([vsce, 'package', ...flags], { cwd: opener })) !== 0) {
    throw new SetupError('Packaging failed (see above).');
  }
  return vsix;
}

/** Opens an address in a browser without naming it on a command line, which every account may read. */
async function openPage(url, secrets) {
  const page = path.join(secrets, 'open.html');
  const target = url.replaceAll('&', '&amp;');
  writePrivateFile(page, `<!DOCTYPE html><meta http-equiv="refresh" content="0; url=${target}">\n`);
  const opened = { darwin: ['open', page], win32: ['explorer.exe', page] }[process.platform];
  const [command, ...args] =
    opened ?? (onPath('xdg-open') === null ? await chromium(page) : ['xdg-open', page]);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => console.log('No browser could be started: open the address above.'));
  child.unref();
}

async function chromium(page) {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [await ensureChromium(), ...asRoot, '--no-first-run', page];
}
