/** The matches of a search as blocks of text draw them. */
import type { MatchesView } from '../../src/protocol/search';

export interface Hit {
  /** Number among the matches of the transcript. */
  readonly at: number;
  /** UTF-16 offsets in the message. */
  readonly start: number;
  readonly end: number;
}

export const NO_HITS: readonly Hit[] = [];

/** The matches by message; each message's in reading order, without overlap. */
export function hitsByMessage(found: MatchesView | null): ReadonlyMap<number, readonly Hit[]> {
  const hits = new Map<number, Hit[]>();
  const places = found?.places ?? [];
  for (let at = 0; 3 * at < places.length; at++) {
    const [message = 0, start = 0, end = 0] = places.slice(3 * at, 3 * at + 3);
    const before = hits.get(message);
    if (before) before.push({ at, start, end });
    else hits.set(message, [{ at, start, end }]);
  }
  return hits;
}

/** Those that touch a stretch of the message. */
export function hitsIn(hits: readonly Hit[], start: number, end: number): readonly Hit[] {
  const from = firstBehind(hits, start);
  let to = from;
  while ((hits[to]?.start ?? end) < end) to++;
  return from === to ? NO_HITS : hits.slice(from, to);
}

/** Number of the first that ends behind an offset. */
function firstBehind(hits: readonly Hit[], offset: number): number {
  let [low, high] = [0, hits.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((hits[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
