import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { version } from '../../package.json';
import type { Problem } from '../core/dataset/model';
import type { IndexEvent } from './indexEvents';

/** Below this, reading the dataset again takes no longer than anyone notices. */
const WORTH_BYTES = 16 << 20;
const MOST_BYTES = 512 << 20;
/**
 * An index that is so many times as large as its files is no quicker to read than they are. One of records of a few bytes
 * would be, and fill the memory of the pass.
 */
const MOST_TIMES = 8;
/** What a problem takes beside its reason, about. */
const PROBLEM_BYTES = 100;
const MOST_KEPT = 20;

/** Raised when what the pass tells takes another form: an index of the same version may be of a build before that. */
const FORM = 7;

/** State of one file: any other size, time or content is another file. */
export interface CachedFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly sample: string;
}

/** What an index was made of. */
export interface CacheKey {
  readonly files: readonly CachedFile[];
  /** JSON of the profiles that the user chose, where the reader did not look. */
  readonly profile: string;
}

interface Cached extends CacheKey {
  readonly version: string;
  readonly form: number;
  readonly events: readonly IndexEvent[];
}

/** What a pass tells, as long as it is worth keeping for the next time. */
export class ToldEvents {
  private told: IndexEvent[] | null;
  private left: number;

  constructor({ files }: CacheKey) {
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    this.told = bytes < WORTH_BYTES ? null : [];
    this.left = Math.min(MOST_BYTES, MOST_TIMES * bytes);
  }

  add(event: IndexEvent): void {
    if (this.told === null) return;
    this.left -= sizeOf(event);
    if (this.left < 0) this.told = null;
    else this.told.push(event);
  }

  /** null where they are not worth keeping. */
  get events(): readonly IndexEvent[] | null {
    return this.told;
  }
}

/** About so many bytes an event is kept in, where records make it large. */
function sizeOf(event: IndexEvent): number {
  if (event.type === 'checked')
    return sizeOfProblems(event.problems) + 8 * (event.moreErrors.length + event.warned.length);
  if (event.type !== 'batch') return 0;
  const parts = Object.values(event.batch).filter((part) => ArrayBuffer.isView(part));
  return parts.reduce((sum, { byteLength }) => sum + byteLength, sizeOfProblems(event.batch.problems));
}

const sizeOfProblems = (problems: readonly Problem[]) =>
  problems.reduce((sum, { reason }) => sum + PROBLEM_BYTES + reason.length, 0);

/** An index kept from the last time: what the pass told then, to be told again. */
export class IndexCache {
  private readonly path: string;

  /** @param dataset path of the dataset. */
  constructor(
    private readonly folder: string,
    dataset: string,
  ) {
    this.path = join(folder, `${createHash('sha256').update(dataset).digest('hex').slice(0, 32)}.index`);
  }

  /** What was kept under this key; null when there is nothing, or it is of another state, or damaged. */
  async read(key: CacheKey): Promise<readonly IndexEvent[] | null> {
    try {
      const cached = deserialize(await readFile(this.path)) as Cached;
      const same = (a: CacheKey, b: CacheKey) =>
        JSON.stringify([a.files, a.profile]) === JSON.stringify([b.files, b.profile]);
      return cached.version === version && cached.form === FORM && same(cached, key) ? cached.events : null;
    } catch {
      return null; // not there, or cut off: the dataset is simply read
    }
  }

  /** Keeps an index, and lets old ones go. Never rejects: without it the next opening takes longer. */
  async write(key: CacheKey, events: readonly IndexEvent[]): Promise<void> {
    try {
      const cached: Cached = { ...key, version, form: FORM, events };
      const data = serialize(cached);
      if (data.length > MOST_BYTES) return;
      await mkdir(dirname(this.path), { recursive: true });
      // of its own: another thread of this process may be writing the same index
      const draft = `${this.path}.${randomUUID()}.tmp`;
      await writeFile(draft, data);
      await rename(draft, this.path);
      await this.forgetOld();
    } catch {
      // a full disk, or another window that writes the same
    }
  }

  private async forgetOld(): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => /\.(index|tmp)$/.test(name));
    const kept = await Promise.all(
      names.map(async (name) => {
        const { mtimeMs, size } = await stat(join(this.folder, name));
        return { name, mtimeMs, size };
      }),
    );
    let left = MOST_BYTES;
    kept.sort((a, b) => b.mtimeMs - a.mtimeMs);
    for (const [place, { name, size }] of kept.entries()) {
      left -= size;
      const old = place >= MOST_KEPT || left < 0;
      if (old && name !== basename(this.path)) await rm(join(this.folder, name), { force: true });
    }
  }
}

/** With arrays of its own: those that were read are views of the whole file, which would cross to another thread each time. */
export function withOwnArrays(event: IndexEvent): IndexEvent {
  if (event.type !== 'batch') return event;
  const parts = Object.entries(event.batch).map(([name, part]) => [
    name,
    // A Buffer's own slice is a view again.
    ArrayBuffer.isView(part) ? Uint8Array.prototype.slice.call(part) : part,
  ]);
  return { ...event, batch: Object.fromEntries(parts) };
}
