import { type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type OpenFile, openHandle, readExactly } from './openHandle';
import { DatasetError, type FileStamp } from './source';

/** No scan has as many results; a damaged file may say so. */
const MAX_ROWS = 10_000_000;

export type TableRow = Readonly<Record<string, unknown>>;

/** A Parquet file of a scan, of which some columns of some rows are read at a time. */
export class ScoutTable {
  private constructor(
    private readonly file: OpenFile,
    private readonly metadata: FileMetaData,
    readonly columns: ReadonlySet<string>,
    readonly rows: number,
  ) {}

  /** @throws DatasetError when it is missing, or no Parquet. */
  static async open(path: string): Promise<ScoutTable> {
    const file = await openHandle(path);
    try {
      const metadata = await parquetMetadataAsync(bufferOf(file));
      const rows = Number(metadata.num_rows);
      if (!(rows >= 0 && rows <= MAX_ROWS)) throw new Error(`it says that it has ${rows} rows`);
      const columns = new Set(
        metadata.row_groups.flatMap((group) =>
          group.columns.flatMap((column) => column.meta_data?.path_in_schema.slice(0, 1) ?? []),
        ),
      );
      return new ScoutTable(file, metadata, columns, rows);
    } catch (error) {
      await file.handle.close();
      throw asDatasetError(file, error);
    }
  }

  get name(): string {
    return this.file.name;
  }

  get stamp(): FileStamp {
    return this.file.stamp;
  }

  /** Bytes that a row takes when unpacked, on average. */
  bytesPerRow(): number {
    const groups = this.metadata.row_groups.flatMap(({ columns }) => columns);
    const sizes = groups.map(({ meta_data }) => Number(meta_data?.total_uncompressed_size ?? 0));
    return sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, this.rows);
  }

  /** The rows from `start` on and before `end`, with the columns of which `isWanted` is true. @throws DatasetError */
  async read(isWanted: (column: string) => boolean, start: number, end: number): Promise<TableRow[]> {
    const columns = [...this.columns].filter(isWanted);
    if (columns.length === 0) return Array.from({ length: end - start }, () => ({}));
    const rows = await parquetReadObjects({
      file: bufferOf(this.file),
      metadata: this.metadata,
      compressors,
      columns,
      rowStart: start,
      rowEnd: end,
      useOffsetIndex: true,
    }).catch((error: unknown) => {
      throw asDatasetError(this.file, error);
    });
    if (rows.length !== end - start) {
      throw new DatasetError(`${this.name} is damaged: it has fewer rows than it says`);
    }
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
    );
  }

  close(): Promise<void> {
    return this.file.handle.close();
  }
}

function bufferOf(file: OpenFile) {
  const byteLength = file.stamp.size;
  return {
    byteLength,
    slice: async (start: number, end = byteLength): Promise<ArrayBuffer> => {
      if (!(start >= 0 && start <= end && end <= byteLength)) throw new Error('it points beyond its end');
      return (await readExactly(file, start, end - start)).buffer;
    },
  };
}

function asDatasetError({ name }: OpenFile, error: unknown): DatasetError {
  if (error instanceof DatasetError) return error;
  return new DatasetError(`${name} cannot be read as Parquet: ${(error as Error).message}`);
}

/** 64-bit integers as numbers; those beyond 2^53 as text, which keeps their digits. */
function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
