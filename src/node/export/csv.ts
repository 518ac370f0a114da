/** Comma-separated values by RFC 4180 (Shafranovich 2005). */
import { stringify } from 'csv-stringify/sync';
import type { Encoder, Overview } from '../../core/export/encoder';
import { type Cell, tableOf, tableRow } from '../../core/export/table';
import { isFormula, MARK_COLUMN, markTexts } from '../../core/export/textMark';

/**
 * One record with its CRLF. Text stands as it is, quoted where the format wants it and where it would look like a
 * formula; an empty text is quoted, so that it is not the same as nothing.
 */
export function csvLine(cells: readonly Cell[]): string {
  return stringify([cells], {
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    quoted_empty: false,
    cast: {
      boolean: String,
      string: (value) => ({ value, quoted: isFormula(value), quoted_empty: value === '' }),
    },
  });
}

/**
 * The flat table, with what a spreadsheet would run as a formula marked as text.
 * @param raw leaves the mark out, and its column: cells are exact.
 */
export function csvEncoder(overview: Overview, raw = false): Encoder {
  const { columns, remarks } = tableOf(overview);
  let formulas = 0;
  return {
    begin: () => csvLine([...columns.map(({ name }) => name), ...(raw ? [] : [MARK_COLUMN])]),
    add(item) {
      const row = tableRow(item);
      const cells = columns.map((column) => column.read(row));
      if (raw) {
        formulas += cells.filter(isFormula).length;
        return csvLine(cells);
      }
      const written = markTexts(cells);
      formulas += written.marked;
      return csvLine(written.cells);
    },
    end: () => '',
    remarks: () => {
      if (formulas === 0) return remarks;
      return raw
        ? [
            ...remarks,
            `${formulas} cells begin with = + - @ or a tab and stand as they are: import the file into a spreadsheet as text, or it may run them as formulas`,
          ]
        : [
            ...remarks,
            `${formulas} cells that begin with = + - @, a tab or an apostrophe have an apostrophe put before them, so that no spreadsheet runs them as formulas; the column ${MARK_COLUMN} says in which rows, reading the file here takes it off again, --raw leaves it out`,
          ];
    },
  };
}
