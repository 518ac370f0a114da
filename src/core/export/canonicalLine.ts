/** Transcripts as our own JSONL, which reads back to the same transcripts. */
import type * as z from 'zod';
import type { Message, StoredSpan, Transcript, Verdict } from '../dataset/model';
import { type canonicalSchema, parseCanonical } from '../formats/canonical';
import { adjudicate } from '../review/resolve';
import type { TranscriptReview } from '../review/state';
import { type Encoder, UnwritableError } from './encoder';
import { jsonText } from './jsonText';

/** The classifier whose verdicts are what people decided, where they are asked for. */
export const ADJUDICATED = 'adjudicated';

export type CanonicalRecord = z.input<typeof canonicalSchema>;

/** A transcript as one line of the canonical format holds it. Null fields are left out: reading fills them in. */
export function canonicalRecord(transcript: Transcript): CanonicalRecord {
  const { id, setting, condition, variant, prefix, promptId, model, metadata } = transcript;
  return {
    id,
    setting,
    ...stated({ condition }),
    variant,
    prefix,
    ...stated({ promptId, model }),
    messages: transcript.messages.map(messageRecord),
    ...(transcript.verdicts.length > 0 ? { verdicts: transcript.verdicts.map(verdictRecord) } : {}),
    ...(transcript.spans.length > 0 ? { spans: transcript.spans.map(spanRecord) } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
}

/**
 * A line a transcript, as the classifiers judged it; with `adjudicated`, what people decided stands beside that as the
 * verdicts of a classifier of this name (null: unsure, or a tie).
 */
export function canonicalEncoder(adjudicated: boolean): Encoder {
  return {
    begin: () => '',
    add({ transcript, review }) {
      const verdicts = adjudicated ? withAdjudicated(transcript, review) : transcript.verdicts;
      const record = canonicalRecord({ ...transcript, verdicts });
      const { parsed } = parseCanonical(record);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw new UnwritableError(
          `${issue?.path.join('.') || 'record'}: ${issue?.message ?? 'not canonical'}`,
        );
      }
      return `${jsonText(record)}\n`;
    },
    end: () => '',
    remarks: () => [],
  };
}

function withAdjudicated(transcript: Transcript, review: TranscriptReview): readonly Verdict[] {
  const decided = adjudicate(review);
  const kept = transcript.verdicts.filter(
    ({ classifier, label }) => classifier !== ADJUDICATED || !decided.has(label),
  );
  const added = [...decided].map(([label, value]) => ({
    classifier: ADJUDICATED,
    label,
    value,
    score: null,
    votes: null,
    version: null,
    derived: false,
  }));
  return [...kept, ...added];
}

function messageRecord({ role, content, prefill, region }: Message) {
  const prefilled = content.slice(0, prefill);
  const pairs = prefilled.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0;
  return {
    role,
    content,
    ...(prefill > 0 ? { prefill: prefilled.length - pairs } : {}),
    ...stated({ region }),
  };
}

function verdictRecord({ classifier, label, value, score, votes, version, derived }: Verdict) {
  return {
    classifier,
    label,
    value,
    ...stated({ score, votes, version }),
    ...(derived ? { derived } : {}),
  };
}

function spanRecord(span: StoredSpan) {
  const { id, classifier, label, message, start, end, unit, quote, prefix, suffix, score } = span;
  const context = stated({ prefix: prefix ?? null, suffix: suffix ?? null });
  return {
    ...{ id, classifier, label, ...stated({ message, start, end }), unit },
    ...{ ...stated({ quote }), ...context, ...stated({ score }) },
  };
}

function stated<T extends Record<string, unknown>>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Partial<T>;
}
