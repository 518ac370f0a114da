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

/** A browser that forgets everything when it closes. */
export async function launchBrowser() {
  return chromium.launch({ executablePath: await ensureChromium(), args: QUIET });
}

/**
 * A browser with a profile that outlives it, as a person's does: what is needed to test a restart.
 * @param {string} profile folder
 */
export async function launchProfile(profile) {
  return chromium.launchPersistentContext(profile, {
    executablePath: await ensureChromium(),
    args: QUIET,
    viewport: { width: 1400, height: 900 },
  });
}
