/** How the dataset is read, as the editor's host and its webview speak of it. The profile crosses as the text of its JSON. */
import type { ProfileIssue } from '../core/formats/checkProfile';
import type { PointerSeen } from '../core/formats/fields';
import type { MappingLine, PreviewPart } from '../core/formats/preview';

/** The longest text of a profile that is taken, in UTF-16 units. */
export const PROFILE_UNITS = 200_000;

/** One file of the dataset. */
export interface ProfileFileView {
  readonly name: string;
  /** e.g. "CSV", and the name of the profile that reads it; null where it is not read (yet). */
  readonly container: string | null;
  readonly profile: string | null;
}

/**
 * How the profile that the form begins with came about: by looking at the records; kept beside the dataset by someone;
 * guessed, since no built-in profile knows them; or kept, but it cannot be used.
 */
export type ProfileOrigin = 'detected' | 'kept' | 'guessed' | 'broken';

/** What the view "How this dataset is read" shows besides the preview. */
export interface ProfileView {
  /** Raised when the form begins anew, with `draft`. */
  readonly opened: number;
  readonly origin: ProfileOrigin;
  /** Why the kept profile cannot be used, or the file not be looked at, in words. */
  readonly reason: string | null;
  /** The first of them; `fileCount` in all. */
  readonly files: readonly ProfileFileView[];
  readonly fileCount: number;
  /** Name of the file whose records are previewed. */
  readonly file: string;
  /** Where a profile is kept, as it is told to the user. */
  readonly keptAt: string;
  /** What the form begins with, and what stands in it: the same until the user changes something. */
  readonly start: string;
  readonly draft: string;
  /** What one would guess of the records, to start from. */
  readonly guess: string;
  /** What stands where in the first records. */
  readonly places: readonly PointerSeen[];
}

/** What the transcripts of the sample come to. */
export interface PreviewCounts {
  readonly records: number;
  readonly transcripts: number;
  readonly unreadable: number;
  readonly training: number;
  readonly unmonitored: number;
  readonly complied: number;
  readonly notComplied: number;
}

/** What a draft makes of the first records. */
export interface ProfileReading {
  /** Empty where it can be read by. */
  readonly issues: readonly ProfileIssue[];
  /** null while there are issues. */
  readonly preview: {
    readonly counts: PreviewCounts;
    /** The first of them. */
    readonly parts: readonly PreviewPart[];
    readonly mapping: readonly MappingLine[];
    /** Its joins are not those in use: verdicts of a second file are not in the preview. */
    readonly withoutJoins: boolean;
  } | null;
  /** Transcripts with decisions, where the draft gives other ids than the reading in use; else 0. */
  readonly strandedDecisions: number;
}
