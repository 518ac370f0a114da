/**
 * Two machines on which one person decides append to the same file, and git calls that a conflict. A log whose order
 * means nothing is merged by keeping the lines of both sides, which `merge=union` does.
 */
import { lstat, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BesideFolder, makeFolder, openToAppend, pathOf, readBytes } from './besideFiles';

/** `eol=lf`: on Windows, too, the lines stay byte for byte what was appended. */
const ATTRIBUTES = ['merge=union', 'text', 'eol=lf'];
/**
 * What changes lines on their way into git or out of it: `ident` writes into each `$Id$`, and a filter, as that of Git LFS
 * may be for all JSONL of a repository of data, leaves a pointer where both sides' lines should be merged.
 */
const CHANGING = ['filter', 'ident', 'working-tree-encoding'];
export const ATTRIBUTES_LINE = ['*.jsonl', ...ATTRIBUTES, ...CHANGING.map((name) => `-${name}`)].join(' ');

const FILE = '.gitattributes';
const MAX_BYTES = 1 << 20;

export type AttributesState =
  | { readonly kind: 'noRepository' }
  /** git has been told. */
  | { readonly kind: 'covered'; readonly file: string }
  /** `others`: the file exists, with other lines in it. */
  | { readonly kind: 'missing'; readonly file: string; readonly others: boolean };

/** Whether git knows how to merge the decisions in a review folder. @throws when its `.gitattributes` cannot be read. */
export async function attributesState(folder: BesideFolder): Promise<AttributesState> {
  const file = pathOf(folder, FILE);
  if (!(await isInWorkTree(folder.base))) return { kind: 'noRepository' };
  const text = await readAttributes(folder);
  if (text !== null && isCovered(text)) return { kind: 'covered', file };
  return { kind: 'missing', file, others: text !== null && text.trim() !== '' };
}

/**
 * Tells git: makes the file, or adds the line at its end; what stands in it stays. Nothing is written where git has been
 * told already, or where there is no repository. @throws when the file cannot be read or written.
 */
export async function addAttributes(folder: BesideFolder): Promise<void> {
  const { kind } = await attributesState(folder);
  if (kind !== 'missing') return;
  const text = (await readAttributes(folder)) ?? '';
  const begun = text === '' || text.endsWith('\n') ? '' : '\n';
  await makeFolder(folder);
  const handle = await openToAppend(folder, FILE);
  try {
    await handle.writeFile(`${begun}${ATTRIBUTES_LINE}\n`);
  } finally {
    await handle.close();
  }
}

/** Whether the last word on `*.jsonl` is to keep both sides, as they are. Narrower patterns are their author's own business. */
function isCovered(text: string): boolean {
  const settled = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [pattern, ...attributes] = line.trim().split(/\s+/);
    if (pattern !== '*.jsonl' && pattern !== '*') continue;
    for (const attribute of attributes) {
      const [, sign = '', name = '', value = ''] = /^([-!]?)([^=]*)(=.*)?$/.exec(attribute) ?? [];
      // git's own macro for files that it must not merge, nor change the ends of lines in.
      if (name === 'binary' && sign === '')
        for (const each of ['merge', 'text']) settled.set(each, `-${each}`);
      settled.set(name, sign + name + value);
    }
  }
  return (
    ATTRIBUTES.every((wanted) => settled.get(wanted.split('=', 1)[0] ?? '') === wanted) &&
    CHANGING.every((name) => settled.get(name) === `-${name}`)
  );
}

/** A `.git` above is a folder, or a file in worktrees and submodules. Links are followed to where git will look from. */
async function isInWorkTree(folder: string): Promise<boolean> {
  let above: string | null = await realpath(folder);
  while (above !== null) {
    const found = await lstat(join(above, '.git')).then(
      () => true,
      () => false,
    );
    if (found) return true;
    above = dirname(above) === above ? null : dirname(above);
  }
  return false;
}

/** null when it does not exist. */
async function readAttributes(folder: BesideFolder): Promise<string | null> {
  const bytes = await readBytes(folder, FILE, MAX_BYTES);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}
