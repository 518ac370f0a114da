/** What logs of Inspect and transcripts of Scout have in common, in the fields beside the messages. */
import { conditionOf } from './conditionWords';
import { isObject, RecordError, shown } from './format';

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

/** Likewise; what is no such value is described, since it must not pass for one that stands in a later place. */
function firstStated(names: readonly string[], places: readonly Fields[]): string | undefined {
  for (const place of places) {
    for (const name of names) {
      const value = Object.hasOwn(place, name) ? place[name] : undefined;
      if (typeof value === 'object' && value !== null) return shown(value);
      if (value !== undefined && value !== null && value !== '') return String(value);
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
  const condition = firstStated(['condition', 'tier'], places);
  return {
    condition: condition === undefined ? undefined : (conditionOf(condition) ?? condition),
    setting: firstStated(['setting'], places),
    variant: firstStated(['variant', 'prompt_variant'], places),
    prefix: firstStated(['prefix', 'prefix_arm'], places),
  };
}

/** Labels with a meaning for the figures. */
const FIGURED: ReadonlySet<unknown> = new Set(['complied', 'alignment_faking']);
/** Characters of the names of scores of several values: one may be long, and be part of that of each of its values. */
const MOST_NAMED = 1 << 25;
/** Characters of what is said of a score, as often as it has values; what is longer is told with the first of them only. */
const MOST_SAID = 1 << 24;

/**
 * Scores by name, each `{value, score?, answer, explanation, metadata}` with the value as `score` where it is a number.
 * A score of several values is one each, `name.key`; one whose metadata names a `label` (and perhaps a `classifier`) is
 * told as `classifier as label`; by its own name in the classifier's place where another is told so already, since the
 * one must not replace the other.
 * @param warnings takes in words what is not told by its own name, though one of the labels that figures rest on is
 * concerned
 * @throws RecordError where names are too long together; as `resolve` does
 */
export function readScores(scores: Fields, resolve: (text: string) => string, warnings: string[]): Fields {
  const read = new Map<string, unknown>();
  const add = (name: string, score: Fields) => {
    let free = name;
    for (let times = 2; read.has(free); times++) free = `${name}#${times}`;
    read.set(free, score);
  };
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
    const isFigured = FIGURED.has(name) || (FIGURED.has(label) && Object.hasOwn(scores, String(label)));
    if (asLabel !== null && label !== name && isFigured)
      warnings.push(`the score ${shown(name)} is taken as ${shown(label)}, which its metadata names`);
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
        add(`${told}.${key}`, isLong && index > 0 ? one(value) : { ...one(value), ...said });
      }
    } else add(told, { ...one(fields.value), ...said });
  }
  return Object.fromEntries(read);
}
