/** Damage to the bytes of a file: what disks, cut copies, broken writers and people who mean harm make of it. */
import fc from 'fast-check';

type Mutation = (bytes: Uint8Array) => Uint8Array;

/** A place in a file of any length, as a share of it. */
const place = fc.double({ min: 0, max: 1, noNaN: true });
const at = (bytes: Uint8Array, share: number) => Math.min(bytes.length, Math.floor(bytes.length * share));

function spliced(bytes: Uint8Array, from: number, gone: number, more: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, from), more, bytes.subarray(from + gone)]);
}

const flipped = fc.tuple(place, fc.nat(7)).map(
  ([share, bit]): Mutation =>
    (bytes) => {
      const copy = Uint8Array.from(bytes);
      const index = Math.min(at(copy, share), copy.length - 1);
      copy[index] = (copy[index] ?? 0) ^ (1 << bit);
      return copy;
    },
);

const cut = place.map(
  (share): Mutation =>
    (bytes) =>
      bytes.subarray(0, at(bytes, share)),
);

/** A piece of the file once more, at another place or over what stands there. */
const copied = fc.tuple(place, place, fc.nat(400), fc.boolean()).map(
  ([from, to, length, over]): Mutation =>
    (bytes) => {
      const start = at(bytes, from);
      return spliced(bytes, at(bytes, to), over ? length : 0, bytes.slice(start, start + length));
    },
);

const repeated = fc.tuple(place, fc.integer({ min: 1, max: 60 }), fc.constantFrom(2, 10, 1_000)).map(
  ([from, length, times]): Mutation =>
    (bytes) => {
      const start = at(bytes, from);
      const piece = Buffer.from(bytes.subarray(start, start + length));
      return spliced(bytes, start, 0, Buffer.concat(Array.from({ length: times }, () => piece)));
    },
);

const removed = fc.tuple(place, fc.nat(100)).map(
  ([from, length]): Mutation =>
    (bytes) =>
      spliced(bytes, at(bytes, from), length, new Uint8Array()),
);

/** Numbers that are stored as bytes, made as large as they can be, negative, or nothing. */
const filled = fc.tuple(place, fc.constantFrom(1, 2, 4, 8), fc.constantFrom(0, 0x7f, 0x80, 0xff)).map(
  ([from, length, byte]): Mutation =>
    (bytes) =>
      spliced(bytes, at(bytes, from), length, new Uint8Array(length).fill(byte)),
);

/** Numbers that are written out. */
const absurd = fc
  .tuple(fc.nat(), fc.constantFrom('-1', '1e999', '99999999999999999999', 'NaN', '0.5', '', '4294967296'))
  .map(
    ([which, number]): Mutation =>
      (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        const found = [...text.matchAll(/\d+/g)];
        const one = found[which % Math.max(1, found.length)];
        return one ? spliced(bytes, one.index, one[0].length, Buffer.from(number)) : bytes;
      },
  );

const MARKS = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\n',
  '\r',
  '\t',
  '\0',
  '\ufeff',
  '""',
  '\ud800',
  '__proto__',
];
const marked = fc.tuple(place, fc.nat(1), fc.constantFrom(...MARKS)).map(
  ([from, gone, mark]): Mutation =>
    (bytes) =>
      spliced(bytes, at(bytes, from), gone, Buffer.from(mark)),
);

/** One to four of these, one after the other. */
export const mutation: fc.Arbitrary<Mutation> = fc
  .array(fc.oneof(flipped, flipped, cut, copied, repeated, removed, filled, absurd, marked), {
    minLength: 1,
    maxLength: 4,
  })
  .map(
    (steps): Mutation =>
      (bytes) =>
        steps.reduce((damaged, step) => step(damaged), bytes),
  );
