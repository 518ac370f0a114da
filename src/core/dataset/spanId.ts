import { digest } from './hash';
import type { StoredSpan } from './model';

/**
 * Gives every span of a transcript an id under which decisions find it again: the file's own, else a digest of what
 * the span says (so that reordering the file moves no decision). Repeats get `~2`, `~3` …
 */
export function spanIds(spans: readonly StoredSpan[]): StoredSpan[] {
  const seen = new Map<string, number>();
  return spans.map((span) => {
    const { classifier, label, message, start, end, unit, quote, prefix, suffix } = span;
    const context = prefix || suffix ? [prefix, suffix] : [];
    const base =
      span.id === ''
        ? digest(JSON.stringify([classifier, label, message, start, end, unit, quote, ...context]), 12)
        : span.id;
    const times = (seen.get(base) ?? 0) + 1;
    seen.set(base, times);
    return { ...span, id: times === 1 ? base : `${base}~${times}` };
  });
}
