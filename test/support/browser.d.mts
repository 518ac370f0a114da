import type { Browser, BrowserContext } from 'playwright-core';

export function launchBrowser(): Promise<Browser>;
export function launchProfile(profile: string): Promise<BrowserContext>;
