/** Puts an SVG of Observable Plot into the page. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface PlotFigureProps<T> {
  readonly title: string;
  /** The numbers of the figure in a sentence. */
  readonly sentence: string;
  /** Plain data; the figure is drawn anew only when it differs. */
  readonly data: T;
  readonly draw: (data: T) => SVGSVGElement;
  /** Controls and notes of the figure. */
  readonly children?: ComponentChildren;
  readonly class?: string;
}

export function PlotFigure<T>({ title, sentence, data, draw, children, ...props }: PlotFigureProps<T>) {
  const place = useRef<HTMLDivElement>(null);
  // A snapshot comes as a whole new copy with each decision, so that only its content can say what changed.
  const content = JSON.stringify(data);
  useLayoutEffect(() => {
    const svg = draw(JSON.parse(content) as T);
    // The security policy forbids inline styles; metrics.css has the rules that Plot puts into this element.
    svg.querySelector('style')?.remove();
    svg.setAttribute('role', 'img');
    place.current?.replaceChildren(svg);
  }, [content, draw]);
  useLayoutEffect(() => {
    place.current?.firstElementChild?.setAttribute('aria-label', sentence);
  }, [content, draw, sentence]);
  return (
    <figure class={`cell ${props.class ?? ''}`}>
      <figcaption>{title}</figcaption>
      {children}
      <div class="plot" ref={place} />
    </figure>
  );
}
