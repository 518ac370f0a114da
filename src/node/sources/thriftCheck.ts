/** More fields and elements than this in one struct would not fit into memory once they are objects. */
const MAX_PARTS = 1 << 23;
const MAX_DEPTH = 32;

/**
 * Walks over one struct of Thrift's compact protocol, before a decoder that trusts its lengths does: a list of billions
 * of elements, or a number that never ends, takes a few bytes to write.
 * @returns where it ends; -1 where the bytes end before it does.
 * @throws Error when it is none.
 */
export function checkThrift(bytes: Uint8Array, from: number): number {
  const walk = new Walk(bytes, from);
  try {
    walk.struct(0);
    return walk.at;
  } catch (error) {
    if (error instanceof BytesEnd) return -1;
    throw error;
  }
}

class BytesEnd extends Error {}

class Walk {
  private parts = 0;

  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  struct(depth: number): void {
    if (depth > MAX_DEPTH) throw new Error('it is nested too deeply');
    for (;;) {
      const head = this.byte();
      const type = head & 15;
      if (type === 0) return;
      this.count(1);
      if (head >> 4 === 0) this.varint(5);
      // a boolean field is its own type
      if (type > 2) this.value(type, depth);
    }
  }

  private value(type: number, depth: number): void {
    if (type <= 3) this.skip(1);
    else if (type <= 5) this.varint(5);
    else if (type === 6) this.varint(10);
    else if (type === 7) this.skip(8);
    else if (type === 8) this.skip(this.varint(5));
    else if (type === 9) this.list(depth);
    else if (type === 12) this.struct(depth + 1);
    else throw new Error(`it has a field of type ${type}`);
  }

  private list(depth: number): void {
    if (depth > MAX_DEPTH) throw new Error('it is nested too deeply');
    const head = this.byte();
    const size = head >> 4 === 15 ? this.varint(5) : head >> 4;
    if (size > this.bytes.length - this.at) throw new BytesEnd();
    this.count(size);
    for (let i = 0; i < size; i++) this.value(head & 15, depth + 1);
  }

  private count(parts: number): void {
    this.parts += parts;
    if (this.parts > MAX_PARTS) throw new Error('it has too many parts');
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
