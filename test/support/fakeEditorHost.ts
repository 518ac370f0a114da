/**
 * A host for the editor's webview without VS Code: real views of made-up transcripts, decisions in memory.
 * Tests and the browser page for developing the webviews share it.
 */
import type { FacetValues } from '../../src/core/dataset/facts';
import { NO_FILTER } from '../../src/core/dataset/filterModel';
import { contentHash } from '../../src/core/dataset/hash';
import { LABELS, type Transcript } from '../../src/core/dataset/model';
import type { LabelDecision, NoteDecision, SpanDecision, TextRange } from '../../src/core/review/state';
import { reviewPatch } from '../../src/core/reviewPatch';
import { matchTranscript } from '../../src/core/search/match';
import { NO_SEARCH, type SearchQuery } from '../../src/core/search/query';
import { recordView } from '../../src/core/view';
import type { BadRecordView, RecordView, RowView } from '../../src/core/viewModel';
import { readDraft } from '../../src/host/profileReading';
import type { FileSample } from '../../src/host/profileSample';
import { Channel, type Handlers, type Port } from '../../src/protocol/channel';
import type {
  CursorView,
  Decide,
  EditorCommand,
  EditorHost,
  EditorSnapshot,
  EditorWebview,
  RecordState,
  SummaryView,
} from '../../src/protocol/editor';
import type { ProfileView } from '../../src/protocol/profile';
import type { MatchesView } from '../../src/protocol/search';
import { profileView } from './fakeProfile';

const ME = 'ana@example.org';

/** Two ends of a wire; what one posts the other hears in a later task, as with a real webview. */
export function portPair(): { webview: Port; host: Port } {
  const end = () => {
    const heard = new Set<(message: unknown) => void>();
    return { heard, tell: (message: unknown) => heard.forEach((receive) => void receive(message)) };
  };
  const [a, b] = [end(), end()];
  const port = (own: typeof a, other: typeof a): Port => ({
    post: (message) => {
      const copy = structuredClone(message);
      queueMicrotask(() => other.tell(copy));
    },
    listen: (receive) => {
      own.heard.add(receive);
      return () => own.heard.delete(receive);
    },
  });
  return { webview: port(a, b), host: port(b, a) };
}

interface Standing {
  readonly labels: Map<string, LabelDecision[]>;
  readonly spans: Map<string, SpanDecision[]>;
  notes: NoteDecision[];
}

export type FakeRecord = Transcript | BadRecordView;

export class FakeEditorHost {
  /** Every message of the webview, in order. */
  readonly heard: { readonly method: string; readonly params: unknown }[] = [];
  readonly channel: Channel<EditorHost, EditorWebview>;
  summary: SummaryView;
  facets: FacetValues;
  cursor: CursorView = { position: -1, index: -1, label: null, span: null };
  private told: RecordState = { record: null, version: 0 };
  private readonly standing = new Map<number, Standing>();
  private entries = 0;
  /** What the search has found in the transcript on screen. */
  matches: MatchesView | null = null;
  /** How the dataset is read, while that is on screen. */
  profile: ProfileView | null = null;
  private sample: FileSample | null = null;
  /** Why no decision and no profile is taken at the moment; null: they are. */
  refusal: string | null = null;
  /** The notes were written on other texts. */
  isNoteStale = false;
  /** Somebody has said who decides. */
  isNamed = true;

  /** @param total length of the list, which repeats `records` when it is longer */
  constructor(
    port: Port,
    readonly records: readonly FakeRecord[],
    readonly total = records.length,
  ) {
    const transcripts = records.filter(isTranscript);
    const facet = (of: (transcript: Transcript) => string) => [...new Set(transcripts.map(of))].sort();
    this.summary = {
      file: 'made-up.transcripts.jsonl',
      phase: 'ready',
      progress: 1,
      error: null,
      notice: null,
      total,
      shown: total,
      reviewed: 0,
      overrides: 0,
      bad: records.length - transcripts.length,
      faults: 0,
      warnings: 0,
      stale: 0,
      reviewer: ME,
      profile: 'canonical',
      profileKept: false,
      unlisted: { settings: 0, variants: 0, prefixes: 0 },
      filter: NO_FILTER,
      search: null,
      dirty: false,
      revision: 1,
    };
    this.facets = {
      settings: facet((transcript) => transcript.setting),
      variants: facet((transcript) => transcript.variant),
      prefixes: facet((transcript) => transcript.prefix),
    };
    if (total > 0) this.cursor = this.cursorAt(0);
    const handlers: Handlers<EditorHost> = {
      ready: () => this.snapshot(),
      rows: ({ start, end }) => ({
        revision: this.summary.revision,
        start,
        rows: Array.from({ length: Math.max(0, Math.min(end, this.summary.shown) - start) }, (_, i) =>
          this.row(start + i),
        ),
      }),
      filter: (change) => this.tell({ filter: { ...this.summary.filter, ...change } }),
      search: (query) => this.search(query),
      moveTo: ({ position }) => this.moveTo(position),
      focusLabel: ({ label }) => this.point({ label }, false),
      focusSpan: ({ span }) => this.point({ span }, true),
      decide: (decision) => {
        if (this.refusal !== null) throw new Error(this.refusal);
        if (!this.isNamed) return false;
        this.decide(decision);
        return true;
      },
      checkProfile: ({ text }) =>
        readDraft(text, this.sample, { profile: this.sample?.detected ?? null, joined: [], decided: 3 }),
      previewFile: ({ name }) => this.tellProfile(this.profile && { ...this.profile, file: name }),
      keepProfile: () => {
        if (this.refusal !== null) throw new Error(this.refusal);
        this.tellProfile(null);
      },
      forgetProfile: () => this.tellProfile(null),
      closeProfile: () => this.tellProfile(null),
      command: ({ name }) => this.command(name),
    };
    this.channel = new Channel<EditorHost, EditorWebview>({
      port,
      handlers,
      validate: (method, params) => {
        this.heard.push({ method, params });
        return params;
      },
    });
  }

  snapshot(): EditorSnapshot {
    const { summary, facets, cursor, matches, profile } = this;
    return { summary, facets, cursor, record: this.take(this.record()), matches, profile };
  }

  /** The record that the webview is told now. */
  private take(record: RecordView | null): RecordState {
    this.told = { record, version: this.told.version + 1 };
    return this.told;
  }

  /** Tells a record in place of the one on screen. */
  tellRecord(record: RecordView | null, change: Partial<CursorView> = {}, reveal = false): void {
    this.cursor = { ...this.cursor, ...change };
    const patch = reviewPatch(this.told.record, record);
    const { version } = this.take(record);
    const common = { version, cursor: this.cursor, reveal };
    if (patch) this.channel.notify('review', { ...common, patch });
    else this.channel.notify('transcript', { ...common, record });
  }

  /** Changes the summary and tells the webview. */
  tell(change: Partial<SummaryView>): void {
    this.summary = { ...this.summary, ...change };
    this.channel.notify('summary', this.summary);
  }

  /** Tells what can be filtered by. */
  tellFacets(facets: FacetValues): void {
    this.facets = facets;
    this.channel.notify('facets', facets);
  }

  /** Searches the transcript on screen; the list stays as it is. */
  search(query: SearchQuery): void {
    const record = this.source(this.cursor.index);
    if (query.text === '' || !record || !isTranscript(record)) {
      this.tell({ search: null });
      this.tellMatches(null);
      return;
    }
    const found = matchTranscript(query, record);
    const [matches, transcripts] = [found.length, Math.min(1, found.length)];
    this.tell({ search: { query, phase: 'done', progress: 1, matches, transcripts, error: null } });
    const places = found.flatMap(({ message, start, end }) => [message, start, end]);
    const { index } = this.cursor;
    this.tellMatches({ index, places, total: matches, current: matches > 0 ? 0 : -1, error: null });
  }

  /** Shows how records are read. */
  showProfile(sample: FileSample, change: Partial<ProfileView> = {}): void {
    this.sample = sample;
    this.tellProfile(profileView(sample, change));
  }

  private tellProfile(profile: ProfileView | null): void {
    this.profile = profile;
    this.channel.notify('profile', profile);
  }

  tellMatches(matches: MatchesView | null): void {
    this.matches = matches;
    this.channel.notify('matches', { matches, reveal: matches !== null });
  }

  moveTo(position: number): void {
    if (position < 0 || position >= this.total) return;
    this.cursor = this.cursorAt(position);
    this.show({}, true);
  }

  decide(decision: Decide): void {
    const at = new Date(0).toISOString();
    const entry = `entry-${this.entries++}`;
    const by = { reviewer: ME, entry, at, stale: false };
    const index = this.indexOf(decision.id);
    const source = this.source(index);
    const isOther = !source || !isTranscript(source) || contentHash(source.messages) !== decision.hash;
    if (isOther && decision.kind !== 'note') throw new Error('its text is another');
    const standing = this.of(index);
    if (decision.kind === 'label') {
      const others = (standing.labels.get(decision.label) ?? []).filter((one) => one.reviewer !== ME);
      const mine = decision.answer === null ? [] : [{ ...by, answer: decision.answer }];
      standing.labels.set(decision.label, [...others, ...mine]);
    } else if (decision.kind === 'span') {
      const mine =
        decision.action === null
          ? []
          : [{ ...by, action: decision.action, label: null, range: null, of: null }];
      standing.spans.set(decision.span, mine);
    } else if (decision.kind === 'note') {
      standing.notes = [{ ...by, text: decision.text }];
      this.isNoteStale = isOther;
    } else {
      const { label, message, start, end } = decision;
      const quote = this.content(index, message).slice(start, end);
      const range: TextRange = { message, start, end, quote };
      standing.spans.set(`added-${entry}`, [{ ...by, action: 'add', label, range, of: null }]);
    }
    this.tell({ dirty: true, revision: this.summary.revision + 1, reviewed: this.standing.size });
    this.show({}, false);
  }

  /** What the keys of package.json do. */
  command(name: EditorCommand): void {
    const { label, span, position } = this.cursor;
    const record = this.record();
    if (record?.kind !== 'transcript') {
      if (name === 'nextTranscript') this.moveTo(position + 1);
      if (name === 'previousTranscript') this.moveTo(position - 1);
      return;
    }
    const seen = { id: record.id, hash: record.hash };
    const labels = record.labels.map((one) => one.label);
    const spans = record.spans.map((one) => one.id);
    const answer = (value: 'yes' | 'no' | 'unsure' | null) =>
      label !== null && this.decide({ kind: 'label', ...seen, label, answer: value });
    const judge = (action: 'confirm' | 'reject' | null) =>
      span !== null && this.decide({ kind: 'span', ...seen, span, action });
    const commands: Partial<Record<EditorCommand, () => unknown>> = {
      nextTranscript: () => this.moveTo(position + 1),
      previousTranscript: () => this.moveTo(position - 1),
      nextSpan: () => this.point({ span: step(spans, span, 1) }, true),
      previousSpan: () => this.point({ span: step(spans, span, -1) }, true),
      nextLabel: () => this.point({ label: step(labels, label, 1) }, false),
      previousLabel: () => this.point({ label: step(labels, label, -1) }, false),
      answerYes: () => answer('yes'),
      answerNo: () => answer('no'),
      answerUnsure: () => answer('unsure'),
      clearAnswer: () => answer(null),
      confirmSpan: () => judge('confirm'),
      rejectSpan: () => judge('reject'),
      clearSpan: () => judge(null),
      addSpan: async () => {
        const selected = await this.channel.request('selection', {});
        if (selected) this.decide({ kind: 'addSpan', label: label ?? LABELS[0], ...selected });
      },
      nextMatch: () => this.stepMatch(1),
      previousMatch: () => this.stepMatch(-1),
      editNote: () => this.channel.notify('focus', { part: 'note' }),
      focusFilter: () => this.channel.notify('focus', { part: 'filter' }),
      focusList: () => this.channel.notify('focus', { part: 'list' }),
      focusTranscript: () => this.channel.notify('focus', { part: 'transcript' }),
      showKeys: () => this.channel.notify('focus', { part: 'help' }),
      focusSearch: () => this.channel.notify('focus', { part: 'search' }),
      clearSearch: () => this.search(NO_SEARCH),
      clearFilter: () => this.tell({ filter: NO_FILTER, shown: this.total }),
    };
    commands[name]?.();
  }

  record(): RecordView | null {
    const source = this.source(this.cursor.index);
    if (!source) return null;
    if (!isTranscript(source)) return { ...source, index: this.cursor.index };
    const standing = this.of(this.cursor.index);
    const notes = standing.notes.map((note) => ({ ...note, stale: this.isNoteStale }));
    const review = { ...standing, notes };
    return recordView({
      transcript: source,
      hash: contentHash(source.messages),
      index: this.cursor.index,
      line: this.cursor.index + 1,
      review,
      reviewer: ME,
      labels: [
        ...new Set(this.records.filter(isTranscript).flatMap((one) => one.verdicts.map((v) => v.label))),
      ],
      problems: [],
    });
  }

  private stepMatch(by: 1 | -1): void {
    const { matches } = this;
    if (!matches || matches.total === 0) return;
    this.tellMatches({ ...matches, current: (matches.current + by + matches.total) % matches.total });
  }

  /** Moves the focus within the transcript on screen. */
  private point(change: Partial<CursorView>, reveal: boolean): void {
    this.cursor = { ...this.cursor, ...change };
    this.channel.notify('cursor', { cursor: this.cursor, reveal });
  }

  private show(change: Partial<CursorView>, reveal: boolean): void {
    this.tellRecord(this.record(), change, reveal);
  }

  private cursorAt(position: number): CursorView {
    const source = this.source(position);
    const label = source && isTranscript(source) ? (source.verdicts[0]?.label ?? null) : null;
    return { position, index: position, label, span: null };
  }

  private source(index: number): FakeRecord | undefined {
    return this.records[index % this.records.length];
  }

  /** The id of a repeated record ends in its index, see `record`. */
  private indexOf(id: string): number {
    const found = this.records.findIndex((record) => record.id === id);
    return found < 0 ? Number(id.slice(id.lastIndexOf('#') + 1)) : found;
  }

  private content(index: number, message: number): string {
    const source = this.source(index);
    return source && isTranscript(source) ? (source.messages[message]?.content ?? '') : '';
  }

  private of(index: number): Standing {
    const found = this.standing.get(index) ?? { labels: new Map(), spans: new Map(), notes: [] };
    this.standing.set(index, found);
    return found;
  }

  private row(index: number): RowView {
    const source = this.source(index);
    const decided = this.standing.get(index);
    const reviewed = [...(decided?.labels.values() ?? [])].some((decisions) => decisions.length > 0);
    const common = { index, line: index + 1, reviewed, mine: reviewed, overridden: [], stale: false };
    if (!source || !isTranscript(source)) {
      const unknown = { setting: 'unknown', condition: null, variant: 'default', prefix: 'none' };
      return {
        ...common,
        ...unknown,
        id: source?.id ?? '',
        complied: null,
        alignmentFaking: null,
        bad: true,
      };
    }
    const values = (label: string) => [
      ...new Set(source.verdicts.filter((one) => one.label === label).map((one) => one.value)),
    ];
    const faking = values('alignment_faking');
    const { setting, condition, variant, prefix } = source;
    return {
      ...common,
      id: index < this.records.length ? source.id : `${source.id}#${index}`,
      setting,
      condition,
      variant,
      prefix,
      complied: values('complied')[0] ?? null,
      alignmentFaking: faking.length > 1 ? 'mixed' : (faking[0] ?? null),
      bad: false,
    };
  }
}

function isTranscript(record: FakeRecord): record is Transcript {
  return !('kind' in record);
}

function step(ids: readonly string[], from: string | null, by: number): string | null {
  const at = from === null ? (by > 0 ? -1 : 0) : ids.indexOf(from);
  return ids[(at + by + ids.length) % ids.length] ?? null;
}
