import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Problem } from '../core/dataset/model';
import { contentSample } from './contentSample';
import { type DatasetFile, listDataset, type SkippedEntry } from './datasetFiles';
import { type CacheKey, IndexCache, ToldEvents, withOwnArrays } from './indexCache';
import type { IndexEvent, IndexRequest } from './indexEvents';
import { IndexPass } from './indexPass';
import { inTurns } from './inTurns';
import { joinedFiles } from './joins';
import { leadsOutside } from './leadsOutside';
import { keptText } from './profileFile';
import { reviewFolder } from './reviewStore';

/**
 * Finds every record of a dataset, reads its facets and verdicts, and emits them in batches; or tells again what was kept
 * from the last time, where nothing has changed since.
 * @throws DatasetError when it cannot be read or is of no known shape; AbortError when cancelled.
 */
export async function indexDataset(
  request: IndexRequest,
  emit: (event: IndexEvent) => void,
  signal?: AbortSignal,
): Promise<void> {
  const joined = joinedFiles(request.profile, request.path);
  const listing = await listDataset(request.path);
  const { added } = request;
  const isRead = ({ path, name }: DatasetFile) =>
    !joined.has(resolve(path)) && (!added || added.file === name);
  const files = listing.files.filter(isRead);
  // Not kept for the next time: by then the folder may have other links beside the same files.
  for (const entry of added ? [] : listing.skipped) emit({ type: 'problem', problem: skippedProblem(entry) });
  // One that is being written is not kept: its last line may have been left for later.
  const folder = added || request.live ? null : request.cache;
  const cache = folder === null ? null : new IndexCache(folder, request.path);
  // Taken before the reading: what is written during it makes another key.
  const key = cache && (await keyOf(request, files, joined));
  const kept = key && (await cache.read(key));
  if (kept) {
    for (const event of kept) {
      signal?.throwIfAborted();
      emit(withOwnArrays(event));
    }
    return;
  }
  const told = key && new ToldEvents(key);
  await new IndexPass(request, files, signal, (event) => {
    // A kept index says nothing about texts: those that were decided on are read each time.
    if (event.type !== 'hashed') told?.add(event);
    emit(event);
  }).run();
  const events = told?.events;
  if (key && events) await cache.write(key, events);
}

function skippedProblem({ name, reason, isData }: SkippedEntry): Problem {
  return {
    severity: 'warning',
    file: name,
    line: null,
    offset: null,
    index: null,
    reason: `skipped: ${reason}`,
    leavesOut: isData,
  };
}

/** null where a file's state cannot be told, or must not be looked into, which reading it will say. */
async function keyOf(
  { path: dataset, profile }: IndexRequest,
  files: readonly DatasetFile[],
  joined: ReadonlySet<string>,
): Promise<CacheKey | null> {
  try {
    const targets = await leadsOutside(dirname(resolve(dataset)), [...joined]);
    if (targets.some((target) => target !== null)) return null;
    const paths = [...files.map(({ path }) => path), ...joined];
    const states = await inTurns(paths, async (path) => {
      const look = await stat(path);
      if (!look.isFile())
        throw new Error('only a file has a state; opening a pipe would wait for who writes to it');
      const { size, mtimeMs } = look;
      return { path, size, mtimeMs, sample: await contentSample(path, size) };
    });
    // of one file, the request has it
    const kept = await inTurns(paths, (path) => keptText(reviewFolder(path)).catch(() => null));
    return { files: states, profile: JSON.stringify([profile, kept]) };
  } catch {
    return null;
  }
}
