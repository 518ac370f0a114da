import type { Filter } from '../core/dataset/filterModel';

/** Where an editor stood when it was last open. */
export interface SavedPlace {
  readonly id: string;
  readonly filter: Filter;
}
