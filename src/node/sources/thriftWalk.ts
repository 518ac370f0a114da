/** More fields and elements than this would not fit into memory once they are objects. */
const MAX_PARTS = 1 << 23;
const MAX_DEPTH = 32;

/** The types of Thrift's compact protocol that are looked for here. */
export const I64 = 6;
export const LIST = 9;
export const STRUCT = 12;

/** The bytes end before what stands in them does. */
export class BytesEnd extends Error {}

/**
 * Walks over Thrift's compact protocol without making anything of it, before a decoder that trusts its lengths does: a
 * list of billions of elements, or a number that never ends, takes a few bytes to write.
 * Its methods throw BytesEnd where the bytes end, Error where they are none of the protocol or hold too many parts.
 */
export class ThriftWalk {
  private parts = 0;
  private fieldType = 0;

  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
    private readonly maxParts = MAX_PARTS,
  ) {}

  /** Type of the field whose number `field` gave last. */
  get type(): number {
    return this.fieldType;
  }

  /** The number of a struct's next field, whose value follows; 0 at its end. @param last the number before, 0 at first */
  field(last: number): number {
    const head = this.byte();
    this.fieldType = head & 15;
    if (this.fieldType === 0) return 0;
    this.count(1);
    return head >> 4 === 0 ? unzigzag(this.varint(5)) : last + (head >> 4);
  }

  /** Over a whole struct. */
  struct(depth = 0): void {
    if (depth > MAX_DEPTH) throw new Error('it is nested too deeply');
    for (let field = this.field(0); this.fieldType !== 0; field = this.field(field)) this.fieldValue(depth);
  }

  /** Over the value of the field that was met last. */
  fieldValue(depth = 0): void {
    // a boolean field is its own type
    if (this.fieldType > 2) this.value(this.fieldType, depth);
  }

  /** Into a list, before its first element. */
  list(): { readonly type: number; readonly size: number } {
    const head = this.byte();
    const size = head >> 4 === 15 ? this.varint(5) : head >> 4;
    if (size > this.bytes.length - this.at) throw new BytesEnd();
    this.count(size);
    return { type: head & 15, size };
  }

  value(type: number, depth: number): void {
    if (type <= 3) this.skip(1);
    else if (type <= 5) this.varint(5);
    else if (type === 6) this.varint(10);
    else if (type === 7) this.skip(8);
    else if (type === 8) this.skip(this.varint(5));
    else if (type === LIST) this.elements(depth);
    else if (type === STRUCT) this.struct(depth + 1);
    else throw new Error(`it has a field of type ${type}`);
  }

  /** A whole number of 16, 32 or 64 bits; what is no safe integer is inexact. */
  integer(): number {
    return unzigzag(this.varint(10));
  }

  private elements(depth: number): void {
    if (depth > MAX_DEPTH) throw new Error('it is nested too deeply');
    const { type, size } = this.list();
    for (let i = 0; i < size; i++) this.value(type, depth + 1);
  }

  private count(parts: number): void {
    this.parts += parts;
    if (this.parts > this.maxParts) throw new Error('it has too many parts');
  }

  private varint(most: number): number {
    let value = 0;
    for (let i = 0; i < most; i++) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return value;
    }
    throw new Error('it has a number that does not end');
  }

  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new BytesEnd();
    return byte;
  }

  private skip(length: number): void {
    if (length > this.bytes.length - this.at) throw new BytesEnd();
    this.at += length;
  }
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/**
 * Walks over one struct.
 * @returns where it ends; -1 where the bytes end before it does.
 * @throws Error when it is none, or has more parts than `maxParts`.
 */
export function endOfStruct(bytes: Uint8Array, maxParts?: number): number {
  const walk = new ThriftWalk(bytes, 0, maxParts);
  try {
    walk.struct();
    return walk.at;
  } catch (error) {
    if (error instanceof BytesEnd) return -1;
    throw error;
  }
}
