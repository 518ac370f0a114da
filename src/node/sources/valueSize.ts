/** How long the texts in a value are, names included, each value in it counted as a few characters more. */
export function charactersIn(value: unknown): number {
  if (typeof value === 'string') return 8 + value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let sum = 64;
  if (Array.isArray(value)) for (const part of value) sum += charactersIn(part);
  else for (const [name, part] of Object.entries(value)) sum += NAME + name.length + charactersIn(part);
  return sum;
}

/** Names of their own in each record cost several times what their characters do. */
const NAME = 32;
