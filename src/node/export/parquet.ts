/** The flat table as Parquet, with the transcript itself as JSON in further columns. */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { canonicalRecord } from '../../core/export/canonicalLine';
import type { Encoder, Exported, Overview } from '../../core/export/encoder';
import { jsonText } from '../../core/export/jsonText';
import { type Cell, type Table, tableOf, tableRow } from '../../core/export/table';

/**
 * A row group is written when it has so many rows, or so much JSON. Of each, the library keeps a kilobyte a column until
 * the end, where the file says of all of them where they are.
 */
const GROUP_ROWS = 1000;
const GROUP_TEXT = 16 * 2 ** 20;

const MOST_LABEL_COLUMNS = 1_000;

const TYPES = { text: 'STRING', flag: 'BOOLEAN', count: 'INT32' } as const;

/** As the canonical format has them, an empty list for none. */
const JSON_COLUMNS = ['messages', 'verdicts', 'spans', 'metadata'] as const;

/** SNAPPY, one row group a thousand transcripts or 16 MB. */
export class ParquetEncoder implements Encoder {
  private readonly table: Table;
  private readonly bytes = new ByteWriter();
  private readonly file: ParquetWriter;
  private group: Cell[][] = [];
  private groupText = 0;

  constructor(overview: Overview) {
    this.table = tableOf(overview, MOST_LABEL_COLUMNS);
    const columnData = [
      ...this.table.columns.map(({ name, type }) => ({
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

  begin(): Uint8Array {
    return this.take();
  }

  add(item: Exported): Uint8Array | string {
    const row = tableRow(item);
    const record = canonicalRecord(item.transcript);
    const json = JSON_COLUMNS.map((name) => jsonText(record[name] ?? (name === 'metadata' ? {} : [])));
    this.group.push([...this.table.columns.map((column) => column.read(row)), ...json]);
    this.groupText += json.reduce((length, text) => length + text.length, 0);
    if (this.group.length < GROUP_ROWS && this.groupText < GROUP_TEXT) return '';
    this.writeGroup();
    return this.take();
  }

  end(): Uint8Array {
    if (this.group.length > 0) this.writeGroup();
    this.file.finish();
    return this.take();
  }

  remarks(): readonly string[] {
    return this.table.remarks;
  }

  private writeGroup(): void {
    const rows = this.group;
    const cells = (index: number) => rows.map((row) => row[index] ?? null);
    this.file.write({
      rowGroupSize: rows.length,
      columnData: [
        ...this.table.columns.map(({ name }, index) => ({ name, data: cells(index), offsetIndex: false })),
        // texts of their own each: a dictionary of them, or their least and greatest, would only cost
        ...JSON_COLUMNS.map((name, index) => ({
          name,
          data: cells(this.table.columns.length + index),
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
