import { shortened, visible } from '../core/invisible';

/** A few sentences with names in them. */
const ROOM = 2_000;

/**
 * A text as VS Code's own controls may have it, for names and reasons that come from a dataset: on one line, nothing in
 * it unseen; no `[text](command:…)`, which notifications and prompts turn into a link that runs a command; no `$(name)`,
 * which quick picks and the status bar turn into an icon; and no longer than is read there.
 */
export function plainText(text: string): string {
  return visible(shortened(text, ROOM)).replaceAll('](', '] (').replaceAll('$(', '$ (');
}
