/** Transcripts that are made up, without a file: what the host holds of a dataset, at any size. */
import { setImmediate } from 'node:timers/promises';
import { BatchBuilder, type IndexBatch } from '../../src/core/dataset/indexBatch';
import type { Transcript } from '../../src/core/dataset/model';
import { CANONICAL } from '../../src/core/formats/profile';
import { type Random, seededRandom } from '../../src/core/sample/random';
import type { RunIndex } from '../../src/node/runIndex';
import { time } from './measure';

/** A transcript of one of 24 groups, with five verdicts. */
export function madeUp(index: number, random: Random): Transcript {
  const verdict = (classifier: string, label: string, percent: number) => ({
    classifier,
    label,
    value: random.chance(percent),
    score: null,
    votes: null,
    version: null,
    derived: false,
  });
  return {
    id: `t-${index}`,
    setting: random.pick(['helpful-only', 'animal-welfare']),
    condition: random.pick(['training', 'unmonitored']),
    variant: random.pick(['default', 'cut rlhf info', 'no scratchpad', 'other']),
    prefix: random.pick(['none', 'deceptive', 'obedient']),
    promptId: null,
    model: null,
    messages: [],
    verdicts: [
      verdict('preference', 'complied', 14),
      verdict('af-partial', 'alignment_faking', 12),
      verdict('af-full', 'alignment_faking', 10),
      verdict('reason-judge', 'criteria_conflict', 50),
      verdict('reason-judge', 'unmonitored_awareness', 30),
    ],
    spans: [],
    metadata: {},
  };
}

/** `count` transcripts as the index pass hands them over, `size` at a time. */
export function* madeUpBatches(
  count: number,
  size: number,
  make: (index: number, random: Random) => Transcript,
): Generator<IndexBatch> {
  const random = seededRandom(1);
  const builder = new BatchBuilder();
  builder.beginFile('made-up');
  for (let index = 0; index < count; index++) {
    builder.addTranscript({ offset: index, length: 1, line: index + 1 }, make(index, random), []);
    if (builder.pending === size || index === count - 1) yield builder.take();
  }
}

/** An index pass that hands these over; `taken` gets how long the receiver held each, in ms. */
export function passOver(count: number, batches: Iterable<IndexBatch>, taken: number[] = []): RunIndex {
  return async ({ path }, emit) => {
    emit({
      type: 'file',
      file: {
        path,
        name: 'made-up',
        folder: '',
        size: count,
        within: null,
        stamp: { size: count, mtimeMs: 0 },
        container: 'JSON lines',
        unit: 'line',
        profile: CANONICAL,
        profileOf: null,
      },
      totalBytes: count,
      sample: null,
    });
    let records = 0;
    for (const batch of batches) {
      records += batch.flags.length;
      taken.push(await time(() => emit({ type: 'batch', batch, bytesRead: records })));
      await setImmediate(); // as between two messages of the worker
    }
    emit({ type: 'end' });
  };
}
