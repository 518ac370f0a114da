/** What stands where in a sample of records: the choices of the form in which a profile is written. */
import { isScalar } from './answer';
import { isObject, shown } from './format';
import { ValueBudget } from './looseJson';
import { formatPointer, MAX_POINTER_UNITS, parsedCell } from './pointer';

const MOST_RECORDS = 100;
const MOST_FIELDS = 500;
const DEEPEST = 6;
/** More different values than this, or longer ones, are no words that a profile could list. */
const MOST_WORDS = 12;
const LONGEST_WORD = 40;
/** Steps into one record: a table of a million columns must not cost a million. */
const MOST_STEPS = 5_000;

/** A place at which something stands in the sample. */
export interface Field {
  readonly pointer: string;
  readonly steps: readonly string[];
  /** What stands there in each record that has it, null and empty text left out. */
  readonly values: unknown[];
}

export interface PointerSeen {
  readonly pointer: string;
  /** Records of the sample in which something stands there. */
  readonly count: number;
  /** The first value, shortened. */
  readonly example: string;
  /** All that stands there, where it is a few words: what a profile says the meaning of. */
  readonly words: readonly string[];
}

/**
 * The JSON Pointers that occur in the first 100 records, in the order in which they occur, at most 500 and six names
 * deep. Of a list only the list itself and its first entry are told.
 */
export function pointersOf(records: readonly unknown[]): PointerSeen[] {
  return [...fieldsOf(records).values()].map(({ pointer, values }) => ({
    pointer,
    count: values.length,
    example: values.length === 0 ? 'nothing' : shown(values[0]),
    words: wordsOf(values),
  }));
}

function wordsOf(values: readonly unknown[]): readonly string[] {
  if (!values.every(isScalar)) return [];
  const words = new Set(values.map(String));
  return words.size <= MOST_WORDS && [...words].every(({ length }) => length <= LONGEST_WORD)
    ? [...words]
    : [];
}

/** The fields of the first records by pointer. JSON in a string is walked into, as far as one record may have values. */
export function fieldsOf(records: readonly unknown[]): Map<string, Field> {
  const budget = new ValueBudget();
  const fields = new Map<string, Field>();
  for (const record of records.slice(0, MOST_RECORDS)) {
    const waiting: { readonly value: unknown; readonly steps: readonly string[] }[] = [
      { value: record, steps: [] },
    ];
    // the list grows while it is walked: what lies near the root comes first where the bounds cut off
    for (let at = 0; at < waiting.length && at < MOST_STEPS; at++) {
      const { value, steps } = waiting[at] ?? { value: null, steps: [] };
      if (steps.length > 0) note(fields, value, steps);
      if (steps.length === DEEPEST) continue;
      const inside = parsedCell(value, budget);
      const names = Array.isArray(inside)
        ? inside.slice(0, 1).keys()
        : isObject(inside)
          ? Object.keys(inside)
          : [];
      for (const name of names) {
        if (waiting.length >= MOST_STEPS) break;
        waiting.push({
          value: (inside as Record<string | number, unknown>)[name],
          steps: [...steps, String(name)],
        });
      }
    }
  }
  return fields;
}

function note(fields: Map<string, Field>, value: unknown, steps: readonly string[]): void {
  // before it is written out: a name may be as long as its record, and thousands may stand below it
  if (steps.reduce((units, step) => units + 1 + step.length, 0) > MAX_POINTER_UNITS) return;
  const pointer = formatPointer(steps);
  let field = fields.get(pointer);
  if (field === undefined) {
    if (fields.size === MOST_FIELDS || pointer.length > MAX_POINTER_UNITS) return;
    field = { pointer, steps, values: [] };
    fields.set(pointer, field);
  }
  if (value !== null && value !== undefined && value !== '') field.values.push(value);
}
