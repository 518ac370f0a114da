import { useRef } from 'preact/hooks';
import { type MarkedMessage, markedMessages } from '../../src/core/runs';
import { sameJson } from '../../src/core/sameJson';
import type { SpanView, TranscriptView } from '../../src/core/viewModel';

/**
 * The texts with the spans over them: the same as long as neither the texts nor the places of the spans are others. Most
 * decisions change how spans look.
 */
export function useMarked({ messages, spans }: TranscriptView): readonly MarkedMessage[] {
  const held = useRef<{ messages: typeof messages; spans: typeof spans; marked: readonly MarkedMessage[] }>();
  const before = held.current;
  const isSame = before?.messages === messages && arePlacesSame(before.spans, spans);
  const marked = isSame && before ? before.marked : markedMessages(messages, spans);
  held.current = { messages, spans, marked };
  return marked;
}

function arePlacesSame(before: readonly SpanView[], spans: readonly SpanView[]): boolean {
  return (
    before.length === spans.length &&
    spans.every((span, at) => span === before[at] || sameJson(span.places, before[at]?.places))
  );
}
