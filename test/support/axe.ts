/** Accessibility of a page, or of one webview, checked by axe inside its frame. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, FrameLocator } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds wrong in a webview, a line a node. */
export async function webviewViolations(document: FrameLocator): Promise<string[]> {
  const frame = await (await document.locator('html').elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the webview has gone');
  return axeViolations(frame);
}

/** What axe finds wrong in a frame (the frames in it aside), a line a node. */
export async function axeViolations(frame: Frame): Promise<string[]> {
  // Evaluated as the debugger's own code, which the page's policy does not bind.
  await frame.evaluate(source);
  const violations = await frame.evaluate(async (): Promise<Violation[]> => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> };
    };
    // What is right is not described: that takes most of the time.
    return (await axe.run({ resultTypes: ['violations'] })).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}
