/** Blocks that the libraries would go over for ever, or far beyond what they unpack to. */
import fc from 'fast-check';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import { decompressLz4Raw } from 'hyparquet-compressors';
import { describe, expect, it } from 'vitest';
import { hadoopLz4Length, lz4Length, snappyLength } from '../../../src/node/sources/packedLength';
import { unpackPage } from '../../../src/node/sources/parquetCodec';

/** Some bytes, and then so many again that stand `back` before: what both formats are made of. */
interface Step {
  readonly literals: readonly number[];
  readonly back: number;
  readonly copies: number;
}

const steps = fc.array(
  fc.record({
    literals: fc.array(fc.nat(255), { minLength: 1, maxLength: 300 }),
    back: fc.integer({ min: 1, max: 299 }),
    copies: fc.integer({ min: 4, max: 64 }),
  }),
  { minLength: 1, maxLength: 6 },
);

/** What the steps make, and the steps with no copy from before its beginning. */
function made(given: readonly Step[]): { readonly bytes: number[]; readonly kept: readonly Step[] } {
  const bytes: number[] = [];
  const kept = given.map((step) => {
    bytes.push(...step.literals);
    const back = Math.min(step.back, bytes.length);
    for (let i = 0; i < step.copies; i++) bytes.push(bytes[bytes.length - back] as number);
    return { ...step, back };
  });
  return { bytes, kept };
}

/** 15, and then bytes of 255 and one that is less. */
const extended = (value: number): number[] =>
  value < 15 ? [] : [...Array(Math.floor((value - 15) / 255)).fill(255), (value - 15) % 255];

/** The last sequence of a block is of literals alone. */
function lz4(given: readonly Step[]): Uint8Array {
  const parts = given.flatMap(({ literals, back, copies }) => [
    (Math.min(literals.length, 15) << 4) | Math.min(copies - 4, 15),
    ...[...extended(literals.length), ...literals, back & 255, back >> 8, ...extended(copies - 4)],
  ]);
  return Uint8Array.from([...parts, 1 << 4, 7]);
}

function snappy(given: readonly Step[]): Uint8Array {
  const parts = given.flatMap(({ literals, back, copies }) => {
    const { length } = literals;
    const head = length <= 60 ? [(length - 1) << 2] : [61 << 2, (length - 1) & 255, (length - 1) >> 8];
    return [...head, ...literals, ((copies - 1) << 2) | 2, back & 255, back >> 8];
  });
  return Uint8Array.from([...[0x80, 0x80, 1], ...parts, 3 << 2, 7, 8, 9, 10]);
}

const frame = (unpacked: number, packed: number, block: Uint8Array): Uint8Array => {
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, unpacked);
  head.setUint32(4, packed);
  return Uint8Array.from([...new Uint8Array(head.buffer), ...block]);
};

describe('what a block unpacks to', () => {
  it('is what it is made of, and what the libraries make of it', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        const { bytes, kept } = made(given);
        const ofLz4 = Uint8Array.from([...bytes, 7]);
        expect(lz4Length(lz4(kept))).toBe(ofLz4.length);
        expect(await unpackPage(lz4(kept), ofLz4.length, 'LZ4_RAW')).toEqual(ofLz4);
        expect(await unpackPage(lz4(kept), ofLz4.length, 'LZ4')).toEqual(ofLz4);
        const framed = Uint8Array.from([...frame(ofLz4.length, lz4(kept).length, lz4(kept))]);
        const twice = Uint8Array.from([...framed, ...framed]);
        expect(hadoopLz4Length(twice)).toBe(2 * ofLz4.length);
        expect(await unpackPage(twice, 2 * ofLz4.length, 'LZ4')).toEqual(
          Uint8Array.from([...ofLz4, ...ofLz4]),
        );
        const ofSnappy = Uint8Array.from([...bytes, 7, 8, 9, 10]);
        expect(snappyLength(snappy(kept))).toBe(ofSnappy.length);
        expect(await unpackPage(snappy(kept), ofSnappy.length, 'SNAPPY')).toEqual(ofSnappy);
      }),
    );
  });

  it('is told of no damaged one that the libraries would not end with, or not fill', () => {
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 3, 15, 16, 240, 252, 255));
    const random = fc.uint8Array({ maxLength: 60 });
    const odd = fc.array(byte, { maxLength: 60 }).map((bytes) => Uint8Array.from(bytes));
    const damaged = fc.tuple(steps, fc.nat(2 ** 20), byte).map(([given, at, value]) => {
      const both = [lz4(made(given).kept), snappy(made(given).kept)];
      for (const bytes of both) bytes[at % bytes.length] = value;
      return both;
    });
    let unpacked = 0;
    const check = (bytes: Uint8Array) => {
      const ofLz4 = lz4Length(bytes);
      if (ofLz4 >= 0 && ofLz4 < 1e6) {
        expect(decompressLz4Raw(bytes, ofLz4)).toHaveLength(ofLz4);
        unpacked++;
      }
      const ofSnappy = snappyLength(bytes);
      if (ofSnappy < 0 || ofSnappy > 1e6) return;
      try {
        snappyUncompress(bytes, new Uint8Array(ofSnappy));
        unpacked++;
      } catch (error) {
        expect((error as Error).message).toMatch(/pos \+ 3|eof marker|length header/); // refuses some that are valid
      }
    };
    fc.assert(
      fc.property(fc.oneof(random, odd), damaged, (bytes, both) => {
        for (const each of [bytes, ...both]) check(each);
      }),
      { numRuns: 2_000 },
    );
    expect(unpacked).toBeGreaterThan(500);
  });

  it.each<[string, Uint8Array, 'SNAPPY' | 'LZ4' | 'LZ4_RAW']>([
    [
      'a literal of minus five bytes',
      Uint8Array.from([4, 63 << 2, 0xfa, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
      'SNAPPY',
    ],
    ['a frame of minus eight bytes', frame(0, 0xfffffff8, new Uint8Array(20)), 'LZ4'],
    ['a frame that unpacks to minus one', frame(0xffffffff, 8, new Uint8Array(20)), 'LZ4'],
    [
      'a match of gigabytes',
      Uint8Array.from([0x1f, 7, 1, 0, ...new Uint8Array(10_000_000).fill(255), 0, 0x10, 7]),
      'LZ4_RAW',
    ],
    [
      'the same for either kind of LZ4',
      Uint8Array.from([0x1f, 7, 1, 0, ...new Uint8Array(10_000_000).fill(255), 0, 0x10, 7]),
      'LZ4',
    ],
    ['literals that are not there', Uint8Array.from([0xf0, 255, 255]), 'LZ4_RAW'],
  ])('is looked at first: %s is refused, and not gone after', async (_, bytes, codec) => {
    await expect(unpackPage(bytes, 1_000, codec)).rejects.toThrow(/damaged|unpacks to/);
  });
});
