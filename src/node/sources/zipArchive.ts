import { type FileHandle, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { inSlices } from '../../core/slices';
import { openHandle, readExactly } from './openHandle';
import { PeekFile } from './peekFile';
import { DatasetError, type FileStamp } from './source';
import { decodeName } from './zipFields';
import { type MemberBytes, refusal, unpack, type ZipMember } from './zipMember';
import { type RecoveredMembers, recoverMembers } from './zipRecovery';

/** Members that are looked at before the thread is let go. */
export const MEMBERS_AT_ONCE = 5_000;
const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
/** What stands between the header of a member and its data, beside its name: of most, less. */
const EXTRA_BYTES = 64;
/** The least that a member takes in the directory. */
const ENTRY_BYTES = 46;
/** More than any log has, and as many as are in memory before one of them is read. */
const MOST_MEMBERS = 1_000_000;

/**
 * A part of an archive in memory. Members that stand one behind the other are read together by way of it: to ask for each
 * takes several times as long as to parse it.
 */
export class Stretch {
  private start = 0;
  private bytes = new Uint8Array();

  /** @param ahead so many bytes are read where the next one follows on the last */
  constructor(private readonly ahead = 0) {}

  /** `length` bytes from `offset` on, where it has them. */
  at(offset: number, length: number): Uint8Array | null {
    const from = offset - this.start;
    return from >= 0 && from + length <= this.bytes.length ? this.bytes.subarray(from, from + length) : null;
  }

  /** How much is to be read from `offset` on, where so much is wanted at least. */
  readsFrom(offset: number, wanted: number): number {
    const from = offset - this.start;
    const follows = from >= 0 && from <= this.bytes.length + this.ahead;
    return follows ? Math.max(wanted, this.ahead) : wanted;
  }

  take(start: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.start = start;
    this.bytes = bytes;
  }
}

/** A ZIP archive: its members by name, of which each is read when asked for. Close it when done. */
export class ZipArchive {
  private constructor(
    private readonly path: string,
    private handle: FileHandle | null,
    readonly name: string,
    readonly stamp: FileStamp,
    /** Of several members of one name the last, in the place of the first. */
    readonly members: ReadonlyMap<string, ZipMember>,
    /** What is wrong with the archive though members can be read, in words. */
    readonly problem: string | null,
  ) {}

  /**
   * Reads the directory; where there is none (the writer crashed, the copy was cut short), finds the members whose name
   * `isKnown` by the header before each.
   * @throws DatasetError when it is missing or no archive.
   */
  static async open(path: string, isKnown: (name: string) => boolean): Promise<ZipArchive> {
    const { name, handle, stamp } = await openHandle(path);
    try {
      const file = new PeekFile(handle, stamp.size);
      const found = await readDirectory(file, name).catch(async (error: Error) => {
        if (error instanceof DatasetError) throw error;
        const { members, ...lost } = await recoverMembers(file, isKnown);
        if (members.length === 0) throw new DatasetError(`${name} is no ZIP archive: ${error.message}`);
        return { members, problem: recovered(error, lost) };
      });
      const byName = new Map<string, ZipMember>();
      for (const some of inSlices([found.members], MEMBERS_AT_ONCE)) {
        for (const member of some) byName.set(member.name, member);
        await setImmediate();
      }
      return new ZipArchive(path, handle, name, stamp, byName, found.problem);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * A member's content.
   * @param stretch of the archive that was read already, to which it is added
   * @throws DatasetError when the archive has changed since it was opened.
   */
  async read(member: ZipMember, stretch = new Stretch()): Promise<MemberBytes> {
    const refused = refusal(member);
    if (refused) return { ok: false, reason: refused };
    const { offset, compressedSize } = member;
    const { size } = this.stamp;
    const dataStart = offset + LOCAL_HEADER_BYTES;
    if (dataStart > size) return { ok: false, reason: 'the archive ends before it does' };
    const all = LOCAL_HEADER_BYTES + Buffer.byteLength(member.name) + EXTRA_BYTES + compressedSize;
    const head = await this.bytes(stretch, offset, LOCAL_HEADER_BYTES, all);
    const header = Buffer.from(head.buffer, head.byteOffset, head.length);
    if (header.readUInt32LE(0) !== LOCAL_HEADER) {
      return { ok: false, reason: 'the directory of the archive points to where it is not' };
    }
    const start = dataStart + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (start + compressedSize > size) return { ok: false, reason: 'the archive ends before it does' };
    return unpack(member, await this.bytes(stretch, start, compressedSize, compressedSize));
  }

  /** A member that is read after that opens the file again. */
  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = null;
  }

  /** Whether the file is what it was. */
  async isAsOpened(): Promise<boolean> {
    const { stamp } = this;
    return stat(this.path).then(
      ({ size, mtimeMs }) => size === stamp.size && mtimeMs === stamp.mtimeMs,
      () => false,
    );
  }

  /** @param wanted what is read where the stretch has not so many, as far as the archive reaches */
  private async bytes(stretch: Stretch, offset: number, length: number, wanted: number): Promise<Uint8Array> {
    const known = stretch.at(offset, length);
    if (known) return known;
    const { path, name, stamp } = this;
    this.handle ??= (await openHandle(path)).handle;
    const { handle } = this;
    const { size, mtimeMs } = await handle.stat();
    if (size !== stamp.size || mtimeMs !== stamp.mtimeMs) {
      throw new DatasetError(`${name} has changed since it was read`);
    }
    const reads = Math.min(stretch.readsFrom(offset, wanted), size - offset);
    stretch.take(offset, await readExactly({ name, handle, stamp }, offset, reads));
    return this.bytes(stretch, offset, length, wanted);
  }
}

interface Directory {
  readonly members: readonly ZipMember[];
  readonly problem: string | null;
}

async function readDirectory(file: PeekFile, name: string): Promise<Directory> {
  // Names are ids of samples, which are no paths: yauzl is not to judge them.
  const options = { decodeStrings: false, validateEntrySizes: false, autoClose: false };
  const zip: ZipFile = await fromRandomAccessReaderPromise(new PeekReader(file), file.size, options);
  if (zip.entryCount * ENTRY_BYTES > file.size) {
    throw new DatasetError(
      `${name} says that it has ${zip.entryCount} members, more than its size has room for`,
    );
  }
  if (zip.entryCount > MOST_MEMBERS) {
    throw new DatasetError(
      `${name} has ${zip.entryCount} members; ${MOST_MEMBERS} are the most that are read`,
    );
  }
  const members: ZipMember[] = [];
  let packed = 0;
  for await (const entry of zip.eachEntry()) {
    packed += entry.compressedSize;
    // A few bytes that thousands of members share would be unpacked thousands of times.
    if (packed > file.size) throw new DatasetError(`${name} is damaged: its members overlap`);
    members.push({
      name: decodeName(entry.fileNameRaw),
      offset: entry.relativeOffsetOfLocalHeader,
      method: entry.compressionMethod,
      encrypted: (entry.generalPurposeBitFlag & 1) !== 0,
      crc32: entry.crc32,
      compressedSize: entry.compressedSize,
      size: entry.uncompressedSize,
    });
  }
  return { members, problem: null };
}

function recovered(error: Error, { cut, soughtTo }: Omit<RecoveredMembers, 'members'>): string {
  const [first] = cut;
  const notWhole =
    first === undefined ? '' : `; not whole: ${first}${cut.length > 1 ? ` and ${cut.length - 1} more` : ''}`;
  const lost = soughtTo === null ? notWhole : `${notWhole}; none were looked for behind byte ${soughtTo}`;
  return `the archive has no directory that can be read (${error.message}), as when the run crashed or the copy was cut short; its members were found one by one${lost}`;
}

/** Lets yauzl read by way of larger reads: it asks for a few bytes at a time. */
class PeekReader extends RandomAccessReader {
  constructor(private readonly file: PeekFile) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.file.at(position, length).then(
      (bytes) => callback(null, bytes.copy(buffer, offset)),
      (error: Error) => callback(error),
    );
  }
}
