/** Cuts a message into blocks that the browser can skip while they are off screen, and runs into nested marks. */
import type { Place } from '../../src/core/anchor/place';
import type { MarkedRegion, Run } from '../../src/core/runs';
import type { RegionView, SpanView } from '../../src/core/viewModel';

/** Block size aimed at, in UTF-16 units. */
const BLOCK = 4096;
/** A line longer than this is cut, and the cut is marked on screen. */
const LONG_LINE = 16_384;
/** Marks drawn over one character. More would hide each other; the hover card names the rest. */
export const MAX_DEPTH = 6;

export interface Block {
  /** UTF-16 offset of `text` in the message. */
  readonly start: number;
  readonly text: string;
  /** Offsets in the message; together they cover `text`. */
  readonly runs: readonly Run[];
  /** Those that the runs name, each once. */
  readonly spans: readonly number[];
  /** The line goes on in the next block: the line end that one sees is ours. */
  readonly cut: boolean;
}

/** A region's text as blocks, in order, that cover it completely. */
export function blocksOf(content: string, region: MarkedRegion): Block[] {
  const blocks: Block[] = [];
  let next = 0;
  for (let start = region.start; start < region.end; ) {
    const { end, cut } = blockEnd(content, start, region.end);
    const runs: Run[] = [];
    for (let i = next; i < region.runs.length; i++) {
      const run = region.runs[i];
      if (!run || run.start >= end) break;
      if (run.end <= start) continue;
      runs.push({ ...run, start: Math.max(start, run.start), end: Math.min(end, run.end) });
      next = i;
    }
    const spans = [...new Set(runs.flatMap((run) => run.spans))];
    blocks.push({ start, text: content.slice(start, end), runs, spans, cut });
    start = end;
  }
  return blocks;
}

function blockEnd(content: string, start: number, limit: number): { end: number; cut: boolean } {
  if (limit - start <= BLOCK) return { end: limit, cut: false };
  const near = content.slice(start, start + BLOCK).lastIndexOf('\n');
  if (near >= 0) return { end: start + near + 1, cut: false };
  const far = content.slice(start, Math.min(limit, start + LONG_LINE)).indexOf('\n');
  if (far >= 0) return { end: start + far + 1, cut: false };
  if (limit - start <= LONG_LINE) return { end: limit, cut: false };
  return { end: wordEnd(content, start + BLOCK), cut: true };
}

/** The end of a word at most 512 units before `at`, else a place where no sign is cut in two. */
function wordEnd(content: string, at: number): number {
  const space = content.slice(at - 512, at).lastIndexOf(' ');
  if (space >= 0) return at - 512 + space + 1;
  let end = at;
  // bounded: a wall of combining marks must not eat the whole block
  while (
    end > at - 64 &&
    /^(?:\p{M}|\p{Cs}|\p{Emoji_Modifier}|\u200D|\uFE0F)/u.test(content.slice(end, end + 2))
  )
    end--;
  return isLow(content, end) ? end - 1 : end;
}

function isLow(content: string, at: number): boolean {
  const unit = content.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

export type Nested =
  | {
      readonly kind: 'text';
      readonly start: number;
      readonly end: number;
      /** Spans over it that are not drawn; of them those that are listed, and how many more. */
      readonly more: readonly number[];
      readonly beyond: number;
    }
  | { readonly kind: 'span'; readonly span: number; readonly children: readonly Nested[] }
  | { readonly kind: 'prefill'; readonly children: readonly Nested[] };

/**
 * Runs as a tree: neighbours under the same span share one mark, outermost first.
 * `focused`, which has these places in the message, is drawn even where spans lie deeper than MAX_DEPTH.
 */
export function nest(runs: readonly Run[], focused: number, places: readonly Place[]): Nested[] {
  return group(
    runs,
    (run) => run.prefill,
    (prefill, part) => {
      const inner = nestSpans(
        part.map((run) => limited(run, isUnder(run, places) ? focused : -1)),
        0,
      );
      return prefill ? [{ kind: 'prefill', children: inner }] : inner;
    },
  );
}

interface LimitedRun {
  readonly start: number;
  readonly end: number;
  readonly spans: readonly number[];
  readonly more: readonly number[];
  readonly beyond: number;
}

/** @param focused -1 where the span in focus is not over the run */
function limited(run: Run, focused: number): LimitedRun {
  if (run.spans.length <= MAX_DEPTH) return { ...run, more: [], beyond: 0 };
  const spans = run.spans.slice(0, MAX_DEPTH);
  if (focused >= 0 && !spans.includes(focused)) spans[MAX_DEPTH - 1] = focused;
  const more = run.spans.filter((span) => !spans.includes(span));
  return { ...run, spans, more, beyond: (run.more ?? 0) + run.spans.length - spans.length - more.length };
}

function isUnder({ start, end }: Run, places: readonly Place[]): boolean {
  return places.some((place) => place.start <= start && end <= place.end);
}

function nestSpans(runs: readonly LimitedRun[], depth: number): Nested[] {
  return group(
    runs,
    (run) => run.spans[depth] ?? -1,
    (span, part): Nested[] =>
      span === -1
        ? part.map(({ start, end, more, beyond }) => ({ kind: 'text', start, end, more, beyond }))
        : [{ kind: 'span', span, children: nestSpans(part, depth + 1) }],
  );
}

function group<T, K>(
  items: readonly T[],
  key: (item: T) => K,
  make: (key: K, part: T[]) => Nested[],
): Nested[] {
  const out: Nested[] = [];
  let part: T[] = [];
  items.forEach((item, i) => {
    part.push(item);
    const following = items[i + 1];
    if (following === undefined || key(following) !== key(item)) {
      out.push(...make(key(item), part));
      part = [];
    }
  });
  return out;
}

/** The spans of each message that has some; all places of a span are in one message. */
export function spansByMessage(spans: readonly SpanView[]): ReadonlyMap<number, readonly SpanView[]> {
  const byMessage = new Map<number, SpanView[]>();
  for (const span of spans) {
    if (!span.place) continue;
    const its = byMessage.get(span.place.message);
    if (its) its.push(span);
    else byMessage.set(span.place.message, [span]);
  }
  return byMessage;
}

/** Those of a message's spans that run through `region`. */
export function spansIn(spans: readonly SpanView[], region: RegionView): readonly SpanView[] {
  return spans.filter(({ places }) =>
    places.some((place) => place.start < region.end && place.end > region.start),
  );
}

/** Underlines that must find room under a line of text: one more than the highest lane, at most MAX_DEPTH. */
export function lanesOf(spans: readonly SpanView[]): number {
  return Math.min(
    MAX_DEPTH,
    spans.reduce((most, span) => Math.max(most, span.lane + 1), 0),
  );
}
