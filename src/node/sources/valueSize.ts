/** How long the texts in a value are, each value in it counted as a few characters. */
export function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let sum = 64;
  for (const part of Object.values(value)) sum += charactersIn(part);
  return sum;
}
