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

/**
 * The first text, number or boolean under one of the names, looked for in one place after the other.
 * @param refuse is told of a list or an object that stands before it, and none is taken then: what stands in a later place
 * must not pass for it. Without `refuse`, and where it is empty, such a value is passed over.
 */
export function firstScalar(
  names: readonly string[],
  places: readonly Fields[],
  refuse?: (name: string, value: object) => void,
): string | undefined {
  for (const place of places) {
    for (const name of names) {
      const value = Object.hasOwn(place, name) ? place[name] : undefined;
      if (typeof value === 'string' && value !== '') return value;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      if (refuse && typeof value === 'object' && value !== null && !isEmpty(value)) {
        refuse(name, value);
        return undefined;
      }
    }
  }
  return undefined;
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}

/**
 * Neither Inspect nor Scout knows conditions or variants: they stand in the metadata of a sample, the arguments of its
 * task, or the metadata of its log, under names of their own.
 * @param places the first in which a facet stands wins
 * @param warn takes in what is no value of a facet, in words
 */
export function facetsIn(places: readonly Fields[], warn: (warning: string) => void) {
  const first = (...names: string[]) =>
    firstScalar(names, places, (name, value) =>
      warn(`${name}: expected a text, found ${shown(value)}; none is taken`),
    );
  const condition = first('condition', 'tier');
  return {
    condition: condition === undefined ? undefined : (conditionOf(condition) ?? condition),
    setting: first('setting'),
    variant: first('variant', 'prompt_variant'),
    prefix: first('prefix', 'prefix_arm'),
  };
}

/** Labels with a meaning for the figures. */
const FIGURED: ReadonlySet<unknown> = new Set(['complied', 'alignment_faking']);
/** Characters of the names that scores are told by: one may be long, and be part of that of each of its values. */
const MOST_NAMED = 1 << 25;
/** Characters of what is said of a score, as often as it has values; what is longer is told with the first of them only. */
const MOST_SAID = 1 << 24;

/**
 * Scores by name, each `{value, score?, answer, explanation, metadata}` with the value as `score` where it is a number.
 * A score of several values is one each, `name.key`; one whose metadata names a `label` (and perhaps a `classifier`) is
 * told as `classifier as label`. Of several of one name, which must not replace each other, the others get `#2`, `#3` ….
 * @param warnings takes in words what is not told by its own name, though one of the labels that figures rest on is
 * concerned
 * @throws RecordError where names are too long together; as `resolve` does
 */
export function readScores(scores: Fields, resolve: (text: string) => string, warnings: string[]): Fields {
  const read: [string, unknown][] = [];
  let named = 0;
  /** Names in use, and from which number on there may be others of the name. */
  const used = new Map<string, number>();
  const unique = (before: string, after = ''): string => {
    const name = before + after;
    named += name.length;
    if (named > MOST_NAMED)
      throw new RecordError(`the names of its scores have more than ${MOST_NAMED} characters together`);
    let times = used.get(name);
    let free = name;
    for (; times !== undefined && used.has(free); times++) free = `${before}#${times}${after}`;
    if (times !== undefined) used.set(name, times);
    used.set(free, 2);
    return free;
  };
  for (const [name, score] of Object.entries(scores)) {
    const fields: Fields = isObject(score) ? score : { value: score };
    const { label, classifier } = fieldsOf(fields.metadata);
    const by = typeof classifier === 'string' ? classifier : name;
    const isRenamed = typeof label === 'string';
    const told = isRenamed ? unique(by, ` as ${label}`) : unique(name);
    const isFigured = FIGURED.has(name) || (FIGURED.has(label) && Object.hasOwn(scores, String(label)));
    if (isRenamed && label !== name && isFigured)
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
        const score = isLong && index > 0 ? one(value) : { ...one(value), ...said };
        read.push([unique(`${told}.${key}`), score]);
      }
    } else read.push([told, { ...one(fields.value), ...said }]);
  }
  return Object.fromEntries(read);
}
