import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SpanView } from '../../src/core/viewModel';
import { SpanFacts } from './spanFacts';
import { plural } from './words';

const SHOW_MS = 250;
/** Time to bring the pointer from the text to the card. */
const HIDE_MS = 200;
const WIDTH = 340;
/** Spans that the card has room for. */
const MOST = 20;

interface Hover {
  readonly spans: readonly number[];
  /** How many more there are. */
  readonly beyond: number;
  readonly left: number;
  /** Distance from the top edge, or, where there is more room above, from the bottom edge. */
  readonly vertical: { readonly top: number } | { readonly bottom: number };
}

/**
 * Says what the spans under the pointer are. For the keyboard the same facts of the span in focus always stand in
 * the side column. The card stays while the pointer is on it, and Escape puts it away.
 */
export function HoverCard(props: {
  readonly pane: RefObject<HTMLElement>;
  readonly spans: readonly SpanView[];
}) {
  const { pane, spans } = props;
  const [hover, setHover] = useState<Hover | null>(null);
  useEffect(() => {
    const element = pane.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (run: () => void, ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(run, ms);
    };
    const hide = () => {
      clearTimeout(timer);
      setHover(null);
    };
    const onOver = (event: PointerEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest('.hoverCard')) return clearTimeout(timer);
      const under = target ? spansUnder(target) : [];
      const beyond = Number(target?.closest<HTMLElement>('[data-more]')?.dataset.beyond ?? 0);
      if (under.length === 0) later(hide, HIDE_MS);
      else later(() => setHover({ spans: under, beyond, ...placeFor(event) }), SHOW_MS);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide();
    };
    const onLeave = () => later(hide, HIDE_MS);
    element.addEventListener('pointerover', onOver);
    element.addEventListener('pointerleave', onLeave);
    element.addEventListener('pointerdown', hide);
    element.addEventListener('scroll', hide);
    window.addEventListener('keydown', onKey);
    return () => {
      hide();
      element.removeEventListener('pointerover', onOver);
      element.removeEventListener('pointerleave', onLeave);
      element.removeEventListener('pointerdown', hide);
      element.removeEventListener('scroll', hide);
      window.removeEventListener('keydown', onKey);
    };
  }, [pane, spans]);
  if (!hover) return null;
  const more = Math.max(0, hover.spans.length - MOST) + hover.beyond;
  const style = {
    left: `${hover.left}px`,
    width: `${WIDTH}px`,
    ...('top' in hover.vertical
      ? { top: `${hover.vertical.top}px` }
      : { bottom: `${hover.vertical.bottom}px` }),
  };
  return (
    <div class="hoverCard" role="tooltip" style={style}>
      {hover.spans.slice(0, MOST).map((at) => {
        const span = spans[at];
        return span && <SpanFacts key={at} span={span} />;
      })}
      {more > 0 && <div class="spanFacts">{plural(more, 'more span')}: see the list beside</div>}
    </div>
  );
}

/** Indices of the spans over an element, innermost first, those too deep to be drawn last. */
export function spansUnder(element: Element): number[] {
  const found: number[] = [];
  const deep = element.closest<HTMLElement>('[data-more]')?.dataset.more?.split(' ').map(Number) ?? [];
  let mark = element.closest<HTMLElement>('[data-span]');
  while (mark) {
    found.push(Number(mark.dataset.span));
    mark = mark.parentElement?.closest<HTMLElement>('[data-span]') ?? null;
  }
  return [...found, ...deep];
}

function placeFor(event: PointerEvent): Pick<Hover, 'left' | 'vertical'> {
  const left = Math.max(4, Math.min(event.clientX, window.innerWidth - WIDTH - 12));
  const below = window.innerHeight - event.clientY;
  // clear of the line under the pointer
  if (below > 220) return { left, vertical: { top: event.clientY + 18 } };
  return { left, vertical: { bottom: below + 14 } };
}
