/** The flat table as Parquet, with the transcript itself as JSON in further columns. */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { canonicalRecord } from '../../core/export/canonicalLine';
import type { Encoder, Exported, Overview } from '../../core/export/encoder';
import { jsonText } from '../../core/export/jsonText';
import { type Cell, type Column, tableColumns, tableRow } from '../../core/export/table';

/** A row group is written when it has so many rows, so many cells, or so much JSON: what bounds the memory. */
const GROUP_ROWS = 1000;
const GROUP_CELLS = 2 ** 20;
const GROUP_TEXT = 16 * 2 ** 20;
/** Each column costs a header, and some 6 kB of memory, a row group. */
const MOST_COLUMNS = 2 ** 16;

const TYPES = { text: 'STRING', flag: 'BOOLEAN', count: 'INT32' } as const;

/** As the canonical format has them, an empty list for none. */
const JSON_COLUMNS = ['messages', 'verdicts', 'spans', 'metadata'] as const;

/** SNAPPY, one row group a thousand transcripts, a million cells or 16 MB. */
export class ParquetEncoder implements Encoder {
  private readonly columns: readonly Column[];
  private readonly bytes = new ByteWriter();
  private readonly file: ParquetWriter;
  private group: Cell[][] = [];
  private groupText = 0;

  constructor(overview: Overview) {
    this.columns = tableColumns(overview);
    const columnData = [
      ...this.columns.map(({ name, type }) => ({
        name,
        data: [],
        type: TYPES[type],
        nullable: type !== 'count',
      })),
      ...JSON_COLUMNS.map((name) => ({ name, data: [], type: 'STRING' as const, nullable: false })),
    ];
    this.file = new ParquetWriter({
      writer: this.bytes,
      schema: schemaFromColumnData({ columnData }),
      createdBy: 'transcript-review',
    });
  }

  /** @throws Error for a table that is too wide */
  begin(): Uint8Array {
    const { length } = this.columns;
    if (length > MOST_COLUMNS) {
      throw new Error(
        `a table of ${length} columns, five a label, is too wide for Parquet, where each costs memory (up to ${MOST_COLUMNS} are written); csv and canonical take it`,
      );
    }
    return this.take();
  }

  add(item: Exported): Uint8Array | string {
    const row = tableRow(item);
    const record = canonicalRecord(item.transcript);
    const json = JSON_COLUMNS.map((name) => jsonText(record[name] ?? (name === 'metadata' ? {} : [])));
    this.group.push([...this.columns.map((column) => column.read(row)), ...json]);
    this.groupText += json.reduce((length, text) => length + text.length, 0);
    const { length: rows } = this.group;
    if (rows < GROUP_ROWS && rows * this.columns.length < GROUP_CELLS && this.groupText < GROUP_TEXT)
      return '';
    this.writeGroup();
    return this.take();
  }

  end(): Uint8Array {
    if (this.group.length > 0) this.writeGroup();
    this.file.finish();
    return this.take();
  }

  remarks(): readonly string[] {
    return [];
  }

  private writeGroup(): void {
    const rows = this.group;
    const cells = (index: number) => rows.map((row) => row[index] ?? null);
    this.file.write({
      rowGroupSize: rows.length,
      columnData: [
        ...this.columns.map(({ name }, index) => ({ name, data: cells(index), offsetIndex: false })),
        // texts of their own each: a dictionary of them, or their least and greatest, would only cost
        ...JSON_COLUMNS.map((name, index) => ({
          name,
          data: cells(this.columns.length + index),
          encoding: 'PLAIN' as const,
          statistics: false,
          offsetIndex: false,
        })),
      ],
    });
    this.group = [];
    this.groupText = 0;
  }

  /** What was written since the last call. */
  private take(): Uint8Array {
    const taken = this.bytes.getBytes().slice();
    this.bytes.index = 0;
    return taken;
  }
}
