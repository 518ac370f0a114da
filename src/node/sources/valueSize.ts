/** Names of their own in each record cost several times what their characters do. */
const NAME = 32;

/** How long the texts in a value are, names included, each value in it counted as a few characters more. */
export function charactersIn(value: unknown): number {
  let sum = 0;
  // Not by recursion: what somebody made may be nested deeper than a stack is.
  const waiting = [value];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part === 'string') sum += 8 + part.length;
    else if (typeof part !== 'object' || part === null) sum += 8;
    else {
      sum += 64;
      if (Array.isArray(part)) for (const inner of part) waiting.push(inner);
      else
        for (const [name, inner] of Object.entries(part)) {
          sum += NAME + name.length;
          waiting.push(inner);
        }
    }
  }
  return sum;
}
