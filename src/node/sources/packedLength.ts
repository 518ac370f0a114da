/**
 * How many bytes a block of Snappy or LZ4 unpacks to, found by walking over its lengths. The libraries believe those: one
 * that is read as negative goes back to where it stands for ever, one of gigabytes is copied byte by byte beyond the page.
 */

/** What a damaged block unpacks to. */
const DAMAGED = -1;

/** By Snappy's format description (Google 2011), its preamble included; -1 when it is damaged. */
export function snappyLength(bytes: Uint8Array): number {
  const { length } = bytes;
  let at = 0;
  while (at < length && (bytes[at] as number) >= 128) at++;
  let made = 0;
  for (at++; at < length; ) {
    const tag = bytes[at++] as number;
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >>> 2;
      const more = Math.max(0, short - 59);
      const literals = 1 + (more === 0 ? short : littleEndian(bytes, at, more));
      at += more + literals;
      made += literals;
    } else {
      const offsetBytes = kind === 3 ? 4 : kind;
      const high = kind === 1 ? (tag >>> 5) * 256 : 0;
      const offset = high + littleEndian(bytes, at, offsetBytes);
      if (offset === 0 || offset > made) return DAMAGED;
      at += offsetBytes;
      made += kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
    }
    if (at > length) return DAMAGED;
  }
  return made;
}

/** By LZ4's description of a block (Collet 2011); -1 when it is damaged. */
export function lz4Length(bytes: Uint8Array): number {
  const { length } = bytes;
  let made = 0;
  let at = 0;
  /** 15, and what the bytes behind it add, the last of which is none of 255. */
  const extended = (nibble: number): number => {
    let sum = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; ) {
      byte = bytes[at++] ?? 0;
      sum += byte;
    }
    return sum;
  };
  while (at < length) {
    const token = bytes[at++] as number;
    const literals = extended(token >>> 4);
    at += literals;
    made += literals;
    if (at === length && literals > 0) return made;
    const offset = littleEndian(bytes, at, 2);
    at += 2;
    if (at > length || offset === 0 || offset > made) return DAMAGED;
    made += extended(token & 15) + 4;
    if (at > length) return DAMAGED;
  }
  return made;
}

/**
 * Of LZ4 in the frames that Hadoop writes, each with how long it is and unpacks to; -1 where it is not in such frames.
 */
export function hadoopLz4Length(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let made = 0;
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 >= bytes.length) return DAMAGED;
    const says = view.getUint32(at);
    const end = at + 8 + view.getUint32(at + 4);
    if (end > bytes.length || lz4Length(bytes.subarray(at + 8, end)) !== says) return DAMAGED;
    made += says;
    at = end;
  }
  return made;
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
