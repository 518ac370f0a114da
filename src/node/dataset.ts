import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { BloomFilter } from '../core/dataset/bloomFilter';
import { Columns } from '../core/dataset/columns';
import { LISTED_PROBLEMS, type Problem, type Transcript } from '../core/dataset/model';
import type { RecordRange } from '../core/dataset/scan';
import { leftOut } from '../core/dataset/warnings';
import type { Format } from '../core/formats/format';
import type { JoinedVerdicts } from '../core/formats/join';
import type { Profile } from '../core/formats/profile';
import { formatOf } from '../core/formats/registry';
import type { Findings, TextHash } from './checkPass';
import { UnknownShapeError } from './detectFile';
import { type FileChange, FileState } from './fileState';
import type { FileReading, IndexEvent, IndexRequest } from './indexEvents';
import { Makeup } from './makeup';
import { OpenSources } from './openSources';
import { readParts } from './parseRecord';
import type { RunIndex } from './runIndex';
import { DatasetError, type RecordValue } from './sources/source';
import { charactersIn } from './sources/valueSize';
import { textHash } from './textHash';

const CACHED_RECORDS = 64;
/** The last one may have more: it is on screen. In a packed file each of many may have a hundred million. */
const CACHED_CHARACTERS = 1 << 25;
const RAW_CHARACTERS = 2_000;

/** `checking`: all records are listed and counted; those that were only skimmed are being read in full. */
export type Phase = 'indexing' | 'checking' | 'ready' | 'cancelled' | 'failed';

export type DatasetRecord =
  | { readonly kind: 'transcript'; readonly transcript: Transcript; readonly warnings: readonly string[] }
  | { readonly kind: 'bad'; readonly reason: string; readonly raw: string };

/** Follows a dataset while it is indexed. */
export interface IndexListener {
  /** Records from number `first` on are new. */
  readonly grown?: (first: number) => void;
  /** A part of the check is done; these records are bad. */
  readonly checked?: (bad: readonly number[]) => void;
  /** The check has read these texts, whose file has not changed since. */
  readonly hashed?: (texts: readonly TextHash[]) => void;
}

export interface DatasetOptions {
  /** Gives what the user said that the records mean, null to look; throws DatasetError. */
  readonly choose?: () => Promise<Profile | null>;
  /** Folder in which indexes are kept for the next time. */
  readonly cache?: string | undefined;
  /** See IndexRequest. */
  readonly live?: boolean;
  /** Numbers of the records that people decided on, which may grow while it is indexed: `hashed` tells of these. */
  readonly decided?: BloomFilter;
}

/** A dataset, of one file or several: its columns in memory, its records read one by one when asked for. */
export class Dataset {
  readonly columns = new Columns();
  readonly problems: Problem[] = [];
  phase: Phase = 'indexing';
  /** Why the phase is `failed`, in words. */
  error: string | null = null;
  /** It can be read, but no built-in profile knows its records. */
  unknownShape = false;
  /** In the order of `columns.file`. */
  private readonly states: FileState[] = [];
  /** null until its reading begins. */
  private makeup: Makeup | null = null;
  bytesRead = 0;
  private totalBytes = 0;
  private warningCount = 0;
  /** What is said of files as a whole. */
  private readonly ofFiles: Problem[] = [];
  private errorCount = 0;
  private readonly sources = new OpenSources();
  /** See IndexEvent; for who reads records besides. */
  joined: readonly JoinedVerdicts[] = [];
  private readonly formats = new Map<Profile, Promise<Format>>();
  private readonly cache = new Map<number, { readonly record: DatasetRecord; readonly characters: number }>();
  /** Characters in all of them. */
  private cached = 0;
  /** Until what the check has hashed is told. */
  private telling: Promise<void> = Promise.resolve();

  /** What the user said that the records mean; null where the reader looked. */
  chosen: Profile | null = null;

  constructor(
    readonly path: string,
    private readonly options: DatasetOptions = {},
  ) {}

  /** What it is read from, and as what, in the order of `columns.file`. */
  get files(): readonly FileReading[] {
    return this.states.map(({ reading }) => reading);
  }

  get name(): string {
    return basename(this.path);
  }

  /** Names of the profiles that read it, in quotes but for built-in ones; '' while they are not known. */
  get profile(): string {
    const names = this.files.map(({ profile, profileOf }) =>
      profileOf ? `"${profile.name}"` : profile.name,
    );
    return [...new Set(names)].join(', ');
  }

  get warnings(): number {
    return this.warningCount;
  }

  /** Bad records, and what is wrong with the file as a whole. */
  get errors(): number {
    return this.errorCount;
  }

  /**
   * What is wrong with files as a whole: one that was not read to its end, or whose verdicts are not joined. Nothing where
   * nothing could be read: `error` says why.
   */
  get fileErrors(): readonly Problem[] {
    return this.unread.filter(({ severity }) => severity === 'error');
  }

  /** `fileErrors`, and files of data that were skipped: what the figures lack. */
  get unread(): readonly Problem[] {
    if (this.phase === 'failed') return [];
    return this.ofFiles.filter(({ severity, leavesOut }) => severity === 'error' || leavesOut);
  }

  /** Share of the dataset that is indexed, 0 to 1. */
  get progress(): number {
    return this.totalBytes > 0 ? this.bytesRead / this.totalBytes : 0;
  }

  /**
   * Indexes the file. Never rejects: how it ended is in `phase` and `error`.
   * @param listener told of each batch, and of each record that turned out to be bad.
   */
  async index(run: RunIndex, signal: AbortSignal, listener: IndexListener = {}): Promise<void> {
    try {
      const { choose, cache = null, live = false, decided } = this.options;
      this.chosen = (await choose?.()) ?? null;
      // Before the reading: what is written during it is told afterwards.
      this.makeup = await Makeup.of(this.path, this.chosen, signal);
      await run(
        { path: this.path, profile: this.chosen, cache, added: null, live, decided: decided?.memory },
        (event) => this.receive(event, listener),
        signal,
      );
      await this.telling;
      await this.trim();
      // The check comes after the pass, and finds things about records that stand before others with problems.
      this.problems.sort((a, b) => (a.index ?? -1) - (b.index ?? -1));
      this.phase = 'ready';
    } catch (error) {
      this.phase = signal.aborted ? 'cancelled' : 'failed';
      if (!signal.aborted) {
        this.error = (error as Error).message;
        this.unknownShape = error instanceof UnknownShapeError;
        this.addProblem({
          severity: 'error',
          file: this.name,
          line: null,
          offset: null,
          index: null,
          reason: this.error,
        });
      }
    }
  }

  /**
   * Takes in the lines that were added to its one file since it was read; nothing that is there changes.
   * @returns false when that cannot be done, and the dataset is to be read anew.
   */
  async readAdded(run: RunIndex, signal: AbortSignal, listener: IndexListener = {}): Promise<boolean> {
    const [state, ...others] = this.states;
    const since = state?.continuation;
    if (!state || !since?.whole || others.length > 0 || this.phase !== 'ready') return false;
    // A join holds for all records of both files or for none: what is new may undo what was joined before.
    if (state.reading.profile.joins?.length) return false;
    const request: IndexRequest = {
      path: this.path,
      profile: state.reading.profile,
      cache: null,
      added: { file: state.reading.name, records: this.columns.count, since },
      live: true,
      decided: this.options.decided?.memory,
    };
    try {
      await run(request, (event) => this.receive(event, listener), signal);
      await this.telling;
      return true;
    } catch {
      return false;
    } finally {
      await this.trim();
      this.phase = 'ready';
    }
  }

  /**
   * Reads one transcript.
   * @throws DatasetError when its file has changed since it was indexed: places in it no longer hold.
   */
  async record(index: number): Promise<DatasetRecord> {
    const record = await this.recordAsIs(index);
    // Who reads it at the same time gets the same object: what is on screen is known by it.
    const kept = this.cache.get(index)?.record;
    if (kept) return kept;
    this.keep(index, record);
    return record;
  }

  /**
   * Hashes of the texts of transcripts (textHash) in this order; null for a bad record, and for one that cannot be read
   * or whose file has changed since. Looks at each file once, afterwards. Keeps nothing: whoever asks for many must not
   * put out what is on screen.
   */
  async hashes(indices: readonly number[]): Promise<readonly (string | null)[]> {
    const hashes = new Map<number, string | null>();
    const byFile = new Map<FileState, number[]>();
    for (const index of indices) {
      const file = this.states[this.columns.file(index)];
      const its = file && byFile.get(file);
      if (its) its.push(index);
      else if (file) byFile.set(file, [index]);
    }
    const take = async (index: number, record: DatasetRecord | null) => {
      if (record?.kind === 'transcript') hashes.set(index, await textHash(record.transcript.messages));
    };
    for (const [file, its] of byFile) {
      const { reading } = file;
      const unknown = its.filter((index) => !this.cache.has(index));
      for (const index of its) await take(index, this.cache.get(index)?.record ?? null);
      const ranges = unknown.map((index) => this.rangeOf(index));
      const visit = async (value: RecordValue | null, at: number) => {
        const index = unknown[at];
        if (value && index !== undefined) await take(index, await this.recordOf(reading, index, value));
      };
      await this.sources.readEach(reading, ranges, visit).catch(() => {});
      if ((await file.look()).kind === 'changed') for (const index of its) hashes.delete(index);
    }
    return indices.map((index) => hashes.get(index) ?? null);
  }

  /** Paths of all files that it was read from, those whose verdicts are joined included. */
  get paths(): readonly string[] {
    return [...this.files.map(({ path }) => path), ...(this.makeup?.joinedPaths ?? [])];
  }

  /** What has become of its files since they were read; of several, the first that is not the same. */
  async look(): Promise<FileChange> {
    const what = (await this.makeup?.change()) ?? null;
    if (what !== null) return { kind: 'changed', what };
    for (const state of this.states) {
      const change = await state.look();
      if (change.kind !== 'same') return change;
    }
    return { kind: 'same' };
  }

  /** Likewise, of files of which it lacks records. */
  async lookAtUnread(): Promise<FileChange> {
    const names = new Set(this.unread.map(({ file }) => file));
    return this.makeup && names.size > 0 ? this.makeup.changeOf(names) : { kind: 'same' };
  }

  /** Closes what reading records has opened. */
  dispose(): void {
    this.sources.dispose();
  }

  private async recordAsIs(index: number): Promise<DatasetRecord> {
    const state = this.states[this.columns.file(index)];
    if (!state) throw new RangeError(`no transcript has the number ${index}`);
    const change = await state.look();
    if (change.kind === 'changed') throw new DatasetError(change.what);
    return this.readOrCached(state, index);
  }

  private async readOrCached({ reading }: FileState, index: number): Promise<DatasetRecord> {
    return this.cache.get(index)?.record ?? this.read(reading, index);
  }

  private keep(index: number, record: DatasetRecord): void {
    const characters = charactersIn(record);
    this.cache.set(index, { record, characters });
    this.cached += characters;
    for (const [old, its] of this.cache) {
      const isEnough = this.cache.size <= CACHED_RECORDS && this.cached <= CACHED_CHARACTERS;
      if (isEnough || old === index) break;
      this.cache.delete(old);
      this.cached -= its.characters;
    }
  }

  private receive(event: IndexEvent, listener: IndexListener): void {
    if (event.type === 'joined') this.joined = event.verdicts;
    else if (event.type === 'file') {
      // The same file, as it is now; its profile was handed on, whoever had named it.
      const before = this.phase === 'ready' ? this.states.pop() : undefined;
      const { profileOf } = before?.reading ?? event.file;
      this.states.push(new FileState({ ...event.file, profileOf }, event.sample));
      this.totalBytes = event.totalBytes;
    } else if (event.type === 'file end') {
      const state = this.states.at(-1);
      if (state) state.continuation = event.continuation;
    } else if (event.type === 'batch') {
      const first = this.columns.count;
      this.columns.append(event.batch);
      this.bytesRead = event.bytesRead;
      for (const problem of event.batch.problems) this.addProblem(problem);
      this.errorCount += event.batch.moreErrors;
      this.warningCount += event.batch.moreWarnings;
      listener.grown?.(first);
    } else if (event.type === 'problem') this.addProblem(event.problem);
    else if (event.type === 'checked') this.takeFindings(event, listener);
    else if (event.type === 'hashed')
      this.telling = this.telling.then(() => this.tellHashed(event.texts, listener));
  }

  private async tellHashed(texts: readonly TextHash[], listener: IndexListener): Promise<void> {
    const [first] = texts;
    const file = first && this.states[this.columns.file(first.index)];
    if (file && (await file.look()).kind !== 'changed') listener.hashed?.(texts);
  }

  private takeFindings(findings: Findings, listener: IndexListener): void {
    const { problems, moreErrors, warned, moreWarnings, bytesRead } = findings;
    if (this.phase === 'indexing') this.phase = 'checking';
    this.bytesRead = bytesRead;
    const bad: number[] = [];
    for (const problem of problems) {
      this.addProblem(problem);
      if (problem.index === null) continue;
      if (problem.severity === 'warning') this.columns.markWarning(problem.index);
      else {
        this.columns.markBad(problem.index);
        bad.push(problem.index);
      }
    }
    this.errorCount += moreErrors.length;
    this.warningCount += moreWarnings;
    for (const index of warned) this.columns.markWarning(index);
    for (const index of moreErrors) {
      this.columns.markBad(index);
      bad.push(index);
    }
    listener.checked?.(bad);
  }

  /** In steps between which the thread is free. */
  private async trim(): Promise<void> {
    for (const _ of this.columns.trim()) await setImmediate();
  }

  private addProblem(problem: Problem): void {
    if (problem.severity === 'warning') this.warningCount += problem.times ?? 1;
    else this.errorCount++;
    // What is said of a whole file is told however much is wrong with records before it.
    const isOfFile = problem.index === null;
    const isListed = isOfFile && (problem.severity === 'error' || this.ofFiles.length < LISTED_PROBLEMS);
    if (isOfFile) this.ofFiles.push(problem);
    if (isListed || this.problems.length < LISTED_PROBLEMS) this.problems.push(problem);
  }

  /** Made once: a profile's rules are compiled. */
  private formatFor(profile: Profile): Promise<Format> {
    const known = this.formats.get(profile);
    if (known) return known;
    const format = formatOf(profile, this.joined);
    this.formats.set(profile, format);
    return format;
  }

  private async read(file: FileReading, index: number): Promise<DatasetRecord> {
    return this.recordOf(file, index, await this.sources.read(file, this.rangeOf(index)));
  }

  private rangeOf(index: number): RecordRange {
    const { columns } = this;
    return { offset: columns.offset(index), length: columns.length(index), line: columns.line(index) };
  }

  private async recordOf(file: FileReading, index: number, value: RecordValue): Promise<DatasetRecord> {
    const { columns } = this;
    const place = { file: file.name, folder: file.folder, line: columns.line(index), ordinal: index + 1 };
    const id = columns.id(index);
    const format = await this.formatFor(file.profile);
    const part = readParts(value, format, place, () => id)[columns.part(index)];
    if (part?.ok) {
      const { transcript, warnings, more = 0 } = part;
      const all = more === 0 ? warnings : [...warnings, leftOut(more)];
      return { kind: 'transcript', transcript: { ...transcript, id }, warnings: all };
    }
    return { kind: 'bad', reason: part?.reason ?? 'is not there any more', raw: rawText(value) };
  }
}

/** The beginning of a record that cannot be read; of one that is no text, as JSON. */
function rawText(value: RecordValue): string {
  if (value.raw) return value.raw();
  if (!value.ok) return '';
  try {
    return JSON.stringify(value.value, null, 1).slice(0, RAW_CHARACTERS);
  } catch {
    return ''; // nested too deeply to be written
  }
}
