import { isObject, RecordError, type RecordPlace, shown } from './format';
import type { Patterns } from './pattern';
import { parsedCell, parsePointer, valueAt } from './pointer';
import type { ArmsRule } from './profile';
import type { Arm, FacetName } from './scope';

/** One of the transcripts in a record; `arm` is null where the profile's pattern does not know the key. */
export interface ArmPart {
  readonly key: string;
  readonly arm: Arm | null;
}

/** So many arms an experiment may have; a record with more is of another shape. */
const MOST_ARMS = 1_000;

/**
 * The arms of a record, in the order of its keys.
 * @throws RecordError when the record holds none.
 */
export function armsReader(
  rule: ArmsRule,
  patterns: Patterns,
): (record: unknown, place: RecordPlace) => ArmPart[] {
  const steps = parsePointer(rule.at);
  const match = patterns.matcher(rule.key);
  return (record) => {
    const stored = valueAt(record, steps);
    const container = parsedCell(stored);
    if (!isObject(container)) {
      throw new RecordError(
        `${rule.at || 'record'}: expected an object with a key for each arm, found ${shown(stored)}`,
      );
    }
    const keys = Object.keys(container);
    if (keys.length === 0) throw new RecordError(`${rule.at || 'record'}: holds no arm`);
    if (keys.length > MOST_ARMS)
      throw new RecordError(`${rule.at || 'record'}: holds ${keys.length} keys, more than ${MOST_ARMS}`);
    return keys.map((key) => {
      const groups = match(key)?.groups;
      return { key, arm: groups === undefined ? null : { key, facets: facetsOf(groups) } };
    });
  };
}

function facetsOf(groups: Record<string, string | undefined>): Map<FacetName, string> {
  const facets = new Map<FacetName, string>();
  for (const name of ['setting', 'condition', 'variant', 'prefix'] as const) {
    const text = groups[name];
    if (text !== undefined && text !== '') facets.set(name, text);
  }
  return facets;
}
