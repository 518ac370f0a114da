export function serveHarness(options?: {
  rebuilds?: boolean;
}): Promise<{ url: string; stop: () => Promise<void> }>;
