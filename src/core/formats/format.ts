import type { Transcript } from '../dataset/model';
import { reasonOf, type Told } from '../dataset/warnings';
import { withoutStacks } from '../withoutStacks';

/** Where a record stands, for ids that have to be made up. */
export interface RecordPlace {
  /** Name of the file: relative to the dataset's folder, where it is one. */
  readonly file: string;
  /** The folders in which that stands, the last two, such as `animal-welfare/default`: some keep facets in their names. */
  readonly folder?: string;
  /** 1-based line, and the record's number among those of a file that is one line. */
  readonly line: number;
  readonly ordinal: number;
}

export interface ReadRecord {
  readonly transcript: Transcript;
  /** Parts of the record that cannot be used, in words; the rest counts. */
  readonly warnings: readonly string[];
  /** How many warnings there are beside these, which were too many to be kept. */
  readonly more?: number;
  /** Those of the warnings that say where what is stored contradicts the text or itself. */
  readonly contradictions?: readonly string[];
}

/** One transcript of a record, or why it could not be read while its neighbours in the same record could. */
export type ReadPart =
  | ({ readonly ok: true } & ReadRecord)
  | { readonly ok: false; readonly id: string; readonly reason: string };

/** Reads records of one shape. */
export interface Format {
  /** Shown to the user as the profile that read the file. */
  readonly name: string;
  /**
   * The transcripts of a record: mostly one; several where a record holds the arms of an experiment side by side.
   * Their number depends on nothing but the record.
   * @throws RecordError in words when the record is not of this format.
   */
  read(record: unknown, place: RecordPlace): readonly ReadPart[];
}

/** A record that cannot be read; the message is the reason shown to the user. It has no stack. */
export class RecordError extends Error {
  constructor(reason: string) {
    const resume = withoutStacks();
    super(reasonOf(reason));
    resume();
  }
}

/** The id of a record that has none: `run-42.jsonl:17`, or `gold.json:1#3` where records share a line. */
export function placeId(place: RecordPlace, sharedLine: boolean): string {
  return sharedLine ? `${place.file}:${place.line}#${place.ordinal}` : `${place.file}:${place.line}`;
}

/** The id that a record states; null where it has none, or none that can be used. */
export function statedId(id: unknown, warnings: Told): string | null {
  if (typeof id === 'number') {
    if (Number.isInteger(id) && !Number.isSafeInteger(id)) {
      warnings.push(`the id is a number beyond 2^53, read as ${id}; only a string keeps its last digits`);
    }
    return String(id);
  }
  if (typeof id === 'string') return id === '' ? null : id;
  if (id !== undefined && id !== null) {
    warnings.push(`the id is neither a string nor a number, but ${shown(id)}; one was made up`);
  }
  return null;
}

const SHOWN_CHARACTERS = 60;
/** Of objects that were shown: a thousand rules may speak of one with a million names, and to count these takes a while. */
const empty = new WeakMap<object, boolean>();

/**
 * A value in a message to the user. Never walks into it: a value may be nested so deeply that JSON.stringify runs out
 * of stack.
 */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    const text = JSON.stringify(value.slice(0, SHOWN_CHARACTERS));
    return value.length > SHOWN_CHARACTERS ? `${text.slice(0, -1)}…` : text;
  }
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `an array of ${value.length}`;
  if (isObject(value)) return isEmpty(value) ? '{}' : 'an object';
  return String(value);
}

function isEmpty(value: object): boolean {
  const known = empty.get(value) ?? Object.keys(value).length === 0;
  empty.set(value, known);
  return known;
}

/** A path into a profile as its user reads it, such as `verdicts[0].at`. */
export function pathInWords(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text.replace(/^\./, '') || 'profile';
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
