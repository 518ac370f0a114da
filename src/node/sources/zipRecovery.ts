import type { PeekFile } from './peekFile';
import { decodeName, zip64Sizes } from './zipFields';
import type { ZipMember } from './zipMember';

const LOCAL_HEADER = Buffer.from('PK\u0003\u0004', 'latin1');
const DESCRIPTOR = Buffer.from('PK\u0007\u0008', 'latin1');
const HEADER_BYTES = 30;
const DESCRIPTOR_BYTES = 24;
/** Four bytes of packed data can look like a header; so many that do, and the file is none that was cut off. */
const MAX_FALSE_HEADERS = 100_000;
/** Reading what follows them as names, all together: what looks like a header may ask for 128 KB. */
const MAX_FALSE_NAME_BYTES = 1 << 24;
/** The lower byte of the version of ZIP that is needed is 63 at most, the upper one a system of which 19 are known. */
const MAX_VERSION = 0x1fff;
const MAX_METHOD = 99;

export interface RecoveredMembers {
  readonly members: readonly ZipMember[];
  /** Names of members that are not whole. */
  readonly cut: readonly string[];
  /** Behind this byte none were looked for, since what stands before it looks like too many; null: to the end. */
  readonly soughtTo: number | null;
}

/**
 * The members of an archive without a directory (its writer crashed, or a copy was cut short), by the header that
 * stands before each. `isKnown` tells a real header from bytes that look like one.
 */
export async function recoverMembers(
  file: PeekFile,
  isKnown: (name: string) => boolean,
): Promise<RecoveredMembers> {
  const members: ZipMember[] = [];
  const cut: string[] = [];
  let wrong = 0;
  let wrongBytes = 0;
  let at = await file.find(LOCAL_HEADER, 0);
  while (at >= 0) {
    if (wrong >= MAX_FALSE_HEADERS || wrongBytes >= MAX_FALSE_NAME_BYTES)
      return { members, cut, soughtTo: at };
    const member = await readHeader(file, at);
    if (!member || !isKnown(member.name)) {
      wrong++;
      wrongBytes += member ? member.dataStart - at : 0;
      at = await file.find(LOCAL_HEADER, at + 4);
      continue;
    }
    const whole = member.isStreamed ? await findDescriptor(file, member) : member;
    const end = whole ? whole.dataStart + whole.compressedSize : Number.POSITIVE_INFINITY;
    if (whole && end <= file.size) members.push(whole);
    else cut.push(member.name);
    at = await file.find(LOCAL_HEADER, end <= file.size ? end : member.dataStart);
  }
  return { members, cut, soughtTo: null };
}

interface LocalMember extends ZipMember {
  readonly dataStart: number;
  /** Sizes and checksum stand behind the data. */
  readonly isStreamed: boolean;
}

async function readHeader(file: PeekFile, offset: number): Promise<LocalMember | null> {
  const header = Buffer.from(await file.at(offset, HEADER_BYTES));
  if (header.length < HEADER_BYTES) return null;
  // Seen before its name is read, which may be long: real headers hold small numbers there.
  if (header.readUInt16LE(4) > MAX_VERSION || header.readUInt16LE(8) > MAX_METHOD) return null;
  const flags = header.readUInt16LE(6);
  const nameLength = header.readUInt16LE(26);
  const extraLength = header.readUInt16LE(28);
  const rest = await file.at(offset + HEADER_BYTES, nameLength + extraLength);
  if (rest.length < nameLength + extraLength) return null;
  return {
    name: decodeName(rest.subarray(0, nameLength)),
    offset,
    method: header.readUInt16LE(8),
    encrypted: (flags & 1) !== 0,
    crc32: header.readUInt32LE(14),
    ...zip64Sizes(header.readUInt32LE(22), header.readUInt32LE(18), rest.subarray(nameLength)),
    dataStart: offset + HEADER_BYTES + nameLength + extraLength,
    isStreamed: (flags & 8) !== 0,
  };
}

/** The member with the sizes that stand behind its data; null where they are missing. */
async function findDescriptor(file: PeekFile, member: LocalMember): Promise<LocalMember | null> {
  const next = await file.find(LOCAL_HEADER, member.dataStart);
  const end = next < 0 ? file.size : next;
  for (let at = member.dataStart; ; at++) {
    at = await file.find(DESCRIPTOR, at, end);
    if (at < 0) return null;
    const found = await file.at(at, DESCRIPTOR_BYTES);
    const length = at - member.dataStart;
    if (found.length >= 16 && found.readUInt32LE(8) === length) {
      // Sizes of eight bytes each: the upper half of the first stands where the second would.
      const isLong = found.length === DESCRIPTOR_BYTES && found.readUInt32LE(12) === 0;
      const size = found.readUInt32LE(isLong ? 16 : 12);
      return { ...member, crc32: found.readUInt32LE(4), compressedSize: length, size };
    }
  }
}
