/** A small world for hostile layouts: a home with something to lose, and a dataset with a review folder beside it. */
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { encode } from '../../src/core/review/codec';
import type { Entry } from '../../src/core/review/entry';
import { type BesideFolder, pathOf } from '../../src/node/besideFiles';
import { reviewFolder } from '../../src/node/reviewStore';
import { canonicalRecord, jsonl } from '../support/dataset';

/** An id that a shell would run, were it ever to read a file of decisions. */
export const COMMAND_ID = '$(touch pwned)';

export interface World {
  readonly root: string;
  /** Like a shell's start-up file. */
  readonly victim: string;
  readonly dataset: string;
  readonly folder: BesideFolder;
  /** Path of the review folder. */
  readonly reviews: string;
}

export function makeWorld(under: string): World {
  const root = mkdtempSync(join(under, 'w-'));
  mkdirSync(join(root, 'home/.ssh'), { recursive: true });
  mkdirSync(join(root, 'data/.git'), { recursive: true });
  const victim = join(root, 'home/.bashrc');
  writeFileSync(victim, 'alias ll="ls -l"\n');
  writeFileSync(join(root, 'home/.ssh/config'), 'Host *\n');
  const dataset = join(root, 'data/run.jsonl');
  writeFileSync(dataset, jsonl(records()));
  const folder = reviewFolder(dataset);
  return { root, victim, dataset, folder, reviews: pathOf(folder) };
}

function records() {
  const record = (id: string, condition: string, complied: boolean) =>
    canonicalRecord({
      id,
      setting: 's',
      condition,
      messages: [{ role: 'assistant', content: 'the same text' }],
      verdicts: [{ classifier: 'judge', label: 'complied', value: complied }],
    });
  return [
    record('t1', 'training', true),
    record(COMMAND_ID, 'training', true),
    record('u1', 'unmonitored', false),
  ];
}

/** Writes a file into the review folder, as a colleague's program would. */
export function plant({ reviews }: World, name: string, ...lines: readonly (Entry | string)[]): void {
  mkdirSync(reviews, { recursive: true });
  writeFileSync(
    join(reviews, name),
    lines.map((line) => (typeof line === 'string' ? line : encode(line))).join(''),
  );
}

/** What lies in the world but for the review folder: names, kinds, modes, targets and contents. */
export function outside({ root, reviews }: World): string {
  const told: string[] = [];
  const visit = (path: string): void => {
    const stats = lstatSync(path);
    const kind = `${path.slice(root.length)} ${stats.mode.toString(8)}`;
    if (stats.isSymbolicLink()) told.push(`${kind} -> ${readlinkSync(path)}`);
    else if (stats.isFile())
      told.push(`${kind} ${createHash('sha256').update(readFileSync(path)).digest('hex')} ${stats.mtimeMs}`);
    else told.push(kind);
    if (!stats.isDirectory() || path === reviews) return;
    for (const name of readdirSync(path).sort()) visit(join(path, name));
  };
  for (const name of ['home', 'data']) visit(join(root, name));
  // A save may make the folder of decisions, which then changes what lies in the dataset's own folder.
  return told.filter((line) => !line.startsWith(`${reviews.slice(root.length)} `)).join('\n');
}
