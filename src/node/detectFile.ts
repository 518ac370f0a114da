import { basename } from 'node:path';
import { shown } from '../core/formats/format';
import { CANONICAL, type Profile } from '../core/formats/profile';
import { detectProfile } from '../core/formats/registry';
import { DatasetError, type Source } from './sources/source';
import { charactersIn } from './sources/valueSize';

/** So many records are looked at to tell the shape of a file … */
const SAMPLE_RECORDS = 100;
/** … and kept in memory meanwhile, as long as they are not longer than this together. */
const SAMPLE_CHARACTERS = 1 << 24;

/** A file that can be read, but whose records no built-in profile knows: the user may say what they mean. */
export class UnknownShapeError extends DatasetError {}

/** The first records of a file: those that are values, and of the first other one the reason. */
export interface RecordSample {
  readonly values: readonly unknown[];
  /** Of each value: its line, row or sample, and its number among all records; both from 1. */
  readonly places: readonly { readonly line: number; readonly ordinal: number }[];
  readonly firstReason: string | null;
  /** What the container says that they are. */
  readonly stated?: Profile | undefined;
}

/** Reads the first records of a file. @throws DatasetError as the source does. */
export async function sampleRecords(source: Source): Promise<RecordSample> {
  const values: unknown[] = [];
  const places: { line: number; ordinal: number }[] = [];
  let firstReason: string | null = null;
  let looked = 0;
  let left = SAMPLE_CHARACTERS;
  const { profile: stated } = source;
  for await (const { records } of source.chunks()) {
    for (const { range, value } of records) {
      if (looked++ === SAMPLE_RECORDS || left <= 0) return { values, places, firstReason, stated };
      const record = value();
      if (record.ok) {
        values.push(record.value);
        places.push({ line: range.line, ordinal: looked });
        left -= charactersIn(record.value);
      } else firstReason ??= `${source.unit} ${range.line}: ${record.reason}`;
    }
  }
  return { values, places, firstReason, stated };
}

/**
 * The profile that reads a file, by looking at its first records, or else by what its container says; a
 * `*.transcripts.jsonl` is ours by its name. null when no built-in profile knows them.
 */
export function profileOfSample(path: string, { values, stated }: RecordSample): Profile | null {
  return detectProfile(values) ?? stated ?? (/\.transcripts\.jsonl$/i.test(path) ? CANONICAL : null);
}

/** Looks at a file, see profileOfSample. @throws UnknownShapeError when no built-in profile knows its records. */
export async function detectFile(path: string, source: Source): Promise<Profile> {
  const sample = await sampleRecords(source);
  const profile = profileOfSample(path, sample);
  if (profile) return profile;
  throw new UnknownShapeError(
    `${basename(path)} is of no known shape (${describe(sample, source)}); a profile can say where its parts stand`,
  );
}

function describe({ values, firstReason }: RecordSample, { unit }: Source): string {
  const [first] = values;
  if (first === undefined) return firstReason ?? 'no record found';
  if (typeof first !== 'object' || first === null || Array.isArray(first))
    return `its first ${unit} is no JSON object`;
  const keys = Object.keys(first).slice(0, 8);
  return keys.length === 0
    ? `its first ${unit} is an empty object`
    : `its first ${unit} holds ${keys.map(shown).join(', ')}`;
}
