/** JSON Pointers (RFC 6901) into a record. */
import { parseLooseJson, type ValueBudget } from './looseJson';

/** The steps of a pointer, unescaped; none for the record itself. */
export type Steps = readonly string[];

/** In UTF-16 units. */
export const MAX_POINTER_UNITS = 1_000;

/** Stands for the arm's key in the pointers of a profile with `arms`. */
export const ARM = '{arm}';

/** Why a text is no JSON Pointer, in words; null when it is one. */
export function pointerProblem(pointer: string): string | null {
  if (pointer !== '' && !pointer.startsWith('/')) return 'expected a JSON Pointer, such as /scores/af';
  if (/~(?![01])/.test(pointer)) return 'in a JSON Pointer "~" is written ~0, and "/" in a name ~1';
  return null;
}

export function parsePointer(pointer: string): Steps {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function formatPointer(steps: Steps): string {
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * What stands there, undefined where nothing does. JSON in a string, as tables keep it, is walked into.
 * @param cell gives what is inside a value
 */
export function valueAt(
  record: unknown,
  steps: Steps,
  cell: (value: unknown) => unknown = parsedCell,
): unknown {
  let value = record;
  for (const step of steps) {
    const inside = cell(value);
    if (typeof inside !== 'object' || inside === null) return undefined;
    if (Array.isArray(inside)) {
      if (!/^(?:0|[1-9]\d*)$/.test(step)) return undefined;
      value = inside[Number(step)];
    } else value = Object.hasOwn(inside, step) ? (inside as Record<string, unknown>)[step] : undefined;
  }
  return value;
}

/**
 * The object or list in a string of JSON; any other value as it is.
 * @param budget of the record that it is in; where that is spent, strings stay what they are
 */
export function parsedCell(value: unknown, budget?: ValueBudget): unknown {
  return parseCell(value, budget).inside;
}

/** The same, and a key that an object in it has more than once, of which the last counts. */
export function parseCell(
  value: unknown,
  budget?: ValueBudget,
): { readonly inside: unknown; readonly repeatedKey: string | null } {
  const asItIs = { inside: value, repeatedKey: null };
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return asItIs;
  try {
    const { value: inside, repeatedKey } = parseLooseJson(value, budget);
    return { inside, repeatedKey };
  } catch {
    return asItIs;
  }
}
