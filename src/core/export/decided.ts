/** Adjudicated labels for targets that know a value or none: which transcripts have all that are asked for. */
import { adjudicate } from '../review/resolve';
import type { TranscriptReview } from '../review/state';
import { listed, type Overview } from './encoder';

/**
 * The labels that a target of human labels carries: the one that was asked for, else all on which a decision stands.
 * A transcript counts where each of them has a value. Readers take a missing one of several for a value: Scout reads
 * an empty label as true, Inspect's metrics stop at it.
 */
export class DecidedLabels {
  readonly names: readonly string[];
  private readonly asked: ReadonlySet<string>;
  private partly = 0;
  private written = 0;

  constructor(
    { decidedLabels }: Overview,
    readonly only: string | null,
  ) {
    this.names = only === null ? [...decidedLabels.keys()] : [only];
    this.asked = new Set(this.names);
  }

  /** The values in the order of `names`; null where some label has none: undecided, unsure, or a tie. */
  values(review: TranscriptReview): readonly boolean[] | null {
    const adjudication = adjudicate(review);
    let valued = 0;
    for (const [name, value] of adjudication) if (value !== null && this.asked.has(name)) valued++;
    if (valued > 0 && valued === this.names.length) {
      this.written++;
      return this.names.flatMap((name) => adjudication.get(name) ?? []);
    }
    if (valued > 0) this.partly++;
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
            `${this.partly} transcripts are decided on some of ${listed(this.names)} only and are left out, since a missing label would be read as a value; --label writes one label alone`,
          ]
        : []),
    ];
  }
}
