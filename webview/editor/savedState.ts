/** What survives hiding the editor, since VS Code throws a hidden webview away: places on screen and unsent text. */

/**
 * Where a transcript was scrolled to: the first block of text in sight, and how far below the pane's upper edge it
 * begins. Not pixels from the top, since blocks that were never in sight have guessed heights.
 */
export interface Anchor {
  readonly message: number;
  /** UTF-16 offset at which the block begins. */
  readonly start: number;
  readonly below: number;
}

export interface SavedState {
  readonly v: 1;
  /** Index and id, as it is drawn, of the record that the places below belong to: they are written at each scrolling. */
  readonly index: number;
  readonly id: string;
  readonly top: Anchor | null;
  readonly listTop: number;
  /** Messages that are unfolded. */
  readonly expanded: readonly number[];
  /** A note that was typed and not yet sent to the host; with the hash of the texts that were on screen. */
  readonly draft: { readonly id: string; readonly hash?: string; readonly text: string } | null;
}

export const NOTHING_SAVED: SavedState = {
  v: 1,
  index: -1,
  id: '',
  top: null,
  listTop: 0,
  expanded: [],
  draft: null,
};

/** Reads what another version or a broken write may have left: anything of another shape counts as nothing. */
export function readSaved(state: unknown): SavedState {
  if (!isObject(state) || state.v !== 1) return NOTHING_SAVED;
  const { index, id, top, listTop, expanded, draft } = state;
  if (typeof listTop !== 'number' || !(listTop >= 0)) return NOTHING_SAVED;
  if (typeof index !== 'number' || typeof id !== 'string') return NOTHING_SAVED;
  if (!Array.isArray(expanded) || !expanded.every((item) => Number.isInteger(item))) return NOTHING_SAVED;
  return {
    v: 1,
    index,
    id,
    top: isAnchor(top) ? top : null,
    listTop,
    expanded,
    draft: isDraft(draft) ? draft : null,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isAnchor(value: unknown): value is Anchor {
  return isObject(value) && [value.message, value.start, value.below].every(Number.isFinite);
}

function isDraft(value: unknown): value is NonNullable<SavedState['draft']> {
  if (!isObject(value) || typeof value.id !== 'string' || typeof value.text !== 'string') return false;
  return value.hash === undefined || typeof value.hash === 'string';
}
