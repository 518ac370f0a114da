/** Plot wraps its SVG in an HTML figure only where a title, caption or legend is asked for; we ask for none. */
export function asSvg(figure: Element): SVGSVGElement {
  if (!(figure instanceof SVGSVGElement)) throw new TypeError('expected a bare SVG');
  return figure;
}
