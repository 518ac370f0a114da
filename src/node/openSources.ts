import type { RecordRange } from '../core/dataset/scan';
import type { FileReading } from './indexEvents';
import { openSource } from './sources/open';
import type { RecordValue, Source } from './sources/source';

/** A folder may have thousands of files, and a process may not have as many open. */
const MOST_OPEN = 8;
/** An open file cannot be replaced on Windows, so one that nobody reads from is let go. */
const IDLE_MS = 2_000;

interface Opened {
  readonly source: Promise<Source>;
  readers: number;
  idle: NodeJS.Timeout | null;
}

/** null behind the last one, and for one that cannot be read. */
async function nextOf(values: AsyncGenerator<RecordValue> | undefined): Promise<RecordValue | null> {
  const next = await values?.next().catch(() => null);
  return next && !next.done ? next.value : null;
}

/** The files that records are read from: opened when first asked for, closed when nobody has asked for a while. */
export class OpenSources {
  /** By path and state: a file that was replaced is another one. The one used last stands last. */
  private readonly open = new Map<string, Opened>();

  /** Reads one record. @throws DatasetError as the source does. */
  read(file: FileReading, range: RecordRange): Promise<RecordValue> {
    return this.with(file, (source) => source.read(range));
  }

  /**
   * Reads many, and visits them in their order: null for one that cannot be read. One is let go before the next is made,
   * since each may take gigabytes. @throws DatasetError when the file cannot be opened; what `visit` throws
   */
  readEach(
    file: FileReading,
    ranges: readonly RecordRange[],
    visit: (value: RecordValue | null, at: number) => Promise<void>,
  ): Promise<void> {
    return this.with(file, async (source) => {
      const together = source.readEach?.(ranges);
      let visited = 0;
      for (let next = await nextOf(together); next; next = await nextOf(together))
        await visit(next, visited++);
      // All of them, or those from one on that could not be read together.
      for (; visited < ranges.length; visited++) {
        const range = ranges[visited];
        await visit(range ? await source.read(range).catch(() => null) : null, visited);
      }
    });
  }

  private async with<T>(
    { path, stamp, within }: FileReading,
    read: (source: Source) => Promise<T>,
  ): Promise<T> {
    const key = JSON.stringify([path, stamp, within]);
    const opened = this.open.get(key) ?? { source: openSource(path, within), readers: 0, idle: null };
    this.open.delete(key);
    this.open.set(key, opened);
    if (opened.idle) clearTimeout(opened.idle);
    opened.readers++;
    try {
      return await read(await opened.source);
    } finally {
      opened.readers--;
      if (opened.readers === 0) this.letGoLater(key, opened);
    }
  }

  dispose(): void {
    for (const [key, opened] of this.open) if (opened.readers === 0) this.close(key, opened);
  }

  private letGoLater(key: string, opened: Opened): void {
    opened.idle = setTimeout(() => this.close(key, opened), IDLE_MS);
    opened.idle.unref(); // a command that is done does not wait for it
    const unused = [...this.open].filter(([, { readers }]) => readers === 0);
    for (const [oldKey, old] of unused.slice(0, Math.max(0, this.open.size - MOST_OPEN)))
      this.close(oldKey, old);
  }

  private close(key: string, opened: Opened): void {
    if (opened.readers > 0) return;
    if (opened.idle) clearTimeout(opened.idle);
    if (this.open.get(key) === opened) this.open.delete(key);
    opened.source.then((source) => source.close()).catch(() => {}); // could not be opened, as its reader was told
  }
}
