import type { Problem } from '../../src/core/dataset/model';
import type { Entry } from '../../src/core/review/entry';
import { EntrySet } from '../../src/core/review/entrySet';
import type { BesideFolder } from '../../src/node/besideFiles';
import { ReviewFiles } from '../../src/node/reviewFiles';
import type { ReadOptions } from '../../src/node/reviewReading';

/** All that counts in a folder of decisions, and what is wrong there: as one who opens it for the first time reads it. */
export async function readReviews(
  folder: BesideFolder,
): Promise<{ readonly entries: readonly Entry[]; readonly problems: readonly Problem[] }> {
  const files = new ReviewFiles(folder);
  return { entries: await entriesOf(files), problems: files.problems };
}

/** What the changes since the last call come to, in the order of their ids; as far as it comes where it is given up. */
export async function entriesOf(
  files: ReviewFiles,
  before: readonly Entry[] = [],
  options: ReadOptions = {},
): Promise<readonly Entry[]> {
  const entries = new EntrySet();
  for (const entry of before) entries.add(entry);
  try {
    for await (const { added, removed } of files.changes(options)) {
      for (const entry of removed) entries.delete(entry);
      for (const entry of added) entries.add(entry);
    }
  } catch (error) {
    if (!options.signal?.aborted) throw error;
  }
  return [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));
}
