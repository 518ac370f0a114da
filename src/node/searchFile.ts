import { closeSync, openSync, readSync } from 'node:fs';
import type { Transcript } from '../core/dataset/model';
import type { Format } from '../core/formats/format';
import { formatOf } from '../core/formats/registry';
import { prefilterOf } from '../core/search/prefilter';
import type { SearchQuery } from '../core/search/query';
import { holdsTextVerbatim } from '../core/search/verbatim';
import type { FileReading } from './indexEvents';
import { MOST_RECORD_BYTES, parseJson, readParts } from './parseRecord';
import { type ChunkRecords, candidates } from './searchBytes';
import type { SearchTask } from './searchTask';
import { describeFileError } from './sources/fileError';
import { openSource } from './sources/open';
import { DatasetError, type RecordValue } from './sources/source';

/** Small enough to stay in the processor's cache while it is gone over several times. */
const CHUNK_BYTES = 1 << 20;
const NOTHING = Buffer.alloc(0);
/** A buffer that one long record asked for is not kept. */
const KEPT_BYTES = 8 << 20;

/** What a search does with what it reads. */
export interface SearchSink {
  /** The transcript at an index has been read. */
  transcript(index: number, transcript: Transcript): void;
  /** All transcripts before this index have been searched, by reading or by passing over them. */
  through(index: number): void;
}

type Task<T extends SearchTask['type']> = Extract<SearchTask, { type: T }>;

/**
 * Searches records by their places in a JSON file, reading in full only those that may match.
 * Whether the file is still what it was is for the caller to see.
 * @throws DatasetError when it cannot be read, or is too short.
 */
export async function searchRanges(
  task: Task<'ranges'>,
  query: SearchQuery,
  sink: SearchSink,
): Promise<void> {
  const { file, first, offsets, lengths } = task;
  const prefilter = holdsTextVerbatim(file.profile) ? prefilterOf(query) : null;
  const format = await formatOf(file.profile);
  const handle = opened(file);
  try {
    let buffer = NOTHING;
    for (let from = 0; from < offsets.length; ) {
      const chunk = nextChunk(offsets, lengths, from);
      // A record that is longer cannot be read.
      if (chunk.length <= MOST_RECORD_BYTES) {
        // A dataset may be a hundred thousand small files, and none of them needs room for more than it has.
        const room = chunk.to < offsets.length ? Math.max(CHUNK_BYTES, chunk.length) : chunk.length;
        if (chunk.length > buffer.length) buffer = Buffer.allocUnsafeSlow(room);
        const bytes = buffer.subarray(0, chunk.length);
        readAll(handle, bytes, chunk.offset, file);
        for (const record of candidates(bytes, chunk, prefilter)) {
          const value = parseJson(bytes.subarray(chunk.starts[record], chunk.ends[record]));
          readRecord(value, format, first + (chunk.transcripts[record] ?? 0), sink);
        }
      }
      from = chunk.to;
      sink.through(first + from);
      if (buffer.length > KEPT_BYTES) buffer = NOTHING;
    }
  } finally {
    closeSync(handle);
  }
}

/**
 * Searches every transcript of a file in order, whatever it is.
 * @throws DatasetError when it cannot be read, or its records are others by now.
 */
export async function searchFile(task: Task<'file'>, sink: SearchSink): Promise<void> {
  const { file, first, lengths } = task;
  const count = lengths.length;
  const format = await formatOf(file.profile);
  const source = await openSource(file.path, file.within);
  try {
    let index = first;
    for await (const { records } of source.chunks()) {
      for (const { range, value } of records) {
        // Of a scan it says what the text was got from, which need not be among the files that are looked at.
        if (range.length !== lengths[index - first])
          throw new DatasetError(`the text of ${file.name} has changed since it was read`);
        index += readRecord(value(), format, index, sink);
        if (index >= first + count) break;
      }
      sink.through(Math.min(index, first + count));
      if (index >= first + count) return;
    }
  } finally {
    await source.close();
  }
}

/** Consecutive records, as many as make up a chunk of bytes. */
interface Chunk extends ChunkRecords {
  /** In the file. */
  readonly offset: number;
  readonly length: number;
  /** Number of each record's first transcript within the task. */
  readonly transcripts: readonly number[];
  /** Of the first transcript behind it. */
  readonly to: number;
}

function nextChunk(offsets: Float64Array, lengths: Uint32Array, from: number): Chunk {
  const offset = offsets[from] ?? 0;
  const starts: number[] = [];
  const ends: number[] = [];
  const transcripts: number[] = [];
  let to = from;
  for (; to < offsets.length; to++) {
    const start = (offsets[to] ?? 0) - offset;
    if (start === starts.at(-1)) continue; // another transcript of the same record
    const end = start + (lengths[to] ?? 0);
    if (end > CHUNK_BYTES && to > from) break;
    starts.push(start);
    ends.push(end);
    transcripts.push(to);
  }
  return { offset, length: ends.at(-1) ?? 0, starts, ends, transcripts, to };
}

/** Reads the transcripts of a record, the first of which has the index given; returns how many there are. */
function readRecord(value: RecordValue, format: Format, index: number, sink: SearchSink): number {
  // The place is for ids that are made up, which the index has.
  const place = { file: '', line: 0, ordinal: 0 };
  const parts = readParts(value, format, place, () => '');
  for (const [i, part] of parts.entries()) if (part.ok) sink.transcript(index + i, part.transcript);
  return parts.length;
}

function opened(file: FileReading): number {
  try {
    return openSync(file.path, 'r');
  } catch (error) {
    throw new DatasetError(describeFileError(file.path, error as NodeJS.ErrnoException));
  }
}

function readAll(handle: number, bytes: Buffer, offset: number, file: FileReading): void {
  for (let read = 0; read < bytes.length; ) {
    const more = readSync(handle, bytes, read, bytes.length - read, offset + read);
    if (more === 0) throw new DatasetError(`${file.name} has become shorter since it was read`);
    read += more;
  }
}
