import type { PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { type OpenFile, readExactly } from './openHandle';
import { isCount, MAX_PAGE_BYTES, MAX_PAGE_VALUES } from './parquetPage';
import { endOfStruct } from './thriftWalk';

const HEADER_BYTES = 1 << 10;
/** Some writers put the whole smallest and largest value into a page's header. */
const MAX_HEADER_BYTES = 1 << 24;
/** Writers make some 30. */
const MAX_HEADER_PARTS = 10_000;

/** A page found in the file, its sizes possible. */
export interface Page {
  readonly header: PageHeader;
  /** Offset of its bytes in the file. */
  readonly data: number;
  readonly end: number;
}

/** The page at a byte of the file. @throws Error when there is none, or one whose sizes cannot be. */
export async function readPageHeader(file: OpenFile, offset: number): Promise<Page> {
  const { size } = file.stamp;
  for (let length = HEADER_BYTES; ; length *= 16) {
    const bytes = await readExactly(file, offset, Math.max(0, Math.min(length, size - offset)));
    const end = endOfStruct(bytes, MAX_HEADER_PARTS);
    if (end < 0) {
      if (length >= MAX_HEADER_BYTES || bytes.length < length) throw new Error('its header does not end');
      continue;
    }
    const { data_page_header_v2: v2, ...rest } = parquetHeader({
      view: new DataView(bytes.buffer, 0, end),
      offset: 0,
    });
    const header: PageHeader =
      v2 && rest.type === 'DATA_PAGE_V2' ? { ...rest, data_page_header_v2: v2 } : rest;
    checkSizes(header, size - offset - end);
    const data = offset + end;
    return { header, data, end: data + header.compressed_page_size };
  }
}

function checkSizes(header: PageHeader, left: number): void {
  const {
    type,
    compressed_page_size: packed,
    uncompressed_page_size: size,
    data_page_header_v2: v2,
  } = header;
  if (type === undefined) throw new Error('it is of no known kind');
  if (!isCount(size, MAX_PAGE_BYTES))
    throw new Error(`it declares ${size ?? 'no number of'} bytes when unpacked`);
  if (!isCount(packed, left))
    throw new Error(`it declares ${packed ?? 'no number of'} bytes, of which ${left} are there`);
  // No way of packing makes a page much longer than it was.
  if (packed > size * 1.2 + 4_096)
    throw new Error(`it declares to be ${packed} bytes and, unpacked, ${size}`);
  if (type === 'DATA_PAGE' || type === 'DATA_PAGE_V2') valuesOf(header);
  if (type !== 'DATA_PAGE_V2' || !v2) return;
  const { repetition_levels_byte_length: repetition, definition_levels_byte_length: definition } = v2;
  const isRight =
    isCount(repetition, packed) && isCount(definition, packed) && repetition + definition <= packed;
  if (!isRight || repetition + definition > size) throw new Error('its levels are longer than itself');
}

/** How many values a data page has. @throws Error when it does not say. */
export function valuesOf({ type, data_page_header: v1, data_page_header_v2: v2 }: PageHeader): number {
  const values = type === 'DATA_PAGE' ? v1?.num_values : type === 'DATA_PAGE_V2' ? v2?.num_values : undefined;
  if (!isCount(values, MAX_PAGE_VALUES)) throw new Error(`it declares ${values ?? 'no number of'} values`);
  return values;
}

/** An array of a few values, each of which was pushed: room is made for seventeen. */
const ARRAY_BYTES = 184;

/**
 * Bytes of memory that a page takes at least, once it is decoded.
 * @param arrays that its values are decoded into, beside the one of the page
 */
export function costOf(header: PageHeader, arrays: number): number {
  const values = header.dictionary_page_header?.num_values ?? valuesOf(header);
  return header.uncompressed_page_size + 8 * values + ARRAY_BYTES * arrays;
}
