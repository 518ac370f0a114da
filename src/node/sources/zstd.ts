/**
 * Zstandard data of several frames (RFC 8878), by Node's own decoder where it has one (22.15 on), else by fzstd. Frames
 * are found here, since neither decoder promises to go on behind the first one, and both take a frame's word for how
 * much memory it needs.
 */
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

const MAGIC = 0xfd2fb528;
/** Sixteen magic numbers mark frames to skip; they differ in the last four bits. */
const SKIPPABLE = 0x184d2a50;
/** The largest window that `zstd` itself decodes without being told to (windowLog 27). */
const MAX_WINDOW = 2 ** 27;

/** Each frame is a call of the decoder. Writers make one, or one a flush; a megabyte of empty ones is 100,000 calls. */
const SOME_FRAMES = 1_000;
const BYTES_A_FRAME = 1_024;

const TOO_LARGE = 'it unpacks to more than it declares';
const CUT_OFF = 'its zstd data are cut off';

interface Frame {
  readonly bytes: Uint8Array;
  /** Of the decompressed frame, where it says so. */
  readonly size: number | null;
}

/**
 * @param size of the whole when decompressed.
 * @throws Error in words when the data are damaged, or hold more than `size` bytes.
 */
export async function decompressZstd(packed: Uint8Array, size: number): Promise<Uint8Array> {
  let out: Uint8Array = new Uint8Array();
  let at = 0;
  /** @param isWhole of a frame, and nobody else's afterwards; mostly there is no other frame, and no need for a copy */
  const add = (bytes: Uint8Array, isWhole: boolean) => {
    if (at + bytes.length > size) throw new Error(TOO_LARGE);
    if (isWhole && bytes.length === size) out = bytes;
    else {
      if (out.length === 0) out = new Uint8Array(size);
      out.set(bytes, at);
    }
    at += bytes.length;
  };
  let left = SOME_FRAMES + Math.floor(size / BYTES_A_FRAME);
  for (const frame of frames(packed)) {
    if (left-- === 0) throw new Error('its zstd data are in more frames than there is to hold');
    if ((frame.size ?? 0) > size - at) throw new Error(TOO_LARGE);
    if (typeof zlib.zstdDecompress === 'function') {
      const options = { maxOutputLength: Math.max(1, size - at) };
      add(await promisify(zlib.zstdDecompress)(frame.bytes, options), true);
    } else {
      const { Decompress, decompress } = await import('fzstd');
      if (frame.size === null) new Decompress((bytes) => add(bytes, false)).push(frame.bytes, true);
      else add(decompress(frame.bytes), true);
    }
  }
  return out.subarray(0, at);
}

/** The frames that hold data, in order. @throws Error when one is damaged or cut off. */
function* frames(bytes: Uint8Array): Generator<Frame> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 > bytes.length) throw new Error(CUT_OFF);
    const magic = view.getUint32(at, true);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      at += 8 + view.getUint32(at + 4, true);
      continue;
    }
    if (magic !== MAGIC) throw new Error('it holds what is no zstd data');
    const { size, end } = measureFrame(view, at);
    if (end > bytes.length) throw new Error(CUT_OFF);
    yield { bytes: bytes.subarray(at, end), size };
    at = end;
  }
}

/** Where the frame at `start` ends, by the sizes of its blocks. */
function measureFrame(view: DataView, start: number): { readonly size: number | null; readonly end: number } {
  const descriptor = view.getUint8(start + 4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  if ((descriptor & 3) !== 0) throw new Error('its zstd data need a dictionary');
  if (!isSingleSegment && windowSize(view.getUint8(start + 5)) > MAX_WINDOW) {
    throw new Error('its zstd data need too much memory');
  }
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const sizeAt = start + (isSingleSegment ? 5 : 6);
  let at = sizeAt + sizeBytes;
  if (at > view.byteLength) throw new Error(CUT_OFF);
  const size = sizeBytes === 0 ? null : contentSize(view, sizeAt, sizeBytes);
  for (let isLast = false; !isLast; ) {
    if (at + 3 > view.byteLength) throw new Error(CUT_OFF);
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    isLast = (header & 1) === 1;
    const isRepeatedByte = ((header >> 1) & 3) === 1;
    at += 3 + (isRepeatedByte ? 1 : header >> 3);
  }
  const hasChecksum = (descriptor & 4) !== 0;
  return { size, end: at + (hasChecksum ? 4 : 0) };
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSize(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at, true) + 256;
  return bytes === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}
