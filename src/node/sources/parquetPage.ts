/**
 * Looks over a page before hyparquet decodes it. The decoder takes the word of every run for its length and of every
 * index for its dictionary, so a page of a few bytes could fill the memory, never end, or turn into other values.
 */
import type { DataPageHeader, DecodedArray, Encoding, PageHeader } from 'hyparquet';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import type { Leaf } from './parquetSchema';

/** Unpacked; writers make pages of a megabyte, some of a hundred. */
export const MAX_PAGE_BYTES = 1 << 29;
export const MAX_PAGE_VALUES = 1 << 24;

/** Bit-packed runs come in eights, and some writers fill up the last one. */
const RUN_SLACK = 512;
const MAX_DELTA_BLOCK = 1 << 20;

/** How many rows begin in a page, and whether it goes on with one that began before. */
export interface RowStarts {
  readonly rows: number;
  readonly continues: boolean;
  /** Its values are decoded into so many arrays at most, those of the rows among them. */
  readonly arrays: number;
}

/** Of a repeated column's page, which alone does not tell the number of its rows. */
export function rowStarts(
  page: Uint8Array,
  values: number,
  leaf: Leaf,
  levelBytes: number | null,
): RowStarts {
  const levels = new Array<number>(values);
  readLevels(page, 0, leaf.maxRepetition, levels, levelBytes);
  const [most = 0] = leaf.arrays;
  let rows = 0;
  let arrays = 0;
  for (const level of levels) {
    if (level === 0) rows++;
    arrays += leaf.arrays[level] ?? most;
  }
  return { rows, continues: levels[0] !== 0, arrays };
}

/** What a data page will be decoded to. */
export interface PageContents {
  /** How many values are there, nulls and missing lists left out. */
  readonly present: number;
  /** Bytes of its values that are not among those of the page, but copies of others. */
  readonly copied: number;
}

/** @throws Error in words when a data page of version 1 must not be decoded. */
export function checkPage(
  page: Uint8Array,
  header: DataPageHeader,
  leaf: Leaf,
  dictionary: DecodedArray | null,
): PageContents {
  const { num_values: count } = header;
  const packedLevels =
    (leaf.maxDefinition > 0 && header.definition_level_encoding === 'BIT_PACKED') ||
    (leaf.maxRepetition > 0 && header.repetition_level_encoding === 'BIT_PACKED');
  if (packedLevels) throw new Error('its levels are bit-packed, as they have not been since 2013');
  let at = 0;
  let present = count;
  if (leaf.maxRepetition > 0) at = readLevels(page, at, leaf.maxRepetition, new Array(count), null);
  if (leaf.maxDefinition > 0) {
    const levels = new Array<number>(count);
    at = readLevels(page, at, leaf.maxDefinition, levels, null);
    present = presentIn(levels, leaf);
  }
  return { present, copied: checkValues(page, at, present, header.encoding, leaf, dictionary) };
}

/**
 * As `checkPage`, of version 2. What is present is counted by the levels: the nulls that the header counts are for some
 * writers the missing values alone, for others the empty and missing lists too.
 */
export function checkPageV2(
  page: Uint8Array,
  header: NonNullable<PageHeader['data_page_header_v2']>,
  leaf: Leaf,
  dictionary: DecodedArray | null,
): PageContents {
  const { num_values: count } = header;
  const { repetition_levels_byte_length: repetition, definition_levels_byte_length: definition } = header;
  let present = count;
  if (leaf.maxRepetition > 0) readLevels(page, 0, leaf.maxRepetition, new Array(count), repetition);
  if (leaf.maxDefinition > 0) {
    const levels = new Array<number>(count);
    readLevels(page, repetition, leaf.maxDefinition, levels, definition);
    present = presentIn(levels, leaf);
  } else if (definition > 0) throw new Error('it has levels that its schema does not know');
  const from = repetition + definition;
  return { present, copied: checkValues(page, from, present, header.encoding, leaf, dictionary) };
}

/** Values of the highest level are there; any other says what is missing instead. */
function presentIn(levels: readonly number[], { maxDefinition }: Leaf): number {
  return levels.reduce((sum, level) => sum + (level === maxDefinition ? 1 : 0), 0);
}

export function isCount(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}

/** Reads levels into `levels`; where `byteLength` is null, it stands before them. Returns where they end. */
function readLevels(
  page: Uint8Array,
  from: number,
  max: number,
  levels: number[],
  byteLength: number | null,
): number {
  const view = viewOf(page);
  const length = byteLength ?? view.getUint32(from, true);
  const start = byteLength === null ? from + 4 : from;
  if (length > page.length - start) throw new Error('its levels are longer than the page');
  const width = 32 - Math.clz32(max);
  checkRuns(page, start, width, levels.length);
  readRleBitPackedHybrid({ view, offset: start }, width, levels, length);
  return start + length;
}

/** Returns how many bytes of the values are copies of others in the page. */
function checkValues(
  page: Uint8Array,
  from: number,
  count: number,
  encoding: Encoding,
  leaf: Leaf,
  dictionary: DecodedArray | null,
): number {
  const view = viewOf(page);
  if (encoding === 'PLAIN' || count === 0) return 0;
  if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    if (!dictionary || dictionary.length === 0 || leaf.type === 'BOOLEAN')
      throw new Error('its values are in a dictionary that is not there');
    const width = view.getUint8(from);
    if (width > 32) throw new Error(`its indexes have ${width} bits`);
    checkRuns(page, from + 1, width, count);
  } else if (encoding === 'RLE') {
    if (leaf.type !== 'BOOLEAN') throw new Error(`its values are encoded as ${encoding}, which is not read`);
    checkRuns(page, from + 4, 1, count);
  } else if (encoding === 'DELTA_BINARY_PACKED' || encoding === 'DELTA_LENGTH_BYTE_ARRAY') {
    checkDelta(page, from);
  } else if (encoding === 'DELTA_BYTE_ARRAY') {
    return checkDeltaStrings(page, from, count);
  } else if (encoding === 'BYTE_STREAM_SPLIT') {
    const width =
      { INT32: 4, FLOAT: 4, INT64: 8, DOUBLE: 8 }[leaf.type as string] ??
      leaf.path.at(-1)?.element.type_length;
    if (count * (width ?? 0) > page.length - from) throw new Error('it has more values than bytes');
  } else {
    throw new Error(`its values are encoded as ${encoding}, which is not read`);
  }
  return 0;
}

/** Runs of run-length and bit-packed values, `count` of them: none may be longer than what there is to fill. */
function checkRuns(page: Uint8Array, from: number, width: number, count: number): void {
  let at = from;
  for (let seen = 0; seen < count; ) {
    const { value, end } = varint(page, at);
    const isPacked = (value & 1) === 1;
    const run = isPacked ? Math.floor(value / 2) * 8 : Math.floor(value / 2);
    if (run > count - seen + (isPacked ? RUN_SLACK : 0)) throw new Error('it has a run longer than itself');
    at = end + (isPacked ? (run / 8) * width : (width + 7) >> 3);
    seen += run;
  }
}

/** A header that counts no blocks, or a negative number of them, is read for ever. */
function checkDelta(page: Uint8Array, from: number): void {
  const block = varint(page, from);
  const parts = varint(page, block.end);
  const fits = block.value > 0 && block.value <= MAX_DELTA_BLOCK && parts.value > 0;
  if (!fits || block.value % parts.value !== 0)
    throw new Error('its delta encoding has blocks of no known size');
}

/** Each value begins with a copy of a part of the one before: a page of a few bytes could grow to their square. */
function checkDeltaStrings(page: Uint8Array, from: number, count: number): number {
  const reader = { view: viewOf(page), offset: from };
  const prefixes = new Int32Array(count);
  checkDelta(page, reader.offset);
  deltaBinaryUnpack(reader, count, prefixes);
  const suffixes = new Int32Array(count);
  checkDelta(page, reader.offset);
  deltaBinaryUnpack(reader, count, suffixes);
  let total = 0;
  let copied = 0;
  let before = 0;
  for (let i = 0; i < count; i++) {
    const prefix = prefixes[i] ?? 0;
    const suffix = suffixes[i] ?? 0;
    if (!isCount(prefix, before) || !isCount(suffix, page.length))
      throw new Error('a value is longer than the page');
    before = prefix + suffix;
    total += before;
    copied += prefix;
    if (total > MAX_PAGE_BYTES) throw new Error('it unpacks to more than a page may have');
  }
  return copied;
}

/** The number as hyparquet reads it, which takes the low 32 bits of whatever is there. */
function varint(bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) throw new Error('it ends too soon');
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) {
      if (value >= 2 ** 32) break;
      return { value, end: from + i + 1 };
    }
  }
  throw new Error('it has a number that does not end');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
