import { basename } from 'node:path';
import type { Problem } from '../core/dataset/model';
import { shortened } from '../core/invisible';

/** For sentences with names from files in them. */
export const SENTENCE_ROOM = 1_000;

/** The first of them in words, and how many there are more; null when there is none. */
export function firstProblem([first, ...more]: readonly Problem[]): string | null {
  if (!first) return null;
  const line = first.line === null ? '' : `, line ${first.line}`;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `${basename(first.file)}${line}: ${shortened(first.reason, SENTENCE_ROOM)}${others}`;
}
