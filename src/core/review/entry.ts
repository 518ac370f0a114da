/**
 * One line of a reviewer's file: a decision, and what the reviewer saw when making it.
 * The schema transforms nothing and keeps keys that it does not know, so an entry can be read and written
 * again by this version without losing what a later one put in.
 */
import * as z from 'zod';
import { ANSWERS } from './state';

/** The version of the schema that this code writes; a line with a higher one is reported, not guessed at. */
export const ENTRY_VERSION = 1;

/** Upper case only: of entries made without knowing of each other, the ids are compared as strings. */
const Ulid = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'not a ULID');
const Offset = z.int().nonnegative();

const common = {
  v: z.literal(ENTRY_VERSION),
  id: Ulid,
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** Text first: `min` alone looks at the length of whatever stands there. */
  reviewer: z.string().pipe(z.string().min(1)),
  /** Id of the transcript. */
  transcript: z.string(),
  /** Of the transcript's content, so that a decision on text that has since changed is known as such. */
  hash: z.string(),
  /** What each classifier had said for the label at the time; empty where no label is asked about. */
  saw: z.record(z.string(), z.boolean().nullable()),
  /** The verdicts were hidden while the reviewer decided. */
  blind: z.boolean(),
  /** The sampling rule that proposed this transcript; null when the reviewer chose it. */
  draw: z
    .looseObject({
      design: z.string(),
      stratum: z.string(),
      seed: z.number(),
      rank: z.int().nonnegative(),
      probability: z.number().min(0).max(1),
    })
    .nullable(),
  note: z.string().nullable(),
  /**
   * Ids of the entries in the same slot that this one replaces: what orders decisions, whatever the clocks said. Versions
   * that do not know it keep it, and go by the ids.
   */
  over: z.array(Ulid).optional(),
};

/**
 * `of`: who added it, where somebody did. Its id alone is not enough: nothing keeps another's file from adding a span under
 * the same. Versions that do not know it keep it, and go by the id.
 */
const onSpan = z.looseObject({ span: z.string(), of: z.string().optional() });

/** UTF-16 units of the message's content. */
const range = {
  message: Offset,
  start: Offset,
  end: Offset,
  unit: z.literal('utf16'),
  quote: z.string(),
};

function inOrder(value: { readonly start: number; readonly end: number }): boolean {
  return value.start <= value.end;
}

const onSpanAction = <A extends 'confirm' | 'reject' | 'clear'>(action: A) =>
  z.looseObject({ ...common, action: z.literal(action), target: onSpan, value: z.null() });

export const Entry = z.discriminatedUnion('action', [
  z.looseObject({
    ...common,
    action: z.literal('label'),
    target: z.looseObject({ label: z.string() }),
    /** null: the answer was cleared. */
    value: z.enum(ANSWERS).nullable(),
  }),
  onSpanAction('confirm'),
  onSpanAction('reject'),
  onSpanAction('clear'),
  z.looseObject({
    ...common,
    action: z.literal('relabel'),
    target: onSpan,
    value: z.looseObject({ label: z.string() }),
  }),
  z.looseObject({
    ...common,
    action: z.literal('rebound'),
    target: onSpan,
    value: z.looseObject(range).refine(inOrder, 'starts after its end'),
  }),
  z.looseObject({
    ...common,
    action: z.literal('add'),
    /** The new span's id. */
    target: onSpan,
    /** `prefix` and `suffix`: up to 32 characters of context, as in the W3C's TextQuoteSelector. */
    value: z
      .looseObject({ ...range, label: z.string(), prefix: z.string(), suffix: z.string() })
      .refine(inOrder, 'starts after its end'),
  }),
  z.looseObject({
    ...common,
    action: z.literal('note'),
    target: z.looseObject({ note: z.literal(true) }),
    value: z.null(),
    /** The text of the note; empty clears it. */
    note: z.string(),
  }),
  z.looseObject({
    ...common,
    action: z.literal('retract'),
    target: z.looseObject({ entry: Ulid }),
    value: z.null(),
  }),
]);
export type Entry = z.infer<typeof Entry>;
