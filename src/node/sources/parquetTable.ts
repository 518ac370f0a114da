import type { ColumnMetaData, DecodedArray, FileMetaData, RowGroup } from 'hyparquet';
import { assembleNested } from 'hyparquet/src/assemble.js';
import { parquetMetadata } from 'hyparquet/src/metadata.js';
import { describeDamage } from './fileError';
import { type OpenFile, openHandle, readExactly } from './openHandle';
import {
  DamagedRows,
  MAX_ROW_VALUES,
  PageBudget,
  ParquetColumn,
  tooManyValues,
  valuesIn,
} from './parquetColumn';
import { type Field, type Leaf, readSchema, type Schema } from './parquetSchema';
import { plainValue, RAW_PARSERS } from './parquetValue';
import { DatasetError, type FileStamp, type RecordValue } from './source';
import { checkThrift } from './thriftCheck';

const MAGIC = 'PAR1';
const ENCRYPTED_MAGIC = 'PARE';
const TAIL_BYTES = 8;
const MAX_FOOTER_BYTES = 1 << 26;
/** Rows that differ take bytes: more of them than this for each is a number made up. */
const MAX_ROWS_PER_BYTE = 64;
const FEW_ROWS = 1_000_000;

interface Group {
  /** The number of its first row in the file. */
  readonly first: number;
  readonly rows: number;
  readonly columns: RowGroup['columns'];
}

/** Rows of columns, as many as all of their pages in memory have. */
export interface TableSlice {
  readonly count: number;
  /** The row at a place in the slice. */
  value(index: number): RecordValue;
}

/** A Parquet file, its footer read and found to be possible. Close it when done. */
export class ParquetTable {
  private constructor(
    private readonly file: OpenFile,
    private readonly schema: Schema,
    private readonly groups: readonly Group[],
    /** Number of rows. */
    readonly rows: number,
  ) {}

  /** @throws DatasetError when it is missing, no Parquet, encrypted, or damaged beyond its pages. */
  static async open(path: string): Promise<ParquetTable> {
    const file = await openHandle(path);
    try {
      const metadata = await readFooter(file);
      const schema = readSchema(metadata.schema);
      const groups = readGroups(metadata, schema.leaves, file.stamp.size);
      const last = groups.at(-1);
      return new ParquetTable(file, schema, groups, last ? last.first + last.rows : 0);
    } catch (error) {
      await file.handle.close();
      if (error instanceof DatasetError) throw error;
      throw new DatasetError(`${file.name} cannot be read as Parquet: ${describeDamage(error)}`);
    }
  }

  get name(): string {
    return this.file.name;
  }

  get stamp(): FileStamp {
    return this.file.stamp;
  }

  get columns(): readonly string[] {
    return this.schema.fields.map(({ name }) => name);
  }

  /** Reads rows, of some columns or all, from front to back or at will; each reader keeps its own pages in memory. */
  reader(isWanted: (column: string) => boolean = () => true): TableReader {
    return new TableReader(
      this.file,
      this.schema.fields.filter(({ name }) => isWanted(name)),
      this.groups,
    );
  }

  close(): Promise<void> {
    return this.file.handle.close();
  }
}

export class TableReader {
  private group: Group | null = null;
  private open: readonly ParquetColumn[] = [];
  private readonly leaves: readonly Leaf[];

  constructor(
    private readonly file: OpenFile,
    private readonly fields: readonly Field[],
    private readonly groups: readonly Group[],
  ) {
    this.leaves = fields.flatMap(leavesOf);
  }

  /**
   * The rows from `row` on, as many as are in memory once that one is, `most` at most.
   * @throws DamagedRows when it cannot be read, with the number of the next that may be; DatasetError when the file has changed.
   */
  async slice(row: number, most: number): Promise<TableSlice> {
    const group = this.groups.find(({ first, rows }) => row >= first && row < first + rows);
    if (!group) throw new DamagedRows(`there is no row ${row + 1}`, row + 1);
    try {
      return await this.sliceOf(group, row - group.first, Math.min(most, group.first + group.rows - row));
    } catch (error) {
      if (error instanceof DatasetError) throw error;
      const until = error instanceof DamagedRows ? error.until : group.rows;
      throw new DamagedRows(describeDamage(error), group.first + Math.max(until, row - group.first + 1));
    }
  }

  private async sliceOf(group: Group, row: number, most: number): Promise<TableSlice> {
    const columns = this.columnsOf(group);
    let count = most;
    for (const column of columns) count = Math.min(count, await column.reach(row));
    const parts = new Map(this.leaves.map((leaf, i) => [leaf, columns[i]?.take(row, count) ?? []]));
    return { count, value: (index) => this.value(parts, index) };
  }

  private value(parts: ReadonlyMap<Leaf, DecodedArray>, index: number): RecordValue {
    const warnings = new Set<string>();
    try {
      let values = 0;
      for (const [leaf, part] of parts) if (leaf.maxRepetition > 0) values += valuesIn(part[index]);
      if (values > MAX_ROW_VALUES) return { ok: false, reason: tooManyValues() };
      // fromEntries, so that a column called __proto__ is one like any other
      const value = Object.fromEntries(
        this.fields.map((field) => [field.name, plainValue(field, assemble(field, parts, index), warnings)]),
      );
      return { ok: true, value, warnings: [...warnings] };
    } catch (error) {
      return { ok: false, reason: `its values do not fit their columns: ${describeDamage(error)}` };
    }
  }

  private columnsOf(group: Group): readonly ParquetColumn[] {
    if (this.group === group) return this.open;
    this.group = null;
    const budget = new PageBudget();
    this.open = this.leaves.map((leaf) => {
      return new ParquetColumn(this.file, leaf, chunkOf(group, leaf), group.rows, budget);
    });
    this.group = group;
    return this.open;
  }
}

function chunkOf(group: Group, leaf: Leaf): ColumnMetaData {
  const column = group.columns[leaf.index];
  const damaged = (what: string) =>
    new DamagedRows(`column ${JSON.stringify(leaf.name)} ${what}`, group.rows);
  if (column?.file_path) throw damaged(`is in another file, ${JSON.stringify(column.file_path)}`);
  if (column?.crypto_metadata) throw damaged('is encrypted');
  if (!column?.meta_data) throw damaged('is said to be nowhere');
  return column.meta_data;
}

function leavesOf(field: Field): Leaf[] {
  return field.leaf ? [field.leaf] : field.children.flatMap(leavesOf);
}

/** What stands in a row under a field, put together from its leaves. One row at a time, so that each is bad by itself. */
function assemble(field: Field, parts: ReadonlyMap<Leaf, DecodedArray>, index: number): unknown {
  if (field.leaf) return parts.get(field.leaf)?.[index];
  const leaves = leavesOf(field);
  const one = (leaf: Leaf) => [copyLists(parts.get(leaf)?.[index])];
  const byPath = new Map(leaves.map((leaf) => [leaf.path.at(-1)?.path.join('.') ?? '', one(leaf)]));
  assembleNested(byPath, field.tree, RAW_PARSERS);
  return byPath.get(field.tree.path.join('.'))?.[0];
}

/** hyparquet puts lists together in place; what is in memory may be asked for again. */
function copyLists(value: unknown): unknown {
  return Array.isArray(value) ? value.map(copyLists) : value;
}

/** @throws DatasetError when there is none, Error when it is damaged. */
async function readFooter(file: OpenFile): Promise<FileMetaData> {
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
  const length = new DataView(tail.buffer).getUint32(0, true);
  const most = Math.min(stamp.size - TAIL_BYTES - MAGIC.length, MAX_FOOTER_BYTES);
  if (length > most) throw new Error(`its footer declares ${length} bytes, where it may have ${most}`);
  const bytes = await readExactly(file, stamp.size - TAIL_BYTES - length, length + TAIL_BYTES);
  const checked = checkThrift(bytes.subarray(0, length), 0);
  if (checked < 0) throw new Error('its footer does not end');
  // Statistics are not used; converting them by their type could only fail.
  return parquetMetadata(bytes, { geoparquet: false, parsers: RAW_PARSERS });
}

/** @throws Error when the numbers of rows contradict each other or the size of the file. */
function readGroups({ row_groups, num_rows }: FileMetaData, leaves: readonly Leaf[], size: number): Group[] {
  const most = FEW_ROWS + MAX_ROWS_PER_BYTE * size;
  let first = 0;
  const groups = row_groups.map(({ num_rows, columns }, index) => {
    const rows = Number(num_rows);
    if (!(rows >= 0 && first + rows <= most))
      throw new Error(`it says that it has ${num_rows} rows in ${size} bytes`);
    if (columns.length !== leaves.length) {
      throw new Error(
        `its row group ${index + 1} has ${columns.length} columns, its schema ${leaves.length}`,
      );
    }
    first += rows;
    return { first: first - rows, rows, columns };
  });
  if (Number(num_rows) !== first)
    throw new Error(`it says that it has ${num_rows} rows, its row groups have ${first}`);
  return groups;
}
