import { availableParallelism } from 'node:os';
import { Growable } from '../core/dataset/growable';
import { shortened } from '../core/invisible';
import { NO_SEARCH, type SearchQuery, searchPattern } from '../core/search/query';
import { beginningOf } from '../core/view';
import type { Audit } from '../node/audit';
import type { Dataset } from '../node/dataset';
import { SearchRun } from '../node/searchRun';
import type { FoundBatch } from '../node/searchTask';
import { SearchTasks } from '../node/searchTasks';
import { SearchThread, SlowPatternError } from '../node/searchThread';
import type { CursorView } from '../protocol/editor';
import { LISTED_MATCHES, type MatchesView, type SearchView } from '../protocol/search';
import type { TranscriptList } from './transcriptList';

/** Cores that are left to the extension host and the window. */
const SPARED_CORES = 2;
const THREADS = 2;
/** So long the matches of the transcript on screen may take. */
const SHOWN_PATIENCE_MS = 2_000;

/** The editor that a search belongs to. */
export interface SearchedEditor {
  readonly audit: Audit;
  readonly list: TranscriptList;
  readonly focus: CursorView;
  moveTo(position: number): Promise<void>;
  focusPart(part: 'search'): Promise<void>;
  /** The list holds other transcripts now, or the search's progress is another one. */
  followList(): void;
  sendMatches(matches: MatchesView | null, reveal: boolean): void;
}

/** The search of one editor: what it has found in the dataset, and the matches in the transcript on screen. */
export class EditorSearch {
  private query = NO_SEARCH;
  private phase: SearchView['phase'] = 'done';
  private error: string | null = null;
  /** There is something to search for, and it is well formed. */
  private searching = false;
  private found = new Growable(Uint32Array);
  private matches = 0;
  /** Transcripts before this index have been searched. */
  private through = 0;
  /** What is searched; another object once the dataset is read again. */
  private dataset: Dataset | null = null;
  private tasks: SearchTasks | null = null;
  private run: SearchRun | null = null;
  private reader: SearchThread | null = null;
  private shown: MatchesView | null = null;
  /** Only the newest wish for a transcript's matches is fulfilled. */
  private wish = 0;
  private wishes: Promise<void> = Promise.resolve();
  /** Which match is in focus first when a transcript comes on screen: the first or the last. */
  private landing: 1 | -1 = 1;

  /** @param script the bundled searchWorker */
  constructor(
    private readonly editor: SearchedEditor,
    private readonly script: string,
  ) {}

  /** null while nothing is searched for. */
  get view(): SearchView | null {
    if (this.query.text === '') return null;
    const { query, phase, matches, error } = this;
    const { columns, progress } = this.editor.audit.dataset;
    const searched = columns.count > 0 ? this.through / columns.count : 0;
    const known = this.editor.audit.dataset.phase === 'indexing' ? progress : 1;
    return { query, phase, progress: searched * known, matches, transcripts: this.found.length, error };
  }

  /** The matches in the transcript on screen; null where none are known. */
  get onScreen(): MatchesView | null {
    return this.shown?.index === this.editor.focus.index ? this.shown : null;
  }

  /**
   * The position of the list to go to from a transcript that is not in it: none (null) while it may still turn up, or a
   * later one may; the next one, else the last; 'nowhere' when the list stays empty.
   */
  target(index: number): number | 'nowhere' | null {
    const { list } = this.editor;
    const running = this.view?.phase === 'searching';
    if (running && this.through <= index) return null;
    const next = list.positionFrom(index);
    if (next < list.length) return next;
    if (running) return null;
    return list.length > 0 ? list.length - 1 : 'nowhere';
  }

  /** Searches for something else; for nothing when the text is empty. */
  set(query: SearchQuery): void {
    this.query = query;
    this.start();
    this.editor.followList();
    this.show(true);
  }

  /** The dataset has grown, or is read again. */
  follow(): void {
    if (this.query.text === '') return;
    if (this.dataset !== this.editor.audit.dataset) this.start();
    else this.wake();
  }

  /** Goes to the next (1) or previous (-1) match, in another transcript of the list when there is none in this one. */
  async step(by: 1 | -1): Promise<void> {
    if (this.query.text === '') return this.editor.focusPart('search');
    await this.wishes; // keys pressed faster than matches are found
    const { list, focus } = this.editor;
    const shown = this.onScreen;
    const current = shown && shown.current < 0 && by < 0 ? shown.places.length / 3 : (shown?.current ?? -1);
    const next = current + by;
    if (shown && next >= 0 && next < shown.places.length / 3) {
      this.tell({ ...shown, current: next }, true);
    } else if (list.length > 0) {
      this.landing = by;
      const from = focus.position < 0 && by < 0 ? 0 : focus.position;
      await this.editor.moveTo((from + by + list.length) % list.length);
    }
  }

  /** Finds the matches in the transcript under the cursor, and tells them. `reveal`: it has just come on screen. */
  show(reveal: boolean): void {
    const wish = ++this.wish;
    const { index } = this.editor.focus;
    const known = this.onScreen;
    if (!this.searching || index < 0) {
      if (this.shown) this.tell(null, false);
    } else if (known) {
      if (reveal) this.tell({ ...known, current: this.land(known.places) }, true);
    } else {
      this.wishes = this.wishes.then(async () => {
        if (wish !== this.wish) return;
        const found = await this.find(index);
        if (wish === this.wish) this.tell(found, reveal);
      });
    }
  }

  dispose(): void {
    this.stop();
  }

  private start(): void {
    this.stop();
    this.found = new Growable(Uint32Array);
    this.matches = 0;
    this.through = 0;
    this.error = null;
    this.phase = 'done';
    this.dataset = this.editor.audit.dataset;
    this.tasks = new SearchTasks(this.dataset);
    this.searching = this.query.text !== '' && this.isPattern();
    this.editor.list.narrow(this.searching ? this.found : null);
    this.wake();
  }

  private stop(): void {
    this.wish++;
    this.run?.stop();
    this.run = null;
    this.reader?.stop();
    this.reader = null;
    if (this.shown) this.tell(null, false);
  }

  private isPattern(): boolean {
    try {
      searchPattern(this.query);
      return true;
    } catch (error) {
      this.fail((error as Error).message);
      return false;
    }
  }

  private wake(): void {
    const { tasks } = this;
    if (!this.searching || this.phase === 'failed' || !tasks) return;
    this.phase = 'searching';
    this.run ??= new SearchRun({
      script: this.script,
      query: this.query,
      threads: Math.max(1, Math.min(THREADS, availableParallelism() - SPARED_CORES)),
      next: () => tasks.next(),
      onFound: (found) => this.take(found),
      onIdle: () => void this.idle(),
      onError: (error) => {
        this.fail(this.inWords(error));
        this.editor.followList();
      },
    });
    this.run.wake();
  }

  private take({ indices, counts, through }: FoundBatch): void {
    const from = this.found.length;
    this.found.push(indices);
    for (const count of counts) this.matches += count;
    this.through = through;
    this.editor.list.growFound(from);
    this.editor.followList();
  }

  /** There is nothing more to search for the moment: the threads go, if what they read is still what was indexed. */
  private async idle(): Promise<void> {
    const { run, dataset } = this;
    if (!dataset || dataset.phase === 'indexing') return;
    const change = await dataset.look();
    if (!run || run !== this.run || !run.isIdle) return;
    run.stop();
    this.run = null;
    if (change.kind === 'changed') this.fail(change.what);
    else this.phase = 'done';
    this.editor.followList();
  }

  private fail(reason: string): void {
    this.phase = 'failed';
    this.error = reason;
  }

  private inWords(error: Error): string {
    if (!(error instanceof SlowPatternError)) return error.message;
    return `stopped at ${shortened(this.editor.audit.dataset.columns.id(error.index))}: ${error.message} there`;
  }

  private async find(index: number): Promise<MatchesView | null> {
    const view = { index, places: [], total: 0, current: -1, error: null };
    try {
      const record = await this.editor.audit.dataset.record(index);
      if (record.kind === 'bad') return null;
      const { messages } = beginningOf(record.transcript);
      this.reader ??= new SearchThread(this.script, this.query, SHOWN_PATIENCE_MS);
      const found = await this.reader.places({ type: 'text', index, messages, most: LISTED_MATCHES });
      const places = [...found.places];
      return { ...view, places, total: found.total, current: this.land(places) };
    } catch (error) {
      this.reader?.stop();
      this.reader = null;
      return { ...view, error: (error as Error).message };
    }
  }

  private land(places: readonly number[]): number {
    const current = this.landing < 0 ? places.length / 3 - 1 : places.length > 0 ? 0 : -1;
    this.landing = 1;
    return current;
  }

  private tell(matches: MatchesView | null, reveal: boolean): void {
    this.shown = matches;
    this.editor.sendMatches(matches, reveal);
  }
}
