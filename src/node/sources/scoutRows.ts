import { type Fields, fieldsOf } from '../../core/formats/inspectFields';
import { DamagedRows } from './parquetColumn';
import type { ParquetTable, TableReader } from './parquetTable';
import { charactersIn } from './valueSize';

/** `<scanner>.parquet` of a scan. */
export interface Scanner {
  readonly name: string;
  readonly table: ParquetTable;
}

/** Where a scanner says something about a transcript. */
export interface RowPlace {
  readonly scanner: Scanner;
  readonly row: number;
}

/** A transcript that was scanned, and the rows about it. */
export interface Scanned {
  readonly id: string;
  readonly rows: RowPlace[];
}

/** A row that was read, and what in it is not shown as it stands. */
export interface ReadRow {
  readonly fields: Fields;
  readonly warnings: readonly string[];
}

/** Rows that should not be in memory together. */
export class TooLong extends Error {}

const INDEX_ROWS = 4096;

/** Adds the rows of a scanner to their transcripts. Returns what is wrong with rows that have none, in words. */
export async function addRows(scanner: Scanner, scanned: Map<string, Scanned>): Promise<string[]> {
  const { name, table } = scanner;
  const reader = table.reader((column) => column === 'transcript_id');
  const problems: string[] = [];
  let without = 0;
  for (let row = 0; row < table.rows; ) {
    try {
      const { count, value } = await reader.slice(row, INDEX_ROWS);
      for (let i = 0; i < count; i++) {
        const record = value(i);
        const id = record.ok ? fieldsOf(record.value).transcript_id : null;
        if (typeof id !== 'string' || id === '') {
          without++;
          continue;
        }
        const transcript = scanned.get(id) ?? { id, rows: [] };
        scanned.set(id, transcript);
        transcript.rows.push({ scanner, row: row + i });
      }
      row += count;
    } catch (error) {
      if (!(error instanceof DamagedRows)) throw error;
      problems.push(`${name}: rows ${row + 1} to ${error.until} cannot be read: ${error.message}`);
      row = error.until;
    }
  }
  if (without > 0) problems.push(`${name}: ${without} of ${table.rows} rows have no transcript_id`);
  return problems;
}

/** Reads rows of several scanners, of some columns; for one at a time, since its readers keep pages in memory. */
export class RowReader {
  private readonly readers = new Map<Scanner, TableReader>();

  constructor(private readonly isWanted: (column: string) => boolean) {}

  /**
   * The rows in the order of each file, which costs the least.
   * @throws DamagedRows when one cannot be read; TooLong when their texts have more than `most` characters together.
   */
  async read(places: readonly RowPlace[], most: number): Promise<ReadonlyMap<RowPlace, ReadRow>> {
    const found = new Map<RowPlace, ReadRow>();
    let left = most;
    for (const place of [...places].sort((a, b) => a.row - b.row)) {
      const { count, value } = await this.readerOf(place.scanner).slice(place.row, 1);
      const record = count > 0 ? value(0) : null;
      if (record?.ok !== true) throw new DamagedRows(record?.reason ?? 'it is not there', place.row + 1);
      left -= charactersIn(record.value);
      if (left < 0) throw new TooLong('its texts are too long');
      found.set(place, { fields: fieldsOf(record.value), warnings: record.warnings });
    }
    return found;
  }

  private readerOf(scanner: Scanner): TableReader {
    const reader = this.readers.get(scanner) ?? scanner.table.reader(this.isWanted);
    this.readers.set(scanner, reader);
    return reader;
  }
}
