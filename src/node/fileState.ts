import { stat } from 'node:fs/promises';
import { contentSample } from './contentSample';
import type { Continuation, FileReading } from './indexEvents';
import { describeFileError } from './sources/fileError';
import { scanStamp } from './sources/scanStamp';
import type { FileStamp } from './sources/source';

/**
 * What has become of a file since it was read. `same`: nothing. `grown`: lines were added behind it. `begun`: it was empty,
 * and is not now; it is to be read anew. Else what happened, in words: places in it no longer hold.
 */
export type FileChange =
  | { readonly kind: 'same' | 'grown' | 'begun' }
  | { readonly kind: 'changed'; readonly what: string };

/** One file of a dataset since it was read. */
export class FileState {
  /** Where reading goes on when it grows; null for a file that is not read on. */
  continuation: Continuation | null = null;
  /** The newest state that was looked at and still begins with what was read. */
  private seen: FileStamp | null = null;
  /** An edit was seen: lines that are added later make the file no more what was read. */
  private isEdited = false;

  /** @param sample `contentSample` of the file as its stamp has it; null where it cannot grow. */
  constructor(
    readonly reading: FileReading,
    private readonly sample: string | null,
  ) {}

  async look(): Promise<FileChange> {
    const { path, name, stamp } = this.reading;
    try {
      const now = await stampOf(path);
      if (isSame(now, stamp)) return { kind: 'same' };
      const { continuation, sample } = this;
      const known = continuation ?? (sample === null ? null : { end: stamp.size, sample });
      // Written to and not longer: edited, which the sample need not show.
      if (known && now.size > stamp.size && !this.isEdited) {
        const holds =
          (this.seen !== null && isSame(now, this.seen)) ||
          (await contentSample(path, known.end)) === known.sample;
        if (holds) {
          this.seen = now;
          // While it is still being read nobody has to be told that it grows.
          return { kind: continuation && now.size > known.end ? 'grown' : 'same' };
        }
      }
      this.isEdited = true;
      return { kind: 'changed', what: `${name} has changed on disk since it was read` };
    } catch (error) {
      return { kind: 'changed', what: describeFileError(path, error as NodeJS.ErrnoException) };
    }
  }
}

function isSame(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs;
}

async function stampOf(path: string): Promise<FileStamp> {
  const stats = await stat(path);
  return stats.isDirectory() ? scanStamp(path) : stats;
}
