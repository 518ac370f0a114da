/** What every target of an export has in common: transcripts go in one by one, pieces of the file come out. */
import type { VerdictSource } from '../dataset/indexBatch';
import type { Transcript } from '../dataset/model';
import { shortened } from '../invisible';
import type { TranscriptReview } from '../review/state';

const NAMES_LISTED = 5;

/** A transcript with what people decided about it. */
export interface Exported {
  readonly transcript: Transcript;
  readonly review: TranscriptReview;
  /** Name of the file that it came from, relative to the dataset's folder where that has several. */
  readonly file: string;
}

/** Text is written as UTF-8. */
export type Chunk = string | Uint8Array;

/** A transcript that the target has no place for; the message is the reason. */
export class UnwritableError extends Error {}

/** Writes one file. Holds no transcript longer than its target's unit of writing (a line; a row group). */
export interface Encoder {
  /** What stands before the first transcript. */
  begin(): Chunk;
  /**
   * What one more transcript adds now; empty where it waits for others, or where the target has no word for it.
   * @throws UnwritableError, and the transcript is left out; the next ones may follow.
   */
  add(item: Exported): Chunk;
  end(): Chunk;
  /** What the reader of the file should know, in words; complete after `end`. */
  remarks(): readonly string[];
}

/** Some names, for a message: there may be any number of them. */
export function listed(names: readonly string[]): string {
  const first = names.slice(0, NAMES_LISTED).map((name) => shortened(name));
  const more = names.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}

/** What is known of the whole dataset before its first transcript is read. */
export interface Overview {
  /** Every classifier x label. */
  readonly sources: readonly VerdictSource[];
  /** Every label on which some decision stands, on the text as it is, in order, and in how many transcripts. */
  readonly decidedLabels: ReadonlyMap<string, number>;
  /** How many transcripts there are. */
  readonly transcripts: number;
}
