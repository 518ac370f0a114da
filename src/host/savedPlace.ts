import type { Filter } from '../core/dataset/filterModel';

/** Where an editor stood when it was last open; kept by VS Code, which sends and writes all that it keeps. */
export interface SavedPlace {
  readonly id: string;
  readonly filter: Filter;
}

/** In UTF-16 units, of each text. */
const LONGEST_KEPT = 10_000;

/** Whether the place can be kept: a stranger's ids and settings may be megabytes, and it is kept at each step. */
export function canBeKept(place: SavedPlace): boolean {
  const { id, filter } = place;
  const texts = [id, filter.text, filter.setting, filter.variant, filter.prefix];
  return texts.every((text) => text === null || text.length <= LONGEST_KEPT);
}
