import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import { hadoopLz4Length, lz4Length, snappyLength } from './packedLength';
import { decompressZstd } from './zstd';

/**
 * A page unpacked to exactly `size` bytes, never more, whatever it holds.
 * @throws Error in words when it is damaged, or packed in a way that is not read.
 */
export async function unpackPage(
  packed: Uint8Array,
  size: number,
  codec: CompressionCodec,
): Promise<Uint8Array> {
  const bytes = size === 0 ? new Uint8Array() : await unpack(packed, size, codec);
  if (bytes.length !== size)
    throw new Error(`it unpacks to ${bytes.length} bytes, where it declares ${size}`);
  return bytes;
}

async function unpack(packed: Uint8Array, size: number, codec: CompressionCodec): Promise<Uint8Array> {
  if (codec === 'UNCOMPRESSED') return packed;
  if (codec === 'ZSTD') return decompressZstd(packed, size);
  // In one piece with a byte to spare: of several, the whole is made once more.
  const whole = { maxOutputLength: size, chunkSize: Math.max(64, size + 1) };
  if (codec === 'GZIP') return promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gunzip)(packed, whole);
  if (codec === 'BROTLI')
    return promisify<Uint8Array, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress)(packed, whole);
  if (codec === 'SNAPPY') {
    assertLength(snappyLength(packed), size);
    const bytes = new Uint8Array(size);
    snappyUncompress(packed, bytes);
    return bytes;
  }
  if (codec === 'LZ4' || codec === 'LZ4_RAW') {
    const { decompressLz4, decompressLz4Raw } = await import('hyparquet-compressors');
    if (codec === 'LZ4' && hadoopLz4Length(packed) === size) return decompressLz4(packed, size);
    assertLength(lz4Length(packed), size);
    return decompressLz4Raw(packed, size);
  }
  throw new Error(`it is packed with ${codec}, which is not read`);
}

/** @param length of what it unpacks to; -1 when it is damaged */
function assertLength(length: number, size: number): void {
  if (length < 0) throw new Error('what it is packed with is damaged');
  if (length !== size) throw new Error(`it unpacks to ${length} bytes, where it declares ${size}`);
}
