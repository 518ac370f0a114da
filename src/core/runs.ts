/** Cuts a message's text where the set of spans over it changes, and keeps overlapping underlines apart. */
import type { Place } from './anchor/place';
import type { MessageView, RegionView, SpanView } from './viewModel';

/**
 * Spans that a run lists. Thousands over one another would make lists of the square of their number; no more than a
 * few can be drawn in one place, and all are listed beside the text.
 */
export const MOST_LISTED = 50;

/** A stretch of a message under the same set of spans. */
export interface Run {
  readonly start: number;
  readonly end: number;
  /** Indices into TranscriptView.spans, outermost (longest) first; at most MOST_LISTED. */
  readonly spans: readonly number[];
  /** How many more spans are over it; left out for none. */
  readonly more?: number;
  /** Prefilled, off-policy text. */
  readonly prefill: boolean;
}

/** A region with the runs that it is made of, in order. */
export interface MarkedRegion extends RegionView {
  readonly runs: readonly Run[];
}

/** A span, or a piece of it, over one message, in UTF-16 units, never empty; `index` is its place in TranscriptView.spans. */
export interface Stretch {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Breaks each region at every start and end of a stretch and at the end of the prefilled text.
 * One sweep over the sorted borders: n log n in regions and stretches, and linear in what is returned.
 *
 * @param regions tile the message, in order
 * @param prefill UTF-16 units at the start that were prefilled
 */
export function cutRuns(
  regions: readonly RegionView[],
  stretches: readonly Stretch[],
  prefill: number,
): MarkedRegion[] {
  const outermostFirst = [...stretches].sort(
    (a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start || a.index - b.index,
  );
  const ranked = outermostFirst.map((stretch, rank) => ({ ...stretch, rank }));
  const opening = [...ranked].sort((a, b) => a.start - b.start);
  const closing = [...ranked].sort((a, b) => a.end - b.end);
  const borders = new Set<number>([prefill]);
  for (const { start, end } of stretches) borders.add(start).add(end);
  const cuts = [...borders].sort((a, b) => a - b);

  /** The stretches over the current position, outermost first: their ranks, and beside them their indices. */
  const [ranks, indices]: [number[], number[]] = [[], []];
  let [opened, closed, cut] = [0, 0, 0];
  const advanceTo = (position: number) => {
    for (let next = closing[closed]; next && next.end <= position; next = closing[++closed]) {
      const at = firstNotBelow(ranks, next.rank);
      ranks.splice(at, 1);
      indices.splice(at, 1);
    }
    for (let next = opening[opened]; next && next.start <= position; next = opening[++opened]) {
      const at = firstNotBelow(ranks, next.rank);
      ranks.splice(at, 0, next.rank);
      indices.splice(at, 0, next.index);
    }
  };

  return regions.map((region) => {
    const runs: Run[] = [];
    let position = region.start;
    while (position < region.end) {
      advanceTo(position);
      while ((cuts[cut] ?? Number.POSITIVE_INFINITY) <= position) cut += 1;
      const end = Math.min(region.end, cuts[cut] ?? region.end);
      const more = indices.length - MOST_LISTED;
      const spans = indices.slice(0, MOST_LISTED);
      runs.push({ start: position, end, spans, ...(more > 0 ? { more } : {}), prefill: position < prefill });
      position = end;
    }
    return { ...region, runs };
  });
}

/** A message with the spans over it. */
export interface MarkedMessage extends MessageView {
  readonly regions: readonly MarkedRegion[];
}

/** Cuts the texts of a transcript into runs, by the spans over them. */
export function markedMessages(
  messages: readonly MessageView[],
  spans: readonly Pick<SpanView, 'places'>[],
): readonly MarkedMessage[] {
  const stretches = stretchesByMessage(spans.map(({ places }) => places));
  return messages.map((message, at) => ({
    ...message,
    regions: cutRuns(message.regions, stretches.get(at) ?? [], message.prefill),
  }));
}

/** @param places of each span */
export function stretchesByMessage(places: readonly (readonly Place[])[]): Map<number, Stretch[]> {
  const byMessage = new Map<number, Stretch[]>();
  for (const [index, its] of places.entries()) {
    for (const { message, start, end } of its) {
      const stretches = byMessage.get(message);
      const stretch = { index, start, end };
      if (stretches) stretches.push(stretch);
      else byMessage.set(message, [stretch]);
    }
  }
  return byMessage;
}

/**
 * A lane for each stretch, in the order given: the lowest that no overlapping stretch has taken
 * (greedy colouring of an interval graph, which by order of start needs no more lanes than the deepest overlap).
 *
 * @param stretches ascending by start
 */
export function assignLanes(stretches: readonly Stretch[]): number[] {
  const lanes: number[] = [];
  const closing = [...stretches.entries()].sort(([, a], [, b]) => a.end - b.end);
  /** Lanes that were taken once and are free again, ascending. */
  const free: number[] = [];
  let [closed, used] = [0, 0];
  for (const { start } of stretches) {
    for (let next = closing[closed]; next && next[1].end <= start; next = closing[++closed]) {
      const lane = lanes[next[0]] ?? 0;
      free.splice(firstNotBelow(free, lane), 0, lane);
    }
    lanes.push(free.shift() ?? used++);
  }
  return lanes;
}

/** Index of the first value of an ascending list that is not below `value`, else its length. */
function firstNotBelow(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
