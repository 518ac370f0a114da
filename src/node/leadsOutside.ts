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
  const isOutside = (target: string) => {
    const way = relative(inside, target);
    // From one drive of Windows to another there is no way but the whole path.
    return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  };
  const outsideIn = async (scan: string) => {
    const members = await scanMembers(scan).catch(() => []); // no folder
    const targets = await inTurns(members, (name) => realpath(join(scan, name)).catch(() => null));
    return targets.find((target) => target !== null && isOutside(target)) ?? null;
  };
  // One folder may be named ten thousand times.
  const looked = new Map<string, Promise<string | null>>();
  return inTurns(paths, async (path) => {
    const target = await realpath(path).catch(() => null);
    if (target === null || isOutside(target)) return target;
    const look = looked.get(target) ?? outsideIn(target);
    looked.set(target, look);
    return look;
  });
}
