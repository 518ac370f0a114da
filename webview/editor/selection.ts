/** From the browser's selection to UTF-16 offsets of the stored text. */

/** A block holds stored text only: text nodes count by length, chips by `data-units`. */
export const BLOCK_SELECTOR = '[data-block]';

interface Place {
  readonly message: number;
  readonly offset: number;
}

/**
 * The selected stretch of one message under `root`; null when nothing is selected or it spans messages.
 * Headings between blocks do not count: a selection that begins or ends in one is drawn in to the text.
 */
export function selectedText(
  root: Element,
  selection: Selection | null,
): { message: number; start: number; end: number } | null {
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const blocks = [...root.querySelectorAll<HTMLElement>(BLOCK_SELECTOR)].filter((block) =>
    range.intersectsNode(block),
  );
  const parts = blocks
    .map((block) => ({ start: startIn(block, range), end: endIn(block, range) }))
    .filter((part) => part.end.offset > part.start.offset);
  const first = parts[0];
  const last = parts.at(-1);
  if (!first || !last || first.start.message !== last.end.message) return null;
  return { message: first.start.message, start: first.start.offset, end: last.end.offset };
}

function startIn(block: HTMLElement, range: Range): Place {
  const inside = block.contains(range.startContainer);
  return at(block, inside ? unitsBefore(block, range.startContainer, range.startOffset) : 0);
}

function endIn(block: HTMLElement, range: Range): Place {
  const inside = block.contains(range.endContainer);
  return at(block, inside ? unitsBefore(block, range.endContainer, range.endOffset) : unitsIn(block));
}

function at(block: HTMLElement, units: number): Place {
  return { message: Number(block.dataset.message), offset: Number(block.dataset.start) + units };
}

/** Stored UTF-16 units under `node`. */
function unitsIn(node: Node): number {
  if (node.nodeType === Node.TEXT_NODE) return node.nodeValue?.length ?? 0;
  if (node instanceof HTMLElement && node.dataset.units !== undefined) return Number(node.dataset.units);
  let units = 0;
  for (const child of node.childNodes) units += unitsIn(child);
  return units;
}

/** Stored UTF-16 units of `block` before the DOM point (`container`, `offset`). */
function unitsBefore(block: HTMLElement, container: Node, offset: number): number {
  let units = 0;
  if (container.nodeType === Node.TEXT_NODE) units = offset;
  else for (let i = 0; i < offset; i++) units += unitsIn(container.childNodes[i] as Node);
  for (let node: Node = container; node !== block; node = node.parentNode as Node) {
    for (let before = node.previousSibling; before; before = before.previousSibling) units += unitsIn(before);
  }
  return units;
}
