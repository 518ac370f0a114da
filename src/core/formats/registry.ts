import { canonical } from './canonical';
import { elicitation } from './elicitation';
import { type Format, isObject } from './format';
import { CANONICAL, type Profile } from './profile';
import { scratchpadList } from './scratchpadList';

const SHAPES = [elicitation, scratchpadList];

/** The profile that fits most of the records, or null when none does. */
export function detectProfile(records: readonly unknown[]): Profile | null {
  for (const record of records) {
    if (isObject(record) && Array.isArray(record.messages)) return CANONICAL;
    const shape = SHAPES.find((candidate) => candidate.detect(record));
    if (shape) return { version: 1, name: shape.name, reads: 'mapped' };
  }
  return null;
}

/** What reads the records of a dataset by a profile. */
export function formatOf(profile: Profile): Format {
  return SHAPES.find(({ name }) => name === profile.name) ?? canonical;
}
