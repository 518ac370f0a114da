/** Headless Chromium, as the window of VS Code's server. */
import { chromium } from 'playwright-core';
import { ensureChromium } from './ensure.mjs';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** For each wait of a test: what hangs is ended, and a busy machine has the time that it takes. */
export const WAIT_MS = 60_000;

/** A browser that forgets everything when it closes. */
export async function launchBrowser() {
  return chromium.launch({ executablePath: await ensureChromium(), args: QUIET });
}

/**
 * A browser with a profile that outlives it, as a person's does: what is needed to test a restart.
 * @param {string} profile folder
 */
export async function launchProfile(profile) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await ensureChromium(),
    args: QUIET,
    viewport: { width: 1400, height: 900 },
  });
  context.setDefaultTimeout(WAIT_MS);
  return context;
}
