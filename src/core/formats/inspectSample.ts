/** A sample of an Inspect log as one record: what the built-in profile for Inspect points into. */
import { isObject, RecordError, shown, statedId } from './format';
import { defined, type Fields, facetsIn, fieldsOf, firstScalar, readScores } from './inspectFields';
import { Attachments, type FlatMessage, flattenMessage } from './inspectMessages';

/** What a log says about all its samples. */
export interface InspectLogFacts {
  /** Tells the samples of several logs apart: the log's id, shortened where it is one of Inspect's own. */
  readonly key: string;
  readonly log: Fields;
  readonly taskArgs: Fields;
  readonly evalMetadata: Fields;
  /** Name of the one score that samples of old logs have, which does not say it itself. */
  readonly scorer: string;
}

/** Beside these fields: `id`, `epoch`, facets, `model`, `log`, `scores`, `metadata` and more, where the sample has them. */
export interface InspectValue extends Fields {
  /** Unique over several logs. */
  readonly key: string;
  readonly messages: readonly FlatMessage[];
  readonly uuid?: unknown;
}

export type InspectRecord =
  | { readonly ok: true; readonly value: InspectValue; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** UTF-16 units of the messages of one sample: those of a sample that is cut up may be told often. No text may have more. */
const MOST_UNITS = 2 ** 29;
/** Parts of messages, each of which is one here; likewise. */
const MOST_MESSAGES = 200_000;

/** Inspect's ids are short UUIDs of 22 characters; the first eight tell logs apart and leave room on the screen. */
const SHORT_UUID = /^[2-9A-HJ-NP-Za-km-z]{22}$/;

/** @param header `header.json`, or what a crashed run left: `_journal/start.json`. */
export function inspectLogFacts(header: unknown, file: string): InspectLogFacts {
  const fields = fieldsOf(header);
  const spec = fieldsOf(fields.eval);
  const id = [spec.eval_id, spec.task_id, spec.run_id].find((one) => typeof one === 'string' && one !== '');
  const key = typeof id === 'string' ? id : file;
  const named = ['eval_id', 'run_id', 'task', 'task_id', 'model', 'created', 'task_args'];
  return {
    key: SHORT_UUID.test(key) ? key.slice(0, 8) : key,
    log: defined({
      file,
      ...Object.fromEntries(named.map((name) => [name, spec[name]])),
      status: fields.status,
      metadata: spec.metadata ?? fields.metadata,
      tags: fields.tags ?? spec.tags,
    }),
    taskArgs: fieldsOf(spec.task_args),
    evalMetadata: { ...fieldsOf(spec.metadata), ...fieldsOf(fields.metadata) },
    scorer: scorerName(fields, spec),
  };
}

/**
 * One sample as a record: `key` (unique over several logs), messages made plain, scores, and the facets where the
 * sample's metadata, the task's arguments or the log's metadata name them (in this order).
 */
export function inspectRecord(sample: unknown, facts: InspectLogFacts): InspectRecord {
  try {
    return readSample(sample, facts);
  } catch (error) {
    if (error instanceof RecordError) return { ok: false, reason: error.message };
    throw error;
  }
}

/** @throws RecordError where it says far more than it holds. */
function readSample(sample: unknown, facts: InspectLogFacts): InspectRecord {
  if (!isObject(sample)) return { ok: false, reason: 'not a sample: no JSON object' };
  const { id } = sample;
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '') {
    return { ok: false, reason: 'not a sample: it has no id' };
  }
  const warnings: string[] = [];
  statedId(id, warnings);
  // Old logs keep events and attachments together under `transcript`.
  const attachments = new Attachments(
    fieldsOf(sample.attachments ?? fieldsOf(sample.transcript).content ?? undefined),
  );
  const messages = conversation(sample, attachments);
  if (messages.length === 0) return { ok: false, reason: 'the sample holds neither messages nor an input' };
  const epoch = typeof sample.epoch === 'number' ? sample.epoch : 1;
  const metadata = fieldsOf(sample.metadata);
  const legacyScores = isObject(sample.score) ? { [facts.scorer]: sample.score } : {};
  const scores = isObject(sample.scores) ? sample.scores : legacyScores;
  if (Object.keys(scores).length > 0) warnings.push(...doubts(sample));
  const output = fieldsOf(sample.output);
  const task = typeof facts.log.task === 'string' ? facts.log.task : facts.key;
  const fields = defined({
    id,
    epoch,
    uuid: sample.uuid,
    ...facetsIn([metadata, facts.taskArgs, facts.evalMetadata], (warning) => warnings.push(warning)),
    // The same sample of the same task is the same prompt, in whatever epoch and under whatever arguments.
    promptId: firstScalar(['prompt_id', 'promptId'], [metadata]) ?? `${task}/${id}`,
    model: facts.log.model ?? output.model,
    log: facts.log,
    input: typeof sample.input === 'string' ? attachments.resolve(sample.input) : undefined,
    target: sample.target,
    output: defined({
      model: output.model,
      completion: typeof output.completion === 'string' ? attachments.resolve(output.completion) : undefined,
      error: output.error,
    }),
    scores: readScores(scores, (text) => attachments.resolve(text), warnings),
    metadata,
    store: sample.store,
    error: sample.error,
    invalidation: sample.invalidation,
    limit: sample.limit,
  });
  const key = `${facts.key}/${id}/${epoch}`;
  return {
    ok: true,
    value: { key, ...fields, messages },
    warnings: [...warnings, ...attachments.warnings()],
  };
}

/** Why the scores of a sample may not be meant to count, in words. */
function doubts({ invalidation, error }: Fields): string[] {
  const { author, reason } = fieldsOf(invalidation);
  const { message } = fieldsOf(error);
  const by = isText(author) ? ` by ${shown(author)}` : '';
  const why = isText(reason) ? ` (${shown(reason)})` : '';
  return [
    ...(isObject(invalidation)
      ? [`the sample was invalidated${by}${why}; its scores count all the same`]
      : []),
    ...(isObject(error)
      ? [
          `the sample ended in an error${isText(message) ? ` (${shown(message)})` : ''}; its scores count all the same`,
        ]
      : []),
  ];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/**
 * The messages in order. The output's message is normally the last of them; where a solver put it nowhere else, it
 * follows, since it is what was scored.
 */
function conversation(sample: Fields, attachments: Attachments): FlatMessage[] {
  const stored = Array.isArray(sample.messages) && sample.messages.length > 0 ? sample.messages : null;
  const { input } = sample;
  const asked = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  let units = 0;
  let parts = 0;
  // A sample that is cut up may refer to one message often, which is made plain once.
  const plain = new Map<unknown, readonly FlatMessage[]>();
  const messages = (stored ?? (Array.isArray(asked) ? asked : [])).flatMap((message: unknown) => {
    const flat = plain.get(message) ?? flattenMessage(message, attachments);
    plain.set(message, flat);
    for (const { content } of flat) units += content.length;
    parts += flat.length;
    if (parts > MOST_MESSAGES)
      throw new RecordError(`its messages, each part of one by itself, are more than ${MOST_MESSAGES}`);
    if (units > MOST_UNITS)
      throw new RecordError(`its messages have more than ${MOST_UNITS} characters together`);
    return flat;
  });
  const answer = outputMessages(sample, attachments);
  const said = answer.find(({ content, region }) => content !== '' && region === undefined);
  const isThere =
    said === undefined ||
    messages.some(({ id, content }) => content === said.content || (id !== undefined && id === said.id));
  return isThere ? messages : [...messages, ...answer];
}

function outputMessages(sample: Fields, attachments: Attachments): FlatMessage[] {
  const { choices } = fieldsOf(sample.output);
  const [first] = Array.isArray(choices) ? choices : [];
  const message = fieldsOf(first).message;
  return isObject(message) ? flattenMessage(message, attachments) : [];
}

function scorerName(header: Fields, spec: Fields): string {
  const results = fieldsOf(header.results);
  const lists = [spec.scorers, results.scores].map((list) => (Array.isArray(list) ? list[0] : undefined));
  const names = [...lists, results.scorer].map((scorer) => fieldsOf(scorer).name);
  return names.find((name) => typeof name === 'string') ?? 'score';
}
