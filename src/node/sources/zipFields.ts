/** A member's name: UTF-8, as Python writes it; bytes that are none are kept apart from each other as Latin-1. */
export function decodeName(raw: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return Buffer.from(raw).toString('latin1');
  }
}

const ZIP64_EXTRA = 1;
const IN_EXTRA = 0xffffffff;

/** The sizes of a local header; those of 4 GB and more stand in its ZIP64 field. */
export function zip64Sizes(
  size: number,
  compressedSize: number,
  extra: Buffer,
): { readonly size: number; readonly compressedSize: number } {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== ZIP64_EXTRA || at + 20 > extra.length) continue;
    return {
      size: size === IN_EXTRA ? Number(extra.readBigUInt64LE(at + 4)) : size,
      compressedSize: compressedSize === IN_EXTRA ? Number(extra.readBigUInt64LE(at + 12)) : compressedSize,
    };
  }
  return { size, compressedSize };
}
