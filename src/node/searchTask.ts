/** What the host and a search thread tell each other: plain data, since it crosses to a worker. */
import type { Message } from '../core/dataset/model';
import type { SearchQuery } from '../core/search/query';
import type { FileReading } from './indexEvents';

/** Given to a search thread when it starts. */
export interface SearchSetup {
  readonly query: SearchQuery;
  /** One Int32 that both sides share: the index of the transcript that is being matched, plus 1; 0 for none. */
  readonly matching: SharedArrayBuffer;
}

export type SearchTask =
  /** Transcripts of a JSON file, by the bytes of their records. Those of one record come in one task. */
  | {
      readonly type: 'ranges';
      readonly file: FileReading;
      /** Index of the first transcript. */
      readonly first: number;
      readonly offsets: Float64Array;
      readonly lengths: Uint32Array;
    }
  /** All transcripts of a file, of any container, with the lengths that their records had (see `RecordRange`). */
  | {
      readonly type: 'file';
      readonly file: FileReading;
      readonly first: number;
      readonly lengths: Uint32Array;
    }
  /** One transcript's text, to find the places of its matches. */
  | {
      readonly type: 'text';
      readonly index: number;
      readonly messages: readonly Pick<Message, 'role' | 'content' | 'region'>[];
      /** Matches beyond this many are counted, not listed. */
      readonly most: number;
    };

/** Transcripts with matches, by index and in order, and how many matches each has. */
export interface FoundBatch {
  readonly indices: Uint32Array;
  readonly counts: Uint32Array;
  /** Transcripts of the task before this index have been searched. */
  readonly through: number;
}

/** Matches of one transcript: message, start and end of each, one after the other. */
export interface TextPlaces {
  readonly places: Uint32Array;
  readonly total: number;
}

/** Answers to a task: any number of `found` or `places`, then `done` or `failed`. */
export type SearchReply =
  | { readonly type: 'found'; readonly found: FoundBatch }
  | { readonly type: 'places'; readonly found: TextPlaces }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string };
