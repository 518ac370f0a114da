import { setImmediate } from 'node:timers/promises';
import type { ColumnMetaData, SchemaElement } from 'hyparquet';
import { CompressionCodecs, ParquetTypes } from 'hyparquet/src/constants.js';
import { parquetMetadata } from 'hyparquet/src/metadata.js';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { Growable } from '../../core/dataset/growable';
import { type OpenFile, readExactly } from './openHandle';
import { RAW_PARSERS } from './parquetRule';
import { readSchema, type Schema } from './parquetSchema';
import { DatasetError } from './source';
import { BytesEnd, endOfStruct, I64, LIST, STRUCT, ThriftWalk } from './thriftWalk';

const MAGIC = 'PAR1';
const ENCRYPTED_MAGIC = 'PARE';
const TAIL_BYTES = 8;
const MAX_FOOTER_BYTES = 1 << 26;
/** 100 bytes for each of as many columns as a schema may have. */
const MAX_SCHEMA_BYTES = 1 << 21;
/** 200 bytes and some 50 parts for each of as many columns. */
const MAX_GROUP_BYTES = 1 << 22;
const MAX_GROUP_PARTS = 1 << 20;
/** Bytes walked over, or row groups added up, between which the thread is free: a few ms. */
const STRETCH = 1 << 18;
/** Transcripts differ, and that takes bytes: a file of 5 MB can hold 300,000,000 rows that are all the same. */
const MIN_BYTES_PER_ROW = 4;
const FEW_ROWS = 1_000_000;

/** Fields of FileMetaData and RowGroup in parquet.thrift, by their numbers. */
const SCHEMA = 2;
const NUM_ROWS = 3;
const ROW_GROUPS = 4;
const GROUP_COLUMNS = 1;
const GROUP_ROWS = 3;

/** As hyparquet decodes one: by the numbers of its fields. */
type ThriftStruct = ReturnType<typeof deserializeTCompactProtocol>;

export type ChunkMetadata = Pick<
  ColumnMetaData,
  'type' | 'codec' | 'num_values' | 'data_page_offset' | 'dictionary_page_offset'
>;

/** What is known of a column's part of a row group. */
export interface ColumnChunk {
  /** null where it is said to be nowhere. */
  readonly metadata: ChunkMetadata | null;
  /** It lies in another file. */
  readonly path: string | null;
  readonly isEncrypted: boolean;
}

/** Rows that are stored together. */
export interface RowGroup {
  /** Its number in the footer, from 0. */
  readonly index: number;
  /** The number of its first row in the file. */
  readonly first: number;
  readonly rows: number;
}

/** Where the parts of a footer stand in its bytes. */
interface Parts {
  /** That it has by its own word. */
  readonly rows: number;
  /** Of each row group. */
  readonly starts: Growable<Uint32Array>;
  readonly lengths: Growable<Uint32Array>;
  readonly rowCounts: Growable<Float64Array>;
  readonly columnCounts: Growable<Uint32Array>;
}

/**
 * What stands at the end of a Parquet file. Of its row groups only the places are kept: there may be hundreds of
 * thousands, which took seconds and gigabytes as objects. Each is decoded when its rows are read.
 */
export class Footer {
  private constructor(
    private readonly file: OpenFile,
    /** Where it begins in the file. */
    private readonly offset: number,
    private readonly parts: Parts,
    /** Of each row group, the number of its first row in the file. */
    private readonly firsts: Growable<Float64Array>,
    readonly schema: Schema,
  ) {}

  /**
   * @throws DatasetError when there is none; Error when it is damaged, or its numbers contradict each other or the file's size.
   */
  static async read(file: OpenFile): Promise<Footer> {
    const { offset, bytes } = await footerBytes(file);
    const { schema: list, ...parts } = await partsOf(bytes);
    const schema = readSchema(schemaOf(list));
    const firsts = await firstRows(parts, schema.leaves.length, file.stamp.size);
    return new Footer(file, offset, parts, firsts, schema);
  }

  /** Number of rows in the file. */
  get rows(): number {
    return this.parts.rows;
  }

  /** The row group in which a row is; null where there is no such row. */
  groupOf(row: number): RowGroup | null {
    const { firsts, rows } = this;
    if (!(row >= 0 && row < rows)) return null;
    let [low, high] = [0, firsts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts.at(middle) <= row) low = middle;
      else high = middle - 1;
    }
    const first = firsts.at(low);
    return { index: low, first, rows: this.parts.rowCounts.at(low) };
  }

  /** @throws Error when they are damaged, DatasetError when the file has changed */
  async columns({ index }: RowGroup): Promise<readonly ColumnChunk[]> {
    const length = this.parts.lengths.at(index);
    if (length > MAX_GROUP_BYTES)
      throw new Error(`its row group ${index + 1} takes ${length} bytes of the footer`);
    const bytes = await readExactly(this.file, this.offset + this.parts.starts.at(index), length);
    endOfStruct(bytes, MAX_GROUP_PARTS);
    const { field_1: columns } = deserializeTCompactProtocol({ view: viewOf(bytes), offset: 0 });
    return columns.map(chunkOf);
  }
}

/** @throws DatasetError when there is none, Error when it is damaged. */
async function footerBytes(file: OpenFile): Promise<{ readonly offset: number; readonly bytes: Uint8Array }> {
  const { name, stamp } = file;
  if (stamp.size === 0) throw new DatasetError(`${name} is empty: it holds no transcript`);
  if (stamp.size < MAGIC.length + TAIL_BYTES) throw new DatasetError(`${name} is too short to be Parquet`);
  const head = Buffer.from(await readExactly(file, 0, MAGIC.length)).toString('latin1');
  const tail = await readExactly(file, stamp.size - TAIL_BYTES, TAIL_BYTES);
  const end = Buffer.from(tail).toString('latin1', 4);
  if (end === ENCRYPTED_MAGIC || head === ENCRYPTED_MAGIC) throw new DatasetError(`${name} is encrypted`);
  if (end !== MAGIC) {
    const why =
      head === MAGIC ? 'it has no footer, so it was cut off or is still being written' : 'it has no footer';
    throw new DatasetError(`${name} cannot be read as Parquet: ${why}`);
  }
  const length = viewOf(tail).getUint32(0, true);
  const most = Math.min(stamp.size - TAIL_BYTES - MAGIC.length, MAX_FOOTER_BYTES);
  if (length > most) throw new Error(`its footer declares ${length} bytes, where it may have ${most}`);
  const offset = stamp.size - TAIL_BYTES - length;
  return { offset, bytes: await readExactly(file, offset, length) };
}

/** @throws Error when they are none. */
async function partsOf(bytes: Uint8Array): Promise<Parts & { readonly schema: Uint8Array }> {
  const walk = new ThriftWalk(bytes, 0);
  const [starts, lengths] = [new Growable(Uint32Array), new Growable(Uint32Array)];
  const [rowCounts, columnCounts] = [new Growable(Float64Array), new Growable(Uint32Array)];
  let schema = bytes.subarray(0, 0);
  let rows = Number.NaN;
  let rested = 0;
  try {
    for (let field = walk.field(0); walk.type !== 0; field = walk.field(field)) {
      if (field === NUM_ROWS && walk.type === I64) rows = walk.integer();
      else if (field === ROW_GROUPS && walk.type === LIST) {
        const { type, size } = walk.list();
        if (type !== STRUCT && size > 0) throw new Error('its row groups are none');
        for (let index = 0; index < size; index++) {
          const start = walk.at;
          const group = sizesOf(walk);
          starts.add(start);
          lengths.add(walk.at - start);
          rowCounts.add(group.rows);
          columnCounts.add(group.columns);
          if (walk.at - rested < STRETCH) continue;
          rested = walk.at;
          await setImmediate();
        }
      } else {
        const [start, type] = [walk.at, walk.type];
        walk.fieldValue();
        if (field === SCHEMA && type === LIST) schema = bytes.subarray(start, walk.at);
      }
    }
  } catch (error) {
    if (error instanceof BytesEnd) throw new Error('its footer does not end');
    throw error;
  }
  return { schema, rows, starts, lengths, rowCounts, columnCounts };
}

/** Over one row group. */
function sizesOf(walk: ThriftWalk): { readonly rows: number; readonly columns: number } {
  let [rows, columns] = [Number.NaN, 0];
  for (let field = walk.field(0); walk.type !== 0; field = walk.field(field)) {
    if (field === GROUP_ROWS && walk.type === I64) rows = walk.integer();
    else if (field === GROUP_COLUMNS && walk.type === LIST) {
      const { type, size } = walk.list();
      for (let index = 0; index < size; index++) walk.value(type, 1);
      columns = size;
    } else walk.fieldValue();
  }
  return { rows, columns };
}

/** By hyparquet, of a footer that holds nothing else. @throws Error when it is none. */
function schemaOf(list: Uint8Array): readonly SchemaElement[] {
  if (list.length === 0) throw new Error('it has no schema');
  if (list.length > MAX_SCHEMA_BYTES)
    throw new Error(`its schema takes ${list.length} bytes, where it may have ${MAX_SCHEMA_BYTES}`);
  const listHead = 0x29; // a list, two fields further
  const footer = Buffer.concat(
    [[listHead], list, [listHead, STRUCT, 0]].map((part) => Uint8Array.from(part)),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  const bytes = Buffer.concat([footer, length, Buffer.from(MAGIC)]);
  return parquetMetadata(bytes, { geoparquet: false, parsers: RAW_PARSERS }).schema;
}

/** @returns the number of the first row of each row group. @throws Error in words */
async function firstRows(
  { rows, rowCounts, columnCounts }: Parts,
  columns: number,
  size: number,
): Promise<Growable<Float64Array>> {
  const most = FEW_ROWS + size / MIN_BYTES_PER_ROW;
  const firsts = new Growable(Float64Array);
  let first = 0;
  for (let index = 0; index < rowCounts.length; index++) {
    const own = rowCounts.at(index);
    if (!(own >= 0 && first + own <= most))
      throw new Error(
        `it says that it has ${inWords(first + own)} rows in ${size} bytes, of which no transcripts can be made that differ`,
      );
    if (columnCounts.at(index) !== columns)
      throw new Error(
        `its row group ${index + 1} has ${columnCounts.at(index)} columns, its schema ${columns}`,
      );
    firsts.add(first);
    first += own;
    if (index % STRETCH === STRETCH - 1) await setImmediate();
  }
  if (rows !== first)
    throw new Error(`it says that it has ${inWords(rows)} rows, its row groups have ${first}`);
  return firsts;
}

/** A ColumnChunk of parquet.thrift, by the numbers of its fields. */
function chunkOf({ field_1: path, field_3: metadata, field_8: crypto }: ThriftStruct): ColumnChunk {
  return {
    path: path === undefined ? null : new TextDecoder().decode(path),
    isEncrypted: crypto !== undefined,
    metadata: metadata && {
      type: ParquetTypes[metadata.field_1],
      codec: CompressionCodecs[metadata.field_4],
      num_values: metadata.field_5,
      data_page_offset: metadata.field_9,
      dictionary_page_offset: metadata.field_11,
    },
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function inWords(rows: number): string {
  if (Number.isNaN(rows)) return 'no number of';
  return Number.isSafeInteger(rows) ? String(rows) : 'quadrillions of';
}
