/** Comma-separated values by RFC 4180 (Shafranovich 2005). */
import { stringify } from 'csv-stringify/sync';
import type { Encoder, Overview } from '../../core/export/encoder';
import { type Cell, tableColumns, tableRow } from '../../core/export/table';

/** What a spreadsheet may run as a formula; the full-width forms count too, since some programs fold them. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/**
 * One record with its CRLF. Text stands as it is, quoted where the format wants it and where it would look like a
 * formula; an empty text is quoted, so that it is not the same as nothing.
 */
export function csvLine(cells: readonly Cell[]): string {
  return stringify([cells], {
    record_delimiter: 'windows',
    quoted_match: FORMULA,
    quote_record_delimiter: true,
    quoted_empty: false,
    cast: {
      boolean: String,
      string: (value) => (value === '' ? { value, quoted_empty: true } : value),
    },
  });
}

/**
 * The flat table. Cells are exact: a formula's first character is not defused, since that would change the data; how
 * many cells begin so is a remark.
 */
export function csvEncoder(overview: Overview): Encoder {
  const columns = tableColumns(overview);
  let formulas = 0;
  return {
    begin: () => csvLine(columns.map(({ name }) => name)),
    add(item) {
      const row = tableRow(item);
      const cells = columns.map((column) => column.read(row));
      formulas += cells.filter((cell) => typeof cell === 'string' && FORMULA.test(cell)).length;
      return csvLine(cells);
    },
    end: () => '',
    remarks: () =>
      formulas === 0
        ? []
        : [
            `${formulas} cells begin with = + - @ or a tab and stand as they are: import the file into a spreadsheet as text, or it may run them as formulas`,
          ],
  };
}
