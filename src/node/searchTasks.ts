import type { Columns } from '../core/dataset/columns';
import type { FileReading } from './indexEvents';
import type { SearchTask } from './searchTask';

/** Long enough to be worth a message, short enough to be shared out among threads. */
const TASK_BYTES = 16 << 20;
const TASK_TRANSCRIPTS = 1 << 16;

/** What a search needs to know of a dataset; more of it may come while it is read. */
export interface SearchedDataset {
  readonly columns: Columns;
  readonly files: readonly FileReading[];
  readonly phase: string;
}

/**
 * The transcripts of a dataset as tasks, in order, as far as they are known. JSON is searched by byte ranges; a file of
 * another kind as a whole, once it is known how many transcripts it holds.
 */
export class SearchTasks {
  /** Transcripts before this index have been given out. */
  private given = 0;

  constructor(private readonly dataset: SearchedDataset) {}

  /** null where there is no more at the moment. */
  next(): SearchTask | null {
    const { columns, files, phase } = this.dataset;
    const first = this.given;
    const file = first < columns.count ? files[columns.file(first)] : undefined;
    if (!file) return null;
    if (file.container.startsWith('JSON')) return this.take(first, file, this.rangesEnd(first));
    const end = this.fileEnd(first);
    if (end === columns.count && phase === 'indexing') return null;
    this.given = end;
    const lengths = Uint32Array.from({ length: end - first }, (_, at) => columns.length(first + at));
    return { type: 'file', file, first, lengths };
  }

  private take(first: number, file: FileReading, end: number): SearchTask | null {
    if (end === first) return null;
    this.given = end;
    const { columns } = this.dataset;
    const offsets = new Float64Array(end - first);
    const lengths = new Uint32Array(end - first);
    for (let index = first; index < end; index++) {
      offsets[index - first] = columns.offset(index);
      lengths[index - first] = columns.length(index);
    }
    return { type: 'ranges', file, first, offsets, lengths };
  }

  /** The end of a task that starts at a transcript; never between those of one record. */
  private rangesEnd(first: number): number {
    const { columns, phase } = this.dataset;
    const limit = this.fileEnd(first);
    const start = columns.offset(first);
    const sharesRecord = (index: number) => columns.offset(index) === columns.offset(index - 1);
    let end = first + 1;
    while (
      end < limit &&
      (sharesRecord(end) || (end - first < TASK_TRANSCRIPTS && columns.offset(end) - start < TASK_BYTES))
    )
      end++;
    if (end < columns.count || phase !== 'indexing') return end;
    // of the last record, more transcripts may be to come
    do end--;
    while (end > first && sharesRecord(end));
    return end;
  }

  /** Where the transcripts of a file end, as far as they are known. */
  private fileEnd(first: number): number {
    const { columns } = this.dataset;
    const file = columns.file(first);
    let [low, high] = [first + 1, columns.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (columns.file(middle) === file) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
