/** The search in the text of the whole dataset, as the editor's host and its webview speak of it. */
import type { SearchQuery } from '../core/search/query';

/** What the search box shows. */
export interface SearchView {
  readonly query: SearchQuery;
  readonly phase: 'searching' | 'done' | 'failed';
  /** Share of the dataset that has been searched, 0 to 1. */
  readonly progress: number;
  readonly matches: number;
  readonly transcripts: number;
  /** Why the phase is `failed`, in words. */
  readonly error: string | null;
}

/** Matches listed of one transcript; further ones are counted only. */
export const LISTED_MATCHES = 10_000;

/** The matches in the transcript on screen. */
export interface MatchesView {
  /** Of the record in the dataset. */
  readonly index: number;
  /** Message, start and end of each, one after the other, in reading order; in UTF-16 units of the message. */
  readonly places: readonly number[];
  readonly total: number;
  /** Number of the match in focus, -1 for none. */
  readonly current: number;
  /** Why matches are not shown, in words. */
  readonly error: string | null;
}
