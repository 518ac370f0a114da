import type { Condition } from './model';

/** Which transcripts the list shows. null: any. All conditions must hold. */
export interface Filter {
  /** Part of an id, in any case. */
  readonly text: string;
  readonly setting: string | null;
  readonly condition: Condition | 'unknown' | null;
  readonly variant: string | null;
  readonly prefix: string | null;
  readonly review: 'reviewed' | 'unreviewed' | 'mine' | 'override' | 'stale' | null;
  readonly flag: 'disagree' | 'flagged' | 'bad' | 'problem' | 'contradiction' | null;
}

export const NO_FILTER: Filter = {
  text: '',
  setting: null,
  condition: null,
  variant: null,
  prefix: null,
  review: null,
  flag: null,
};
