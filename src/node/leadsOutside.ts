import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { inTurns } from './inTurns';
import { scanMembers } from './sources/scanStamp';

/**
 * Where files that another file names as ones of its own folder lead to through links, when that is outside of the
 * folder: a stranger's list must not bring in what is somebody's own. Of a scan, which is a folder, also where its own
 * files lead to. null for each that stays inside, or is not there, which reading it will say.
 */
export async function leadsOutside(
  folder: string,
  paths: readonly string[],
): Promise<readonly (string | null)[]> {
  const inside = await realpath(folder);
  const outsideOf = async (path: string) => {
    const target = await realpath(path).catch(() => null);
    if (target === null) return null;
    const way = relative(inside, target);
    // From one drive of Windows to another there is no way but the whole path.
    return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? target : null;
  };
  return inTurns(paths, async (path) => {
    const own = await outsideOf(path);
    if (own !== null) return own;
    const members = await scanMembers(path).catch(() => []); // no folder
    const targets = await inTurns(members, (name) => outsideOf(join(path, name)));
    return targets.find((target) => target !== null) ?? null;
  });
}
