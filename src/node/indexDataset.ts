import { anchorSpans } from '../core/anchor/anchor';
import { BatchBuilder, type IndexBatch } from '../core/dataset/indexBatch';
import type { Problem, Transcript } from '../core/dataset/model';
import { type Format, placeId, type RecordPlace } from '../core/formats/format';
import type { Profile } from '../core/formats/profile';
import { formatOf } from '../core/formats/registry';
import { type DatasetFile, datasetFiles } from './datasetFiles';
import { detectFile, UnknownShapeError } from './detectFile';
import { readParts } from './parseRecord';
import { openSource } from './sources/open';
import {
  DatasetError,
  type FileStamp,
  type RecordUnit,
  type Source,
  type SourceRecord,
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

/** What the pass tells as it goes, in order: a `file`, its batches and problems, the next `file`, … and one `end`. */
export type IndexEvent =
  /** `totalBytes`: of all files of the dataset. */
  | { readonly type: 'file'; readonly file: FileReading; readonly totalBytes: number }
  /** `bytesRead` is counted over all files. */
  | { readonly type: 'batch'; readonly batch: IndexBatch; readonly bytesRead: number }
  | { readonly type: 'problem'; readonly problem: Problem }
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

class Pass {
  private readonly builder = new BatchBuilder();
  /** Long ago: the first record goes out alone, so that there is one to read at once. */
  private lastEmit = 0;
  private bytesBefore = 0;
  private filesRead = 0;
  private firstFailure: DatasetError | null = null;

  constructor(
    private readonly request: IndexRequest,
    private readonly files: readonly DatasetFile[],
    private readonly emit: (event: IndexEvent) => void,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async run(): Promise<void> {
    for (const file of this.files) await this.readFile(file);
    if (this.filesRead === 0 && this.firstFailure) throw this.firstFailure;
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
    const format = formatOf(profile);
    let frameProblem: string | null = null;
    let ordinal = 0;
    for await (const chunk of source.chunks(this.signal)) {
      for (const record of chunk.records) {
        this.add({ file: file.name, line: record.range.line, ordinal: ++ordinal }, record, format, source);
        const due = this.builder.pending >= BATCH_RECORDS || Date.now() - this.lastEmit >= BATCH_MS;
        if (due) this.emitBatch(chunk.bytesRead);
      }
      frameProblem = chunk.frameProblem ?? frameProblem;
    }
    this.emitBatch(stamp.size);
    if (frameProblem !== null) this.fileProblem(file.name, 'error', frameProblem);
  }

  private add(place: RecordPlace, { range, value }: SourceRecord, format: Format, source: Source): void {
    const id = () => placeId(place, source.container === 'JSON');
    for (const part of readParts(value(), format, place, id)) {
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

function spanWarnings({ messages, spans }: Transcript): string[] {
  if (spans.length === 0) return [];
  return anchorSpans(messages, spans).flatMap(({ reason }) => (reason === null ? [] : [reason]));
}
