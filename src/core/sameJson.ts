/** Whether two values say the same as JSON, whatever the order of keys: what is read may have another than what was just made. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [keys, others] = [keysOf(a), keysOf(b)];
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson((a as Values)[key], (b as Values)[key]))
  );
}

type Values = Readonly<Record<string, unknown>>;

/** A key whose value is undefined is none in JSON. */
function keysOf(value: object): readonly string[] {
  return Object.keys(value).filter((key) => (value as Values)[key] !== undefined);
}
