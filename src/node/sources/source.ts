import type { RecordRange } from '../../core/dataset/scan';
import type { Profile } from '../../core/formats/profile';

/** A dataset that cannot be read at all; the message says why, in words for the user. */
export class DatasetError extends Error {}

/** Tells one state of a file from another. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
}

/** A record as a JSON value, or why it is none. */
export type RecordValue = (
  | { readonly ok: true; readonly value: unknown; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly reason: string }
) & {
  /** The beginning of the record as it stands in the file, to show one that cannot be read; where the file is text. */
  readonly raw?: () => string;
};

/** What the records of a file are called where one is named to the user: "run.csv, row 7". */
export type RecordUnit = 'line' | 'row' | 'sample' | 'transcript';

export interface SourceRecord {
  /**
   * Where it stands, so that `read` finds it again. JSON and CSV: a range of bytes. Parquet, archives: `offset` is the
   * number of the row or member, and `length` is 0, or for a scan what the text was got from (`LogMessages.mark`). `line` is the 1-based line, row or sample that users are told.
   */
  readonly range: RecordRange;
  /** JSON text as it stands in the file, valid until the next chunk is asked for; null where the file is no JSON. */
  readonly bytes: Uint8Array | null;
  /** Parsed when called; call it before the next chunk is asked for. */
  readonly value: () => RecordValue;
  /** Bytes that it was unpacked to, where the file holds it packed. */
  readonly unpacked?: () => number;
}

export interface SourceChunk {
  readonly records: readonly SourceRecord[];
  /** How far the reading is, in bytes of `stamp.size`. */
  readonly bytesRead: number;
  /** What is wrong with the file's frame (only in the last chunk), in words. */
  readonly frameProblem: string | null;
  /** What of the file as a whole is not read, or may mean something else than was read, in words; in one chunk only. */
  readonly fileWarnings?: readonly string[];
}

/** One file of a dataset (or one scan's folder), opened for reading; close it when done. */
export interface Source {
  readonly stamp: FileStamp;
  /** What it is, in words that are shown beside the profile: "JSON lines", "CSV", "Inspect log". */
  readonly container: string;
  readonly unit: RecordUnit;
  /** What its records are, where the container alone says it: should its first ones all be damaged. */
  readonly profile?: Profile;
  /** Every record once, in order. @throws DatasetError; AbortError when cancelled. */
  chunks(signal?: AbortSignal): AsyncGenerator<SourceChunk>;
  /** One record again, at a place that `chunks` gave. @throws DatasetError when the file has changed. */
  read(range: RecordRange): Promise<RecordValue>;
  /** Reads many, in their order, where that is quicker together. Throws when one cannot be read. */
  readonly readEach?: (ranges: readonly RecordRange[]) => AsyncGenerator<RecordValue>;
  close(): Promise<void>;
}
