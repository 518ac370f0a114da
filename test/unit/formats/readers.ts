import * as engine from 're2js';
import { canonical } from '../../../src/core/formats/canonical';
import { type Format, type ReadPart, type ReadRecord, RecordError } from '../../../src/core/formats/format';
import { mappedFormat } from '../../../src/core/formats/mapped';
import { compileWith, Patterns, patternsOf } from '../../../src/core/formats/pattern';
import type { Profile } from '../../../src/core/formats/profile';

export const place = { file: 'run.json', line: 7, ordinal: 3 };

export function profileOf(rules: Partial<Profile>): Profile {
  return {
    version: 1,
    name: 'test',
    reads: 'mapped',
    messages: [{ at: '/text', role: 'assistant' }],
    ...rules,
  };
}

/** `formatOf` at once, without waiting for the engine of patterns to be loaded. */
export function formatNow(profile: Profile): Format {
  if (profile.reads === 'canonical') return canonical;
  const { compiled, problems } = compileWith(engine, patternsOf(profile));
  const [problem] = problems;
  if (problem) throw problem;
  return mappedFormat(profile, [], new Patterns(compiled));
}

export function readParts(profile: Profile, record: unknown, file = place.file): readonly ReadPart[] {
  return formatNow(profile).read(record, { ...place, file });
}

/** The one transcript of a record. */
export function readOne(profile: Profile, record: unknown, file = place.file): ReadRecord {
  return onlyOf(formatNow(profile), record, file);
}

export function onlyOf(format: Format, record: unknown, file = place.file): ReadRecord {
  const [part, ...more] = format.read(record, { ...place, file });
  if (!part?.ok || more.length > 0) throw new Error('not one transcript');
  return part;
}

/** Why a record cannot be read. */
export function reasonOf(profile: Profile, record: unknown): string {
  try {
    readParts(profile, record);
  } catch (error) {
    if (error instanceof RecordError) return error.message;
    throw error;
  }
  throw new Error('the record was read');
}
