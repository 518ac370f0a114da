import { LF } from './jsonBytes';
import { isSpace, type RecordRange } from './scan';

/**
 * Visits every line of `bytes` that is not blank. The bytes are whole lines; the last may lack its line feed.
 * @param offset where they stand in the file; @param line the 1-based number of the first.
 * @returns the number of the line behind the last line feed.
 */
export function eachLine(
  bytes: Uint8Array,
  offset: number,
  line: number,
  visit: (range: RecordRange, bytes: Uint8Array) => void,
): number {
  let number = line;
  for (let from = 0; from < bytes.length; number++) {
    const newline = bytes.indexOf(LF, from);
    const to = newline < 0 ? bytes.length : newline;
    const record = bytes.subarray(from, to);
    if (!record.every(isSpace)) visit({ offset: offset + from, length: to - from, line: number }, record);
    if (newline < 0) break;
    from = to + 1;
  }
  return number;
}
