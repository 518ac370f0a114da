/** A sample of an Inspect log as one record: what the built-in profile for Inspect points into. */
import { isObject } from './format';
import { Attachments, type FlatMessage, flattenMessage } from './inspectMessages';

type Fields = Readonly<Record<string, unknown>>;

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

export type InspectRecord =
  | { readonly ok: true; readonly value: Fields; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly reason: string };

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
  if (!isObject(sample)) return { ok: false, reason: 'not a sample: no JSON object' };
  const { id } = sample;
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '') {
    return { ok: false, reason: 'not a sample: it has no id' };
  }
  // Old logs keep events and attachments together under `transcript`.
  const attachments = new Attachments(
    fieldsOf(sample.attachments ?? fieldsOf(sample.transcript).content ?? undefined),
  );
  const messages = conversation(sample, attachments);
  if (messages.length === 0) return { ok: false, reason: 'the sample holds neither messages nor an input' };
  const epoch = typeof sample.epoch === 'number' ? sample.epoch : 1;
  const metadata = fieldsOf(sample.metadata);
  const facet = (...names: string[]) => firstScalar(names, [metadata, facts.taskArgs, facts.evalMetadata]);
  const output = fieldsOf(sample.output);
  const task = typeof facts.log.task === 'string' ? facts.log.task : facts.key;
  const value = defined({
    key: `${facts.key}/${id}/${epoch}`,
    id,
    epoch,
    uuid: sample.uuid,
    condition: facet('condition', 'tier'),
    setting: facet('setting'),
    variant: facet('variant', 'prompt_variant'),
    prefix: facet('prefix', 'prefix_arm'),
    // The same sample of the same task is the same prompt, in whatever epoch and under whatever arguments.
    promptId: firstScalar(['prompt_id', 'promptId'], [metadata]) ?? `${task}/${id}`,
    model: facts.log.model ?? output.model,
    log: facts.log,
    messages,
    input: typeof sample.input === 'string' ? attachments.resolve(sample.input) : undefined,
    target: sample.target,
    output: defined({
      model: output.model,
      completion: typeof output.completion === 'string' ? attachments.resolve(output.completion) : undefined,
      error: output.error,
    }),
    scores: readScores(sample, facts, attachments),
    metadata,
    store: sample.store,
    error: sample.error,
    limit: sample.limit,
  });
  return { ok: true, value, warnings: attachments.warnings() };
}

/**
 * The messages in order. The output's message is normally the last of them; where a solver put it nowhere else, it
 * follows, since it is what was scored.
 */
function conversation(sample: Fields, attachments: Attachments): FlatMessage[] {
  const stored = Array.isArray(sample.messages) && sample.messages.length > 0 ? sample.messages : null;
  const { input } = sample;
  const asked = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  const messages = (stored ?? (Array.isArray(asked) ? asked : [])).flatMap((message: unknown) =>
    flattenMessage(message, attachments),
  );
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

/**
 * Scores by name. A score of several values is one each, `name.key`; one whose metadata names a `label` (and perhaps a
 * `classifier`) is told as `classifier as label`.
 */
function readScores(sample: Fields, facts: InspectLogFacts, attachments: Attachments): Fields {
  const legacy = isObject(sample.score) ? { [facts.scorer]: sample.score } : {};
  const scores = isObject(sample.scores) ? sample.scores : legacy;
  const read: [string, unknown][] = [];
  for (const [name, score] of Object.entries(scores)) {
    const fields = isObject(score) ? score : { value: score };
    const { label, classifier } = fieldsOf(fields.metadata);
    const by = typeof classifier === 'string' ? classifier : name;
    const told = typeof label === 'string' ? `${by} as ${label}` : name;
    const text = (value: unknown) => (typeof value === 'string' ? attachments.resolve(value) : value);
    const one = (value: unknown) =>
      defined({
        value,
        score: typeof value === 'number' ? value : undefined,
        answer: text(fields.answer),
        explanation: text(fields.explanation),
        metadata: fields.metadata,
        history: Array.isArray(fields.history) && fields.history.length > 0 ? fields.history : undefined,
      });
    if (isObject(fields.value)) {
      for (const [key, value] of Object.entries(fields.value)) read.push([`${told}.${key}`, one(value)]);
    } else read.push([told, one(fields.value)]);
  }
  return Object.fromEntries(read);
}

function scorerName(header: Fields, spec: Fields): string {
  const results = fieldsOf(header.results);
  const lists = [spec.scorers, results.scores].map((list) => (Array.isArray(list) ? list[0] : undefined));
  const names = [...lists, results.scorer].map((scorer) => fieldsOf(scorer).name);
  return names.find((name) => typeof name === 'string') ?? 'score';
}

function firstScalar(names: readonly string[], places: readonly Fields[]): string | undefined {
  for (const place of places) {
    for (const name of names) {
      const value = Object.hasOwn(place, name) ? place[name] : undefined;
      if (typeof value === 'string' && value !== '') return value;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    }
  }
  return undefined;
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** Without the fields that have no value: logs omit nulls too. */
function defined(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}
