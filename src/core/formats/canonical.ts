import * as z from 'zod';
import {
  CONDITIONS,
  DEFAULT_VARIANT,
  type Message,
  NO_PREFIX,
  OFFSET_UNITS,
  type StoredSpan,
  type Transcript,
  UNKNOWN_SETTING,
  type Verdict,
} from '../dataset/model';
import { spanIds } from '../dataset/spanId';
import { type Told, Warnings } from '../dataset/warnings';
import { recordOfRow } from './canonicalRow';
import { type Format, isObject, placeId, RecordError, shown, statedId } from './format';

/** In two steps: zod looks at the length of what is no text as well, and throws where an object has one that is none. */
const name = z.string().pipe(z.string().min(1));
const score = z.number().nullish();
/** Not `z.record`, which looks at each key: a million take it more than a second. */
const anyRecord = z
  .unknown()
  .refine((value) => value === undefined || value === null || isObject(value), { error: 'expected record' })
  .meta({ anyOf: [{ type: 'object', additionalProperties: {} }, { type: 'null' }] })
  .optional();
const stringOrNumber = z.union([z.string(), z.number()], { error: 'expected string or number' });

/** One line of our own format. Keys it does not name are allowed and left alone. */
export const canonicalSchema = z
  .object({
    id: stringOrNumber.nullish().describe('Made from the file and line when missing or empty.'),
    setting: name
      .nullish()
      .describe('Family of the experiment: "helpful-only", "animal-welfare", or any other.'),
    condition: z.enum(CONDITIONS).nullish(),
    variant: name.nullish().describe('Prompt variation; "default" when missing.'),
    prefix: name.nullish().describe('How the scratchpad was started; "none" when missing.'),
    promptId: stringOrNumber.nullish().describe('The same prompt in both conditions.'),
    model: z.string().nullish(),
    messages: z
      .array(
        z.object({
          role: name,
          content: z.string(),
          prefill: z
            .int()
            .min(0)
            .nullish()
            .describe('Code points at the start that were put there, not sampled.'),
          region: z
            .enum(['scratchpad', 'draft', 'output'])
            .nullish()
            .describe('Where scratchpad and output are kept apart; otherwise tags in the text decide.'),
        }),
      )
      .describe('May be empty where there are verdicts: judgements of texts that stand elsewhere.'),
    verdicts: z
      .array(
        z.object({
          classifier: name,
          label: name,
          value: z.boolean().nullish().describe('null: no usable answer.'),
          score,
          votes: z.int().min(0).nullish(),
          version: z.string().nullish(),
          derived: z
            .boolean()
            .nullish()
            .describe('Read out of the text when the file was made, not stored by a classifier.'),
        }),
      )
      .nullish(),
    spans: z
      .array(
        z.object({
          id: name.nullish(),
          classifier: name,
          label: name,
          message: z.int().min(0).nullish().describe('Index into messages.'),
          start: z.int().nullish(),
          end: z.int().nullish().describe('Exclusive.'),
          unit: z
            .enum(OFFSET_UNITS)
            .nullish()
            .describe('What start and end count; "codepoint" when missing.'),
          quote: z.string().nullish(),
          prefix: z.string().nullish().describe('The text right before the quote, to tell its places apart.'),
          suffix: z.string().nullish().describe('The text right after the quote.'),
          score,
        }),
      )
      .nullish(),
    metadata: anyRecord,
  })
  .refine(({ messages, verdicts }) => messages.length > 0 || (verdicts ?? []).length > 0, {
    path: ['messages'],
    error: 'expected a message, or verdicts where the text stands elsewhere',
  })
  .describe('One transcript of a *.transcripts.jsonl file.');

type CanonicalRecord = z.infer<typeof canonicalSchema>;

const LISTS = ['messages', 'verdicts', 'spans'] as const;
/** Entries of a list that are checked at once: zod makes an issue of some hundred bytes of all that is wrong with them. */
const ENTRIES_AT_ONCE = 1_000;
/** Issues with the entries of one list, behind which the rest of it is not looked at: one is told, and how many more. */
const MOST_ISSUES = 1_000;

/** A record checked against `canonicalSchema`; `isCut` where more may be wrong with it than the issues say. */
export function parseCanonical(value: unknown) {
  const cut = isObject(value) ? cutLists(value) : null;
  const parsed = canonicalSchema.safeParse(cut ? { ...(value as object), ...cut } : value, {
    reportInput: true,
  });
  return { parsed, isCut: cut !== null };
}

/** The lists with too many issues, as far as these were counted; null where there is none. */
function cutLists(record: Record<string, unknown>): Record<string, unknown[]> | null {
  const cut: Record<string, unknown[]> = {};
  for (const name of LISTS) {
    const list = record[name];
    if (!Array.isArray(list)) continue;
    let issues = 0;
    for (let end = ENTRIES_AT_ONCE; end < list.length; end += ENTRIES_AT_ONCE) {
      const checked = canonicalSchema.shape[name].safeParse(list.slice(end - ENTRIES_AT_ONCE, end));
      issues += checked.error?.issues.length ?? 0;
      if (issues <= MOST_ISSUES) continue;
      cut[name] = list.slice(0, end);
      break;
    }
  }
  return Object.keys(cut).length === 0 ? null : cut;
}

export const canonical: Format = {
  name: 'canonical',

  read(value, place) {
    const stored = recordOfRow(value);
    refuseAtOnce(stored);
    const { parsed, isCut } = parseCanonical(stored);
    if (!parsed.success) throw new RecordError(describeIssue(parsed.error, isCut));
    const record = parsed.data;
    const warnings = new Warnings();
    const transcript: Transcript = {
      id: statedId(record.id, warnings) ?? placeId(place, false),
      setting: record.setting ?? UNKNOWN_SETTING,
      condition: record.condition ?? null,
      variant: record.variant ?? DEFAULT_VARIANT,
      prefix: record.prefix ?? NO_PREFIX,
      promptId: record.promptId === null || record.promptId === undefined ? null : String(record.promptId),
      model: record.model ?? null,
      messages: readMessages(record, warnings),
      verdicts: readVerdicts(record, warnings),
      spans: readSpans(record),
      metadata: isObject(record.metadata) ? record.metadata : {},
    };
    return [{ ok: true, transcript, ...warnings.told() }];
  },
};

const FIELDS = Object.keys(canonicalSchema.shape);

/** What holds nothing of ours, as zod would say it, which takes ten times as long: a file may have millions of these. */
function refuseAtOnce(value: unknown): void {
  if (!isObject(value)) throw new RecordError(`record: expected object, found ${shown(value)}`);
  if (FIELDS.every((name) => value[name] === undefined))
    throw new RecordError(`messages: expected array, found ${shown(undefined)}`);
}

function readMessages(record: CanonicalRecord, warnings: Told): Message[] {
  return record.messages.map((message, index) => {
    const prefill = utf16Length(message.content, message.prefill ?? 0);
    if (prefill === null) {
      warnings.push(
        `messages[${index}].prefill is ${message.prefill}, past the end of the text; the whole message is shown as prefilled`,
      );
    }
    return {
      role: message.role,
      content: message.content,
      prefill: prefill ?? message.content.length,
      region: message.region ?? null,
    };
  });
}

/** Two verdicts of one classifier on one label that differ count as no answer: which one holds is not ours to guess. */
function readVerdicts(record: CanonicalRecord, warnings: Told): Verdict[] {
  const byKey = new Map<string, Verdict>();
  for (const stored of record.verdicts ?? []) {
    const verdict: Verdict = {
      classifier: stored.classifier,
      label: stored.label,
      value: stored.value ?? null,
      score: stored.score ?? null,
      votes: stored.votes ?? null,
      version: stored.version ?? null,
      derived: stored.derived ?? false,
    };
    const key = JSON.stringify([verdict.classifier, verdict.label]);
    const earlier = byKey.get(key);
    if (earlier && earlier.value !== verdict.value) {
      warnings.push(
        `${verdict.classifier} answers ${verdict.label} twice and differently; neither answer is counted`,
      );
      byKey.set(key, { ...earlier, value: null });
    } else if (!earlier) byKey.set(key, verdict);
  }
  return [...byKey.values()];
}

function readSpans(record: CanonicalRecord): StoredSpan[] {
  const spans = (record.spans ?? []).map((span) => ({
    id: span.id ?? '',
    classifier: span.classifier,
    label: span.label,
    message: span.message ?? null,
    start: span.start ?? null,
    end: span.end ?? null,
    unit: span.unit ?? ('codepoint' as const),
    quote: span.quote ?? null,
    ...(span.prefix ? { prefix: span.prefix } : {}),
    ...(span.suffix ? { suffix: span.suffix } : {}),
    score: span.score ?? null,
  }));
  return spanIds(spans);
}

/** UTF-16 units of the first `codePoints` code points; null when the text is shorter. */
function utf16Length(text: string, codePoints: number): number | null {
  let units = 0;
  for (let left = codePoints; left > 0; left--) {
    const point = text.codePointAt(units);
    if (point === undefined) return null;
    units += point > 0xffff ? 2 : 1;
  }
  return units;
}

/** The first thing wrong, as `verdicts[0].value: expected boolean, found "yes"`. */
function describeIssue(error: z.ZodError, isCut: boolean): string {
  const issue = error.issues[0];
  if (!issue) return 'not of the canonical format';
  const path = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('');
  const where = path.replace(/^\./, '') || 'record';
  const message = issue.message.replace(/^Invalid input: /, '').split(', received ', 1)[0];
  const more =
    error.issues.length > 1 ? ` (and ${isCut ? 'at least ' : ''}${error.issues.length - 1} more)` : '';
  return `${where}: ${message}, found ${shown(issue.input)}${more}`;
}
