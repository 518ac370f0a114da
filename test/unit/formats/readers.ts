import { type Format, type ReadPart, type ReadRecord, RecordError } from '../../../src/core/formats/format';
import { mappedFormat } from '../../../src/core/formats/mapped';
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

export function readParts(profile: Profile, record: unknown, file = place.file): readonly ReadPart[] {
  return mappedFormat(profile).read(record, { ...place, file });
}

/** The one transcript of a record. */
export function readOne(profile: Profile, record: unknown, file = place.file): ReadRecord {
  return onlyOf(mappedFormat(profile), record, file);
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
