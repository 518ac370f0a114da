import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Columns } from '../core/dataset/columns';
import { contentHash } from '../core/dataset/hash';
import type { Problem, Transcript } from '../core/dataset/model';
import { formatNamed } from '../core/formats/registry';
import type { IndexEvent } from './indexFile';
import { parseJson, readRecord } from './parseRecord';
import { DatasetError, describeFileError, type FileStamp } from './recordFile';
import type { RunIndex } from './runIndex';

/** Problems beyond this many are counted, not listed: a gigabyte of garbage must not fill the memory. */
const LISTED_PROBLEMS = 10_000;
const CACHED_RECORDS = 64;
const RAW_BYTES = 2_000;

export type Phase = 'indexing' | 'ready' | 'cancelled' | 'failed';

export type DatasetRecord =
  | { readonly kind: 'transcript'; readonly transcript: Transcript; readonly warnings: readonly string[] }
  | { readonly kind: 'bad'; readonly reason: string; readonly raw: string };

/** One dataset file: its columns in memory, its records read by byte range when asked for. */
export class Dataset {
  readonly columns = new Columns();
  readonly problems: Problem[] = [];
  phase: Phase = 'indexing';
  /** Why the phase is `failed`, in words. */
  error: string | null = null;
  format = '';
  bytesRead = 0;
  private warningCount = 0;
  private errorCount = 0;
  private stamp: FileStamp | null = null;
  private readonly cache = new Map<number, DatasetRecord>();

  constructor(readonly path: string) {}

  get name(): string {
    return basename(this.path);
  }

  get warnings(): number {
    return this.warningCount;
  }

  /** Bad records, and what is wrong with the file as a whole. */
  get errors(): number {
    return this.errorCount;
  }

  /** Share of the file that is indexed, 0 to 1. */
  get progress(): number {
    return this.stamp && this.stamp.size > 0 ? this.bytesRead / this.stamp.size : 0;
  }

  /**
   * Indexes the file. Never rejects: how it ended is in `phase` and `error`.
   * @param onBatch called after each batch with the index of its first record.
   */
  async index(run: RunIndex, signal: AbortSignal, onBatch: (first: number) => void): Promise<void> {
    try {
      await run(this.path, (event) => this.receive(event, onBatch), signal);
      this.columns.trim();
      this.phase = 'ready';
    } catch (error) {
      this.phase = signal.aborted ? 'cancelled' : 'failed';
      if (!signal.aborted) {
        this.error = (error as Error).message;
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
   * Reads one record.
   * @throws DatasetError when the file has changed since it was indexed: its byte ranges no longer hold.
   */
  async record(index: number): Promise<DatasetRecord> {
    await this.assertUnchanged();
    const cached = this.cache.get(index);
    if (cached) return cached;
    const record = this.parse(index, await this.bytes(index));
    this.cache.set(index, record);
    const oldest = this.cache.keys().next().value;
    if (this.cache.size > CACHED_RECORDS && oldest !== undefined) this.cache.delete(oldest);
    return record;
  }

  /** Hash of a transcript's text (contentHash), null for a bad record. @throws DatasetError as `record` does. */
  async hash(index: number): Promise<string | null> {
    const record = await this.record(index);
    return record.kind === 'transcript' ? contentHash(record.transcript.messages) : null;
  }

  /** null while the file is as it was indexed, else what happened to it, in words. */
  async changed(): Promise<string | null> {
    try {
      const now = await stat(this.path);
      if (!this.stamp || (now.size === this.stamp.size && now.mtimeMs === this.stamp.mtimeMs)) return null;
      return `${this.name} has changed on disk since it was read`;
    } catch (error) {
      return describeFileError(this.path, error as NodeJS.ErrnoException);
    }
  }

  private async assertUnchanged(): Promise<void> {
    const change = await this.changed();
    if (change !== null) throw new DatasetError(change);
  }

  private receive(event: IndexEvent, onBatch: (first: number) => void): void {
    if (event.type === 'start') {
      this.format = event.format;
      this.stamp = event.stamp;
    } else if (event.type === 'batch') {
      const first = this.columns.count;
      this.columns.append(event.batch);
      this.bytesRead = event.bytesRead;
      for (const problem of event.batch.problems) this.addProblem(problem);
      onBatch(first);
    } else if (event.frameProblem !== null) {
      this.addProblem({
        severity: 'error',
        file: this.name,
        line: null,
        offset: null,
        index: null,
        reason: event.frameProblem,
      });
    }
  }

  private addProblem(problem: Problem): void {
    if (problem.severity === 'warning') this.warningCount++;
    else this.errorCount++;
    if (this.problems.length < LISTED_PROBLEMS) this.problems.push(problem);
  }

  private parse(index: number, bytes: Uint8Array): DatasetRecord {
    const place = { file: this.name, line: this.columns.line(index), ordinal: index + 1 };
    const record = readRecord(parseJson(bytes), formatNamed(this.format), place);
    if (!record.ok) {
      return {
        kind: 'bad',
        reason: record.reason,
        raw: new TextDecoder().decode(bytes.subarray(0, RAW_BYTES)),
      };
    }
    const id = this.columns.id(index);
    return { kind: 'transcript', transcript: { ...record.transcript, id }, warnings: record.warnings };
  }

  private async bytes(index: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(this.columns.length(index));
    const file = await open(this.path, 'r').catch((error: NodeJS.ErrnoException) => {
      throw new DatasetError(describeFileError(this.path, error));
    });
    try {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, this.columns.offset(index));
      if (bytesRead < bytes.length)
        throw new DatasetError(`${this.name} has become shorter since it was read`);
      return bytes;
    } finally {
      await file.close();
    }
  }
}
