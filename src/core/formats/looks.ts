import { RecordError, shown } from './format';
import { TOO_MANY_VALUES, ValueBudget } from './looseJson';
import { parseCell, type Steps, valueAt } from './pointer';

/**
 * Steps of pointers that may be walked in one record, over all its arms: a profile may have a hundred thousand places, and
 * a record a thousand arms in which to look for each.
 */
const MOST_STEPS = 1_000_000;

/** Making so many UTF-16 units of a pointer's text takes as long as a step. */
const UNITS_OF_A_STEP = 100;

/** Keys that are named in warnings: of a record that was made to have thousands, each of its arms would tell them all. */
const MOST_REPEATED = 10;

/** Looks places of a record up, as often as its profile may. */
export class Looks {
  private left = MOST_STEPS;
  private budget = new ValueBudget();
  private readonly repeatedKeys = new Set<string>();
  /** By what is made of a value, and by the value. */
  private readonly made = new Map<string, Map<unknown, unknown>>();

  beginRecord(): void {
    this.left = MOST_STEPS;
    this.budget = new ValueBudget();
    this.made.clear();
    this.repeatedKeys.clear();
  }

  /** Nothing more is looked up in this record. */
  get areSpent(): boolean {
    return this.left < 0 || this.budget.isSpent;
  }

  /** What is made of a value of the record, which may be long, once for however many rules ask for it. */
  once<V, T>(what: string, value: V, make: (value: V) => T): T {
    const known = this.made.get(what) ?? new Map<unknown, unknown>();
    this.made.set(what, known);
    if (!known.has(value)) known.set(value, make(value));
    return known.get(value) as T;
  }

  /** As `valueAt`. @throws RecordError when more has been looked up in the record than may be. */
  valueAt(record: unknown, steps: Steps): unknown {
    this.take(steps.length + 1);
    return valueAt(record, steps, this.cell);
  }

  /** Before so much text of pointers is made: a key may be as long as the record. @throws RecordError likewise. */
  takeText(units: number): void {
    this.take(Math.floor(units / UNITS_OF_A_STEP));
  }

  private take(steps: number): void {
    this.left -= steps;
    if (this.left < 0)
      throw new RecordError(`the profile looks for more than ${MOST_STEPS} steps of pointers in it`);
  }

  /** What in the JSON that was met in the record's strings may mean something else than was read, in words. */
  get warnings(): readonly string[] {
    return [...this.repeatedKeys].map(
      (key) =>
        `the key ${shown(key)} occurs more than once in an object in a text of JSON; the last one counts`,
    );
  }

  /** As `parsedCell`. @throws RecordError when the texts of JSON in the record hold more values than it may have. */
  readonly cell = (value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    return this.once('cell', value, (text) => {
      const { inside, repeatedKey } = parseCell(text, this.budget);
      if (this.budget.isSpent) throw new RecordError(TOO_MANY_VALUES);
      if (repeatedKey !== null && this.repeatedKeys.size < MOST_REPEATED) this.repeatedKeys.add(repeatedKey);
      return inside;
    });
  };
}
