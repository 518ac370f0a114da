export function serveHarness(): Promise<{ url: string; stop: () => Promise<void> }>;
