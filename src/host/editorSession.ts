import { setTimeout as wait } from 'node:timers/promises';
import type * as vscode from 'vscode';
import { AnchorMemory } from '../core/anchor/anchor';
import type { FacetValues } from '../core/dataset/facts';
import { type Filter, NO_FILTER } from '../core/dataset/filterModel';
import { shortened } from '../core/invisible';
import type { Decision } from '../core/review/makeEntry';
import { reviewPatch } from '../core/reviewPatch';
import { NO_SEARCH } from '../core/search/query';
import type { RecordView, Seen, TranscriptView } from '../core/viewModel';
import type { AuditChange } from '../node/audit';
import type { Dataset } from '../node/dataset';
import { Channel } from '../protocol/channel';
import type {
  CursorView,
  EditorCommand,
  EditorHost,
  EditorPart,
  EditorWebview,
  RecordState,
} from '../protocol/editor';
import type { ProfileView } from '../protocol/profile';
import type { MatchesView } from '../protocol/search';
import { isDecision, runCommand } from './editorCommands';
import { editorHandlers } from './editorHandlers';
import { offerLost } from './lostDecisions';
import { offerOwnElsewhere } from './ownElsewhere';
import { ProfilePane } from './profilePane';
import { defaultFocus, readAhead, readView } from './readView';
import { READ_AGAIN, type ReviewDocument } from './reviewDocument';
import { EditorReviewer, type Reviewers } from './reviewer';
import type { SavedPlace } from './savedPlace';
import { editorSchemas, selectionSchema, validator } from './schemas';
import { EditorSearch } from './search';
import { summaryOf } from './summary';
import { tell, tellError } from './tell';
import { Throttle } from './throttle';
import { TranscriptList } from './transcriptList';
import { webviewPort } from './webviewPage';

const PUSH_MS = 16;

/** A page that is there answers in a few ms, on another machine in some more. */
const FOCUS_MS = 2_000;
/** Parts in which one types. */
const FIELDS: ReadonlySet<EditorPart> = new Set(['note', 'filter', 'search']);

interface Row {
  readonly dataset: Dataset;
  readonly index: number;
}

/** Where to go once its turn comes. */
interface Move {
  row: Row;
  readonly done: Promise<void>;
}

/** One editor: the list, the cursor, and the messages to and from its webview. All state is here, on the host. */
export class EditorSession implements vscode.Disposable {
  readonly list: TranscriptList;
  readonly search: EditorSearch;
  readonly profile: ProfilePane;
  readonly who: EditorReviewer;
  /** The transcript on screen, null while there is none. */
  record: RecordView | null = null;
  /** What the webview was told last. */
  private told: RecordState = { record: null, version: 0 };
  private readonly channel: Channel<EditorHost, EditorWebview>;
  private readonly subscriptions: { dispose(): unknown }[] = [];
  /** What the webview was told last. */
  private facets: FacetValues | null = null;
  private cursor: CursorView = { position: -1, index: -1, label: null, span: null };
  /** Raised when the webview must ask for its rows again. */
  revision = 1;
  /** The summary is sent at most once a frame. */
  private readonly summary = new Throttle(PUSH_MS, () => this.sendSummary());
  /** Only the newest request for a record is shown: reads may finish in another order. */
  private showing = 0;
  private shown: Promise<void> = Promise.resolve();
  /** Id of the transcript that was gone to last. */
  private goal: string | null = null;
  /** The dataset that `record` was read from: after a reload, the same index is another transcript. */
  private source: Dataset | null = null;
  /** What the reviewer does, one after the other. */
  private turns: Promise<unknown> = Promise.resolve();
  /** The last of that, where it goes to a row of the list and has not begun: a later one takes its place. */
  private nextMove: Move | null = null;
  /** Questions that are open. */
  private questions = 0;
  /** Raised where a field has taken the keys that were pressed: commands from before do nothing. */
  private typed = 0;
  /** Raised where another text has come on screen by itself: decisions from before were not meant for it. */
  private replaced = 0;
  private readonly anchors = new AnchorMemory();

  constructor(
    readonly document: ReviewDocument,
    readonly panel: vscode.WebviewPanel,
    private place: SavedPlace | null,
    private readonly onPlace: (place: SavedPlace) => void,
    searchScript: string,
    reviewers: Reviewers,
  ) {
    this.who = new EditorReviewer(reviewers, document.uri);
    this.list = new TranscriptList(
      document.audit,
      () => this.reviewer,
      () => this.followFilter(),
    );
    this.search = new EditorSearch(this, searchScript);
    this.profile = new ProfilePane(this);
    this.channel = new Channel({
      port: webviewPort(panel.webview),
      handlers: editorHandlers(this),
      validate: validator(editorSchemas),
      onError: (error) => this.tell(error),
    });
    if (place) this.list.filter = place.filter;
    this.subscriptions.push(
      { dispose: document.audit.onChange((change) => this.follow(change)) },
      document.onDidFlip((id) => this.showId(id)),
      document.onDidChangeNotice(() => this.summary.ask()),
      this.who,
      this.who.onDidChange(() => {
        // Before others', of which there may be more than are read.
        if (this.reviewer !== '') void document.whenOwnKnown(this.reviewer);
        this.showMine();
        this.offerOwn();
      }),
      document.onDidReadReviews(() => this.offerOwn()),
    );
    this.attempt(this.who.learn());
    this.follow({ type: 'reset' });
  }

  /** Whose decisions are shown as mine; empty while nobody's are. */
  get reviewer(): string {
    return this.who.name;
  }

  get audit() {
    return this.document.audit;
  }

  /** The transcript on screen; null when there is none, its record is bad, or another one is to be read next. */
  get transcript(): TranscriptView | null {
    const current = this.source === this.audit.dataset && this.record?.index === this.cursor.index;
    return current && this.record?.kind === 'transcript' ? this.record : null;
  }

  get focus(): CursorView {
    return this.cursor;
  }

  /**
   * Runs an editor command; failures are told to the user, never thrown. One after the other: keys pressed faster than
   * transcripts are read must act on the transcript that they were meant for. Keys that come in before a field has the
   * focus were meant for the field: what is typed there must not decide.
   */
  run(name: EditorCommand): void {
    const { typed, replaced } = this;
    const command = async () => {
      await this.list.applied();
      await this.shown; // what the filter leads to, too
      if (typed !== this.typed || (isDecision(name) && replaced !== this.replaced)) return;
      await runCommand(this, name);
    };
    this.attempt(this.inTurn(command));
  }

  /**
   * What is done in the page otherwise, in turn with the keys: what was pressed before a click was meant for what was on
   * screen before it. A question may be open for long, and holds up no click.
   */
  act<T>(work: () => T | Promise<T>): Promise<T> {
    return this.questions > 0 ? Promise.resolve().then(work) : this.inTurn(work);
  }

  private inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    this.nextMove = null;
    const turn = this.turns.then(work);
    this.turns = turn.catch(() => {}); // whoever did it is told
    return turn;
  }

  /** Work in which the user types or chooses: what was pressed by its end was meant for it. */
  async asking<T>(work: () => PromiseLike<T>): Promise<T> {
    this.questions++;
    try {
      return await work();
    } finally {
      this.questions--;
      this.typed++;
    }
  }

  tell(error: Error): void {
    tellError(error);
    void this.document.checkFile();
  }

  /** Moves the keyboard focus inside the webview; to a field in which one types, it resolves once the focus is there. */
  async focusPart(part: EditorPart): Promise<void> {
    if (!FIELDS.has(part)) return this.channel.notify('focus', { part });
    // A page that does not answer must not hold up the keys for long.
    const moved = this.channel.request('focus', { part }).catch(() => {});
    await this.asking(() => Promise.race([moved, wait(FOCUS_MS)]));
  }

  /** What is selected in the page; null, too, where it does not answer: it must not hold up what comes next for long. */
  async selection() {
    const asked = this.channel.request('selection', {});
    return selectionSchema.parse(await Promise.race([asked, wait(FOCUS_MS, null)]));
  }

  /** A row of the list is chosen, in turn. Of several that wait only the last one is read. */
  async choose(position: number): Promise<void> {
    if (position < 0 || position >= this.list.length) return;
    // By its index: the list may be another one when its turn comes.
    const row = { dataset: this.audit.dataset, index: this.list.at(position) };
    if (this.nextMove) this.nextMove.row = row;
    if (this.questions > 0) return this.goToRow(row);
    this.nextMove ??= this.moveInTurn(row);
    return this.nextMove.done;
  }

  private moveInTurn(row: Row): Move {
    const done = this.inTurn(() => {
      if (this.nextMove === move) this.nextMove = null;
      return this.goToRow(move.row);
    });
    const move: Move = { row, done };
    return move;
  }

  private async goToRow({ dataset, index }: Row): Promise<void> {
    if (dataset !== this.audit.dataset) return;
    this.place = null;
    // Where it is on screen already, a span in focus stays there.
    const isOnScreen = this.source === dataset && this.record?.index === index;
    if (isOnScreen && index === this.cursor.index) this.keepPlace();
    else await this.moveTo(this.list.positionOf(index));
  }

  /** Goes to a position of the list; outside of it nothing happens. */
  async moveTo(position: number): Promise<void> {
    this.place = null;
    await this.goTo(position);
  }

  /** Goes to a record wherever it is, dropping the filter and the search when they hide it. */
  async moveToIndex(index: number, unasked = false): Promise<void> {
    if (!this.list.isApplied) await this.list.applied();
    if (this.list.positionOf(index) < 0) this.setFilter(NO_FILTER);
    if (this.list.positionOf(index) < 0) this.search.set(NO_SEARCH);
    this.place = null;
    await this.goTo(this.list.positionOf(index), unasked);
  }

  /** Focuses a part that was clicked, of the transcript that is read just now if one is. */
  focusInTurn(part: Parameters<EditorSession['focusOn']>[0]): Promise<void> {
    return this.act(async () => {
      await this.shown;
      this.focusOn(part);
    });
  }

  /** Moves the focus to a label, or a span, of the transcript on screen; to one that it does not have, not. */
  focusOn(part: { readonly label?: string; readonly span?: string | null }): void {
    const { transcript } = this;
    if (part.label !== undefined && !transcript?.labels.some(({ label }) => label === part.label)) return;
    if (typeof part.span === 'string' && !transcript?.spans.some(({ id }) => id === part.span)) return;
    this.cursor = { ...this.cursor, ...part };
    this.sendRecord('span' in part);
  }

  setFilter(filter: Filter): void {
    this.place = null;
    if (!this.list.apply(filter)) {
      this.summary.ask();
      return;
    }
    this.revision++;
    const kept = this.list.positionOf(this.cursor.index);
    if (kept >= 0) this.cursor = { ...this.cursor, position: kept };
    else if (this.list.length > 0) this.attempt(this.moveTo(0));
    else this.showNothing();
    if (this.list.length > 0) this.sendRecord(false);
    this.summary.ask();
    if (kept >= 0) this.keepPlace();
  }

  /**
   * Makes a decision on a transcript of the dataset on screen, with the texts that were on screen when it was made.
   * @returns false when nobody said who decides
   */
  async decide({ id, hash }: Seen, decision: Decision): Promise<boolean> {
    await this.who.looked();
    const asked = () => this.who.settled();
    const reviewer = await (this.who.choice.kind === 'known' ? asked() : this.asking(asked));
    if (reviewer === null) return false;
    // Only now: while the name was asked for, the dataset may have been read again.
    const index = this.audit.dataset.columns.indexOf(id);
    if (this.source !== this.audit.dataset || index < 0) throw new Error(READ_AGAIN);
    this.place = null;
    const made = await this.document.decide(index, decision, reviewer.name, hash);
    if (made) await this.who.used(reviewer);
    return true;
  }

  private offerOwn(): void {
    this.attempt(offerOwnElsewhere(this.document, this.reviewer, this.document.offered));
    this.attempt(offerLost(this.document));
  }

  dispose(): void {
    this.summary.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.search.dispose();
    this.list.stop();
    this.channel.dispose();
  }

  /** The list has changed, or the search's progress has. */
  followList(): void {
    const position = this.list.positionOf(this.cursor.index);
    this.revision++;
    this.summary.ask();
    if (position !== this.cursor.position) {
      this.cursor = { ...this.cursor, position };
      this.sendRecord(false);
    }
    const target = position < 0 ? this.search.target(this.cursor.index) : null;
    if (target === 'nowhere') this.showNothing();
    else if (target !== null) this.attempt(this.goTo(target, true));
  }

  /** What a filter leaves has been found after a while. */
  private followFilter(): void {
    this.followList();
    if (this.cursor.position >= 0 && this.place === null) this.keepPlace();
  }

  sendMatches(matches: MatchesView | null, reveal: boolean): void {
    this.channel.notify('matches', { matches, reveal });
  }

  /** Shows how the dataset is read in place of its transcripts; null: those again. */
  sendProfile(view: ProfileView | null): void {
    this.channel.notify('profile', view);
  }

  private follow(change: AuditChange): void {
    const { columns } = this.audit.dataset;
    if (change.type === 'reset') this.profile.follow();
    if (change.type !== 'reviewed') this.search.follow();
    if (change.type === 'grown') this.list.grow(change.first);
    if (change.type === 'reset') this.list.apply(this.list.filter);
    this.revision++;
    this.summary.ask();
    if (change.type === 'checked') {
      if (change.bad.includes(this.cursor.index)) this.attempt(this.show(false));
      return;
    }
    if (change.type === 'reviewed') {
      if (change.indices.includes(this.cursor.index)) this.attempt(this.show(false));
      return;
    }
    if (change.type === 'reset') this.restart();
    const wanted = this.place ? columns.indexOf(this.place.id) : -1;
    // While the dataset is read again, the transcript on screen may still turn up.
    const waiting = this.record !== null && this.audit.dataset.phase === 'indexing';
    if (wanted >= 0) {
      this.attempt(this.moveToIndex(wanted, true));
    } else if (this.cursor.index < 0 && this.list.length > 0 && !waiting) {
      this.attempt(this.goTo(0, true));
    } else if (change.type === 'reset' && this.cursor.index >= 0) {
      this.attempt(this.show(false));
    }
  }

  /** The list is made anew; at the beginning of a reading it is empty. */
  private restart(): void {
    const { dataset } = this.audit;
    if (dataset.phase === 'indexing' && dataset.columns.count === 0) {
      // The one on screen may be the one before: that which was gone to may not have been read yet.
      if (this.record) this.place ??= { id: this.goal ?? this.record.id, filter: this.list.filter };
      this.cursor = { ...this.cursor, position: -1, index: -1 };
    } else {
      this.cursor = { ...this.cursor, position: this.list.positionOf(this.cursor.index) };
      if (this.cursor.index < 0) this.record = null;
    }
    this.sendRecord(false);
  }

  /** Another reviewer has other decisions. */
  private showMine(): void {
    if (this.cursor.index >= 0) this.attempt(this.show(false));
    this.revision++;
    this.summary.ask();
  }

  /** No transcript of the list can be on screen. */
  private showNothing(): void {
    this.cursor = { ...this.cursor, position: -1, index: -1, span: null };
    this.goal = null;
    this.record = null;
    this.sendRecord(false);
  }

  /** @param unasked it comes on screen by itself: what is decided before it does was not meant for it */
  private async goTo(position: number, unasked = false): Promise<void> {
    if (position < 0 || position >= this.list.length) return;
    const index = this.list.at(position);
    this.cursor = { ...this.cursor, position, index, span: null };
    this.goal = this.audit.dataset.columns.id(index);
    await this.show(true, unasked);
    // Until the place from last time has turned up, this one is makeshift.
    if (this.place === null) this.keepPlace();
  }

  private keepPlace(): void {
    this.onPlace({ id: this.audit.dataset.columns.id(this.cursor.index), filter: this.list.filter });
  }

  /** For work that nobody waits for. */
  private attempt(work: Promise<unknown>): void {
    work.catch((error) => this.tell(error));
  }

  /** After an undo or redo, the transcript that it touched, if the filter shows it. */
  private showId(id: string): void {
    if (!this.panel.active) return;
    const go = async () => {
      const position = this.list.positionOf(this.audit.dataset.columns.indexOf(id));
      if (position >= 0 && position !== this.cursor.position) await this.moveTo(position);
    };
    this.attempt(this.act(go));
  }

  /** Reads the record under the cursor and sends it. @throws DatasetError when the file has changed. */
  private show(reveal: boolean, unasked = false): Promise<void> {
    const shown = this.read(reveal, unasked);
    this.shown = shown.catch(() => {}); // whoever asked is told
    return shown;
  }

  private async read(reveal: boolean, unasked: boolean): Promise<void> {
    const ticket = ++this.showing;
    const { index } = this.cursor;
    const { dataset } = this.audit;
    const view = await readView(this.audit, index, this.reviewer, this.anchors);
    if (ticket !== this.showing || dataset !== this.audit.dataset) return;
    if (isRewritten(this.record, view)) {
      this.replaced++;
      void tell(
        `the text of ${shortened(view.id)} is another than it was when it was read before: what is on screen is the new one.`,
      );
    }
    if (unasked && this.record?.id !== view.id) this.replaced++;
    this.record = view;
    this.source = dataset;
    this.cursor = { ...this.cursor, ...defaultFocus(view, this.cursor) };
    this.sendRecord(reveal);
    this.search.show(reveal);
    void readAhead(dataset, this.list, this.cursor.position);
  }

  /** What can be filtered by, which the webview is told now. */
  takeFacets(): FacetValues {
    this.facets = this.audit.facts.facetValues;
    return this.facets;
  }

  private sendSummary(): void {
    this.channel.notify('summary', summaryOf(this));
    if (this.audit.facts.facetValues !== this.facets) this.channel.notify('facets', this.takeFacets());
  }

  /** The record on screen, which the webview is told now. */
  takeRecord(): RecordState {
    this.told = { record: this.record, version: this.told.version + 1 };
    return this.told;
  }

  private sendRecord(reveal: boolean): void {
    const { record, cursor, told } = this;
    if (record !== null && record === told.record) {
      this.channel.notify('cursor', { cursor, reveal });
      return;
    }
    const patch = reviewPatch(told.record, record);
    const { version } = this.takeRecord();
    if (patch) this.channel.notify('review', { patch, version, cursor, reveal });
    else this.channel.notify('transcript', { record, version, cursor, reveal });
  }
}

/** Whether a transcript that is on screen has other texts now. */
function isRewritten(before: RecordView | null, now: RecordView): boolean {
  if (before?.kind !== 'transcript' || now.kind !== 'transcript') return false;
  return before.id === now.id && before.hash !== now.hash;
}
