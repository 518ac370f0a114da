/**
 * Where two pieces of plain data differ: in shape, in a value, or in a number by more than `tolerance`.
 * A list, since a thousand numbers are compared faster than they are asserted one by one.
 */
export function differences(
  actual: unknown,
  expected: unknown,
  tolerance: number,
  path = '',
): readonly string[] {
  if (typeof actual === 'number' && typeof expected === 'number') {
    const close = Math.abs(actual - expected) <= tolerance;
    return close ? [] : [`${path}: ${actual}, not ${expected}`];
  }
  if (isObject(actual) && isObject(expected)) {
    const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
    return [...keys].flatMap((key) => differences(actual[key], expected[key], tolerance, `${path}/${key}`));
  }
  return actual === expected ? [] : [`${path}: ${String(actual)}, not ${String(expected)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
