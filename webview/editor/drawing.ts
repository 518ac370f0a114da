/** Which chunks of a transcript are drawn: what is needed at once, the rest one in each frame. */
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Editor } from './editor';

/**
 * @param record changes when another transcript is on screen
 * @param count of its chunks
 * @param unasked how many of the first are drawn without being asked for; further ones once they come near
 * @param wanted chunks that have to be there now; with the first one, which always is
 * @returns the chunks that are drawn
 */
export function useDrawnChunks(
  editor: Editor,
  record: number,
  count: number,
  unasked: number,
  wanted: readonly number[],
): ReadonlySet<number> {
  const [held, setHeld] = useState<{ readonly record: number; readonly drawn: ReadonlySet<number> }>({
    record,
    drawn: new Set([0]),
  });
  let now = held.record === record ? held : { record, drawn: new Set([0]) };
  if (!wanted.every((chunk) => now.drawn.has(chunk)))
    now = { record, drawn: new Set([...now.drawn, ...wanted]) };
  if (now !== held) setHeld(now);
  const { drawn } = now;

  useLayoutEffect(() => {
    const pane = editor.parts.transcript.current;
    if (!pane || drawn.size >= count) return;
    let frame = 0;
    const draw = () => {
      frame = 0;
      const next = nextChunk(pane, drawn, count, unasked);
      if (next !== null) setHeld({ record, drawn: new Set([...drawn, next]) });
    };
    const ask = () => {
      frame ||= requestAnimationFrame(draw);
    };
    ask();
    pane.addEventListener('scroll', ask);
    window.addEventListener('resize', ask);
    return () => {
      cancelAnimationFrame(frame);
      pane.removeEventListener('scroll', ask);
      window.removeEventListener('resize', ask);
    };
  }, [editor, record, count, unasked, drawn]);
  return drawn;
}

/** The first that is in sight or less than a screen away, else the first of those that are drawn unasked. */
function nextChunk(
  pane: HTMLElement,
  drawn: ReadonlySet<number>,
  count: number,
  unasked: number,
): number | null {
  const { top } = pane.getBoundingClientRect();
  const chunks = pane.getElementsByClassName('chunk');
  const end = top + 2 * pane.clientHeight;
  for (let at = firstBelow(chunks, top - pane.clientHeight); at < count; at++) {
    const chunk = chunks[at];
    if (!chunk || chunk.getBoundingClientRect().top > end) break;
    if (!drawn.has(at)) return at;
  }
  for (let at = 0; at < unasked; at++) if (!drawn.has(at)) return at;
  return null;
}

/** Number of the first of some elements, one below the other, that ends below a height; the last where none does. */
export function firstBelow(elements: ArrayLike<Element>, edge: number): number {
  let [low, high] = [0, elements.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const element = elements[middle];
    if (element && element.getBoundingClientRect().bottom > edge) high = middle;
    else low = middle + 1;
  }
  return low;
}
