/** Transcripts and reviews for tests of exports, and any transcript as an arbitrary. */
import fc from 'fast-check';
import { CONDITIONS, OFFSET_UNITS, type Transcript } from '../../src/core/dataset/model';
import type { Encoder, Exported, Overview } from '../../src/core/export/encoder';
import type { Entry } from '../../src/core/review/entry';
import { fold } from '../../src/core/review/fold';
import { anyText } from './entries';

export function transcriptOf(parts: Partial<Transcript> = {}): Transcript {
  return {
    id: 't1',
    setting: 'helpful-only',
    condition: 'training',
    variant: 'default',
    prefix: 'none',
    promptId: null,
    model: null,
    messages: [{ role: 'assistant', content: 'I will help.', prefill: 0, region: null }],
    verdicts: [],
    spans: [],
    metadata: {},
    ...parts,
  };
}

export function verdictOf(classifier: string, label: string, value: boolean | null) {
  return { classifier, label, value, score: null, votes: null, version: null, derived: false };
}

/** A transcript with entries made on its present text (`hash` h1); others are stale. */
export function exported(transcript: Transcript, entries: readonly Entry[] = []): Exported {
  return { transcript, review: fold(entries, 'h1'), file: 'run 1.jsonl' };
}

/** The bytes that an encoder makes of the items. */
export function encodeAll(encoder: Encoder, items: readonly Exported[]): Buffer {
  const chunks = [encoder.begin(), ...items.map((item) => encoder.add(item)), encoder.end()];
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));
}

function countsOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** As the command line makes it of a whole dataset. */
export function overviewOf(items: readonly Exported[]): Overview {
  const sources = new Map(
    items.flatMap(({ transcript }) =>
      transcript.verdicts.map(({ classifier, label }) => [`${classifier}\n${label}`, { classifier, label }]),
    ),
  );
  return {
    sources: [...sources.values()],
    decidedLabels: countsOf(items.flatMap(({ review }) => [...review.labels.keys()]).sort()),
    transcripts: items.length,
  };
}

const name = anyText.filter((text) => text !== '');
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
/** JSON has one zero. */
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const whole = fc.maxSafeNat();

const message = fc
  .record({
    role: name,
    content: anyText,
    region: fc.constantFrom('scratchpad' as const, 'draft' as const, 'output' as const, null),
    prefilled: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ prefilled, ...rest }) => {
    const characters = [...rest.content];
    return {
      ...rest,
      prefill: characters.slice(0, Math.round(prefilled * characters.length)).join('').length,
    };
  });

const verdict = fc.record({
  classifier: name,
  label: name,
  value: fc.constantFrom(true, false, null),
  score: perhaps(number),
  votes: perhaps(whole),
  version: perhaps(anyText),
  derived: fc.boolean(),
});

const span = fc.record(
  {
    id: name,
    classifier: name,
    label: name,
    message: perhaps(fc.nat({ max: 3 })),
    start: perhaps(fc.maxSafeInteger()),
    end: perhaps(fc.maxSafeInteger()),
    unit: fc.constantFrom(...OFFSET_UNITS),
    quote: perhaps(anyText),
    prefix: name,
    suffix: name,
    score: perhaps(number),
  },
  { requiredKeys: ['id', 'classifier', 'label', 'message', 'start', 'end', 'unit', 'quote', 'score'] },
);

/** Any transcript that a reader can make: names are not empty, spans have ids of their own, a classifier answers once. */
export const anyTranscript: fc.Arbitrary<Transcript> = fc.record({
  id: name,
  setting: name,
  condition: fc.constantFrom(...CONDITIONS, null),
  variant: name,
  prefix: name,
  promptId: perhaps(anyText),
  model: perhaps(anyText),
  messages: fc.array(message, { minLength: 1, maxLength: 4 }),
  verdicts: fc.uniqueArray(verdict, {
    maxLength: 4,
    selector: ({ classifier, label }) => JSON.stringify([classifier, label]),
  }),
  spans: fc.uniqueArray(span, { maxLength: 4, selector: ({ id }) => id }),
  metadata: fc.dictionary(
    anyText.filter((key) => key !== '__proto__'),
    fc.jsonValue({ depthSize: 'small' }).map((value) => JSON.parse(JSON.stringify(value))),
    { noNullPrototype: true },
  ),
});
