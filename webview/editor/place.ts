/** Where a pane of blocks is scrolled to, in terms of its text. */
import { firstBelow } from './drawing';
import type { Anchor } from './savedState';
import { BLOCK_SELECTOR } from './selection';

/** null: at the very top, or there is no text. */
export function placeOf(pane: HTMLElement): Anchor | null {
  if (pane.scrollTop === 0) return null;
  const edge = pane.getBoundingClientRect().top;
  const chunks = pane.getElementsByClassName('chunk');
  // with the next chunk, since below a chunk's last block there may be room
  const at = firstBelow(chunks, edge);
  const blocks = [chunks[at], chunks[at + 1]].flatMap((chunk) => [
    ...(chunk?.querySelectorAll<HTMLElement>(BLOCK_SELECTOR) ?? []),
  ]);
  const block = blocks[firstBelow(blocks, edge)];
  if (!block) return null;
  const below = block.getBoundingClientRect().top - edge;
  return { message: Number(block.dataset.message), start: Number(block.dataset.start), below };
}

/** Each frame lays out blocks that were guessed until then; this many settle any transcript. */
const FRAMES = 8;

/** Scrolls to a place, frame after frame until the blocks around it have their true heights. Returns a cancel. */
export function restorePlace(pane: HTMLElement, place: Anchor): () => void {
  const selector = `[data-message="${place.message}"][data-start="${place.start}"]`;
  let frames = 0;
  let frame = 0;
  const scroll = () => {
    const block = pane.querySelector(selector);
    if (!block) return;
    const below = block.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += below - place.below;
    if (++frames < FRAMES) frame = requestAnimationFrame(scroll);
  };
  scroll();
  return () => cancelAnimationFrame(frame);
}
