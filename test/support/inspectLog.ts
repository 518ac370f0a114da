/** Writes Inspect logs and other ZIP archives, in every way that Inspect packs them and some in which it does not. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly data: string | Uint8Array;
  readonly method?: 'stored' | 'deflate' | 'zstd';
  /** The zstd data come in so many frames. */
  readonly frames?: number;
  /** Sizes and checksum stand behind the data, as when the file is written to a pipe. */
  readonly streamed?: boolean;
  /** What the headers say in place of the truth. */
  readonly says?: {
    readonly size?: number;
    readonly crc32?: number;
    readonly flags?: number;
    readonly method?: number;
  };
}

export interface ZipOptions {
  /** 64-bit sizes and offsets throughout. */
  readonly zip64?: boolean;
  /** false: the writer crashed before it wrote the directory. */
  readonly directory?: boolean;
  /** The number of members that the directory's end tells. */
  readonly saysEntries?: number;
}

const METHODS = { stored: 0, deflate: 8, zstd: 93 } as const;
const BLOCK_BYTES = 1 << 17;

export function zip(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const { zip64 = false, directory = true } = options;
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const data = Buffer.from(entry.data);
    const method = entry.method ?? 'deflate';
    const packed =
      method === 'stored'
        ? data
        : method === 'deflate'
          ? deflateRawSync(data)
          : zstd(data, entry.frames ?? 1);
    const name = Buffer.from(entry.name);
    const size = entry.says?.size ?? data.length;
    const sum = entry.says?.crc32 ?? crc32(data);
    const streamed = entry.streamed ?? false;
    const flags = entry.says?.flags ?? 0x800 | (streamed ? 8 : 0);
    const fields = (localOffset: number | null): Buffer[] => {
      const isLocal = localOffset === null;
      const hidden = isLocal && streamed;
      const long = zip64 && !hidden;
      const extra = long ? longExtra(size, packed.length, localOffset) : Buffer.alloc(0);
      const sizes = hidden ? [0, 0, 0] : long ? [sum, 0xffffffff, 0xffffffff] : [sum, packed.length, size];
      return [
        isLocal ? Buffer.from('PK\u0003\u0004', 'latin1') : Buffer.from('PK\u0001\u0002', 'latin1'),
        isLocal ? u16(45) : u16(45, 45),
        u16(flags, entry.says?.method ?? METHODS[method], 0, 0x21),
        u32(...sizes),
        u16(name.length, extra.length),
        isLocal ? Buffer.alloc(0) : Buffer.concat([u16(0, 0, 0), u32(0, long ? 0xffffffff : localOffset)]),
        name,
        extra,
      ];
    };
    const descriptor = streamed
      ? [
          Buffer.from('PK\u0007\u0008', 'latin1'),
          u32(sum),
          zip64 ? Buffer.concat([u64(packed.length), u64(size)]) : u32(packed.length, size),
        ]
      : [];
    const local = Buffer.concat([...fields(null), packed, ...descriptor]);
    central.push(...fields(offset));
    parts.push(local);
    offset += local.length;
  }
  if (!directory) return Buffer.concat(parts);
  const list = Buffer.concat(central);
  const count = options.saysEntries ?? entries.length;
  const end64 = zip64
    ? [
        Buffer.from('PK\u0006\u0006', 'latin1'),
        u64(44),
        u16(45, 45),
        u32(0, 0),
        ...[count, count, list.length, offset].map(u64),
        Buffer.from('PK\u0006\u0007', 'latin1'),
        u32(0),
        u64(offset + list.length),
        u32(1),
      ]
    : [];
  const short = zip64 ? [0xffff, 0xffffffff, 0xffffffff] : [count, list.length, offset];
  const end = [
    Buffer.from('PK\u0005\u0006', 'latin1'),
    u16(0, 0, short[0] ?? 0, short[0] ?? 0),
    u32(short[1] ?? 0, short[2] ?? 0),
    u16(0),
  ];
  return Buffer.concat([...parts, list, ...end64, ...end]);
}

/** Zstandard frames of raw blocks (RFC 8878, section 3.1), by turns with and without the size of their content. */
export function zstd(data: Uint8Array, frames: number): Buffer {
  const perFrame = Math.ceil(data.length / frames);
  const all: Buffer[] = [];
  for (let i = 0; i < frames; i++) {
    const content = data.subarray(i * perFrame, (i + 1) * perFrame);
    const tellsSize = i % 2 === 0;
    const header = tellsSize ? [Buffer.from([0xa0]), u32(content.length)] : [Buffer.from([0x00, 0x58])];
    all.push(u32(0xfd2fb528), ...header);
    for (let from = 0; from === 0 || from < content.length; from += BLOCK_BYTES) {
      const block = content.subarray(from, from + BLOCK_BYTES);
      const isLast = from + BLOCK_BYTES >= content.length;
      all.push(blockHeader(isLast, 0, block.length), Buffer.from(block));
    }
  }
  return Buffer.concat(all);
}

/** A frame without the size of its content, of blocks that repeat a byte: four bytes for 128 KB. */
export function zstdBomb(blocks: number): Buffer {
  const block = Buffer.concat([blockHeader(false, 1, BLOCK_BYTES), Buffer.from(' ')]);
  const all = Array.from({ length: blocks }, () => block);
  return Buffer.concat([u32(0xfd2fb528), Buffer.from([0x00, 0x58]), ...all, blockHeader(true, 0, 0)]);
}

function blockHeader(isLast: boolean, type: number, size: number): Buffer {
  return u32((isLast ? 1 : 0) | (type << 1) | (size << 3)).subarray(0, 3);
}

function longExtra(size: number, packed: number, offset: number | null): Buffer {
  const values = offset === null ? [size, packed] : [size, packed, offset];
  return Buffer.concat([u16(1, 8 * values.length), ...values.map(u64)]);
}

function u16(...values: number[]): Buffer {
  const buffer = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) buffer.writeUInt16LE(value, 2 * i);
  return buffer;
}

function u32(...values: number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) buffer.writeUInt32LE(value, 4 * i);
  return buffer;
}

function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

export type Sample = Record<string, unknown>;

/** The `eval` of a log, and its header. */
export function header(spec: Sample = {}): Sample {
  return {
    version: 2,
    status: 'success',
    eval: { eval_id: 'log-a', task: 'tidy', task_id: 'task-1', run_id: 'run-1', model: 'maker/one', ...spec },
    plan: {},
  };
}

/** A sample with one question and one answer. */
export function sample(id: string | number, more: Sample = {}): Sample {
  return {
    id,
    epoch: 1,
    input: 'Where does the rake go?',
    target: 'shed',
    messages: [
      { role: 'user', content: 'Where does the rake go?' },
      { role: 'assistant', content: `In the shed, I think (${id}).` },
    ],
    scores: { match: { value: 'C' } },
    ...more,
  };
}

export function sampleName(id: string | number, epoch = 1): string {
  return `samples/${id}_epoch_${epoch}.json`;
}

/** The members of a whole log, each packed as `how` says. */
export function logEntries(samples: readonly Sample[], how: Partial<ZipEntry> = {}): ZipEntry[] {
  const summaries = samples.map(({ id, epoch }) => ({ id, epoch }));
  const members: [string, unknown][] = [
    ['_journal/start.json', { version: 2, eval: header().eval, plan: {} }],
    ...samples.map((one): [string, unknown] => [sampleName(String(one.id), Number(one.epoch)), one]),
    ['_journal/summaries/1.json', summaries],
    ['summaries.json', summaries],
    ['header.json', header()],
  ];
  return members.map(([name, value]) => ({ ...how, name, data: JSON.stringify(value) }));
}
