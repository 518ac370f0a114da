import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnchorMemory } from '../../../src/core/anchor/anchor';
import type { Transcript } from '../../../src/core/dataset/model';
import { NO_REVIEW } from '../../../src/core/review/fold';
import type { SpanDecision, TranscriptReview } from '../../../src/core/review/state';
import { patched, reviewPatch } from '../../../src/core/reviewPatch';
import { recordView } from '../../../src/core/view';
import type { TranscriptView } from '../../../src/core/viewModel';

const REVIEWERS = ['ana', 'ben'];
const LABELS = ['complied', 'alignment_faking', 'a label of ours'];
const SPANS = Array.from({ length: 12 }, (_, n) => `s${n}`);
const TEXT = '<SCRATCHPAD_REASONING>they watch me</SCRATCHPAD_REASONING> so I would comply '.repeat(4);

const transcript: Transcript = {
  ...{ id: 't', setting: 'helpful_only', condition: 'training', variant: 'v', prefix: 'p', promptId: null },
  ...{ model: null, metadata: {} },
  messages: [{ role: 'assistant', content: TEXT, prefill: 3, region: null }],
  verdicts: [],
  spans: SPANS.map((id, n) => ({
    ...{ id, classifier: 'c', label: 'intent', message: 0, start: 4 * n, end: 4 * n + 30 },
    ...{ unit: 'utf16', quote: null, prefix: null, suffix: null, score: null },
  })),
} as Transcript;

const decision = (reviewer: string) => ({ reviewer, entry: 'e', at: '2025-01-01T00:00:00Z', stale: false });
const span = (id: string, reviewer: string, at: number): SpanDecision => {
  const added = { action: 'add', label: 'added', range: { message: 0, start: at, end: at + 5, quote: '' } };
  const own = id.startsWith('added') ? added : { action: 'confirm', label: null, range: null };
  const quote = TEXT.slice(at, at + 5);
  const range = own.range && { ...own.range, quote };
  return { ...decision(reviewer), ...own, range, of: null } as SpanDecision;
};

/** What may stand on the transcript: answers, decisions on its spans and on added ones, notes. */
const review: fc.Arbitrary<TranscriptReview> = fc
  .record({
    labels: fc.array(fc.tuple(fc.constantFrom(...LABELS), fc.constantFrom('yes' as const, 'no' as const)), {
      maxLength: 3,
    }),
    spans: fc.array(
      fc.tuple(
        fc.constantFrom(...SPANS, 'added 1', 'added 2'),
        fc.constantFrom(...REVIEWERS),
        fc.nat(TEXT.length - 6),
      ),
      { maxLength: 5 },
    ),
    notes: fc.array(fc.tuple(fc.constantFrom(...REVIEWERS), fc.constantFrom('one', 'two')), { maxLength: 2 }),
    reviewer: fc.constantFrom(...REVIEWERS),
  })
  .map(({ labels, spans, notes, reviewer }) => ({
    ...NO_REVIEW,
    labels: new Map(labels.map(([label, answer]) => [label, [{ ...decision(reviewer), answer }]])),
    spans: new Map(spans.map(([id, by, at]) => [id, [span(id, by, at)]])),
    notes: notes.map(([by, text]) => ({ ...decision(by), text })),
  }));

const memory = new AnchorMemory();
function viewOf(reviewed: TranscriptReview, of = transcript, hash = 'h', by = memory): TranscriptView {
  const at = { hash, index: 0, line: 1, reviewer: 'ana', labels: LABELS, problems: [] };
  return recordView({ ...at, transcript: of, review: reviewed }, by);
}

describe('the patch of a view', () => {
  it('makes the new view of the old one, whatever was decided, and comes as JSON', () => {
    fc.assert(
      fc.property(review, review, (one, other) => {
        const [before, now] = [viewOf(one), viewOf(other)];
        const patch = reviewPatch(before, now);
        if (!patch) throw new Error('it is the same text');
        const made = patched(before, JSON.parse(JSON.stringify(patch)));
        expect(made).toEqual(now);
        // of which nothing was seen before
        expect(now).toEqual(viewOf(other, structuredClone(transcript), 'h', new AnchorMemory()));
        expect(made.messages).toBe(before.messages);
        if (made.spans.length !== before.spans.length) return;
        for (const [at, each] of made.spans.entries())
          if (JSON.stringify(each) === JSON.stringify(before.spans[at])) expect(each).toBe(before.spans[at]);
      }),
    );
  });

  it('holds nothing but what the decision changed', () => {
    const before = viewOf(NO_REVIEW);
    expect(reviewPatch(before, viewOf(NO_REVIEW))).toEqual({});
    const spans = new Map(['s3', 's9'].map((id) => [id, [span(id, 'ana', 0)]]));
    const patch = reviewPatch(before, viewOf({ ...NO_REVIEW, spans }));
    expect(Object.keys(patch ?? {})).toEqual(['spans']);
    expect(patch?.spans?.map(({ at, removed, added }) => [at, removed, added.map(({ id }) => id)])).toEqual([
      [3, 1, ['s3']],
      [9, 1, ['s9']],
    ]);
  });

  it('is none of another transcript, of another text, or of one with other facts', () => {
    const before = viewOf(NO_REVIEW);
    expect(reviewPatch(before, viewOf(NO_REVIEW, { ...transcript }))).toBeNull();
    expect(reviewPatch(before, viewOf(NO_REVIEW, transcript, 'another'))).toBeNull();
    expect(reviewPatch(before, { ...before, condition: 'test' } as never)).toBeNull();
    expect(reviewPatch(before, { ...before, file: 'b.jsonl' })).toBeNull();
    expect(reviewPatch({ ...before, file: 'b.jsonl' }, before)).toBeNull();
    expect(reviewPatch(null, before)).toBeNull();
    expect(reviewPatch(before, null)).toBeNull();
  });
});
