import type { TranscriptFacts } from '../../../src/core/metrics/counts';

/** What the first classifiers of a dataset said. */
export function said(...values: readonly (boolean | null)[]): TranscriptFacts['alignmentFaking'] {
  return new Map(values.entries());
}
