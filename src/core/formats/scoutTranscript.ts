/** A row of the Parquet files in which Inspect Scout keeps transcripts. */
import { isObject, RecordError } from './format';
import { defined, type Fields, facetsIn, fieldsOf, firstScalar, readScores } from './inspectFields';
import { Attachments, flattenMessage } from './inspectMessages';
import { parseLooseJson, TOO_MANY_VALUES, ValueBudget } from './looseJson';

export type ScoutRecord =
  | { readonly ok: true; readonly value: Fields; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Columns that hold the conversation a second time, or what only a machine reads. */
const DROPPED = new Set(['messages', 'events', 'events_data', 'timelines', 'score', 'success']);

/** Whether a Parquet file of these columns holds transcripts of Scout, in which only the id is required. */
export function isScoutTranscripts(columns: readonly string[]): boolean {
  return (
    columns.includes('transcript_id') && columns.includes('messages') && !columns.includes('scanner_key')
  );
}

/**
 * A row as a record of the shape of an Inspect sample: `key`, facets, `messages`, `scores`, and the other columns under
 * `metadata`. Columns that hold JSON in strings are parsed.
 */
export function scoutTranscriptRecord(row: unknown): ScoutRecord {
  try {
    return readRow(row);
  } catch (error) {
    if (error instanceof RecordError) return { ok: false, reason: error.message };
    throw error;
  }
}

/** @throws RecordError where it holds more than a record may have. */
function readRow(row: unknown): ScoutRecord {
  if (!isObject(row) || !isScalarId(row.transcript_id)) {
    return { ok: false, reason: 'the row has no transcript_id' };
  }
  const budget = new ValueBudget();
  const warnings: string[] = [];
  const stored = jsonOf(row.messages, budget);
  const score = jsonOf(row.score, budget);
  const columns = Object.entries(row).filter(([name]) => !DROPPED.has(name));
  const metadata = Object.fromEntries(columns.map(([name, value]) => [name, parsedObject(value, budget)]));
  if (budget.isSpent) throw new RecordError(TOO_MANY_VALUES);
  if (!Array.isArray(stored) || stored.length === 0) {
    return { ok: false, reason: 'messages: no list of messages in JSON' };
  }
  const attachments = new Attachments({});
  const places = [fieldsOf(metadata.sample_metadata), metadata, ...Object.values(metadata).map(fieldsOf)];
  const scores = isObject(score) && !('value' in score) ? score : defined({ score });
  const value = defined({
    key: String(row.transcript_id),
    transcript_id: row.transcript_id,
    ...facetsIn(places, (warning) => warnings.push(warning)),
    promptId: promptId(metadata),
    model: row.model,
    messages: stored.flatMap((message: unknown) => flattenMessage(message, attachments)),
    scores: readScores(defined({ ...scores, success: row.success }), (text) => text, warnings),
    metadata: defined(metadata),
  });
  return { ok: true, value, warnings: [...warnings, ...attachments.warnings()] };
}

/** The same task of the same set is the same prompt. */
export function promptId(metadata: Fields): string | undefined {
  const task = firstScalar(['task_id', 'id'], [metadata]);
  const set = firstScalar(['task_set', 'task_name'], [metadata]);
  return task === undefined ? undefined : set === undefined ? task : `${set}/${task}`;
}

/**
 * JSON in a string as its value; anything else, and a string that is no JSON, as it stands.
 * @param budget of the record that it is in; where that is spent, strings stay what they are
 */
export function jsonOf(value: unknown, budget?: ValueBudget): unknown {
  if (typeof value !== 'string') return value;
  try {
    return parseLooseJson(value, budget).value;
  } catch {
    return value;
  }
}

/** Only objects and lists are told from text by being JSON: a text such as `1` or `null` may be meant. */
export function parsedObject(value: unknown, budget?: ValueBudget): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  return jsonOf(value, budget);
}

function isScalarId(id: unknown): boolean {
  return (typeof id === 'string' && id !== '') || typeof id === 'number';
}
