import { LF, OPEN_OBJECT } from './jsonBytes';
import { isSpace, type RecordRange } from './scan';
import type { Skimmer } from './skim';

/**
 * Skims every line of bytes[start, end), in order. The bytes must be whole lines, each with its line feed (the last line
 * of a file may lack it); a Buffer is searched natively, another Uint8Array more slowly.
 * @param offset where bytes[start] stands in the file; @param line the 1-based number of the line that begins there.
 * @param onUnusual called, between the lines that were skimmed, with each that is to be read in full: its place and its
 * bytes, which are valid during the call only. It must add exactly that record to the skimmer's builder.
 * @returns the number of the line behind the last line feed.
 */
export function skimLines(
  skimmer: Skimmer,
  bytes: Uint8Array,
  start: number,
  end: number,
  offset: number,
  line: number,
  onUnusual: (range: RecordRange, bytes: Uint8Array) => void,
): number {
  let number = line;
  for (let from = start; from < end; number++) {
    const newline = bytes.indexOf(LF, from);
    const isLast = newline < 0 || newline >= end;
    const to = isLast ? end : newline;
    const place = offset + from - start;
    if (bytes[from] !== OPEN_OBJECT && isBlank(bytes, from, to)) {
      // no record
    } else if (!skimmer.skim(bytes, from, to, place, number)) {
      onUnusual({ offset: place, length: to - from, line: number }, bytes.subarray(from, to));
    }
    if (isLast) return number;
    from = to + 1;
  }
  return number;
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isSpace(bytes[i] ?? 0)) return false;
  return true;
}
