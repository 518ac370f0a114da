/**
 * What the scanners of Inspect Scout found in one transcript, as a record of our own schema: each scanner is a
 * classifier, each message that it refers to a span over the whole message.
 */
import { CONDITIONS, type Condition } from '../dataset/model';
import { isObject, RecordError, shown } from './format';
import { defined, type Fields, facetsIn, fieldsOf, firstScalar } from './inspectFields';
import type { FlatMessage } from './inspectMessages';
import { TOO_MANY_VALUES, ValueBudget } from './looseJson';
import { jsonOf, parsedObject, promptId } from './scoutTranscript';

/** One row of `<scanner>.parquet`. */
export interface ScanRow {
  readonly scanner: string;
  readonly row: Fields;
}

export interface ScannedTranscript {
  readonly id: string;
  /** Every row about the transcript; at least one. */
  readonly rows: readonly ScanRow[];
  readonly messages: readonly FlatMessage[];
  /** Of the scan as a whole. */
  readonly scan: Fields;
}

/**
 * A scanner gives some results on a transcript, which refer to some of its messages. In a table a text costs a few bytes
 * however often it stands there, so that a file of kilobytes could fill the memory with them.
 */
const MOST_RESULTS = 100_000;
const MOST_SPANS = 100_000;
const TOO_MANY_REFERENCES = `its results refer to messages more than ${MOST_SPANS} times`;
/** Characters of their names together: one may be long, and be part of that of each of its results. */
const MOST_NAMED = 1 << 25;
/** Characters of JSON that are told as values; the rest stays text. */
const MOST_PARSED = 1 << 24;

interface Result {
  readonly classifier: string;
  readonly label: string;
  readonly value: boolean | null;
  readonly score: number | null;
  /** Ids of messages, and how the scanner cited them. */
  readonly references: readonly { readonly id: string; readonly cite: string }[];
}

/** What a classifier answers to a label, in all its results on a transcript. */
interface Answer {
  readonly classifier: string;
  readonly label: string;
  /**
   * By what rows are about: two that are about the same answer the same question, and are no answer where they differ.
   * Empty where none of them has an answer.
   */
  readonly about: Map<string, Set<boolean>>;
  score: number | null;
}

/**
 * @returns the record, and what in it cannot be used, in words.
 * @throws RecordError where it has more results, references or values in them than can be told.
 */
export function scanRecord({ id, rows, messages, scan }: ScannedTranscript): {
  readonly value: Fields;
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const results: Result[] = [];
  const answers = new Map<string, Answer>();
  /** By scanner, the parts that it failed on. */
  const failed = new Map<string, Set<string>>();
  const budget = new ValueBudget();
  let references = 0;
  let named = 0;
  for (const { scanner, row } of rows) {
    const hasFailed = typeof row.scan_error === 'string' && row.scan_error !== '';
    const subject = subjectOf(row);
    if (hasFailed) {
      warnings.push(`${scanner} failed: ${row.scan_error}`);
      if (subject !== WHOLE) failed.set(scanner, (failed.get(scanner) ?? new Set()).add(subject));
    }
    const ofRow: Result[] = [];
    for (const told of resultsOf(row, scanner, scanner, budget)) {
      // What stands beside an error is no answer.
      const result = hasFailed ? { ...told, value: null, score: null, references: [] } : told;
      ofRow.push(result);
      if (results.push(result) > MOST_RESULTS)
        throw new RecordError(`its scanners give more than ${MOST_RESULTS} results`);
      named += result.label.length;
      if (named > MOST_NAMED)
        throw new RecordError(`the names of its results have more than ${MOST_NAMED} characters together`);
      // Each result of a set may be told to refer to all that was scanned.
      references += result.references.length;
      if (references > MOST_SPANS) throw new RecordError(TOO_MANY_REFERENCES);
    }
    if (budget.isSpent) throw new RecordError(TOO_MANY_VALUES);
    for (const warning of takeAnswers(answers, ofRow, subject)) warnings.push(warning);
  }
  const facets = facetsOf(rows, warnings);
  const { parse } = parserOf(MOST_PARSED);
  const { metadata } = aboutTranscript(rows[0]?.row ?? {}, parse);
  if (facets.condition !== undefined && !isCondition(facets.condition)) {
    warnings.push(`condition ${shown(facets.condition)} names neither training nor unmonitored`);
  }
  const value = defined({
    id,
    ...facets,
    condition: isCondition(facets.condition) ? facets.condition : undefined,
    messages: messages.map(({ role, content, region }) => defined({ role, content, region })),
    verdicts: verdictsOf(answers.values(), failed, warnings),
    spans: spansOf(results, messages),
    metadata: defined({ scan, ...metadata, results: storedResults(rows, parse) }),
  });
  return { value, warnings };
}

/** What all rows of a scanner about all of a transcript are about. */
const WHOLE = '';

/**
 * What a row is about. A scanner may be given a transcript whole, or its messages, its events, or what a loader makes of
 * them (such as each turn), one after the other.
 */
function subjectOf({ input_type: type, input_ids, input_id }: Fields): string {
  if (typeof type !== 'string' || type === 'transcript') return WHOLE;
  const stated = input_ids ?? input_id;
  const ids: readonly unknown[] = Array.isArray(stated) ? stated : [stated];
  return [type, ...ids.map((id) => (isText(id) ? id : shown(id)))].join('\n');
}

/** Takes in the results of one row: of several under one label, as in a set of what was found, yes where any says so. */
function takeAnswers(answers: Map<string, Answer>, results: readonly Result[], subject: string): string[] {
  const ofRow = new Map<Answer, Set<boolean>>();
  for (const { classifier, label, value, score } of results) {
    const key = JSON.stringify([classifier, label]);
    const answer = answers.get(key) ?? { classifier, label, about: new Map(), score: null };
    answers.set(key, answer);
    if (score !== null) answer.score = Math.max(score, answer.score ?? score);
    const values = ofRow.get(answer) ?? new Set();
    ofRow.set(answer, values);
    if (value !== null) values.add(value);
  }
  const warnings: string[] = [];
  for (const [{ classifier, label, about }, values] of ofRow) {
    const before = about.get(subject) ?? new Set();
    about.set(subject, values.size > 0 ? before.add(values.has(true)) : before);
    if (values.size > 1)
      warnings.push(
        `${classifier} says both yes and no to ${label} in one set of results; it is counted as yes`,
      );
  }
  return warnings;
}

/**
 * One verdict for each classifier and label; two where it answers twice and differently, of which neither counts. Of
 * parts, yes where any says so, no where all of them do: one without an answer may have been a yes.
 * @param failed by scanner, the parts that it failed on
 */
function verdictsOf(
  answers: Iterable<Answer>,
  failed: ReadonlyMap<string, ReadonlySet<string>>,
  warnings: string[],
): Fields[] {
  return [...answers].flatMap(({ classifier, label, about, score }) => {
    const failures = failed.get(classifier);
    const parts = [...about].filter(([subject]) => subject !== WHOLE);
    const isYes = parts.some(([, values]) => values.has(true) && values.size === 1);
    const told = new Set(parts.flatMap(([, values]) => [...values]));
    const empty = parts.filter(([, values]) => values.size === 0).length;
    const others = (failures?.size ?? 0) - parts.filter(([subject]) => failures?.has(subject)).length;
    const isUnknown = !isYes && told.size === 1 && empty + others > 0;
    if (isUnknown)
      warnings.push(
        `${classifier} says no to ${label} of ${parts.length - empty} of its parts and nothing of ${empty + others}; that is no answer`,
      );
    const ofParts = isYes ? [true] : isUnknown ? [] : told;
    const values = new Set([...(about.get(WHOLE) ?? []), ...ofParts]);
    return (values.size > 0 ? [...values] : [null]).map((value) => ({ classifier, label, value, score }));
  });
}

const FACETS = ['condition', 'setting', 'variant', 'prefix', 'promptId', 'model'] as const;

/** What all rows say of the transcript; nothing where they do not say the same, which is told. */
function facetsOf(
  rows: readonly ScanRow[],
  warnings: string[],
): Partial<Record<(typeof FACETS)[number], string>> {
  const { parse, isSpent } = parserOf(MOST_PARSED);
  // Most rows say the same.
  const known = new Map<string, unknown>();
  const parseOnce = (value: unknown) => {
    if (!isText(value)) return value;
    if (!known.has(value)) known.set(value, parse(value));
    return known.get(value);
  };
  const said = new Set<string>();
  const named = FACETS.map((name) => [name, new Set<string>()] as const);
  for (const { row } of rows) {
    const { metadata, places } = aboutTranscript(row, parseOnce);
    const facets: Partial<Record<string, string>> = {
      ...facetsIn(places, (warning) => said.add(warning)),
      promptId: promptId(metadata),
      model: firstScalar(['model'], [metadata]),
    };
    for (const [name, values] of named) {
      const value = facets[name];
      if (value !== undefined) values.add(value);
    }
  }
  if (isSpent()) {
    warnings.push(
      `its rows say more about it than is looked through; no ${FACETS.slice(0, -1).join(', ')} and no model is taken`,
    );
    return {};
  }
  warnings.push(...said);
  for (const [name, values] of named)
    if (values.size > 1)
      warnings.push(`its rows name ${values.size} values of ${name} that are not the same; none is taken`);
  return Object.fromEntries(
    named.flatMap(([name, [only, ...others]]) => (others.length === 0 ? [[name, only]] : [])),
  );
}

/** Whole messages; a reference to one that is not here is left as a quote that will not be found. */
function spansOf(results: readonly Result[], messages: readonly FlatMessage[]): Fields[] {
  const withId = new Map<string, number[]>();
  for (const [index, { id }] of messages.entries()) {
    if (id === undefined) continue;
    const others = withId.get(id);
    if (others) others.push(index);
    else withId.set(id, [index]);
  }
  const spans: Fields[] = [];
  const add = (span: Fields) => {
    if (spans.push(span) > MOST_SPANS) throw new RecordError(TOO_MANY_REFERENCES);
  };
  for (const { classifier, label, references } of results) {
    for (const { id, cite } of references) {
      const cited = withId.get(id);
      if (!cited) add({ classifier, label, quote: `${cite} ${id}`.trim() });
      for (const message of cited ?? []) {
        const end = messages[message]?.content.length ?? 0;
        if (end > 0) add({ classifier, label, message, start: 0, end, unit: 'utf16' });
      }
    }
  }
  return spans;
}

/** A row may hold one value, several under names, or a set of results. */
function* resultsOf(
  row: Fields,
  scanner: string,
  name: string,
  budget: ValueBudget,
  isOfSet = false,
): Generator<Result> {
  const label = typeof row.label === 'string' && row.label !== '' ? row.label : name;
  const value = structured(row, budget);
  if (row.value_type === 'resultset' && Array.isArray(value)) {
    const stored = jsonOf(row.input_ids, budget); // once for all
    // those of a set in a set are of the outer one, where this is done
    const ids = Array.isArray(stored) && !isOfSet ? stored.filter(isText) : stored;
    for (const inner of value) {
      if (isObject(inner)) yield* resultsOf({ ...inner, input_ids: ids }, scanner, name, budget, true);
    }
    return;
  }
  const references = referencesOf(row, budget);
  const result = (told: string, stated: unknown): Result => ({
    classifier: scanner,
    label: told,
    value: yesOrNo(stated),
    score: typeof stated === 'number' ? stated : null,
    references,
  });
  if (isObject(value)) {
    const named = Object.entries(value).filter(([, inner]) => ['boolean', 'number'].includes(typeof inner));
    for (const [key, inner] of named) yield result(`${label}.${key}`, inner);
    if (named.length > 0) return;
  }
  yield result(label, value);
}

/** The value as it was before it became text in a column; results in a set are as they were. */
function structured({ value, value_type: type }: Fields, budget: ValueBudget): unknown {
  if (typeof value !== 'string' || type === 'string') return value;
  if (type === 'boolean') return value.toLowerCase();
  return jsonOf(value, budget);
}

function yesOrNo(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  const word = value.trim().toLowerCase();
  if (word === 'true' || word === 'yes' || value === 'C') return true;
  return word === 'false' || word === 'no' || value === 'I' ? false : null;
}

/** What the result refers to; a message that was scanned by itself and answered with yes is its own evidence. */
function referencesOf(row: Fields, budget: ValueBudget): Result['references'] {
  const stored = jsonOf(row.message_references ?? row.references, budget);
  const references = (Array.isArray(stored) ? stored : []).filter(isObject).flatMap(({ type, id, cite }) => {
    if (typeof id !== 'string' || (type !== undefined && type !== 'message')) return [];
    return [{ id, cite: typeof cite === 'string' ? cite : '' }];
  });
  if (references.length > 0 || row.input_type !== 'message' || yesOrNo(structured(row, budget)) !== true)
    return references;
  const ids = jsonOf(row.input_ids ?? row.input_id, budget);
  const scanned: readonly unknown[] = Array.isArray(ids) ? ids : [ids];
  return scanned.filter(isText).map((id) => ({ id, cite: '' }));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

type Parse = (value: unknown) => unknown;

/**
 * As `parsedObject`, for texts of so many characters together, and as many values as a record may have: texts stay what they
 * are once that `isSpent`.
 */
function parserOf(most: number): { readonly parse: Parse; readonly isSpent: () => boolean } {
  const budget = new ValueBudget();
  let left = most;
  const parse = (value: unknown) => {
    if (isText(value)) left -= value.length;
    return left < 0 ? value : parsedObject(value, budget);
  };
  return { parse, isSpent: () => left < 0 || budget.isSpent };
}

/** What the scan says about the transcript itself: `transcript_…` columns, or the log's own in scans of 2025. */
function aboutTranscript(
  row: Fields,
  parse: Parse,
): { readonly metadata: Fields; readonly places: readonly Fields[] } {
  const named = Object.entries(row)
    .filter(([name]) => isAboutTranscript(name))
    .map(([name, value]): [string, unknown] => [name.replace(/^transcript_/, ''), parse(value)]);
  const metadata = Object.fromEntries(named.filter(([, value]) => value !== null && value !== ''));
  const own = fieldsOf(metadata.metadata);
  const nested = [metadata.sample_metadata, own.sample_metadata, own, metadata.task_args, own.task_args];
  const others = [metadata.agent_args, metadata.eval_metadata, own.eval_metadata];
  return { metadata, places: [...nested, ...others].map(fieldsOf) };
}

function isAboutTranscript(column: string): boolean {
  return SCANNED_LOG.has(column) || (/^transcript_./.test(column) && column !== 'transcript_id');
}

/** Columns about the log that scans have where they have no `transcript_…` columns. */
const SCANNED_LOG: ReadonlySet<string> = new Set([
  'eval_created',
  'eval_tags',
  'eval_metadata',
  'task_name',
  'task_args',
  'solver',
  'solver_args',
  'model',
  'id',
  'epoch',
  'sample_metadata',
  'score',
  'error',
  'limit',
]);

/** What the scanners said besides their values, by scanner. */
function storedResults(rows: readonly ScanRow[], parse: Parse): Fields {
  const names = ['label', 'value', 'value_type', 'answer', 'explanation', 'metadata', 'scan_error'];
  const all = [...names, 'validation_target', 'validation_result'];
  const byScanner = new Map<string, Fields[]>();
  for (const { scanner, row } of rows) {
    const stored = defined(Object.fromEntries(all.map((name) => [name, parse(row[name])])));
    const others = byScanner.get(scanner);
    if (others) others.push(stored);
    else byScanner.set(scanner, [stored]);
  }
  return Object.fromEntries(byScanner);
}

function isCondition(word: string | undefined): word is Condition {
  return CONDITIONS.some((condition) => condition === word);
}
