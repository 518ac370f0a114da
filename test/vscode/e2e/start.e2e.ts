import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../support/browser.mjs';
import { root } from '../../support/shell.mjs';
import { Workbench } from './workbench';

const SAMPLE = 'alignment-faking.transcripts.jsonl';
const START_LIMIT = 180_000;
const onWindows = process.platform === 'win32';

/** `npm start`, run as it is, on a machine that other accounts use too. */
describe('npm start in a browser', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'transcript-review-start-'));
  const profile = path.join(home, 'start');
  const workspace = path.join(home, 'sample-workspace');
  let script: ChildProcess;
  let address: URL;
  let token: string;
  let browser: Browser;
  let workbench: Workbench;

  beforeAll(async () => {
    // Without a screen, so that it opens no browser of its own.
    const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
    script = spawn(process.execPath, ['test/support/start.mjs', '--web', '--home', home], { cwd: root, env });
    address = await printedAddress(script);
    token = address.searchParams.get('tkn') ?? '';
    browser = await launchBrowser();
  }, START_LIMIT);
  afterAll(async () => {
    await browser?.close();
    await end('SIGTERM');
    rmSync(home, { recursive: true, force: true });
  });

  const get = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${address.origin}${query}`, { headers, redirect: 'manual' });
  const shownId = async () => (await workbench.editor()).locator('.transcript h2').textContent();
  const shownGap = async () => (await workbench.metrics()).locator('.big').textContent();

  it('prints an address with a token of 128 bits', () => {
    expect(address.hostname).toBe('127.0.0.1');
    expect(token).toMatch(/^[0-9a-f]{32}$/);
  });

  it('serves nothing to whoever does not have the token', async () => {
    const file = `/vscode-remote-resource?path=${encodeURIComponent(path.join(root, 'package.json'))}`;
    const other = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
    for (const query of ['/', `/?folder=${encodeURIComponent(workspace)}`, file]) {
      expect((await get(query)).status, query).toBe(403);
      expect((await get(query, { cookie: `vscode-tkn=${other}` })).status, query).toBe(403);
    }
    expect((await get(`/?tkn=${other}`)).status).toBe(403);
    expect((await get('/?tkn=')).status).toBe(403);

    const withToken = await get(`/?tkn=${token}`);
    expect(withToken.status).toBe(302);
    const cookie = withToken.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await get('/', { cookie })).status).toBe(200);
    expect(await (await get(file, { cookie })).text()).toBe(
      readFileSync(path.join(root, 'package.json'), 'utf8'),
    );
  });

  it.skipIf(onWindows)('shows the token to no other account', () => {
    const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);
    for (const folder of [profile, workspace, path.join(profile, 'secrets')])
      expect(mode(folder)).toBe('700');
    expect(readFileSync(path.join(profile, 'secrets/token'), 'utf8')).toBe(token);
    expect(mode(path.join(profile, 'secrets/token'))).toBe('600');
    // The server's output names its address.
    expect(mode(path.join(profile, 'server.log'))).toBe('600');

    const lines = commandLines();
    expect(lines.some((line) => line.includes('--connection-token-file'))).toBe(true);
    expect(lines.filter((line) => line.includes(token))).toEqual([]);
  });

  it.skipIf(onWindows)('writes nothing that other accounts may change', () => {
    const entries = readdirSync(home, { recursive: true, withFileTypes: true });
    const open = entries
      .filter((entry) => !entry.isSymbolicLink())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => existsSync(file) && (statSync(file).mode & 0o002) !== 0);
    expect(entries.length).toBeGreaterThan(20);
    expect(open).toEqual([]);
  });

  it('opens the sample, ready to review, and the panel', { timeout: START_LIMIT }, async () => {
    workbench = await open(address.href);
    expect(workbench.page.url()).not.toContain(token);
    await workbench.tab(SAMPLE).waitFor();
    await expect.poll(shownId, { timeout: 60_000 }).toContain('ho-0001-trn');
    await expect.poll(shownGap, { timeout: 60_000 }).toBe('+11.3 pp');
    await workbench.screenshot('start');
  });

  it('shows notifications', async () => {
    await workbench.page.keyboard.press('/');
    await (await workbench.editor()).locator('vscode-text-field:focus').waitFor();
    await workbench.page.keyboard.type('no such id');
    await (await workbench.editor()).getByText('No transcript matches').first().waitFor();
    await workbench.runCommand('Transcript Review: Next Unreviewed Transcript');
    await workbench
      .notifications()
      .filter({ hasText: 'every transcript of this list is reviewed' })
      .waitFor();
  });

  it('needs the token once: the browser has it in a cookie then', async () => {
    await workbench.page.goto(withoutToken());
    await workbench.tab(SAMPLE).waitFor();
    const stranger = await browser.newContext();
    const page = await stranger.newPage();
    expect((await page.goto(withoutToken()))?.status()).toBe(403);
    await stranger.close();
  });

  it('leaves no token and no server behind', async () => {
    await end('SIGINT');
    expect(existsSync(path.join(profile, 'secrets'))).toBe(false);
    await expect
      .poll(
        () =>
          get('/').then(
            () => 'served',
            () => 'gone',
          ),
        { timeout: 10_000 },
      )
      .toBe('gone');
  });

  /** By a signal that the script hears: nothing else ends the server with it. */
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (script.exitCode !== null || script.signalCode !== null) return;
    const ended = once(script, 'exit');
    script.kill(signal);
    await ended;
  }

  function withoutToken(): string {
    const url = new URL(address);
    url.searchParams.delete('tkn');
    return url.href;
  }

  async function open(href: string): Promise<Workbench> {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(href);
    return Workbench.ready(page, workspace);
  }
});

function printedAddress(script: ChildProcess): Promise<URL> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(output)?.[0];
      if (found !== undefined && output.includes('Ctrl+C')) resolve(new URL(found));
    };
    script.stdout?.on('data', read);
    script.stderr?.on('data', read);
    script.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
  });
}

/** Of every process, as any account may read them where the system has /proc. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
}
