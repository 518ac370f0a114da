import type { DecodedArray, PageHeader } from 'hyparquet';
import { assembleLists } from 'hyparquet/src/assemble.js';
import { readPage } from 'hyparquet/src/column.js';
import { convert, convertWithDictionary } from 'hyparquet/src/convert.js';
import { readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import { describeDamage } from './fileError';
import { type OpenFile, readExactly } from './openHandle';
import { unpackPage } from './parquetCodec';
import type { ChunkMetadata } from './parquetFooter';
import { checkPage, checkPageV2, isCount, MAX_PAGE_VALUES, type RowStarts, rowStarts } from './parquetPage';
import { costOf, type Page, readPageHeader, valuesOf } from './parquetPageHeader';
import type { Leaf } from './parquetSchema';
import { Absent } from './parquetValue';
import { DatasetError } from './source';

/** Rows that cannot be read, from the one asked for to the one before `until`. */
export class DamagedRows extends Error {
  constructor(
    message: string,
    readonly until: number,
  ) {
    super(message);
  }
}

/**
 * Values in lists that one row may have: each becomes an object or a part of one, a thousand bytes with all that is made
 * of it, while a page can say in a few bytes that it has millions.
 */
export const MAX_ROW_VALUES = 1_000_000;

/** The memory that the pages of a row group's columns may take together. */
export class PageBudget {
  private free = 2 ** 29;

  take(bytes: number): void {
    if (bytes > this.free) throw new Error('the pages of one row take more memory than can be given to them');
    this.free -= bytes;
  }

  give(bytes: number): void {
    this.free += bytes;
  }
}

/** A data page: where it is, and the first row that begins in it. */
interface PageStart {
  readonly offset: number;
  readonly row: number;
}

/**
 * One column of one row group, read page by page. Rows are numbered within the group; those that the pages in memory
 * hold are given out in any order, any other costs the way to its page.
 */
export class ParquetColumn {
  private dictionary: DecodedArray | null = null;
  /** The data pages found so far, in order, and what stands behind them. */
  private readonly pages: PageStart[] = [];
  private nextOffset: number;
  private foundRows = 0;
  private foundValues = 0;
  /** Decoded rows from `heldRow` on, of pages up to `heldPage`; a repeated column's last one may go on in the next. */
  private held: DecodedArray = [];
  private heldRow = 0;
  /** The first that was decoded from its beginning: what a page goes on with may stand before it, for want of its own. */
  private firstWhole = 0;
  private heldPage = -1;
  private heldCost = 0;
  private lastCost = 0;
  /** Of a repeated column, how many values the last held row has so far. */
  private lastValues = 0;
  /** The page unpacked last, until it is decoded: of some, the rows have to be counted first. */
  private unpacked: { readonly data: number; readonly bytes: Uint8Array } | null = null;

  constructor(
    private readonly file: OpenFile,
    private readonly leaf: Leaf,
    private readonly chunk: ChunkMetadata,
    private readonly rows: number,
    private readonly budget: PageBudget,
  ) {
    this.nextOffset = this.checkChunk();
  }

  /** Makes sure that a row is in memory. Returns how many there are from it on. @throws DamagedRows; DatasetError */
  async reach(row: number): Promise<number> {
    const end = this.heldRow + this.held.length;
    if (row < Math.max(this.heldRow, this.firstWhole) || row >= end) {
      // Before the way to the page, which unpacks those of a repeated column to count their rows.
      this.dropAll();
      await this.load(await this.pageOf(row), false);
    }
    while (this.wholeRows <= row - this.heldRow) {
      // A row without end would be gone on with to the end of the memory.
      if (this.lastValues > MAX_ROW_VALUES) throw this.damaged(tooManyValues(), row + 1);
      await this.load(this.heldPage + 1, true);
    }
    return this.wholeRows - (row - this.heldRow);
  }

  /** Rows that `reach` has made sure of, by their place from `row` on. They stay what they are, whatever is read next. */
  take(row: number, count: number): (index: number) => unknown {
    const from = row - this.heldRow;
    // A page of thousands of columns is not to be copied; but a repeated column's rows are decoded into those before.
    const { held } = this;
    if (!this.isRepeated) return (index) => held[from + index];
    const rows = held.slice(from, from + count);
    return (index) => rows[index];
  }

  private get isRepeated(): boolean {
    return this.leaf.maxRepetition > 0;
  }

  private get wholeRows(): number {
    const isLast =
      this.heldRow + this.held.length >= this.rows && this.heldPage === this.pages.length - 1 && this.isFound;
    return this.isRepeated && !isLast ? this.held.length - 1 : this.held.length;
  }

  /** Every page has been found. */
  private get isFound(): boolean {
    return this.foundValues >= Number(this.chunk.num_values);
  }

  /** Where the chunk starts. @throws DamagedRows when its metadata contradict the schema or the file. */
  private checkChunk(): number {
    const {
      type,
      num_values: values,
      data_page_offset: data,
      dictionary_page_offset: dictionary,
    } = this.chunk;
    if (type !== this.leaf.type) throw this.damaged('its type is not that of the schema');
    const count = Number(values);
    const isRight = this.isRepeated ? count >= this.rows && Number.isSafeInteger(count) : count === this.rows;
    if (!isRight) throw this.damaged(`it says that it has ${values} values for ${this.rows} rows`);
    const start = dictionary && dictionary < data ? Number(dictionary) : Number(data);
    if (!isCount(start, this.file.stamp.size))
      throw this.damaged(`it is said to start at byte ${start}, outside the file`);
    return start;
  }

  private async pageOf(row: number): Promise<number> {
    while (this.foundRows <= row) await this.find();
    let low = 0;
    let high = this.pages.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.pages[middle]?.row ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Finds the next data page, and decodes the dictionary when it comes first. */
  private async find(): Promise<void> {
    if (this.isFound) throw this.damaged(`it ends after ${this.foundRows} of ${this.rows} rows`);
    const offset = this.nextOffset;
    await this.guarded(offset, this.rows, async () => {
      const page = await readPageHeader(this.file, offset);
      const { type } = page.header;
      if (type === 'DICTIONARY_PAGE') await this.readDictionary(page);
      else if (type !== 'INDEX_PAGE') {
        const values = valuesOf(page.header);
        const { rows } = await this.startsOf(page);
        if (values > Number(this.chunk.num_values) - this.foundValues)
          throw new Error('it has more values than its column');
        if (rows > this.rows - this.foundRows) throw new Error('it has more rows than its row group');
        if (values > 0) this.pages.push({ offset, row: this.foundRows });
        this.foundRows += rows;
        this.foundValues += values;
      }
      this.nextOffset = page.end;
    });
  }

  /** Decodes a page, alone or behind those that are held, whose last row it goes on with. */
  private async load(index: number, isNext: boolean): Promise<void> {
    if (isNext) this.dropRows(index);
    while (index >= this.pages.length) await this.find();
    const start = this.pages[index];
    if (!start) throw this.damaged('it has no such page');
    const next = this.pages[index + 1]?.row ?? this.foundRows;
    await this.guarded(start.offset, next, async () => {
      const page = await readPageHeader(this.file, start.offset);
      const starts = await this.startsOf(page);
      const cost = costOf(page.header, starts.arrays);
      let before: DecodedArray = [];
      if (isNext) before = this.held;
      else {
        // What it goes on with is not wanted, but something must be there to be gone on with.
        if (starts.continues) before = [emptyRow(this.leaf.maxDefinition)];
        this.heldRow = start.row - before.length;
        this.firstWhole = start.row;
      }
      this.lastCost = 0;
      this.hold(cost);
      const known = before.length;
      const present = lengthsToLast(before);
      // Decoding adds to what was there; until it has ended well, there is nothing.
      this.held = [];
      const rows = await this.decode(page, this.isRepeated ? before : undefined);
      if (rows.length !== known + starts.rows)
        throw new Error(`it has ${rows.length - known} of ${starts.rows} rows`);
      checkPresent(rows, present);
      const goesOn = starts.rows === 0 && isNext;
      if (this.isRepeated)
        this.lastValues = goesOn ? this.lastValues + valuesOf(page.header) : valuesIn(rows[rows.length - 1]);
      this.held = rows;
      this.heldPage = index;
    });
  }

  /** Takes memory for the page that is loaded. */
  private hold(bytes: number): void {
    this.budget.take(bytes);
    this.heldCost += bytes;
    this.lastCost += bytes;
  }

  private dropAll(): void {
    this.budget.give(this.heldCost);
    this.heldCost = 0;
    this.held = [];
    this.heldRow = 0;
    this.heldPage = -1;
  }

  /** Lets go of all rows but the last, and of the memory that only they took. */
  private dropRows(next: number): void {
    const dropped = this.held.length - 1;
    this.held = this.held.slice(dropped);
    this.heldRow += dropped;
    const beginsInLast = (this.pages[next - 1]?.row ?? 0) <= this.heldRow;
    if (!beginsInLast) return;
    this.budget.give(this.heldCost - this.lastCost);
    this.heldCost = this.lastCost;
  }

  private async startsOf(page: Page): Promise<RowStarts> {
    const { header, data } = page;
    const values = valuesOf(header);
    if (!this.isRepeated || values === 0) return { rows: values, continues: false, arrays: 0 };
    const v2 = header.data_page_header_v2;
    if (!v2) return rowStarts(await this.unpack(page), values, this.leaf, null);
    const length = v2.repetition_levels_byte_length;
    return rowStarts(await readExactly(this.file, data, length), values, this.leaf, length);
  }

  private async decode(page: Page, before: DecodedArray | undefined): Promise<DecodedArray> {
    const { header } = page;
    const bytes = await this.unpack(page);
    this.unpacked = null;
    const { data_page_header: v1, data_page_header_v2: v2 } = header;
    if (v2) {
      const contents = checkPageV2(bytes, v2, this.leaf, this.dictionary);
      this.hold(contents.copied);
      const counted = { ...v2, num_nulls: v2.num_values - contents.present };
      return this.readUnpacked(bytes, { ...header, data_page_header_v2: counted }, before);
    }
    if (v1) this.hold(checkPage(bytes, v1, this.leaf, this.dictionary).copied);
    return this.readUnpacked(bytes, header, before);
  }

  private async readDictionary(page: Page): Promise<void> {
    const { dictionary_page_header: header } = page.header;
    if (!header || !isCount(header.num_values, MAX_PAGE_VALUES))
      throw new Error('its dictionary is of no known size');
    if (this.dictionary) throw new Error('its column has a second dictionary');
    this.budget.take(costOf(page.header, 0));
    const raw = this.readUnpacked(await this.unpack(page), page.header, undefined);
    this.dictionary = convert(raw, this.decoder);
  }

  private readUnpacked(
    bytes: Uint8Array,
    packed: PageHeader,
    before: DecodedArray | undefined,
  ): DecodedArray {
    const v2 = packed.data_page_header_v2;
    const header: PageHeader = {
      ...packed,
      compressed_page_size: bytes.length,
      uncompressed_page_size: bytes.length,
      ...(v2 ? { data_page_header_v2: { ...v2, is_compressed: false } } : {}),
    };
    if (!this.isRepeated && header.type !== 'DICTIONARY_PAGE') return this.flatValues(bytes, header);
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
    return readPage(reader, header, this.decoder, this.dictionary ?? undefined, before, 0).data ?? [];
  }

  /**
   * A page's values where none is in a list, one a row, and what `absent` has for those that are not there. As hyparquet
   * reads a page each would lie in as many arrays as there are groups above it, for as long as the page is in memory.
   */
  private flatValues(bytes: Uint8Array, header: PageHeader): DecodedArray {
    const { decoder } = this;
    const { data_page_header: v1, data_page_header_v2: v2 } = header;
    const contents = v2 ? readDataPageV2(bytes, header, decoder) : v1 && readDataPage(bytes, v1, decoder);
    const encoding = v2?.encoding ?? v1?.encoding;
    if (!contents || !encoding) throw new Error('it has no header of its own');
    const values = convertWithDictionary(contents.dataPage, this.dictionary ?? undefined, encoding, decoder);
    const levels = contents.definitionLevels ?? [];
    if (levels.length === 0) return values;
    const absent = absentIn(this.leaf);
    let next = 0;
    return levels.map((level) => (level === this.leaf.maxDefinition ? values[next++] : absent[level]));
  }

  private async unpack(page: Page): Promise<Uint8Array> {
    if (this.unpacked?.data === page.data) return this.unpacked.bytes;
    const bytes = await this.readPage(page);
    this.unpacked = { data: page.data, bytes };
    return bytes;
  }

  /** A page's bytes, unpacked; of version 2, its levels, which are never packed, stand before them. */
  private async readPage({ header, data }: Page): Promise<Uint8Array> {
    const bytes = await readExactly(this.file, data, header.compressed_page_size);
    const size = header.uncompressed_page_size;
    const v2 = header.data_page_header_v2;
    if (!v2) return unpackPage(bytes, size, this.chunk.codec);
    const levels = v2.repetition_levels_byte_length + v2.definition_levels_byte_length;
    if (v2.is_compressed === false) return bytes;
    const values = await unpackPage(bytes.subarray(levels), size - levels, this.chunk.codec);
    if (levels === 0) return values;
    const page = new Uint8Array(size);
    page.set(bytes.subarray(0, levels));
    page.set(values, levels);
    return page;
  }

  private get decoder(): Parameters<typeof readPage>[2] {
    const { type, path, rule } = this.leaf;
    const last = path.at(-1);
    if (!last) throw new Error('its column is not in the schema');
    return {
      pathInSchema: last.path,
      type,
      element: last.element,
      schemaPath: [...path],
      codec: 'UNCOMPRESSED',
      parsers: rule.parsers,
      utf8: rule.decodes === 'text',
    };
  }

  private async guarded(offset: number, until: number, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.unpacked = null;
      if (error instanceof DamagedRows || error instanceof DatasetError) throw error;
      throw this.damaged(`the page at byte ${offset} cannot be read: ${describeDamage(error)}`, until);
    }
  }

  private damaged(what: string, until = this.rows): DamagedRows {
    return new DamagedRows(`column ${JSON.stringify(this.leaf.name)}: ${what}`, until);
  }
}

/** By a definition level below the highest. */
function absentIn({ maxDefinition, path }: Leaf): readonly Absent[] {
  return Array.from(
    { length: maxDefinition },
    (_, level) => new Absent(level, assembleLists([], [level], [], [], [...path])[0]),
  );
}

function emptyRow(depth: number): unknown[] {
  let row: unknown[] = [];
  for (let i = 0; i < depth; i++) row = [row];
  return row;
}

/** How long a list is, its last part, the last part of that, and so on: where decoding goes on. */
function lengthsToLast(values: DecodedArray): readonly number[] {
  const lengths: number[] = [];
  for (let list: unknown = values; Array.isArray(list); list = list.at(-1)) lengths.push(list.length);
  return lengths;
}

/**
 * A null is null; nothing at all is a value that an index or a level promised and that is not there.
 * @param present `lengthsToLast` of what has been checked before
 */
function checkPresent(values: DecodedArray, [known = 0, ...below]: readonly number[]): void {
  if (!Array.isArray(values)) return;
  const first = Math.max(0, known - 1);
  for (let i = first; i < values.length; i++) {
    const value: unknown = values[i];
    if (value === undefined) throw new Error('it promises values that are not there');
    if (Array.isArray(value)) checkPresent(value, i === first ? below : []);
  }
}

/** Values in a list, or in lists in it; a value alone is one. */
export function valuesIn(value: unknown): number {
  if (!Array.isArray(value)) return 1;
  let sum = 0;
  for (const part of value) sum += Array.isArray(part) ? valuesIn(part) : 1;
  return sum;
}

export function tooManyValues(): string {
  return `a row has more than ${MAX_ROW_VALUES.toLocaleString('en')} values in its lists`;
}
