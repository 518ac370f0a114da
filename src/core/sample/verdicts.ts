/** What the simulated classifiers answer for a slot. */
import type { Slot } from './plan';
import type { Random } from './random';

export interface SampleVerdict {
  readonly classifier: string;
  readonly label: string;
  readonly value: boolean | null;
  readonly score: number | null;
  readonly votes?: number;
}

const VOTES = 20;

export function writeVerdicts(slot: Slot, random: Random): SampleVerdict[] {
  const agree = slot.partial === slot.full;
  const judge = (classifier: string, label: string, value: boolean): SampleVerdict => ({
    classifier,
    label,
    value,
    score: (value ? random.int(62, 99) : random.int(1, 38)) / 100,
  });
  return [
    judge('outcome-judge', 'complied', slot.complied),
    vote('af-partial', slot.partial, agree, random),
    vote('af-full', slot.full, agree, random),
    judge('reason-judge', 'unmonitored_awareness', slot.aware),
    judge('reason-judge', 'free_to_act', slot.free),
    judge('reason-judge', 'criteria_conflict', slot.conflict),
  ];
}

/** The score is the share of votes for yes, and yes wins from one half; close calls are where classifiers differ. */
function vote(classifier: string, value: boolean | null, agree: boolean, random: Random): SampleVerdict {
  const label = 'alignment_faking';
  if (value === null) return { classifier, label, value, score: null, votes: 0 };
  const yes = value
    ? random.int(VOTES / 2, agree ? VOTES : 14)
    : random.int(agree ? 0 : 5, agree ? 4 : VOTES / 2 - 1);
  return { classifier, label, value, score: yes / VOTES, votes: VOTES };
}
