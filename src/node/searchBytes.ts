import type { Prefilter } from '../core/search/prefilter';

/** Where records begin and end in a chunk of bytes; in order, without overlap. */
export interface ChunkRecords {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Numbers of the records of a chunk that may match, in order; without a prefilter all of them. */
export function* candidates(
  bytes: Buffer,
  { starts, ends }: ChunkRecords,
  prefilter: Prefilter | null,
): Generator<number> {
  if (!prefilter) {
    yield* starts.keys();
    return;
  }
  const find = finder(bytes, prefilter);
  let record = 0;
  for (let hit = find(0); hit < bytes.length; ) {
    while ((ends[record] ?? Number.POSITIVE_INFINITY) <= hit) record++;
    const start = starts[record];
    if (start === undefined) return;
    if (hit >= start) yield record;
    // one hit is enough for a record
    hit = find(hit >= start ? (ends[record] ?? bytes.length) : hit + 1);
  }
}

/** The first hit at or behind a position that only grows from call to call; the chunk's length for none. */
type Find = (from: number) => number;

function finder(bytes: Buffer, { usual, anchors, pattern, reach }: Prefilter): Find {
  const text = usual ? bytes.toString('latin1') : '';
  const finds: Find[] = anchors.map((anchor) => (from) => {
    const found = bytes.indexOf(anchor, from);
    return found < 0 ? bytes.length : found;
  });
  if (usual) {
    finds.push((from) => {
      usual.lastIndex = from;
      return usual.exec(text)?.index ?? bytes.length;
    });
  }
  // where each was found last: none has to look again before that is passed
  const next = finds.map(() => -1);
  const looksRight = (at: number) => {
    pattern.lastIndex = 0;
    return pattern.test(bytes.toString('latin1', Math.max(0, at - reach), at + reach));
  };
  return (from) => {
    for (let at = from; at < bytes.length; ) {
      let nearest = bytes.length;
      for (let i = 0; i < finds.length; i++) {
        let found = next[i] ?? -1;
        if (found < at) {
          found = finds[i]?.(at) ?? bytes.length;
          next[i] = found;
        }
        if (found < nearest) nearest = found;
      }
      if (nearest === bytes.length || looksRight(nearest)) return nearest;
      at = nearest + 1;
    }
    return bytes.length;
  };
}
