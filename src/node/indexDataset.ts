import { BatchBuilder, type IndexBatch } from '../core/dataset/indexBatch';
import type { Problem } from '../core/dataset/model';
import type { RecordRange } from '../core/dataset/scan';
import { Skimmer } from '../core/dataset/skim';
import { skimLines } from '../core/dataset/skimLines';
import { canonical } from '../core/formats/canonical';
import { type Format, placeId, type RecordPlace } from '../core/formats/format';
import type { Profile } from '../core/formats/profile';
import { formatOf } from '../core/formats/registry';
import { checkRecords, type Findings, spanWarnings } from './checkPass';
import { type DatasetFile, datasetFiles } from './datasetFiles';
import { detectFile, UnknownShapeError } from './detectFile';
import { parseJson, readParts } from './parseRecord';
import { JsonFile } from './sources/jsonFile';
import { openSource } from './sources/open';
import {
  DatasetError,
  type FileStamp,
  type RecordUnit,
  type RecordValue,
  type Source,
} from './sources/source';

const BATCH_RECORDS = 2_048;
const BATCH_MS = 50;

/** What the pass is told; plain data, since it crosses to a worker. */
export interface IndexRequest {
  /** The dataset: a file or a folder. */
  readonly path: string;
  /** What the user said that the records mean; null to look. */
  readonly profile: Profile | null;
}

/** One file of the dataset, as the pass reads it. */
export interface FileReading extends DatasetFile {
  readonly stamp: FileStamp;
  readonly container: string;
  readonly unit: RecordUnit;
  readonly profile: Profile;
}

/**
 * What the pass tells as it goes, in order: a `file`, its batches and problems, the next `file`, …; what the check of
 * skimmed records finds; and one `end`.
 */
export type IndexEvent =
  /** `totalBytes`: of all files of the dataset. */
  | { readonly type: 'file'; readonly file: FileReading; readonly totalBytes: number }
  /** `bytesRead` is counted over all files. */
  | { readonly type: 'batch'; readonly batch: IndexBatch; readonly bytesRead: number }
  | { readonly type: 'problem'; readonly problem: Problem }
  /** `bytesRead` is counted over all files. */
  | ({ readonly type: 'checked' } & Findings)
  | { readonly type: 'end' };

/**
 * The one pass over a dataset: finds every record, reads its facets and verdicts, and emits them in batches.
 * @throws DatasetError when it cannot be read or is of no known shape; AbortError when cancelled.
 */
export async function indexDataset(
  request: IndexRequest,
  emit: (event: IndexEvent) => void,
  signal?: AbortSignal,
): Promise<void> {
  const files = await datasetFiles(request.path);
  const pass = new Pass(request, files, emit, signal);
  await pass.run();
}

/** A file of which `checkRecords` is to read every record but the `known` ones. */
interface SkimmedFile extends DatasetFile {
  readonly first: number;
  readonly end: number;
  readonly known: readonly number[];
  /** Bytes of the files before it. */
  readonly bytesBefore: number;
}

class Pass {
  private readonly builder = new BatchBuilder();
  /** Long ago: the first record goes out alone, so that there is one to read at once. */
  private lastEmit = 0;
  private bytesBefore = 0;
  private filesRead = 0;
  private firstFailure: DatasetError | null = null;
  private readonly skimmer = new Skimmer(this.builder);
  private readonly skimmed: SkimmedFile[] = [];

  constructor(
    private readonly request: IndexRequest,
    private readonly files: readonly DatasetFile[],
    private readonly emit: (event: IndexEvent) => void,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async run(): Promise<void> {
    for (const file of this.files) await this.readFile(file);
    if (this.filesRead === 0 && this.firstFailure) throw this.firstFailure;
    for (const file of this.skimmed) await this.check(file);
    this.emit({ type: 'end' });
  }

  private async readFile(file: DatasetFile): Promise<void> {
    this.signal?.throwIfAborted();
    try {
      const source = await openSource(file.path);
      try {
        await this.readSource(file, source);
      } finally {
        await source.close();
      }
    } catch (error) {
      // One of several that cannot be read is a problem of the dataset, not its end.
      if (this.files.length === 1 || !(error instanceof DatasetError)) throw error;
      this.firstFailure ??= error;
      // A folder of logs has other files beside them, and that is no fault of the dataset's.
      const severity = error instanceof UnknownShapeError ? 'warning' : 'error';
      this.fileProblem(file.name, severity, `skipped: ${error.message}`);
    }
    this.bytesBefore += file.size;
  }

  private async readSource(file: DatasetFile, source: Source): Promise<void> {
    const profile = this.request.profile ?? (await detectFile(file.path, source));
    const { stamp, container, unit } = source;
    this.emit({
      type: 'file',
      file: { ...file, stamp, container, unit, profile },
      totalBytes: this.files.reduce((total, { size }) => total + size, 0),
    });
    this.filesRead++;
    this.builder.beginFile(file.name);
    const skims = profile.reads === 'canonical' && source instanceof JsonFile;
    if (skims && source.layout === 'lines') await this.skim(file, source);
    else await this.readInFull(file, source, formatOf(profile));
  }

  private async readInFull(file: DatasetFile, source: Source, format: Format): Promise<void> {
    let frameProblem: string | null = null;
    let ordinal = 0;
    for await (const chunk of source.chunks(this.signal)) {
      for (const record of chunk.records) {
        const place = { file: file.name, line: record.range.line, ordinal: ++ordinal };
        this.add(place, record.range, record.value(), format, source.container === 'JSON');
        const due = this.builder.pending >= BATCH_RECORDS || Date.now() - this.lastEmit >= BATCH_MS;
        if (due) this.emitBatch(chunk.bytesRead);
      }
      frameProblem = chunk.frameProblem ?? frameProblem;
    }
    this.emitBatch(source.stamp.size);
    if (frameProblem !== null) this.fileProblem(file.name, 'error', frameProblem);
  }

  /** Takes what it needs from the bytes of each line; what that cannot tell it reads in full at once. */
  private async skim(file: DatasetFile, source: JsonFile): Promise<void> {
    const { builder } = this;
    const first = builder.total;
    const known: number[] = [];
    let line = 1;
    for await (const { bytes, offset } of source.pieces(this.signal)) {
      line = skimLines(this.skimmer, bytes, 0, bytes.length, offset, line, (range, record) => {
        known.push(builder.total);
        const place = { file: file.name, line: range.line, ordinal: builder.total - first + 1 };
        this.add(place, range, parseJson(record), canonical, false);
      });
      const due = builder.pending >= BATCH_RECORDS || Date.now() - this.lastEmit >= BATCH_MS;
      if (due) this.emitBatch(offset + bytes.length);
    }
    this.emitBatch(source.stamp.size);
    this.skimmed.push({ ...file, first, end: builder.total, known, bytesBefore: this.bytesBefore });
  }

  private async check(file: SkimmedFile): Promise<void> {
    const source = await openSource(file.path);
    try {
      const emit = ({ problems, bytesRead }: Findings) =>
        this.emit({ type: 'checked', problems, bytesRead: file.bytesBefore + bytesRead });
      await checkRecords({ ...file, source, format: canonical }, emit, this.signal);
    } finally {
      await source.close();
    }
  }

  private add(
    place: RecordPlace,
    range: RecordRange,
    value: RecordValue,
    format: Format,
    sharedLine: boolean,
  ): void {
    for (const part of readParts(value, format, place, () => placeId(place, sharedLine))) {
      if (part.ok)
        this.builder.addTranscript(range, part.transcript, [
          ...part.warnings,
          ...spanWarnings(part.transcript),
        ]);
      else this.builder.addBad(range, part.id, part.reason);
    }
  }

  private emitBatch(bytesRead: number): void {
    this.emit({ type: 'batch', batch: this.builder.take(), bytesRead: this.bytesBefore + bytesRead });
    this.lastEmit = Date.now();
  }

  private fileProblem(file: string, severity: Problem['severity'], reason: string): void {
    this.emit({
      type: 'problem',
      problem: { severity, file, line: null, offset: null, index: null, reason },
    });
  }
}
