import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RecordRange } from '../../core/dataset/scan';
import { type Fields, fieldsOf, firstScalar } from '../../core/formats/inspectFields';
import { Attachments, type FlatMessage, flattenMessage } from '../../core/formats/inspectMessages';
import { type ScanRow, scanRecord } from '../../core/formats/scoutScan';
import { jsonOf } from '../../core/formats/scoutTranscript';
import { describeFileError } from './fileError';
import { parseLooseRecord } from './looseRecord';
import { ScoutLogs } from './scoutLogs';
import { ScoutTable, type TableRow } from './scoutTable';
import { DatasetError, type FileStamp, type RecordValue, type Source, type SourceChunk } from './source';

/** Text in memory at a time, roughly, and the most transcripts. */
const BATCH_BYTES = 32 << 20;
const BATCH_ROWS = 1000;
/** Rows that nobody asked for are read along where they stand between others: a column is read from its start. */
const GAP_ROWS = 256;
/** Columns that hold the transcript, or what only a machine reads. */
const LONG = /^(?:input|input_data|scan_events|event_references|scan_model_usage|scan_error_traceback)$/;

interface Scanner {
  readonly name: string;
  readonly table: ScoutTable;
}

/** A transcript that was scanned, and the rows about it. */
interface Scanned {
  readonly id: string;
  readonly rows: { readonly scanner: Scanner; readonly row: number }[];
}

/**
 * Opens the folder of one scan. Its records are of our own schema, one a transcript.
 * @throws DatasetError when it holds no scanner's results.
 */
export async function openScan(folder: string): Promise<Source> {
  const name = basename(folder) || folder;
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new DatasetError(describeFileError(folder, error));
  });
  const problems: string[] = [];
  const scanners: Scanner[] = [];
  const scanned = new Map<string, Scanned>();
  for (const file of files.filter((one) => one.endsWith('.parquet')).sort()) {
    try {
      const scanner = {
        name: file.slice(0, -'.parquet'.length),
        table: await ScoutTable.open(join(folder, file)),
      };
      scanners.push(scanner);
      const without = await addRows(scanner, scanned);
      if (without > 0) problems.push(`${file}: ${without} rows have no transcript_id`);
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      problems.push(error.message);
    }
  }
  const facts = fieldsOf(await readJsonFile(join(folder, '_scan.json'), problems));
  const summary = fieldsOf(
    files.includes('_summary.json') ? await readJsonFile(join(folder, '_summary.json'), problems) : null,
  );
  if (summary.complete === false) problems.push('the scan did not come to its end');
  if (scanned.size === 0) {
    for (const { table } of scanners) await table.close();
    const reason = problems.length > 0 ? ` (${problems.join('; ')})` : '';
    throw new DatasetError(`${name} holds no results of a scanner${reason}`);
  }
  const scan = { folder: name, id: facts.scan_id, name: facts.scan_name, at: facts.timestamp };
  return new ScoutScan(folder, scanners, [...scanned.values()], scan, problems.join('; ') || null);
}

class ScoutScan implements Source {
  readonly container = 'Inspect Scout scan';
  readonly unit = 'transcript';
  readonly stamp: FileStamp;
  private readonly logs: ScoutLogs;
  private readonly batch: number;

  constructor(
    folder: string,
    private readonly scanners: readonly Scanner[],
    private readonly transcripts: readonly Scanned[],
    private readonly scan: Fields,
    private readonly problem: string | null,
  ) {
    const stamps = scanners.map(({ table }) => table.stamp);
    this.stamp = {
      size: stamps.reduce((sum, { size }) => sum + size, 0),
      mtimeMs: Math.max(...stamps.map(({ mtimeMs }) => mtimeMs)),
    };
    this.logs = new ScoutLogs(folder);
    const perRow = Math.max(...scanners.map(({ table }) => table.bytesPerRow()));
    this.batch = Math.max(1, Math.min(BATCH_ROWS, Math.floor(BATCH_BYTES / Math.max(1, perRow))));
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<SourceChunk> {
    for (let start = 0; start < this.transcripts.length; start += this.batch) {
      signal?.throwIfAborted();
      const values = await this.readBatch(this.transcripts.slice(start, start + this.batch));
      const records = values.map((value, i) => ({
        range: { offset: start + i, length: 0, line: start + i + 1 },
        bytes: null,
        value: () => value,
      }));
      const done = start + values.length;
      yield {
        records,
        bytesRead: Math.floor((this.stamp.size * done) / this.transcripts.length),
        frameProblem: done === this.transcripts.length ? this.problem : null,
      };
    }
  }

  async read({ offset }: RecordRange): Promise<RecordValue> {
    const transcript = this.transcripts[offset];
    const [value] = transcript ? await this.readBatch([transcript]) : [];
    if (!value) throw new DatasetError(`the scan has no transcript ${offset + 1} (any more)`);
    return value;
  }

  async close(): Promise<void> {
    for (const { table } of this.scanners) await table.close();
    await this.logs.close();
  }

  /** A damaged page costs the transcripts of its batch, not the scan. */
  private async readBatch(transcripts: readonly Scanned[]): Promise<RecordValue[]> {
    try {
      const results = await readRows(
        transcripts.flatMap(({ rows }) => rows),
        (column) => !LONG.test(column),
      );
      const withText = transcripts.map(({ rows }) => rowsOfText(rows, results));
      const inputs = await readRows(withText.flat(), (column) => column === 'input');
      const values: RecordValue[] = [];
      for (const [i, { id, rows }] of transcripts.entries()) {
        const scanRows = rows.map(
          (one): ScanRow => ({ scanner: one.scanner.name, row: results.get(one) ?? {} }),
        );
        const stored = messagesIn((withText[i] ?? []).map((one) => inputs.get(one)?.input));
        values.push(await this.record(id, scanRows, stored));
      }
      return values;
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      return transcripts.map(({ id }) => ({ ok: false, reason: `${id}: ${error.message}` }));
    }
  }

  private async record(
    id: string,
    rows: readonly ScanRow[],
    stored: readonly FlatMessage[],
  ): Promise<RecordValue> {
    let messages = stored;
    const warnings: string[] = [];
    if (messages.length === 0) {
      const found = await this.messagesOfLog(id, rows[0]?.row ?? {});
      messages = found.ok ? found.messages : [{ role: 'system', content: `[no text: ${found.reason}]` }];
      if (!found.ok) warnings.push(found.reason);
    }
    const record = scanRecord({ id, rows, messages, scan: this.scan });
    return { ok: true, value: record.value, warnings: [...warnings, ...record.warnings] };
  }

  private messagesOfLog(id: string, row: TableRow) {
    const uri = firstScalar(['transcript_source_uri'], [row]);
    const sample = firstScalar(['transcript_task_id', 'id'], [row]);
    const epoch = Number(firstScalar(['transcript_task_repeat', 'epoch'], [row]) ?? 1);
    if (uri === undefined || sample === undefined) {
      return { ok: false as const, reason: 'the scan holds neither the text nor where it is from' };
    }
    return this.logs.messages(uri, sample, epoch, id);
  }
}

/** Adds the rows of a scanner to their transcripts, and returns how many have none. */
async function addRows(scanner: Scanner, scanned: Map<string, Scanned>): Promise<number> {
  let without = 0;
  const rows = await scanner.table.read((column) => column === 'transcript_id', 0, scanner.table.rows);
  for (const [row, { transcript_id: id }] of rows.entries()) {
    if (typeof id !== 'string' || id === '') {
      without++;
      continue;
    }
    const transcript = scanned.get(id) ?? { id, rows: [] };
    scanned.set(id, transcript);
    transcript.rows.push({ scanner, row });
  }
  return without;
}

type Wanted = Scanned['rows'][number];

/** Reads rows of several scanners, runs of neighbours together. */
async function readRows(
  wanted: readonly Wanted[],
  columns: (name: string) => boolean,
): Promise<ReadonlyMap<Wanted, TableRow>> {
  const found = new Map<Wanted, TableRow>();
  const byScanner = new Map<Scanner, Wanted[]>();
  for (const one of wanted) {
    const others = byScanner.get(one.scanner);
    if (others) others.push(one);
    else byScanner.set(one.scanner, [one]);
  }
  for (const [{ table }, rows] of byScanner) {
    rows.sort((a, b) => a.row - b.row);
    for (let from = 0; from < rows.length; ) {
      const start = rows[from]?.row ?? 0;
      let to = from + 1;
      while (to < rows.length && (rows[to]?.row ?? 0) - (rows[to - 1]?.row ?? 0) <= GAP_ROWS) to++;
      const run = await table.read(columns, start, (rows[to - 1]?.row ?? start) + 1);
      for (const one of rows.slice(from, to)) found.set(one, run[one.row - start] ?? {});
      from = to;
    }
  }
  return found;
}

/** The rows that hold the text: one whose input is the conversation, or else those of its messages one by one. */
function rowsOfText(rows: readonly Wanted[], results: ReadonlyMap<Wanted, TableRow>): readonly Wanted[] {
  const type = (one: Wanted) => results.get(one)?.input_type;
  const whole = rows.filter((one) => type(one) === 'transcript' || type(one) === 'messages');
  if (whole[0]) return [whole.find(({ scanner }) => scanner.table.columns.has('input')) ?? whole[0]];
  const [first] = rows;
  return rows.filter((one) => type(one) === 'message' && one.scanner === first?.scanner);
}

function messagesIn(inputs: readonly unknown[]): FlatMessage[] {
  const attachments = new Attachments({});
  return inputs.flatMap((input) => {
    const value = jsonOf(input);
    const messages = Array.isArray(value) ? value : (fieldsOf(value).messages ?? [value]);
    return (Array.isArray(messages) ? messages : [])
      .filter((message: unknown) => 'role' in fieldsOf(message))
      .flatMap((message: unknown) => flattenMessage(message, attachments));
  });
}

async function readJsonFile(path: string, problems: string[]): Promise<unknown> {
  try {
    const { size } = await stat(path);
    if (size > BATCH_BYTES * 4) throw new Error('it is too long');
    const json = parseLooseRecord(await readFile(path));
    if (json.ok) return json.value;
    throw new Error(json.reason);
  } catch (error) {
    problems.push(`${basename(path)} cannot be read: ${(error as Error).message}`);
    return null;
  }
}
