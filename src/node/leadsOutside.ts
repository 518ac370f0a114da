import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/**
 * Where a file that another file names as one of its own folder leads to through links, when that is outside of the
 * folder: a stranger's list must not bring in what is somebody's own. null when it stays inside, or is not there, which
 * reading it will say.
 */
export async function leadsOutside(folder: string, path: string): Promise<string | null> {
  const target = await realpath(path).catch(() => null);
  if (target === null) return null;
  const way = relative(await realpath(folder), target);
  return way === '..' || way.startsWith(`..${sep}`) || join(way) === target ? target : null;
}
