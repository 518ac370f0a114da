/** Adjudicated labels for targets that know a value or none: which transcripts have all that are asked for. */
import { adjudicate } from '../review/resolve';
import type { TranscriptReview } from '../review/state';
import type { Overview } from './encoder';

/**
 * The labels that a target of human labels carries: the one that was asked for, else all on which a decision stands.
 * A transcript counts where each of them has a value. Readers take a missing one of several for a value: Scout reads
 * an empty label as true, Inspect's metrics stop at it.
 */
export class DecidedLabels {
  readonly names: readonly string[];
  private partly = 0;
  private written = 0;

  constructor(
    { decidedLabels }: Overview,
    readonly only: string | null,
  ) {
    this.names = only === null ? decidedLabels : [only];
  }

  /** The values in the order of `names`; null where some label has none: undecided, unsure, or a tie. */
  values(review: TranscriptReview): readonly boolean[] | null {
    const adjudication = adjudicate(review);
    const values = this.names.flatMap((name) => adjudication.get(name) ?? []);
    if (values.length === this.names.length && values.length > 0) {
      this.written++;
      return values;
    }
    if (values.length > 0) this.partly++;
    return null;
  }

  remarks(): readonly string[] {
    return [
      ...(this.written === 0
        ? [
            `no transcript has an adjudicated value of ${this.only ?? 'every decided label'}: nothing but the frame was written`,
          ]
        : []),
      ...(this.partly > 0
        ? [
            `${this.partly} transcripts are decided on some of ${this.names.join(', ')} only and are left out, since a missing label would be read as a value; --label writes one label alone`,
          ]
        : []),
    ];
  }
}
