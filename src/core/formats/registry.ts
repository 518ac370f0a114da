import { canonical } from './canonical';
import { elicitation } from './elicitation';
import type { Format } from './format';
import { scratchpadList } from './scratchpadList';

/** Every format, in the order in which detection tries them. */
export const FORMATS: readonly Format[] = [canonical, elicitation, scratchpadList];

/** The format of a record, or null when none knows it. */
export function detectFormat(record: unknown): Format | null {
  return FORMATS.find((format) => format.detect(record)) ?? null;
}

/** @throws RangeError for a name that is not in the registry. */
export function formatNamed(name: string): Format {
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (!format) throw new RangeError(`no format is named "${name}"`);
  return format;
}
