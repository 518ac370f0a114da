/** The webview's copy of the host's state. It changes only when the host says so; clicks become messages. */
import { batch, signal } from '@preact/signals';
import { createRef } from 'preact';
import type { FacetValues } from '../../src/core/dataset/facts';
import type { Filter } from '../../src/core/dataset/filterModel';
import { patched, type ReviewPatch } from '../../src/core/reviewPatch';
import type { SearchQuery } from '../../src/core/search/query';
import { Channel, type Contract } from '../../src/protocol/channel';
import type {
  CursorView,
  Decide,
  EditorCommand,
  EditorHost,
  EditorPart,
  EditorSnapshot,
  EditorWebview,
  RecordState,
  SummaryView,
} from '../../src/protocol/editor';
import type { ProfileView } from '../../src/protocol/profile';
import type { MatchesView } from '../../src/protocol/search';
import { type WebviewApi, webviewPort } from '../shared/port';
import { ProfileStore } from './profileStore';
import { RowWindow } from './rowWindow';
import { readSaved, type SavedState } from './savedState';
import { matchWords } from './searchWords';
import { selectedText } from './selection';
import { announcement } from './words';

/** The record on screen and the place in it; replaced as one so that nothing is drawn half old, half new. */
export interface Shown extends RecordState {
  readonly cursor: CursorView;
  /** Raised when the host wants the cursor scrolled into view. */
  readonly reveal: number;
}

const NOWHERE: Shown = {
  record: null,
  version: 0,
  cursor: { position: -1, index: -1, label: null, span: null },
  reveal: 0,
};

const SAVE_MS = 100;

export class Editor {
  readonly summary = signal<SummaryView | null>(null);
  /** What can be filtered by, as far as it is listed. */
  readonly facets = signal<FacetValues>({ settings: [], variants: [], prefixes: [] });
  readonly shown = signal<Shown>(NOWHERE);
  /** What the search has found in the record on screen; `reveal` is raised when its match is to be scrolled to. */
  readonly matches = signal<{ readonly found: MatchesView | null; readonly reveal: number }>({
    found: null,
    reveal: 0,
  });
  /** What the host could not do, in words; null once put away. */
  readonly failure = signal<string | null>(null);
  /** Said by the screen reader. */
  readonly live = signal('');
  readonly helpOpen = signal(false);
  readonly rows: RowWindow;
  /** How the dataset is read, and the form in which that is corrected. */
  readonly store: ProfileStore;
  readonly parts = {
    filter: createRef<HTMLElement>(),
    search: createRef<HTMLElement>(),
    list: createRef<HTMLDivElement>(),
    transcript: createRef<HTMLElement>(),
    note: createRef<HTMLElement>(),
    profile: createRef<HTMLHeadingElement>(),
  };
  private saved: SavedState;
  private saving: ReturnType<typeof setTimeout> | undefined;
  /** The row that was gone to last, until it is on screen. */
  private going: { readonly position: number } | null = null;
  private readonly channel: Channel<EditorWebview, EditorHost>;

  constructor(private readonly api: WebviewApi) {
    this.saved = readSaved(api.getState());
    this.channel = new Channel<EditorWebview & Contract, EditorHost & Contract>({
      port: webviewPort(api),
      handlers: {
        summary: (summary) => this.takeSummary(summary),
        facets: (facets) => {
          this.facets.value = facets;
        },
        transcript: ({ cursor, reveal, ...state }) => this.takeRecord(state, cursor, reveal),
        review: ({ patch, version, cursor, reveal }) => this.takeReview(patch, version, cursor, reveal),
        cursor: ({ cursor, reveal }) => this.takeRecord(this.shown.value, cursor, reveal),
        matches: ({ matches, reveal }) => this.takeMatches(matches, reveal),
        profile: (view) => this.takeProfile(view),
        focus: ({ part }) => this.focus(part),
        selection: () => this.selection(),
      },
      onError: (error) => this.fail(error),
    });
    this.rows = new RowWindow(
      (range) => this.channel.request('rows', range),
      (error) => this.fail(error),
    );
    this.store = new ProfileStore({
      check: (text) => this.channel.request('checkProfile', { text }),
      say: (words) => {
        this.live.value = words;
      },
      fail: (error) => this.fail(error),
    });
  }

  /** Asks for the whole state; called once at the start, and again by the reader when that failed. */
  async start(): Promise<void> {
    try {
      this.takeSnapshot(await this.channel.request('ready', {}));
    } catch (error) {
      this.fail(error);
    }
  }

  filter(change: Partial<Filter>): void {
    void this.hope(this.channel.request('filter', change));
  }

  search(query: SearchQuery): void {
    void this.hope(this.channel.request('search', query));
  }

  moveTo(position: number): void {
    const going = { position };
    this.going = going;
    void this.hope(this.channel.request('moveTo', { position })).finally(() => {
      if (this.going === going) this.going = null;
    });
  }

  /** Where the list's cursor is, or is going: keys may be faster than transcripts are read. */
  get position(): number {
    return (this.going ?? this.shown.value.cursor).position;
  }

  focusLabel(label: string): void {
    void this.hope(this.channel.request('focusLabel', { label }));
  }

  focusSpan(span: string | null): void {
    void this.hope(this.channel.request('focusSpan', { span }));
  }

  /** Whether it stands; it does not where nobody has said who decides. undefined when it is refused, which is shown. */
  decide(decision: Decide): Promise<boolean | undefined> {
    return this.hope(this.channel.request('decide', decision));
  }

  previewFile(name: string): void {
    void this.hope(this.channel.request('previewFile', { name }));
  }

  keepProfile(text: string): void {
    void this.hope(this.channel.request('keepProfile', { text }));
  }

  forgetProfile(): void {
    void this.hope(this.channel.request('forgetProfile', {}));
  }

  closeProfile(): void {
    void this.hope(this.channel.request('closeProfile', {}));
  }

  command(name: EditorCommand): void {
    void this.hope(this.channel.request('command', { name }));
  }

  focus(part: EditorPart): void {
    if (part === 'help') this.helpOpen.value = true;
    // it has come a moment ago, and is yet to be drawn
    else if (part === 'profile') requestAnimationFrame(() => this.parts.profile.current?.focus());
    else this.parts[part].current?.focus({ preventScroll: true });
  }

  /** What an earlier life of this webview left behind. */
  get savedState(): SavedState {
    return this.saved;
  }

  /** Keeps a place for the next life; written a little later, since scrolling comes in dozens a second. */
  save(change: Partial<SavedState>): void {
    this.saved = { ...this.saved, ...change };
    this.saving ??= setTimeout(() => this.flush(), SAVE_MS);
  }

  /** Writes what `save` was told, now. */
  flush(): void {
    clearTimeout(this.saving);
    this.saving = undefined;
    this.api.setState(this.saved);
  }

  dispose(): void {
    this.store.dispose();
    this.channel.dispose();
  }

  private takeSnapshot({ summary, facets, cursor, record, matches, profile }: EditorSnapshot): void {
    this.takeSummary(summary);
    this.facets.value = facets;
    this.shown.value = { ...record, cursor, reveal: 0 };
    this.matches.value = { found: matches, reveal: 0 };
    this.takeProfile(profile);
  }

  private takeProfile(view: ProfileView | null): void {
    this.store.take(view);
    this.catchFocus();
  }

  /** Where the keyboard is on nothing (a new webview, a pane that was replaced), puts it on the text. */
  private catchFocus(): void {
    requestAnimationFrame(() => {
      if (document.hasFocus() && document.activeElement === document.body) this.focus('transcript');
    });
  }

  private takeSummary(summary: SummaryView): void {
    this.summary.value = summary;
    this.rows.update(summary.revision, summary.shown);
  }

  private takeReview(patch: ReviewPatch, version: number, cursor: CursorView, reveal: boolean): void {
    const { record, version: before } = this.shown.value;
    if (record?.kind === 'transcript' && version === before + 1)
      this.takeRecord({ record: patched(record, patch), version }, cursor, reveal);
    else void this.start(); // of one that was never told here
  }

  private takeRecord({ record, version }: RecordState, cursor: CursorView, reveal: boolean): void {
    const before = this.shown.value;
    const said = announcement(
      { record: before.record, label: before.cursor.label, span: before.cursor.span },
      {
        record,
        label: cursor.label,
        span: cursor.span,
        position: cursor.position,
        shown: this.summary.value?.shown ?? 0,
      },
    );
    batch(() => {
      this.shown.value = { record, version, cursor, reveal: before.reveal + (reveal ? 1 : 0) };
      if (said !== '') this.live.value = said;
    });
    this.catchFocus();
  }

  private takeMatches(found: MatchesView | null, reveal: boolean): void {
    this.matches.value = { found, reveal: this.matches.value.reveal + (reveal ? 1 : 0) };
    if (found && reveal) this.live.value = matchWords(found);
  }

  private selection() {
    const root = this.parts.transcript.current;
    const selected = root ? selectedText(root, window.getSelection()) : null;
    const { record } = this.shown.value;
    if (!selected || record?.kind !== 'transcript') return null;
    const { id, hash } = record;
    return { id, hash, ...selected };
  }

  /** Every wish is a request, so that a refusal comes back in words: undefined then, and they are shown. */
  private async hope<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  private fail(error: unknown): void {
    this.failure.value = error instanceof Error ? error.message : String(error);
  }
}
