/** What logs of Inspect and transcripts of Scout have in common, in the fields beside the messages. */
import { conditionOf } from './conditionWords';
import { isObject, RecordError } from './format';

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none where there is no object. */
export function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** Without the fields that have no value: logs omit nulls too. */
export function defined(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** The first text, number or boolean under one of the names, looked for in one place after the other. */
export function firstScalar(names: readonly string[], places: readonly Fields[]): string | undefined {
  for (const place of places) {
    for (const name of names) {
      const value = Object.hasOwn(place, name) ? place[name] : undefined;
      if (typeof value === 'string' && value !== '') return value;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    }
  }
  return undefined;
}

/**
 * Neither Inspect nor Scout knows conditions or variants: they stand in the metadata of a sample, the arguments of its
 * task, or the metadata of its log, under names of their own.
 * @param places the first in which a facet stands wins
 */
export function facetsIn(places: readonly Fields[]) {
  const condition = firstScalar(['condition', 'tier'], places);
  return {
    condition: condition === undefined ? undefined : (conditionOf(condition) ?? condition),
    setting: firstScalar(['setting'], places),
    variant: firstScalar(['variant', 'prompt_variant'], places),
    prefix: firstScalar(['prefix', 'prefix_arm'], places),
  };
}

/** Characters of the names of scores of several values: one may be long, and be part of that of each of its values. */
const MOST_NAMED = 1 << 25;
/** Characters of what is said of a score, as often as it has values; what is longer is told with the first of them only. */
const MOST_SAID = 1 << 24;

/**
 * Scores by name, each `{value, score?, answer, explanation, metadata}` with the value as `score` where it is a number.
 * A score of several values is one each, `name.key`; one whose metadata names a `label` (and perhaps a `classifier`) is
 * told as `classifier as label`; by its own name in the classifier's place where another is told so already, since the
 * one must not replace the other.
 * @throws RecordError where names are too long together; as `resolve` does
 */
export function readScores(scores: Fields, resolve: (text: string) => string): Fields {
  const read: [string, unknown][] = [];
  const used = new Set<string>();
  let named = 0;
  for (const [name, score] of Object.entries(scores)) {
    const fields: Fields = isObject(score) ? score : { value: score };
    const { label, classifier } = fieldsOf(fields.metadata);
    const by = typeof classifier === 'string' ? classifier : name;
    const asLabel = typeof label === 'string' ? ` as ${label}` : null;
    const own = asLabel === null ? name : by + asLabel;
    const told = asLabel !== null && used.has(own) ? name + asLabel : own;
    used.add(told);
    const text = (value: unknown) => (typeof value === 'string' ? resolve(value) : value);
    const said = defined({
      answer: text(fields.answer),
      explanation: text(fields.explanation),
      metadata: fields.metadata,
      history: Array.isArray(fields.history) && fields.history.length > 0 ? fields.history : undefined,
    });
    const one = (value: unknown) => defined({ value, score: typeof value === 'number' ? value : undefined });
    if (isObject(fields.value)) {
      const values = Object.entries(fields.value);
      const isLong = values.length > 1 && JSON.stringify(said).length * values.length > MOST_SAID;
      for (const [index, [key, value]] of values.entries()) {
        named += told.length + key.length;
        if (named > MOST_NAMED)
          throw new RecordError(`the names of its scores have more than ${MOST_NAMED} characters together`);
        read.push([`${told}.${key}`, isLong && index > 0 ? one(value) : { ...one(value), ...said }]);
      }
    } else read.push([told, { ...one(fields.value), ...said }]);
  }
  return Object.fromEntries(read);
}
