import { basename, resolve } from 'node:path';
import { BloomFilter } from '../core/dataset/bloomFilter';
import { eachLine } from '../core/dataset/eachLine';
import { BatchBuilder } from '../core/dataset/indexBatch';
import { LF } from '../core/dataset/jsonBytes';
import type { Problem } from '../core/dataset/model';
import type { RecordRange } from '../core/dataset/scan';
import { Skimmer } from '../core/dataset/skim';
import { skimLines } from '../core/dataset/skimLines';
import { canonical } from '../core/formats/canonical';
import { type Format, placeId, type RecordPlace } from '../core/formats/format';
import type { JoinedVerdicts } from '../core/formats/join';
import { PatternError } from '../core/formats/pattern';
import type { Profile } from '../core/formats/profile';
import { formatOf } from '../core/formats/registry';
import { checkRecords, REASONS_AT_ONCE, type Skimmed, warningsOf } from './checkPass';
import { contentSample } from './contentSample';
import type { DatasetFile } from './datasetFiles';
import { detectFile, UnknownShapeError } from './detectFile';
import type { Continuation, FileReading, IndexEvent, IndexRequest } from './indexEvents';
import { readJoins } from './joins';
import { readParts, tooLong } from './parseRecord';
import { readProfile } from './profileFile';
import { reviewFolder } from './reviewStore';
import { SET_FILE } from './setFile';
import { ShortLines } from './shortLines';
import { endOfLines } from './sources/endOfLines';
import { JsonFile } from './sources/jsonFile';
import { isTooLong, partsOf } from './sources/linePieces';
import { openSource } from './sources/open';
import { DatasetError, type RecordValue, type Source } from './sources/source';

/** What programs write beside data: settings, summaries, lists of logs. */
const BESIDE_DATA = /\.json$/i;

/** Taking in a batch must not hold up the extension host's thread. */
const BATCH_RECORDS = 512;
/** The first batches are small, each as large as all before it: code that is not warm yet takes ten times as long. */
const FIRST_RECORDS = 32;
const BATCH_MS = 50;

/**
 * So many records a dataset may have, and one more for every two bytes of its files. Lines never have more; packed, a
 * million rows take a kilobyte, and a list may name ten thousand such files.
 */
const MOST_PACKED = 1_000_000;
const TOO_MANY_PACKED =
  'the dataset has more records by then than files of its size hold; open this one by itself';

/**
 * Text unpacks to five or twenty times what it takes, and tables that repeat one in each row to a hundred times; what is
 * made to, a hundred thousand times, and reading it would take hours.
 */
const USUAL_RATIO = 200;
const MOST_UNUSUAL_BYTES = 2 ** 32;
const TOO_MUCH_UNPACKED =
  'the records of the dataset unpack to far more by then than text of its size does; what is behind that is not read';

/**
 * Bytes that ids, names and verdicts of all records may take, beside four for each byte of the files. A packed file may
 * have far more, and so may lines without ids, which are called by the name of their file.
 */
const MOST_KEPT = 1 << 27;
/** Where an id ends is kept in 32 bits. */
const MOST_KEPT_EVER = 2 ** 31;
const TOO_MUCH_KEPT = 'the ids, names and verdicts of its records take more room than files of its size hold';

/** A part of a file that was skimmed, to be checked once everything is listed. */
interface ToCheck extends Skimmed {
  readonly path: string;
  /** Bytes of the files before it. */
  readonly bytesBefore: number;
  /** `contentSample` of what was skimmed. */
  readonly sample: string;
}

/** Where reading lines begins: at a beginning of the file, or where it ended last time. */
interface LineStart {
  readonly from: number;
  readonly line: number;
  /** Records of the file that stand before it. */
  readonly before: number;
}

/** One pass over the files of a dataset. */
export class IndexPass {
  private readonly builder = new BatchBuilder();
  private readonly skimmer = new Skimmer(this.builder);
  private readonly shortLines = new ShortLines(canonical);
  private readonly shortJson = new ShortLines();
  private readonly toCheck: ToCheck[] = [];
  /** Long ago: the first records go out at once, so that there is something to read. */
  private lastEmit = 0;
  /** Bytes of all packed records so far. */
  private unpacked = 0;
  private readonly totalBytes: number;
  private bytesBefore = 0;
  private filesRead = 0;
  private joined: readonly JoinedVerdicts[] = [];
  private firstFailure: DatasetError | null = null;

  constructor(
    private readonly request: IndexRequest,
    private readonly files: readonly DatasetFile[],
    private readonly signal: AbortSignal | undefined,
    private readonly emit: (event: IndexEvent) => void,
  ) {
    this.totalBytes = files.reduce((total, { size }) => total + size, 0);
  }

  /** @throws DatasetError when no file can be read, or none is of a known shape; AbortError when cancelled. */
  async run(): Promise<void> {
    await this.join();
    for (const file of this.files) await this.readFile(file);
    if (this.filesRead === 0 && this.firstFailure) throw this.firstFailure;
    for (const part of this.toCheck) await this.check(part);
    this.emit({ type: 'end' });
  }

  private async join(): Promise<void> {
    const { profile, path } = this.request;
    if (!profile?.joins?.length) return;
    const joined = await readJoins(profile, path, this.files, this.signal).catch(failInWords);
    this.joined = joined.verdicts;
    this.emit({ type: 'joined', verdicts: joined.verdicts });
    for (const reason of joined.refused) this.fileProblem(basename(path), 'error', reason);
    for (const words of joined.doubtful) this.fileProblem(basename(path), 'warning', words);
  }

  private async readFile(file: DatasetFile): Promise<void> {
    this.signal?.throwIfAborted();
    const before = this.builder.total;
    try {
      const source = await openSource(file.path, file.within);
      try {
        await this.readSource(file, source);
      } finally {
        await source.close();
      }
    } catch (failure) {
      const error = inWords(failure);
      if (!(error instanceof DatasetError)) throw error;
      // What was read of it stands, and stands in it: not in the file that comes next.
      if (this.builder.pending > 0) this.emitBatch(0);
      // One of several that cannot be read is a problem of the dataset, not its end.
      if (this.files.length === 1) throw error;
      this.firstFailure ??= error;
      const skipped = this.builder.total > before ? 'the rest is skipped' : 'skipped';
      // A folder of logs has other files beside them, and that is no fault of the dataset's.
      const isOther = error instanceof UnknownShapeError;
      const isNamed = this.request.path.toLowerCase().endsWith(SET_FILE);
      const leavesOut = isNamed || !(isOther && BESIDE_DATA.test(file.name));
      this.fileProblem(file.name, isOther ? 'warning' : 'error', `${skipped}: ${error.message}`, {
        leavesOut,
      });
    }
    this.bytesBefore += file.size;
  }

  /** A file of a folder or set may have been opened by itself, and how it is read been corrected then. */
  private async keptProfile({ path, name }: DatasetFile): Promise<Profile | null> {
    // Of a dataset that is the file itself, the request has what was chosen: that nothing was, too.
    if (resolve(path) === resolve(this.request.path)) return null;
    const kept = await readProfile(reviewFolder(path));
    for (const { file } of kept?.joins ?? []) {
      this.fileProblem(name, 'error', `the verdicts of ${file} are joined only when it is opened by itself`);
    }
    return kept;
  }

  private async readSource(file: DatasetFile, source: Source): Promise<void> {
    const kept = this.request.profile ? null : await this.keptProfile(file);
    const profile = this.request.profile ?? kept ?? (await detectFile(file.path, source));
    const profileOf = this.request.profile ? 'dataset' : kept ? 'file' : null;
    const { stamp, container, unit } = source;
    const { totalBytes } = this;
    const reading: FileReading = { ...file, stamp, container, unit, profile, profileOf };
    this.builder.beginFile(file.name);
    if (source instanceof JsonFile && source.layout === 'lines') {
      const start = await this.linesStart(file, source, profile);
      const sample = await contentSample(file.path, stamp.size);
      this.emit({ type: 'file', file: reading, totalBytes, sample });
      const continuation = await this.readLines(file, source, profile, start, sample);
      this.emit({ type: 'file end', continuation });
    } else {
      if (this.request.added) throw new DatasetError(`${file.name} is not read on from where it ended`);
      this.emit({ type: 'file', file: reading, totalBytes, sample: null });
      await this.readRecords(file, source, await formatOf(profile, this.joined));
      this.emit({ type: 'file end', continuation: null });
    }
    this.filesRead++;
  }

  private async readRecords(file: DatasetFile, source: Source, format: Format): Promise<void> {
    let frameProblem: string | null = null;
    const warnings: string[] = [];
    let ordinal = 0;
    for await (const chunk of source.chunks(this.signal)) {
      for (const record of chunk.records) {
        const { bytes } = record;
        const value = bytes && format === canonical ? this.shortLines.value(bytes) : record.value();
        if (this.builder.total >= MOST_PACKED + this.totalBytes / 2) throw new DatasetError(TOO_MANY_PACKED);
        this.unpacked += record.unpacked?.() ?? 0;
        if (this.unpacked > MOST_UNUSUAL_BYTES + this.totalBytes * USUAL_RATIO)
          throw new DatasetError(TOO_MUCH_UNPACKED);
        const { name, folder } = file;
        const place = { file: name, folder, line: record.range.line, ordinal: ++ordinal };
        this.add(place, record.range, value, format, source.container === 'JSON');
        this.emitIfDue(chunk.bytesRead);
      }
      frameProblem = chunk.frameProblem ?? frameProblem;
      for (const warning of chunk.fileWarnings ?? []) warnings.push(warning);
    }
    this.emitBatch(source.stamp.size);
    for (const warning of warnings) this.fileProblem(file.name, 'warning', warning);
    if (frameProblem !== null) this.fileProblem(file.name, 'error', frameProblem);
  }

  /** Where lines are new. What the caller has of them already is taken in without a word, for what follows to fit it. */
  private async linesStart(file: DatasetFile, source: JsonFile, profile: Profile): Promise<LineStart> {
    const { added } = this.request;
    const start = { from: source.begin, line: 1, before: 0 };
    if (!added) return start;
    const { end, line, sample } = added.since;
    const changed = new DatasetError(`${file.name} has changed on disk since it was read`);
    if ((await contentSample(file.path, end)) !== sample) throw changed;
    await this.takeLines(file, source, profile, start, end, () => this.builder.take());
    if (this.builder.total !== added.records) throw changed;
    return { from: end, line, before: added.records };
  }

  private async readLines(
    file: DatasetFile,
    source: JsonFile,
    profile: Profile,
    start: LineStart,
    /** `contentSample` of all of it, before it was read. */
    wholeSample: string,
  ): Promise<Continuation> {
    const first = this.builder.total;
    const to = this.request.live ? await endOfLines(source) : Number.POSITIVE_INFINITY;
    const { line, end, known, whole } = await this.takeLines(file, source, profile, start, to, (bytesRead) =>
      this.emitIfDue(bytesRead),
    );
    this.emitBatch(end);
    const isWhole = end === source.stamp.size;
    const sample = isWhole ? wholeSample : await contentSample(file.path, end);
    if (profile.reads === 'canonical') {
      const { path, name } = file;
      const { bytesBefore } = this;
      this.toCheck.push({
        ...start,
        path,
        name,
        format: canonical,
        to: end,
        first,
        known,
        bytesBefore,
        sample,
      });
    }
    return { end, line, sample, whole };
  }

  /**
   * Canonical lines are skimmed, and what that cannot tell is read in full at once; others are read in full.
   * @returns the line and byte behind the last; whether that one has its line feed; and the indices read in full.
   */
  private async takeLines(
    file: DatasetFile,
    source: JsonFile,
    profile: Profile,
    start: LineStart,
    to: number,
    onPiece: (bytesRead: number) => void,
  ) {
    const { builder } = this;
    const first = builder.total;
    const known: number[] = [];
    const format = await formatOf(profile, this.joined);
    const addValue = (range: RecordRange, value: RecordValue) => {
      known.push(builder.total);
      const ordinal = start.before + builder.total - first + 1;
      const place = { file: file.name, folder: file.folder, line: range.line, ordinal };
      this.add(place, range, value, format, false);
      // a piece of short lines may hold hundreds of records, each of which there is much to say of
      if (builder.pendingReasons >= REASONS_AT_ONCE) onPiece(end);
    };
    const addLine = (range: RecordRange, bytes: Uint8Array) => addValue(range, this.shortJson.value(bytes));
    const addUnusual = (range: RecordRange, bytes: Uint8Array) =>
      addValue(range, this.shortLines.value(bytes));
    let { line, from: end } = start;
    let whole = true;
    for await (const piece of source.pieces(start.from, to, this.signal)) {
      if (isTooLong(piece)) {
        const { bytes, offset, length } = piece;
        addValue({ offset, length, line: line++ }, tooLong(bytes));
        end = offset + length;
        onPiece(end);
      }
      // In parts, since a piece may hold thousands of short lines, more than a batch should.
      for (const { bytes, offset } of isTooLong(piece) ? [] : partsOf(piece)) {
        line =
          profile.reads === 'canonical'
            ? skimLines(this.skimmer, bytes, 0, bytes.length, offset, line, addUnusual)
            : eachLine(bytes, offset, line, addLine);
        end = offset + bytes.length;
        onPiece(end);
      }
      whole = piece.bytes[piece.bytes.length - 1] === LF;
    }
    return { line, end, known, whole };
  }

  private async check(part: ToCheck): Promise<void> {
    const { decided } = this.request;
    const source = await JsonFile.open(part.path);
    try {
      // Of another file's lines each would be held against whatever record has its number here.
      if ((await contentSample(part.path, part.to)) !== part.sample)
        throw new DatasetError(`${part.name} has changed on disk while it was read`);
      await checkRecords(
        source,
        part,
        {
          found: (findings) =>
            this.emit({
              type: 'checked',
              ...findings,
              bytesRead: part.bytesBefore + findings.bytesRead,
            }),
          hashed: (texts) => this.emit({ type: 'hashed', texts }),
        },
        decided ? new BloomFilter(decided) : null,
        this.signal,
      );
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
      if (part.ok) {
        const { warnings, more } = warningsOf(part);
        const contradicts = (part.contradictions?.length ?? 0) > 0;
        this.builder.addTranscript(range, part.transcript, warnings, contradicts, more);
      } else this.builder.addBad(range, part.id, part.reason);
    }
  }

  private emitIfDue(bytesRead: number): void {
    const { pending, total, kept, pendingReasons } = this.builder;
    if (kept > Math.min(MOST_KEPT_EVER, MOST_KEPT + 4 * this.totalBytes))
      throw new DatasetError(TOO_MUCH_KEPT);
    const enough = Math.min(BATCH_RECORDS, Math.max(FIRST_RECORDS, total - pending));
    const isDue = pending >= enough || pendingReasons >= REASONS_AT_ONCE;
    if (isDue || Date.now() - this.lastEmit >= BATCH_MS) this.emitBatch(bytesRead);
  }

  private emitBatch(bytesRead: number): void {
    this.emit({ type: 'batch', batch: this.builder.take(), bytesRead: this.bytesBefore + bytesRead });
    this.lastEmit = Date.now();
  }

  private fileProblem(
    file: string,
    severity: Problem['severity'],
    reason: string,
    more: Pick<Problem, 'leavesOut'> = {},
  ): void {
    this.emit({
      type: 'problem',
      problem: { severity, file, line: null, offset: null, index: null, reason, ...more },
    });
  }
}

/** A pattern that cannot be used came in a profile that nobody has checked: a dataset that cannot be read. */
function inWords(failure: unknown): unknown {
  return failure instanceof PatternError
    ? new DatasetError(`it cannot be read by its profile: ${failure.message}`)
    : failure;
}

function failInWords(failure: unknown): never {
  throw inWords(failure);
}
