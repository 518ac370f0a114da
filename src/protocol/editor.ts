/** Messages between the custom editor (host) and its webview. The host holds all state, the cursor included. */
import type { FacetValues, Unlisted } from '../core/dataset/facts';
import type { Filter } from '../core/dataset/filterModel';
import type { Decision } from '../core/review/makeEntry';
import type { ReviewPatch } from '../core/reviewPatch';
import type { SearchQuery } from '../core/search/query';
import type { RecordView, RowView, Seen } from '../core/viewModel';
import type { ProfileReading, ProfileView } from './profile';
import type { MatchesView, SearchView } from './search';

/** Everything around the transcript: header, status line, filter values, progress. */
export interface SummaryView {
  readonly file: string;
  readonly phase: 'indexing' | 'checking' | 'ready' | 'cancelled' | 'failed';
  /** 0 to 1. */
  readonly progress: number;
  /** Why the dataset as a whole cannot be shown, in words. */
  readonly error: string | null;
  /** The file changed or vanished under us; a reload is offered. */
  readonly notice: string | null;
  readonly total: number;
  readonly shown: number;
  readonly reviewed: number;
  readonly overrides: number;
  readonly bad: number;
  /** What is wrong with files as a whole, so that something of them is missing. */
  readonly faults: number;
  readonly warnings: number;
  readonly stale: number;
  readonly reviewer: string;
  /** Name of the format profile that read the file. */
  readonly profile: string;
  /** It is kept beside the dataset: someone chose it. */
  readonly profileKept: boolean;
  /** How many settings, variants and prefix arms `FacetValues` leaves out. */
  readonly unlisted: UnlistedNames;
  readonly filter: Filter;
  /** null while nothing is searched for; else the list holds only transcripts with matches. */
  readonly search: SearchView | null;
  /** Keys as bound now, for the sheet and the buttons: command id without prefix -> e.g. "y". */
  readonly dirty: boolean;
  /** Raised when rows must be asked for again. */
  readonly revision: number;
}

export type UnlistedNames = Pick<Unlisted, 'settings' | 'variants' | 'prefixes'>;

/** Where the reviewer is. `position` counts in the filtered list; -1 when it is empty. */
export interface CursorView {
  readonly position: number;
  readonly index: number;
  readonly label: string | null;
  readonly span: string | null;
}

/** The record on screen, null for none. */
export interface RecordState {
  readonly record: RecordView | null;
  /** Raised with each message that changes it: a patch is of the one before. */
  readonly version: number;
}

export interface EditorSnapshot {
  readonly summary: SummaryView;
  readonly facets: FacetValues;
  readonly cursor: CursorView;
  readonly record: RecordState;
  readonly matches: MatchesView | null;
  readonly profile: ProfileView | null;
}

/** The longest note that is taken, in UTF-16 units. */
export const NOTE_UNITS = 100_000;

/** One decision as the webview asks for it, on a transcript that was shown: it may have gone by now, or say something else. */
export type Decide = Seen & Decision;

export interface TextSelection extends Seen {
  readonly message: number;
  readonly start: number;
  readonly end: number;
}

/** Answered by the host. */
export type EditorHost = {
  /** Sent once the webview can draw, after each time it was hidden too; answered with the whole state. */
  ready: (params: Record<string, never>) => EditorSnapshot;
  /** Rows `start` (inclusive) to `end` (exclusive) of the filtered list. */
  rows: (params: { start: number; end: number }) => {
    revision: number;
    start: number;
    rows: readonly RowView[];
  };
  /** What stands in the fields that were touched; the others stay as the host has them, changed by now or not. */
  filter: (params: Partial<Filter>) => void;
  /** Searches the text of the whole dataset; an empty text ends the search. */
  search: (params: SearchQuery) => void;
  moveTo: (params: { position: number }) => void;
  focusLabel: (params: { label: string }) => void;
  focusSpan: (params: { span: string | null }) => void;
  /** Answers whether the decision stands; it does not where nobody said who decides. */
  decide: (params: Decide) => boolean;
  /** Takes what stands in the form, and tells what that makes of the first records. */
  checkProfile: (params: { text: string }) => ProfileReading;
  /** Shows the first records of another file of the dataset. */
  previewFile: (params: { name: string }) => void;
  /** Keeps a profile beside the dataset and reads it so. */
  keepProfile: (params: { text: string }) => void;
  /** Removes the kept profile and reads the dataset as what it looks like. */
  forgetProfile: (params: Record<string, never>) => void;
  closeProfile: (params: Record<string, never>) => void;
  /** Runs one of the extension's own editor commands, by its name without the prefix (buttons use this). */
  command: (params: { name: EditorCommand }) => void;
};

/** What the keyboard focus can be moved to. */
export type EditorPart = 'filter' | 'search' | 'note' | 'list' | 'transcript' | 'help' | 'profile';

/** Answered by the webview. */
export type EditorWebview = {
  summary: (params: SummaryView) => void;
  /** What can be filtered by; told only when it has changed, since it may be hundreds of names. */
  facets: (params: FacetValues) => void;
  /**
   * Another record, or another text. `reveal`: scroll the focused span (or, without one, the top of the transcript) into
   * view.
   */
  transcript: (params: RecordState & { cursor: CursorView; reveal: boolean }) => void;
  /** What people decided on the record that was told last, in place of the whole, which may be large. */
  review: (params: { patch: ReviewPatch; version: number; cursor: CursorView; reveal: boolean }) => void;
  /** As `transcript`, for the record that was told last, as it was: the focus moves at every key. */
  cursor: (params: { cursor: CursorView; reveal: boolean }) => void;
  /** `reveal`: scroll the match in focus into view. */
  matches: (params: { matches: MatchesView | null; reveal: boolean }) => void;
  /** null: back to the transcripts. */
  profile: (params: ProfileView | null) => void;
  /** Moves the keyboard focus or opens the sheet of keys. */
  focus: (params: { part: EditorPart }) => void;
  /** The text that is selected now, null when none or when it spans messages. */
  selection: (params: Record<string, never>) => TextSelection | null;
};

/** Editor commands; each is a VS Code command `transcriptReview.<name>` with a palette title and a default key. */
export const EDITOR_COMMANDS = [
  'nextTranscript',
  'previousTranscript',
  'nextUnreviewed',
  'nextSpan',
  'previousSpan',
  'nextLabel',
  'previousLabel',
  'answerYes',
  'answerNo',
  'answerUnsure',
  'clearAnswer',
  'confirmSpan',
  'rejectSpan',
  'clearSpan',
  'addSpan',
  'nextMatch',
  'previousMatch',
  'editNote',
  'focusFilter',
  'focusList',
  'focusTranscript',
  'clearFilter',
  'focusSearch',
  'clearSearch',
  'showKeys',
  'showProblems',
  'showProfile',
  'showMetrics',
  'cancelIndexing',
  'reload',
] as const;
export type EditorCommand = (typeof EDITOR_COMMANDS)[number];
