import { promisify } from 'node:util';
import { crc32, inflateRaw, inflateRawSync } from 'node:zlib';
import { MOST_RECORD_BYTES } from '../parseRecord';
import { describeDamage } from './fileError';
import { decompressZstd } from './zstd';

/** A file inside of an archive, as its directory describes it. */
export interface ZipMember {
  readonly name: string;
  /** Of its local header in the archive. */
  readonly offset: number;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
}

/** The bytes of a member, or why they cannot be had, in words. */
export type MemberBytes =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | {
      readonly ok: false;
      readonly reason: string;
      /** So many bytes were made of it at most, before that was found. */
      readonly made?: number;
    };

const STORED = 0;
const DEFLATE = 8;
const ZSTD = 93;

/** The least that zlib takes. */
const MIN_CHUNK_BYTES = 64;
/** Deflate makes no more of a byte (zlib's technical details), nor zstd: a block of 128 KiB takes four (RFC 8878). */
const MOST_PER_BYTE = { deflate: 1032, zstd: 1 << 15 };

/** To hand so few to another thread takes longer than to unpack them. */
const FEW_BYTES = 1 << 15;

const inflate = promisify(inflateRaw);

/**
 * Why a member should not even be read, in words; null when it may be. Said from its directory entry, before a byte of
 * it is read.
 */
export function refusal(member: ZipMember): string | null {
  if (member.encrypted) return 'it is encrypted';
  if (![STORED, DEFLATE, ZSTD].includes(member.method)) {
    return `it is compressed by method ${member.method}, which is neither deflate nor zstd`;
  }
  if (member.size > MOST_RECORD_BYTES || member.compressedSize > MOST_RECORD_BYTES) {
    const limit = Math.floor(MOST_RECORD_BYTES / 1e6);
    return `it unpacks to ${Math.round(member.size / 1e6)} MB, more than the ${limit} MB that one record may have`;
  }
  return null;
}

/**
 * Unpacks a member. Never makes more bytes than the member declares, so that a small file cannot fill the memory, and
 * holds the result against the declared size and checksum.
 */
export async function unpack(member: ZipMember, packed: Uint8Array): Promise<MemberBytes> {
  let bytes: Uint8Array;
  try {
    bytes = await decompress(member, packed);
  } catch (error) {
    const made = Math.min(
      member.size,
      packed.length * MOST_PER_BYTE[member.method === ZSTD ? 'zstd' : 'deflate'],
    );
    return { ok: false, reason: `it cannot be unpacked: ${describeDamage(error)}`, made };
  }
  if (bytes.length !== member.size) {
    const reason = `it unpacks to ${bytes.length} bytes where it declares ${member.size}`;
    return { ok: false, reason, made: bytes.length };
  }
  // Node has it since 20.15.
  if (typeof crc32 === 'function' && crc32(bytes) !== member.crc32) {
    return { ok: false, reason: 'it is damaged: its checksum does not match', made: bytes.length };
  }
  return { ok: true, bytes };
}

async function decompress({ method, size }: ZipMember, packed: Uint8Array): Promise<Uint8Array> {
  if (method === STORED) return packed;
  if (method === ZSTD) return decompressZstd(packed, size);
  // In one piece: node makes many of 16 KB and puts them together, which takes as much memory and time again. One more
  // than there are, else it makes another to see whether more come.
  const chunkSize = Math.max(MIN_CHUNK_BYTES, Math.min(size, packed.length * MOST_PER_BYTE.deflate) + 1);
  const options = { maxOutputLength: Math.max(1, size), chunkSize };
  return Math.max(size, packed.length) <= FEW_BYTES
    ? inflateRawSync(packed, options)
    : inflate(packed, options);
}
