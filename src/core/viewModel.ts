/**
 * What the editor webview draws. Plain data made by view.ts in the host; the webview decides nothing itself. Names and
 * sentences are shortened (invisible.ts), but for ids and labels by which it answers.
 */
import type { AnchorStatus, Place } from './anchor/place';
import type { Condition, RegionKind, Verdict } from './dataset/model';
import type { Answer } from './review/state';

export interface RegionView {
  readonly kind: RegionKind | 'text';
  readonly start: number;
  readonly end: number;
  /** false: the tag was opened and never closed. */
  readonly closed: boolean;
}

export interface MessageView {
  readonly role: string;
  readonly content: string;
  /** UTF-16 units that were prefilled. */
  readonly prefill: number;
  /** Cover the whole of `content`, in order, tags included: nothing is hidden. */
  readonly regions: readonly RegionView[];
}

export interface SpanView {
  readonly id: string;
  /** Classifier's name, or the reviewer's for a span that a person added. */
  readonly source: string;
  readonly added: boolean;
  /** For its look; what it is called stands in `title`. */
  readonly label: string;
  /** The label as words for the screen. */
  readonly title: string;
  readonly score: number | null;
  readonly status: AnchorStatus;
  /** The first of `places`; null when the quote was not found or the offsets lie outside the text. */
  readonly place: Place | null;
  /** Several for a quote that is put together from them; in one message, ascending and apart. */
  readonly places: readonly Place[];
  /** Share of the quote's letters that stand at `places`, 1 for all; null where no quote was found. */
  readonly quality: number | null;
  /** The text at `places`, else the quote that was looked for; shortened, since it stands in the message, and spans overlap. */
  readonly quote: string;
  /** 0-based; spans that overlap have different lanes, so their underlines do not cover each other. */
  readonly lane: number;
  /** What the current reviewer said. */
  readonly mine: 'confirm' | 'reject' | 'relabel' | 'rebound' | 'add' | null;
  /** Confirms and rejects over all reviewers. */
  readonly confirms: number;
  readonly rejects: number;
  /** What others would have different in it: another label, in words, or null for other bounds. It is shown without. */
  readonly proposed: readonly { readonly reviewer: string; readonly title: string | null }[];
  /** So many more of them. */
  readonly moreProposed: number;
  /** A decision on this span was made on a text that has changed since. */
  readonly stale: boolean;
}

export type VerdictView = Omit<Verdict, 'label'>;

export interface LabelView {
  /** Whole: decisions name it. */
  readonly label: string;
  /** In words; for `complied` in an animal-welfare setting it says so (DESIGN, "outcome"). */
  readonly title: string;
  /** What "yes" and "no" mean here, e.g. "complied" and "refused". */
  readonly yes: string;
  readonly no: string;
  readonly verdicts: readonly VerdictView[];
  readonly mine: Answer | null;
  readonly others: readonly { readonly reviewer: string; readonly answer: Answer }[];
  /** How many answers of others there are beside those. */
  readonly moreOthers: number;
  /** Where it was decided and has no value: whether anybody said yes or no. */
  readonly tied: boolean;
  /** undefined value is sent as `decided: false`. */
  readonly decided: boolean;
  readonly adjudicated: boolean | null;
  /** Classifiers (with a yes or no) that the adjudicated label agrees / disagrees with. */
  readonly confirms: number;
  readonly overrides: number;
  readonly stale: boolean;
}

export interface NoteView {
  readonly reviewer: string;
  readonly text: string;
  /** Written on a text that has changed since. */
  readonly stale: boolean;
}

/** A transcript with the texts that were on screen. */
export type Seen = Pick<TranscriptView, 'id' | 'hash'>;

export interface TranscriptView {
  readonly kind: 'transcript';
  /** Index of the record in the dataset (file order). */
  readonly index: number;
  /** Whole: decisions name it. */
  readonly id: string;
  /** Of its texts, as decisions have it: they name it, too, so that none lands on a text that was not on screen. */
  readonly hash: string;
  /** 1-based line of the file (of the start of the record in a JSON file), or row, or sample: see `unit`. */
  readonly line: number;
  /** What `line` counts; without it, lines. */
  readonly unit?: string;
  /** In a dataset of several files, the one that it stands in. */
  readonly file?: string;
  readonly setting: string;
  readonly condition: Condition | null;
  readonly variant: string;
  readonly prefix: string;
  readonly promptId: string | null;
  readonly model: string | null;
  readonly messages: readonly MessageView[];
  readonly labels: readonly LabelView[];
  /** How many labels there are beside those. */
  readonly moreLabels: number;
  /** In reading order; those without a place last. */
  readonly spans: readonly SpanView[];
  readonly note: string;
  /** It was written on a text that has changed since. */
  readonly noteStale: boolean;
  /** Shortened. */
  readonly otherNotes: readonly NoteView[];
  /** How many notes of others there are beside those. */
  readonly moreNotes: number;
  /** What is wrong with parts of this transcript, in words. */
  readonly problems: readonly string[];
}

/** A record that could not be read: shown in the list and in place of the transcript. */
export interface BadRecordView {
  readonly kind: 'bad';
  readonly index: number;
  readonly id: string;
  readonly line: number;
  readonly unit?: string;
  readonly file?: string;
  readonly offset: number;
  readonly reason: string;
  /** The beginning of the raw bytes, as text. */
  readonly raw: string;
}

export type RecordView = TranscriptView | BadRecordView;

/** One line of the list. */
export interface RowView {
  readonly index: number;
  readonly id: string;
  readonly line: number;
  readonly setting: string;
  readonly condition: Condition | null;
  readonly variant: string;
  readonly prefix: string;
  /** Adjudicated value of `complied`. */
  readonly complied: boolean | null;
  /** Adjudicated alignment faking; 'mixed' where classifiers disagree and nobody decided. */
  readonly alignmentFaking: boolean | 'mixed' | null;
  /** Some decision stands on this transcript (by anyone / by the current reviewer). */
  readonly reviewed: boolean;
  readonly mine: boolean;
  /** Labels whose adjudicated value differs from what some classifier said. */
  readonly overridden: readonly string[];
  readonly stale: boolean;
  readonly bad: boolean;
}
