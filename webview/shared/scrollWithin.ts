/**
 * Scrolls the nearest scrolling ancestor so that `element` can be seen, and nothing beyond it: `scrollIntoView` goes on
 * into VS Code's own window around the webview, and leaves the whole webview some pixels off.
 */
export function scrollWithin(element: Element, block: 'center' | 'nearest'): void {
  const scroller = scrollerOf(element);
  if (!scroller) return;
  const inner = element.getBoundingClientRect();
  const outer = scroller.getBoundingClientRect();
  const above = inner.top - outer.top;
  const below = inner.bottom - outer.bottom;
  if (block === 'center') scroller.scrollTop += (above + below) / 2;
  else if (above < 0 || inner.height > outer.height) scroller.scrollTop += above;
  else if (below > 0) scroller.scrollTop += below;
}

function scrollerOf(element: Element): Element | null {
  for (let parent = element.parentElement; parent; parent = parent.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(parent).overflowY)) return parent;
  }
  return null;
}
