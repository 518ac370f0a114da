import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { inTurns } from './inTurns';

/**
 * Where files that another file names as ones of its own folder lead to through links, when that is outside of the
 * folder: a stranger's list must not bring in what is somebody's own. null for each that stays inside, or is not there,
 * which reading it will say.
 */
export async function leadsOutside(
  folder: string,
  paths: readonly string[],
): Promise<readonly (string | null)[]> {
  const inside = await realpath(folder);
  return inTurns(paths, async (path) => {
    const target = await realpath(path).catch(() => null);
    if (target === null) return null;
    const way = relative(inside, target);
    // From one drive of Windows to another there is no way but the whole path.
    return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? target : null;
  });
}
