/** Parquet files that the library's own writer does not make: by hand, or changed behind its back. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { CompressionCodec, FileMetaData } from 'hyparquet';
import { parquetMetadata } from 'hyparquet';
import { ByteWriter, type ParquetWriteOptions, parquetWriteBuffer } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

type Compress = (bytes: Uint8Array) => Uint8Array;

/** What the writer does not bring along; zstd as raw blocks and LZ4 as literals, which are valid and need no encoder. */
const compressors: Partial<Record<CompressionCodec, Compress>> = {
  GZIP: (bytes) => gzipSync(bytes),
  BROTLI: (bytes) => brotliCompressSync(bytes),
  ZSTD: zstdRawBlocks,
  LZ4_RAW: lz4Literals,
};

/** By the library's writer, in pages of version 2. */
export function written(options: Omit<ParquetWriteOptions, 'writer'>): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ compressors, ...options }));
}

const BLOCK_BYTES = 1 << 17;

/** A frame of RFC 8878 with a four-byte content size, a single segment, and blocks that are not packed. */
function zstdRawBlocks(bytes: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.appendUint32(0xfd2fb528);
  writer.appendUint8(0b1010_0000);
  writer.appendUint32(bytes.length);
  for (let at = 0; ; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    const isLast = at + BLOCK_BYTES >= bytes.length;
    const header = (block.length << 3) | (isLast ? 1 : 0);
    for (const shift of [0, 8, 16]) writer.appendUint8((header >> shift) & 255);
    writer.appendBytes(block);
    if (isLast) return writer.getBytes();
  }
}

function lz4Literals(bytes: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.appendUint8(Math.min(bytes.length, 15) << 4);
  for (let left = bytes.length - 15; left >= 0; left -= 255) writer.appendUint8(Math.min(left, 255));
  writer.appendBytes(bytes);
  return writer.getBytes();
}

export type Tags = readonly (string | null)[] | null;
type Flags = readonly (boolean | null)[] | null;

/** How a page of version 2 is written. */
interface SecondVersion {
  /** How many nulls its header says there are, of all places in it; writers do not agree on what they count. */
  readonly nulls: (levels: readonly Level[]) => number;
}

/**
 * One row group of one column `tags`, an optional list of optional strings (booleans, if there is one in it), in pages
 * as Arrow writes them, of version 1 unless `v2` is given: `cuts` says after how many values each page ends, be it in the
 * middle of a row.
 */
export function listFile(
  rows: readonly (Tags | Flags)[],
  cuts: readonly number[],
  codec: CompressionCodec,
  v2: SecondVersion | null = null,
): Uint8Array {
  const isFlags = rows.flat().some((value) => typeof value === 'boolean');
  const type = isFlags ? 'BOOLEAN' : 'BYTE_ARRAY';
  const levels = rows.flatMap((row) => levelsOf(row));
  const file = new ByteWriter();
  file.appendUint32(0x31524150);
  const ends = [...new Set([...cuts.filter((cut) => cut < levels.length), levels.length])].sort(
    (a, b) => a - b,
  );
  let start = 0;
  for (const end of ends) {
    if (v2) writePageV2(file, levels.slice(start, end), v2.nulls);
    else writePage(file, levels.slice(start, end), codec);
    start = end;
  }
  const size = BigInt(file.offset - 4);
  writeMetadata(file, {
    version: 2,
    schema: [
      { name: 'root', num_children: 1 },
      { name: 'tags', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      {
        name: 'element',
        type,
        repetition_type: 'OPTIONAL',
        ...(isFlags ? {} : { converted_type: 'UTF8' }),
      },
    ],
    num_rows: BigInt(rows.length),
    row_groups: [
      {
        columns: [
          {
            file_offset: 4n,
            meta_data: {
              type,
              encodings: ['PLAIN', 'RLE'],
              path_in_schema: ['tags', 'list', 'element'],
              codec,
              num_values: BigInt(levels.length),
              total_uncompressed_size: size,
              total_compressed_size: size,
              data_page_offset: 4n,
            },
          },
        ],
        total_byte_size: size,
        num_rows: BigInt(rows.length),
      },
    ],
    metadata_length: 0,
  });
  file.appendUint32(0x31524150);
  return file.getBytes();
}

export interface Level {
  readonly repetition: number;
  readonly definition: number;
  readonly value: string | boolean | null;
}

/** Dremel's levels (Melnik et al. 2010): a missing list is 0, an empty one 1, a missing element 2, an element 3. */
function levelsOf(row: Tags | Flags): Level[] {
  if (row === null) return [{ repetition: 0, definition: 0, value: null }];
  if (row.length === 0) return [{ repetition: 0, definition: 1, value: null }];
  return row.map((value, i) => ({ repetition: i === 0 ? 0 : 1, definition: value === null ? 2 : 3, value }));
}

function writePage(file: ByteWriter, levels: readonly Level[], codec: CompressionCodec): void {
  const page = new ByteWriter();
  for (const runs of runsOf(levels)) {
    page.appendUint32(runs.length);
    page.appendBytes(runs);
  }
  writeValues(page, levels);
  const packed = compressors[codec]?.(page.getBytes()) ?? page.getBytes();
  writePageHeader(file, {
    type: 'DATA_PAGE',
    uncompressed_page_size: page.offset,
    compressed_page_size: packed.length,
    data_page_header: {
      num_values: levels.length,
      encoding: 'PLAIN',
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    },
  });
  file.appendBytes(packed);
}

function writePageV2(file: ByteWriter, levels: readonly Level[], nulls: SecondVersion['nulls']): void {
  const page = new ByteWriter();
  const [repetition, definition] = runsOf(levels);
  page.appendBytes(repetition);
  page.appendBytes(definition);
  writeValues(page, levels);
  writePageHeader(file, {
    type: 'DATA_PAGE_V2',
    uncompressed_page_size: page.offset,
    compressed_page_size: page.offset,
    data_page_header_v2: {
      num_values: levels.length,
      num_nulls: nulls(levels),
      num_rows: levels.filter(({ repetition: level }) => level === 0).length,
      encoding: levels.some(({ value }) => typeof value === 'boolean') ? 'RLE' : 'PLAIN',
      definition_levels_byte_length: definition.length,
      repetition_levels_byte_length: repetition.length,
      is_compressed: false,
    },
  });
  file.appendBytes(page.getBytes());
}

function runsOf(levels: readonly Level[]): readonly [repetition: Uint8Array, definition: Uint8Array] {
  return [
    runs(
      levels.map(({ repetition }) => repetition),
      1,
    ),
    runs(
      levels.map(({ definition }) => definition),
      2,
    ),
  ];
}

function runs(values: number[], width: number): Uint8Array {
  const writer = new ByteWriter();
  writeRleBitPackedHybrid(writer, values, width);
  return writer.getBytes();
}

/** Texts as PLAIN, flags as RLE. */
function writeValues(page: ByteWriter, levels: readonly Level[]): void {
  const flags = levels.flatMap(({ value }) => (typeof value === 'boolean' ? [Number(value)] : []));
  if (flags.length > 0) {
    const packed = runs(flags, 1);
    page.appendUint32(packed.length);
    page.appendBytes(packed);
  }
  for (const { value } of levels) {
    if (typeof value !== 'string') continue;
    const bytes = Buffer.from(value);
    page.appendUint32(bytes.length);
    page.appendBytes(bytes);
  }
}

/** The file with another footer: what its metadata say, changed. */
export function withMetadata(file: Uint8Array, change: (metadata: FileMetaData) => void): Uint8Array {
  const metadata = parquetMetadata(file);
  change(metadata);
  const writer = new ByteWriter();
  writer.appendBytes(file.subarray(0, file.length - 8 - metadata.metadata_length));
  writeMetadata(writer, metadata);
  writer.appendUint32(0x31524150);
  return writer.getBytes();
}
