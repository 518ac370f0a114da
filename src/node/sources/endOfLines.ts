import { LF } from '../../core/dataset/jsonBytes';
import { isObject } from '../../core/formats/format';
import { parseJson } from '../parseRecord';
import type { JsonFile } from './jsonFile';
import { isTooLong } from './linePieces';

const FIRST_LOOK_BACK = 1 << 16;

/**
 * Behind the last line feed, since what follows is still being written; behind that, too, where it is an object already:
 * the last line of a file that is done may lack its line feed.
 */
export async function endOfLines(source: JsonFile): Promise<number> {
  const end = await behindLastLineFeed(source);
  for await (const piece of source.pieces(end)) {
    if (isTooLong(piece)) return end;
    const last = parseJson(piece.bytes);
    return last.ok && isObject(last.value) ? piece.offset + piece.length : end;
  }
  return end;
}

async function behindLastLineFeed(source: JsonFile): Promise<number> {
  const { begin, stamp } = source;
  for (let back = FIRST_LOOK_BACK; ; back *= 8) {
    const from = Math.max(begin, stamp.size - back);
    let end = -1;
    for await (const { bytes, offset, length } of source.pieces(from)) {
      const last = bytes.lastIndexOf(LF);
      // from its end, which it holds even where it leaves out what stands before
      if (last >= 0) end = offset + length - (bytes.length - last - 1);
    }
    if (end >= 0 || from === begin) return Math.max(begin, end);
  }
}
