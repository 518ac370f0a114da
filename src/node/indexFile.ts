import { basename } from 'node:path';
import { anchorSpans } from '../core/anchor/anchor';
import { BatchBuilder, type IndexBatch } from '../core/dataset/indexBatch';
import type { Transcript } from '../core/dataset/model';
import { canonical } from '../core/formats/canonical';
import type { Format } from '../core/formats/format';
import { placeId } from '../core/formats/format';
import { detectFormat, FORMATS } from '../core/formats/registry';
import { parseJson, readRecord } from './parseRecord';
import { DatasetError, type FileStamp, RecordFile } from './recordFile';

const BATCH_RECORDS = 2_048;
const BATCH_MS = 50;
/** So many records are looked at before a file counts as unknown. */
const DETECT_RECORDS = 100;

/** What the pass tells as it goes, in order: one `start`, any number of `batch`, one `end`. */
export type IndexEvent =
  | { readonly type: 'start'; readonly format: string; readonly stamp: FileStamp }
  | { readonly type: 'batch'; readonly batch: IndexBatch; readonly bytesRead: number }
  | { readonly type: 'end'; readonly frameProblem: string | null };

/**
 * The one pass over a dataset: finds every record, reads its facets and verdicts, and emits them in batches.
 * @throws DatasetError when the file cannot be read or is of no known shape; AbortError when cancelled.
 */
export async function indexFile(
  path: string,
  emit: (event: IndexEvent) => void,
  signal?: AbortSignal,
): Promise<void> {
  const format = await detectFileFormat(path);
  const file = await RecordFile.open(path);
  try {
    emit({ type: 'start', format: format.name, stamp: file.stamp });
    await passOver(file, basename(path), format, emit, signal);
  } finally {
    await file.close();
  }
}

async function passOver(
  file: RecordFile,
  name: string,
  format: Format,
  emit: (event: IndexEvent) => void,
  signal?: AbortSignal,
): Promise<void> {
  const builder = new BatchBuilder(name);
  let ordinal = 0;
  // long ago: the first record goes out alone, so that there is one to read at once
  let lastEmit = 0;
  let frameProblem: string | null = null;
  for await (const chunk of file.chunks(signal)) {
    for (const { range, bytes } of chunk.records) {
      const place = { file: name, line: range.line, ordinal: ++ordinal };
      const record = readRecord(parseJson(bytes), format, place);
      if (record.ok)
        builder.addTranscript(range, record.transcript, [
          ...record.warnings,
          ...spanWarnings(record.transcript),
        ]);
      else builder.addBad(range, placeId(place, file.layout === 'document'), record.reason);
      const due = builder.pending >= BATCH_RECORDS || Date.now() - lastEmit >= BATCH_MS;
      if (due) {
        emit({ type: 'batch', batch: builder.take(), bytesRead: range.offset + range.length });
        lastEmit = Date.now();
      }
    }
    frameProblem = chunk.frameProblem ?? frameProblem;
  }
  emit({ type: 'batch', batch: builder.take(), bytesRead: file.stamp.size });
  emit({ type: 'end', frameProblem });
}

function spanWarnings({ messages, spans }: Transcript): string[] {
  if (spans.length === 0) return [];
  return anchorSpans(messages, spans).flatMap(({ reason }) => (reason === null ? [] : [reason]));
}

/** The first record that any format knows decides; a `*.transcripts.jsonl` is ours by its name. */
async function detectFileFormat(path: string): Promise<Format> {
  const file = await RecordFile.open(path);
  try {
    let firstKeys: string | null = null;
    let firstReason: string | null = null;
    let looked = 0;
    for await (const chunk of file.chunks()) {
      for (const { range, bytes } of chunk.records) {
        const json = parseJson(bytes);
        const format = json.ok ? detectFormat(json.value) : null;
        if (format) return format;
        if (json.ok) firstKeys ??= `line ${range.line} holds ${describeKeys(json.value)}`;
        else firstReason ??= `line ${range.line}: ${json.reason}`;
        if (++looked >= DETECT_RECORDS) break;
      }
      if (looked >= DETECT_RECORDS) break;
    }
    if (/\.transcripts\.jsonl$/i.test(path)) return canonical;
    throw new DatasetError(unknownShape(basename(path), firstKeys ?? firstReason));
  } finally {
    await file.close();
  }
}

function unknownShape(name: string, what: string | null): string {
  const known = FORMATS.map((format) => format.name).join(', ');
  return `${name} is of no known shape (${what ?? 'no record found'}). Known shapes: ${known}.`;
}

function describeKeys(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'no JSON object';
  const keys = Object.keys(value).slice(0, 8);
  return keys.length === 0
    ? 'an empty object'
    : `an object with ${keys.map((key) => JSON.stringify(key)).join(', ')}`;
}
