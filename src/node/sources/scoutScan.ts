import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RecordRange } from '../../core/dataset/scan';
import { RecordError } from '../../core/formats/format';
import { type Fields, fieldsOf, firstScalar } from '../../core/formats/inspectFields';
import { Attachments, type FlatMessage, flattenMessage } from '../../core/formats/inspectMessages';
import { TOO_MANY_VALUES, ValueBudget } from '../../core/formats/looseJson';
import { CANONICAL } from '../../core/formats/profile';
import { type ScanRow, scanRecord } from '../../core/formats/scoutScan';
import { jsonOf } from '../../core/formats/scoutTranscript';
import { MOST_RECORD_BYTES, parseJson } from '../parseRecord';
import { describeFileError } from './fileError';
import { readWhole } from './openHandle';
import { DamagedRows } from './parquetColumn';
import { ParquetTable } from './parquetTable';
import { SCAN_FILE, SUMMARY_FILE, scanStamp, scanTables } from './scanStamp';
import { type LogMessages, type LogSample, ScoutLogs } from './scoutLogs';
import {
  addRows,
  type ReadRow,
  type RowPlace,
  RowReader,
  type Scanned,
  type Scanner,
  TooLong,
} from './scoutRows';
import { DatasetError, type FileStamp, type RecordValue, type Source, type SourceChunk } from './source';

/** Transcripts in memory at a time. */
const BATCH = 128;
const BATCH_CHARACTERS = 1 << 24;
/**
 * So many rows its tables may have together, and one more for every two bytes of them, as the records of a dataset: packed,
 * a million take some hundred bytes.
 */
const MOST_ROWS = 1_000_000;
const TOO_MANY_ROWS = 'with it the scan has more rows than tables of its size hold';
const FACTS_LIMIT = 1 << 27;
/** Columns that hold the transcript, or what only a machine reads. */
const LONG = /^(?:input|input_data|scan_events|event_references|scan_model_usage|scan_error_traceback)$/;

/**
 * Opens the folder of one scan. Its records are of our own schema, one a transcript.
 * @param within see `openSource`
 * @throws DatasetError when it holds no scanner's results.
 */
export async function openScan(folder: string, within: string | null): Promise<Source> {
  const name = basename(folder) || folder;
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new DatasetError(describeFileError(folder, error));
  });
  const problems: string[] = [];
  const warnings: string[] = [];
  const scanners: Scanner[] = [];
  const scanned = new Map<string, Scanned>();
  const stamp = await scanStamp(folder);
  let rowsLeft = MOST_ROWS + stamp.size / 2;
  for (const file of await scanTables(folder)) {
    try {
      const table = await ParquetTable.open(join(folder, file));
      const scanner = { name: file.slice(0, -'.parquet'.length), table };
      scanners.push(scanner);
      if (table.rows > rowsLeft) throw new DatasetError(`${file} is not read: ${TOO_MANY_ROWS}`);
      rowsLeft -= table.rows;
      for (const problem of await addRows(scanner, scanned)) problems.push(problem);
      for (const warning of table.warnings) warnings.push(`${file}: ${warning}`);
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      problems.push(error.message);
    }
  }
  const facts = fieldsOf(await readFacts(join(folder, SCAN_FILE), problems));
  const hasSummary = files.includes(SUMMARY_FILE);
  const summary = hasSummary ? await readFacts(join(folder, SUMMARY_FILE), problems) : null;
  if (fieldsOf(summary).complete === false) problems.push('the scan did not come to its end');
  if (scanned.size === 0) {
    for (const { table } of scanners) await table.close();
    const reason = problems.length > 0 ? ` (${problems.join('; ')})` : '';
    throw new DatasetError(`${name} holds no results of a scanner${reason}`);
  }
  const scan = { folder: name, id: facts.scan_id, name: facts.scan_name, at: facts.timestamp };
  const logs = new ScoutLogs(folder, within);
  const told = { frameProblem: problems.join('; ') || null, fileWarnings: warnings };
  return new ScoutScan(logs, stamp, scanners, [...scanned.values()], scan, told);
}

class ScoutScan implements Source {
  readonly container = 'Inspect Scout scan';
  readonly unit = 'transcript';
  readonly profile = CANONICAL;
  private readonly single = new BatchReader();
  /** The last read; the next waits for it, since they share a reader. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly logs: ScoutLogs,
    readonly stamp: FileStamp,
    private readonly scanners: readonly Scanner[],
    private readonly transcripts: readonly Scanned[],
    private readonly scan: Fields,
    private readonly told: Pick<SourceChunk, 'frameProblem' | 'fileWarnings'>,
  ) {}

  async *chunks(signal?: AbortSignal): AsyncGenerator<SourceChunk> {
    const reader = new BatchReader();
    const room = await this.logs.newPass();
    let size = BATCH;
    for (let start = 0; start < this.transcripts.length; ) {
      signal?.throwIfAborted();
      const read = await this.records(reader, this.transcripts.slice(start, start + size), (sample) =>
        this.logs.messages(sample, room),
      );
      // What is damaged costs its own transcripts, not those beside it; and long ones come one at a time.
      size = read?.every(({ value }) => value.ok) ? Math.min(BATCH, 2 * size) : 1;
      if (!read) continue;
      const first = start;
      const records = read.map(({ value, mark }, i) => ({
        range: { offset: first + i, length: mark, line: first + i + 1 },
        bytes: null,
        value: () => value,
      }));
      start += read.length;
      yield {
        records,
        bytesRead: Math.floor((this.stamp.size * start) / this.transcripts.length),
        ...(start === this.transcripts.length ? this.told : { frameProblem: null }),
      };
    }
  }

  read({ offset, length: mark }: RecordRange): Promise<RecordValue> {
    const find = (sample: LogSample) => this.logs.again(sample, mark);
    const reading = this.last.then(async () => {
      const transcript = this.transcripts[offset];
      const [read] = (transcript && (await this.records(this.single, [transcript], find))) ?? [];
      if (!read) throw new DatasetError(`the scan has no transcript ${offset + 1} (any more)`);
      return read.value;
    });
    this.last = reading.catch(() => undefined);
    return reading;
  }

  async close(): Promise<void> {
    for (const { table } of this.scanners) await table.close();
    await this.logs.close();
  }

  /** null when they are to be read one by one: they are too long to be in memory together, or one is damaged. */
  private async records(
    reader: BatchReader,
    transcripts: readonly Scanned[],
    find: FindText,
  ): Promise<readonly MarkedRecord[] | null> {
    const isOne = transcripts.length === 1;
    try {
      const records: MarkedRecord[] = [];
      const read = await reader.read(transcripts, isOne ? MOST_RECORD_BYTES : BATCH_CHARACTERS);
      for (const transcript of read) records.push(await this.record(transcript, find));
      return records;
    } catch (error) {
      if (!(error instanceof DamagedRows || error instanceof TooLong)) throw error;
      const reason = `${transcripts[0]?.id}: ${error.message}`;
      return isOne ? [{ value: { ok: false, reason }, mark: 0 }] : null;
    }
  }

  private async record({ id, rows, stored, ...read }: ReadTranscript, find: FindText): Promise<MarkedRecord> {
    const warnings = [...read.warnings];
    let messages = stored;
    let mark = 0;
    if (messages.length === 0) {
      const sample = sampleOf(id, rows[0]?.row ?? {});
      const found = sample ? await find(sample) : NOWHERE;
      messages = found.ok ? found.messages : [{ role: 'system', content: `[no text: ${found.reason}]` }];
      if (!found.ok) warnings.push(found.reason);
      mark = found.mark;
    }
    try {
      const record = scanRecord({ id, rows, messages, scan: this.scan });
      return { value: { ok: true, value: record.value, warnings: [...warnings, ...record.warnings] }, mark };
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      return { value: { ok: false, reason: `${id}: ${error.message}` }, mark };
    }
  }
}

/** Finds the text of a transcript in the logs. @throws DatasetError */
type FindText = (sample: LogSample) => Promise<LogMessages>;

/** See `LogMessages.mark`; 0 where the text is the scan's own. */
interface MarkedRecord {
  readonly value: RecordValue;
  readonly mark: number;
}

const NOWHERE = {
  ok: false,
  reason: 'the scan holds neither the text nor where it is from',
  mark: 0,
} as const;

/** The sample of a log that a transcript is; null where nothing says so. */
function sampleOf(transcript: string, row: Fields): LogSample | null {
  const uri = firstScalar(['transcript_source_uri'], [row]);
  const id = firstScalar(['transcript_task_id', 'id'], [row]);
  const epoch = Number(firstScalar(['transcript_task_repeat', 'epoch'], [row]) ?? 1);
  return uri === undefined || id === undefined ? null : { uri, id, epoch, transcript };
}

interface ReadTranscript {
  readonly id: string;
  readonly rows: readonly ScanRow[];
  /** Messages that the scan holds itself. */
  readonly stored: readonly FlatMessage[];
  readonly warnings: readonly string[];
}

/** Reads what scanners say first, then the text of each transcript from one of its rows only. */
class BatchReader {
  private readonly results = new RowReader((column) => !LONG.test(column));
  private readonly inputs = new RowReader((column) => column === 'input');

  /** @param most characters, of results and of texts. @throws DamagedRows; TooLong, also by what these texts hold */
  async read(transcripts: readonly Scanned[], most: number): Promise<ReadTranscript[]> {
    const places = transcripts.flatMap(({ rows }) => rows);
    const results = await this.results.read(places, most);
    const withText = transcripts.map(({ rows }) => rowsOfText(rows, results));
    const inputs = await this.inputs.read(withText.flat(), most);
    const budget = new ValueBudget();
    return transcripts.map(({ id, rows }, i) => {
      const texts = (withText[i] ?? []).map((place) => inputs.get(place));
      const read = [...rows.map((place) => results.get(place)), ...texts];
      return {
        id,
        rows: rows.map((place) => ({ scanner: place.scanner.name, row: results.get(place)?.fields ?? {} })),
        stored: messagesIn(
          texts.map((text) => text?.fields.input),
          budget,
        ),
        warnings: [...new Set(read.flatMap((row) => row?.warnings ?? []))],
      };
    });
  }
}

/**
 * The rows that hold the text: one whose input is the conversation, or else those of its parts: of one scanner, that which
 * was given most of them.
 */
function rowsOfText(rows: readonly RowPlace[], results: ReadonlyMap<RowPlace, ReadRow>): readonly RowPlace[] {
  const type = (place: RowPlace) => results.get(place)?.fields.input_type;
  const hasText = rows.filter(({ scanner }) => scanner.table.columns.includes('input'));
  const whole = hasText.find((place) => type(place) === 'transcript');
  if (whole) return [whole];
  const turns = hasText.filter((place) => type(place) === 'messages');
  const byScanner = new Map<Scanner, RowPlace[]>();
  for (const place of turns.length > 0 ? turns : hasText.filter((one) => type(one) === 'message')) {
    const others = byScanner.get(place.scanner);
    if (others) others.push(place);
    else byScanner.set(place.scanner, [place]);
  }
  let most: readonly RowPlace[] = [];
  for (const parts of byScanner.values()) if (parts.length > most.length) most = parts;
  return most;
}

/** @throws TooLong when they hold more values than one record may have. */
function messagesIn(inputs: readonly unknown[], budget: ValueBudget): FlatMessage[] {
  const attachments = new Attachments({});
  const ofOtherParts = new Set<string>();
  return inputs.flatMap((input) => {
    const value = jsonOf(input, budget);
    if (budget.isSpent) throw new TooLong(TOO_MANY_VALUES);
    const stored = Array.isArray(value) ? value : (fieldsOf(value).messages ?? [value]);
    const messages = (Array.isArray(stored) ? stored : [])
      .filter((message: unknown) => 'role' in fieldsOf(message))
      .map((message: unknown) => flattenMessage(message, attachments));
    if (inputs.length === 1) return messages.flat();
    // One message may be in several parts; another of its id is another.
    const keys = messages.map(keyOf);
    const isNew = keys.map((key) => key === null || !ofOtherParts.has(key));
    for (const key of keys) if (key !== null) ofOtherParts.add(key);
    return messages.filter((_, at) => isNew[at]).flat();
  });
}

/** What a message is and says; null where it has no id, and may be said twice. */
function keyOf(message: readonly FlatMessage[]): string | null {
  const [first] = message;
  if (first?.id === undefined) return null;
  return [first.id, ...message.flatMap(({ role, region, content }) => [role, region, content])].join('\n');
}

async function readFacts(path: string, problems: string[]): Promise<unknown> {
  try {
    const json = parseJson(await readWhole(path, FACTS_LIMIT, 'is too long'), true);
    if (json.ok) return json.value;
    throw new Error(json.reason);
  } catch (error) {
    problems.push(`${basename(path)} cannot be read: ${(error as Error).message}`);
    return null;
  }
}
