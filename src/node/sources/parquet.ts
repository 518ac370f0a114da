import type { RecordRange } from '../../core/dataset/scan';
import { DamagedRows } from './parquetColumn';
import { ParquetTable, type TableReader } from './parquetTable';
import type { FileStamp, RecordValue, Source, SourceChunk, SourceRecord } from './source';

const CHUNK_ROWS = 1_024;

/** A table as Parquet: a row is a record, its columns plain JSON values. @throws DatasetError when it cannot be read. */
export async function openParquet(path: string): Promise<Source> {
  return new ParquetFile(await ParquetTable.open(path));
}

class ParquetFile implements Source {
  readonly container = 'Parquet';
  readonly unit = 'row';
  /** Nobody's at the moment. Its last pages stay in memory: what is read next is mostly beside what was read last. */
  private idle: TableReader | null = null;
  /** The last read of a single row; the next waits for it, since they share a reader. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly table: ParquetTable) {}

  get stamp(): FileStamp {
    return this.table.stamp;
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<SourceChunk> {
    const reader = this.takeReader();
    try {
      yield* this.chunksBy(reader, signal);
    } finally {
      this.idle = reader;
    }
  }

  private async *chunksBy(reader: TableReader, signal?: AbortSignal): AsyncGenerator<SourceChunk> {
    const { rows, stamp, warnings: fileWarnings } = this.table;
    if (fileWarnings.length > 0) yield { records: [], bytesRead: 0, frameProblem: null, fileWarnings };
    const bytesRead = (row: number) => Math.floor((stamp.size * row) / rows);
    for (let row = 0; row < rows; ) {
      signal?.throwIfAborted();
      try {
        const { count, value, bytes } = await reader.slice(row, CHUNK_ROWS);
        const records = Array.from({ length: count }, (_, i) => ({
          ...record(row + i, () => value(i)),
          unpacked: () => bytes(i),
        }));
        row += count;
        yield { records, bytesRead: bytesRead(row), frameProblem: null };
      } catch (error) {
        if (!(error instanceof DamagedRows)) throw error;
        const bad = { ok: false, reason: error.message } as const;
        while (row < error.until) {
          signal?.throwIfAborted();
          const count = Math.min(CHUNK_ROWS, error.until - row);
          const records = Array.from({ length: count }, (_, i) => record(row + i, () => bad));
          row += count;
          yield { records, bytesRead: bytesRead(row), frameProblem: null };
        }
      }
    }
  }

  read({ offset }: RecordRange): Promise<RecordValue> {
    const value = this.last.then(async () => {
      const reader = this.takeReader();
      try {
        return (await reader.slice(offset, 1)).value(0);
      } catch (error) {
        if (error instanceof DamagedRows) return { ok: false, reason: error.message } as const;
        throw error;
      } finally {
        this.idle = reader;
      }
    });
    this.last = value.catch(() => undefined);
    return value;
  }

  private takeReader(): TableReader {
    const reader = this.idle ?? this.table.reader();
    this.idle = null;
    return reader;
  }

  close(): Promise<void> {
    return this.table.close();
  }
}

function record(row: number, value: () => RecordValue): SourceRecord {
  return { range: { offset: row, length: 0, line: row + 1 }, bytes: null, value };
}
