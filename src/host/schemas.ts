import * as z from 'zod';
import { CONDITIONS } from '../core/dataset/model';
import { CONDITIONINGS, LABEL_MODES } from '../core/metrics/figures';
import { ANSWERS } from '../core/review/state';
import { SEARCH_SCOPES, SEARCH_UNITS } from '../core/search/query';
import { EDITOR_COMMANDS, type EditorHost, NOTE_UNITS } from '../protocol/editor';
import type { MetricsHost } from '../protocol/metrics';
import { PROFILE_UNITS } from '../protocol/profile';

/**
 * What may come in from a webview. Webviews show hostile text, so nothing of theirs is believed before it has passed
 * here; one schema for each message, checked by the compiler against the contracts.
 */
type Schemas<C> = {
  readonly [K in keyof C]: z.ZodType<C[K] extends (params: infer P) => unknown ? P : never>;
};

const nothing = z.strictObject({});
const index = z.int().min(0);
const name = z.string().nullable();
const seen = { id: z.string(), hash: z.string() };
/** Not `max`, which throws where an object that is no text has a `length` that is no number. */
const atMost = (units: number) =>
  z.string().refine(({ length }) => length <= units, { error: `at most ${units} characters` });
const profileText = z.strictObject({ text: atMost(PROFILE_UNITS) });

export const editorSchemas: Schemas<EditorHost> = {
  ready: nothing,
  rows: z
    .strictObject({ start: index, end: index })
    .refine(({ start, end }) => end >= start && end - start <= 1_000, {
      message: 'at most 1000 rows at a time',
    }),
  filter: z.strictObject({
    text: atMost(1_000).exactOptional(),
    setting: name.exactOptional(),
    condition: z
      .enum([...CONDITIONS, 'unknown'])
      .nullable()
      .exactOptional(),
    variant: name.exactOptional(),
    prefix: name.exactOptional(),
    review: z.enum(['reviewed', 'unreviewed', 'mine', 'override', 'stale']).nullable().exactOptional(),
    flag: z.enum(['disagree', 'flagged', 'bad', 'problem', 'contradiction']).nullable().exactOptional(),
  }),
  search: z.strictObject({
    text: atMost(SEARCH_UNITS),
    regex: z.boolean(),
    caseSensitive: z.boolean(),
    scope: z.enum(SEARCH_SCOPES),
  }),
  moveTo: z.strictObject({ position: index }),
  focusLabel: z.strictObject({ label: z.string() }),
  focusSpan: z.strictObject({ span: name }),
  decide: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('label'),
      ...seen,
      label: z.string(),
      answer: z.enum(ANSWERS).nullable(),
    }),
    z.strictObject({
      kind: z.literal('span'),
      ...seen,
      span: z.string(),
      action: z.enum(['confirm', 'reject']).nullable(),
    }),
    z.strictObject({
      kind: z.literal('addSpan'),
      ...seen,
      label: z.string(),
      message: index,
      start: index,
      end: index,
    }),
    z.strictObject({ kind: z.literal('note'), ...seen, text: atMost(NOTE_UNITS) }),
  ]),
  checkProfile: profileText,
  previewFile: z.strictObject({ name: z.string() }),
  keepProfile: profileText,
  forgetProfile: nothing,
  closeProfile: nothing,
  command: z.strictObject({ name: z.enum(EDITOR_COMMANDS) }),
};

export const metricsSchemas: Schemas<MetricsHost> = {
  ready: nothing,
  options: z.strictObject({
    labels: z.enum(LABEL_MODES),
    classifier: name,
    conditioning: z.enum(CONDITIONINGS),
  }),
  byClassifier: z.strictObject({ setting: z.string(), variant: z.string(), prefix: z.string() }),
  command: z.strictObject({ name: z.enum(['openSample', 'openFile', 'copyTable']) }),
};

/** What a webview answers when it is asked for the selected text. */
export const selectionSchema = z
  .strictObject({ ...seen, message: index, start: index, end: index })
  .nullable();

/** A channel's `validate`: the message's own schema, with a reason in words when it does not fit. */
export function validator<C>(schemas: Schemas<C>): (method: string, params: unknown) => unknown {
  return (method, params) => {
    const schema = schemas[method as keyof C];
    const parsed = schema.safeParse(params);
    if (!parsed.success)
      throw new Error(`message "${method}" is not well formed: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  };
}
