/** Accessibility of one webview, checked by axe inside its frame. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FrameLocator } from 'playwright-core';

const source = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds wrong, a line a node. */
export async function axeViolations(document: FrameLocator): Promise<string[]> {
  const frame = await (await document.locator('html').elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the webview has gone');
  // Evaluated as the debugger's own code, which the page's policy does not bind.
  await frame.evaluate(source);
  const violations = await frame.evaluate(async (): Promise<Violation[]> => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}
