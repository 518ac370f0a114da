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

/**
 * One row group of one column `tags`, an optional list of optional strings, in pages of version 1 as Arrow writes them:
 * `cuts` says after how many values each page ends, be it in the middle of a row.
 */
export function listFile(
  rows: readonly Tags[],
  cuts: readonly number[],
  codec: CompressionCodec,
): Uint8Array {
  const levels = rows.flatMap((row) => levelsOf(row));
  const file = new ByteWriter();
  file.appendUint32(0x31524150);
  const ends = [...new Set([...cuts.filter((cut) => cut < levels.length), levels.length])].sort(
    (a, b) => a - b,
  );
  let start = 0;
  for (const end of ends) {
    writePage(file, levels.slice(start, end), codec);
    start = end;
  }
  const size = BigInt(file.offset - 4);
  writeMetadata(file, {
    version: 2,
    schema: [
      { name: 'root', num_children: 1 },
      { name: 'tags', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
    ],
    num_rows: BigInt(rows.length),
    row_groups: [
      {
        columns: [
          {
            file_offset: 4n,
            meta_data: {
              type: 'BYTE_ARRAY',
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

interface Level {
  readonly repetition: number;
  readonly definition: number;
  readonly value: string | null;
}

/** Dremel's levels (Melnik et al. 2010): a missing list is 0, an empty one 1, a missing element 2, an element 3. */
function levelsOf(row: Tags): Level[] {
  if (row === null) return [{ repetition: 0, definition: 0, value: null }];
  if (row.length === 0) return [{ repetition: 0, definition: 1, value: null }];
  return row.map((value, i) => ({ repetition: i === 0 ? 0 : 1, definition: value === null ? 2 : 3, value }));
}

function writePage(file: ByteWriter, levels: readonly Level[], codec: CompressionCodec): void {
  const page = new ByteWriter();
  for (const [values, width] of [
    [levels.map(({ repetition }) => repetition), 1],
    [levels.map(({ definition }) => definition), 2],
  ] as const) {
    const runs = new ByteWriter();
    writeRleBitPackedHybrid(runs, [...values], width);
    page.appendUint32(runs.offset);
    page.appendBytes(runs.getBytes());
  }
  for (const { value } of levels) {
    if (value === null) continue;
    const bytes = Buffer.from(value);
    page.appendUint32(bytes.length);
    page.appendBytes(bytes);
  }
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
