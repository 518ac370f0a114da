/** Puts an SVG of Observable Plot into the page. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

import { visible } from '../../../src/core/invisible';
import { Scrolled } from '../scrolled';

export interface PlotFigureProps<T> {
  readonly title: string;
  /** The numbers of the figure in a sentence. */
  readonly sentence: string;
  /** Plain data; the figure is drawn anew only when it differs. */
  readonly data: T;
  readonly draw: (data: T) => SVGSVGElement;
  /** Controls of the figure, beside its title. */
  readonly children?: ComponentChildren;
  /** It may be taller than the panel. */
  readonly scrolls?: boolean;
}

export function PlotFigure<T>({ title, sentence, data, draw, children, ...props }: PlotFigureProps<T>) {
  const place = useRef<HTMLDivElement>(null);
  // A snapshot comes as a whole new copy with each decision, so that only its content can say what changed.
  const content = JSON.stringify(data);
  useLayoutEffect(() => {
    const svg = draw(JSON.parse(content) as T);
    // The security policy forbids inline styles; metrics.css has the rules that Plot puts into this element.
    svg.querySelector('style')?.remove();
    // The sentence names the whole picture; Plot's names of its parts ("bar", "rule") are names without a role.
    for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
    svg.setAttribute('role', 'img');
    showText(svg);
    place.current?.replaceChildren(svg);
  }, [content, draw]);
  useLayoutEffect(() => {
    place.current?.firstElementChild?.setAttribute('aria-label', visible(sentence));
  }, [content, draw, sentence]);
  const picture = <div ref={place} />;
  return (
    <figure class="cell">
      <figcaption>
        {title}
        {children}
      </figcaption>
      {props.scrolls ? (
        <Scrolled class="plot" label={title}>
          {picture}
        </Scrolled>
      ) : (
        <div class="plot">{picture}</div>
      )}
    </figure>
  );
}

/** Plot makes its texts itself, past what looks at those of the page (shownText.tsx). */
function showText(svg: SVGSVGElement): void {
  const texts = document.createTreeWalker(svg, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode } = texts;
    currentNode.nodeValue = visible(currentNode.nodeValue ?? '');
  }
}
