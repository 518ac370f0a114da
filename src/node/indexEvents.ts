/** What crosses between the index pass, which may run in a worker, and who follows it. Plain data. */
import type { IndexBatch } from '../core/dataset/indexBatch';
import type { Problem } from '../core/dataset/model';
import type { JoinedVerdicts } from '../core/formats/join';
import type { Profile } from '../core/formats/profile';
import type { Findings, TextHash } from './checkPass';
import type { DatasetFile } from './datasetFiles';
import type { FileStamp, RecordUnit } from './sources/source';

/** Where reading goes on when lines are added to a file. */
export interface Continuation {
  /** Bytes that are read: the beginning of the next line. */
  readonly end: number;
  /** 1-based number of that line. */
  readonly line: number;
  /** `contentSample` of what is read. */
  readonly sample: string;
  /** false: the last line has no line feed, so that it may go on. */
  readonly whole: boolean;
}

export interface IndexRequest {
  /** The dataset: a file, a set of files, or a folder. */
  readonly path: string;
  /** What the user said that the records mean; null to look. */
  readonly profile: Profile | null;
  /** Folder in which indexes are kept for the next time; null for none. */
  readonly cache: string | null;
  /**
   * Read only what was added to the file of this name, whose first records the caller has. The pass fails where the file
   * does not begin with them any more.
   */
  readonly added: { readonly file: string; readonly records: number; readonly since: Continuation } | null;
  /** The file is being written: a last line without its line feed is left for later. */
  readonly live: boolean;
  /** Memory of a BloomFilter of the indices of records that people decided on, which may grow during the pass. */
  readonly decided?: SharedArrayBuffer | undefined;
}

/** One file of the dataset, as the pass reads it. */
export interface FileReading extends DatasetFile {
  readonly stamp: FileStamp;
  readonly container: string;
  readonly unit: RecordUnit;
  readonly profile: Profile;
  /**
   * Whose the profile is where a person named it or keeps it there: it may bear the name of a built-in one. null: found by
   * looking at the records.
   */
  readonly profileOf: 'dataset' | 'file' | null;
}

/**
 * What the pass tells as it goes, in order: a `file`, its batches and problems, and its end, the next `file`, …; what the
 * check of skimmed records finds; and one `end`.
 */
export type IndexEvent =
  /** Before the first file, where the profile takes verdicts from other files. */
  | { readonly type: 'joined'; readonly verdicts: readonly JoinedVerdicts[] }
  /**
   * `totalBytes`: of all files of the dataset. `sample`: `contentSample` of the file as its stamp has it, where it may grow
   * while it is read; else null.
   */
  | {
      readonly type: 'file';
      readonly file: FileReading;
      readonly totalBytes: number;
      readonly sample: string | null;
    }
  /** `bytesRead` is counted over all files. */
  | { readonly type: 'batch'; readonly batch: IndexBatch; readonly bytesRead: number }
  | { readonly type: 'problem'; readonly problem: Problem }
  /** null where a file of its kind is not read on. */
  | { readonly type: 'file end'; readonly continuation: Continuation | null }
  /** `bytesRead` is counted over all files. */
  | ({ readonly type: 'checked' } & Findings)
  /** Of records that the check reads and people decided on, as far as both are known by then. Not kept for the next time. */
  | { readonly type: 'hashed'; readonly texts: readonly TextHash[] }
  | { readonly type: 'end' };
