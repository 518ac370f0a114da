import { assembleNested } from 'hyparquet/src/assemble.js';
import { MOST_RECORD_BYTES, TOO_LONG } from '../parseRecord';
import { describeDamage } from './fileError';
import { type OpenFile, openHandle } from './openHandle';
import {
  DamagedRows,
  MAX_ROW_VALUES,
  PageBudget,
  ParquetColumn,
  tooManyValues,
  valuesIn,
} from './parquetColumn';
import { type ChunkMetadata, type ColumnChunk, Footer, type RowGroup } from './parquetFooter';
import { bytesIn, RAW_PARSERS } from './parquetRule';
import type { Field, Leaf, Schema } from './parquetSchema';
import { Absent, flatValue, plainValue } from './parquetValue';
import { repeatedColumns } from './repeatedColumns';
import { DatasetError, type FileStamp, type RecordValue } from './source';

/** Rows of columns, as many as all of their pages in memory have. */
export interface TableSlice {
  readonly count: number;
  /** The row at a place in the slice. */
  value(index: number): RecordValue;
  /** What its values take. */
  bytes(index: number): number;
}

/** A Parquet file, its footer read and found to be possible. Close it when done. */
export class ParquetTable {
  private constructor(
    private readonly file: OpenFile,
    private readonly footer: Footer,
    private readonly schema: Schema,
  ) {}

  /** @throws DatasetError when it is missing, no Parquet, encrypted, or damaged beyond its pages. */
  static async open(path: string): Promise<ParquetTable> {
    const file = await openHandle(path);
    try {
      const footer = await Footer.read(file);
      return new ParquetTable(file, footer, footer.schema);
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

  /** Number of rows. */
  get rows(): number {
    return this.footer.rows;
  }

  get columns(): readonly string[] {
    return this.schema.fields.map(({ name }) => name);
  }

  /** What of its columns may mean something else than is read, in words. */
  get warnings(): readonly string[] {
    return repeatedColumns(this.schema.repeated);
  }

  /** Reads rows, of some columns or all, from front to back or at will; each reader keeps its own pages in memory. */
  reader(isWanted: (column: string) => boolean = () => true): TableReader {
    return new TableReader(
      this.file,
      this.schema.fields.filter(({ name }) => isWanted(name)),
      this.footer,
    );
  }

  close(): Promise<void> {
    return this.file.handle.close();
  }
}

/** What rows have of each column, by their place in the slice. */
type Parts = ReadonlyMap<Leaf, (index: number) => unknown>;
const nothing = () => undefined;

export class TableReader {
  private group: RowGroup | null = null;
  private open: readonly ParquetColumn[] = [];
  private readonly leaves: readonly Leaf[];

  constructor(
    private readonly file: OpenFile,
    private readonly fields: readonly Field[],
    private readonly footer: Footer,
  ) {
    this.leaves = fields.flatMap(leavesOf);
  }

  /**
   * The rows from `row` on, as many as are in memory once that one is, `most` at most.
   * @throws DamagedRows when it cannot be read, with the number of the next that may be; DatasetError when the file has changed.
   */
  async slice(row: number, most: number): Promise<TableSlice> {
    const group = this.footer.groupOf(row);
    if (!group) throw new DamagedRows(`there is no row ${row + 1}`, row + 1);
    try {
      return await this.sliceOf(group, row - group.first, Math.min(most, group.first + group.rows - row));
    } catch (error) {
      if (error instanceof DatasetError) throw error;
      const until = error instanceof DamagedRows ? error.until : group.rows;
      throw new DamagedRows(describeDamage(error), group.first + Math.max(until, row - group.first + 1));
    }
  }

  private async sliceOf(group: RowGroup, row: number, most: number): Promise<TableSlice> {
    const columns = await this.columnsOf(group);
    let count = most;
    for (const column of columns) count = Math.min(count, await column.reach(row));
    const parts: Parts = new Map(
      this.leaves.map((leaf, i) => [leaf, columns[i]?.take(row, count) ?? nothing]),
    );
    return {
      count,
      value: (index) => this.value(parts, index),
      bytes: (index) => bytesOf(parts, index),
    };
  }

  private value(parts: Parts, index: number): RecordValue {
    const warnings = new Set<string>();
    try {
      let values = 0;
      for (const [leaf, part] of parts) if (leaf.maxRepetition > 0) values += valuesIn(part(index));
      if (values > MAX_ROW_VALUES) return { ok: false, reason: tooManyValues() };
      if (bytesOf(parts, index) > MOST_RECORD_BYTES) return { ok: false, reason: TOO_LONG };
      // fromEntries, so that a column called __proto__ is one like any other
      const value = Object.fromEntries(
        this.fields.map((field) => [field.name, plainField(field, parts, index, warnings)]),
      );
      return { ok: true, value, warnings: [...warnings] };
    } catch (error) {
      return { ok: false, reason: `its values do not fit their columns: ${describeDamage(error)}` };
    }
  }

  private async columnsOf(group: RowGroup): Promise<readonly ParquetColumn[]> {
    if (this.group?.index === group.index) return this.open;
    this.group = null;
    const chunks = await this.footer.columns(group);
    const budget = new PageBudget();
    this.open = this.leaves.map((leaf) => {
      const metadata = metadataOf(chunks[leaf.index], leaf, group);
      return new ParquetColumn(this.file, leaf, metadata, group.rows, budget);
    });
    this.group = group;
    return this.open;
  }
}

function bytesOf(parts: Parts, index: number): number {
  let bytes = 0;
  for (const part of parts.values()) bytes += bytesIn(part(index));
  return bytes;
}

function metadataOf(chunk: ColumnChunk | undefined, leaf: Leaf, { rows }: RowGroup): ChunkMetadata {
  const damaged = (what: string) => new DamagedRows(`column ${JSON.stringify(leaf.name)} ${what}`, rows);
  if (chunk?.path) throw damaged(`is in another file, ${JSON.stringify(chunk.path)}`);
  if (chunk?.isEncrypted) throw damaged('is encrypted');
  if (!chunk?.metadata) throw damaged('is said to be nowhere');
  return chunk.metadata;
}

function leavesOf(field: Field): Leaf[] {
  return field.leaf ? [field.leaf] : field.children.flatMap(leavesOf);
}

/** What stands in a row under a field; one row at a time, so that each is bad by itself. */
function plainField(field: Field, parts: Parts, index: number, warnings: Set<string>): unknown {
  if (!field.isFlat) return plainValue(field, assemble(field, parts, index), warnings);
  const value = flatValue(field, (leaf) => parts.get(leaf)?.(index), warnings);
  return value instanceof Absent ? null : value;
}

/** Of a field with lists, put together from its leaves. */
function assemble(field: Field, parts: Parts, index: number): unknown {
  const leaves = leavesOf(field);
  const one = (leaf: Leaf) => [inGroups(leaf, parts.get(leaf)?.(index))];
  const byPath = new Map(leaves.map((leaf) => [leaf.path.at(-1)?.path.join('.') ?? '', one(leaf)]));
  assembleNested(byPath, field.tree, RAW_PARSERS);
  return byPath.get(field.tree.path.join('.'))?.[0];
}

/** A value as hyparquet puts together what stands in groups: in an array for each that may be missing. */
function inGroups(leaf: Leaf, value: unknown): unknown {
  if (leaf.maxRepetition > 0) return copyLists(value);
  if (value instanceof Absent) return copyLists(value.nested);
  let within = value;
  for (let left = leaf.arrays[0] ?? 0; left > 0; left--) within = [within];
  return within;
}

/** hyparquet puts lists together in place; what is in memory may be asked for again. */
function copyLists(value: unknown): unknown {
  return Array.isArray(value) ? value.map(copyLists) : value;
}
