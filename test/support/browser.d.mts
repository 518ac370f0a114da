import type { Browser, BrowserContext } from 'playwright-core';

export const WAIT_MS: number;
export function launchBrowser(): Promise<Browser>;
export function launchProfile(profile: string): Promise<BrowserContext>;
