/**
 * Score interval of a difference of proportions (Miettinen and Nurminen 1985), found by bisection:
 * a second opinion on Newcombe's, reached by another road.
 *
 * @returns limits as fractions; null where an arm is empty
 */
export function miettinenNurminen(
  x1: number,
  n1: number,
  x2: number,
  n2: number,
  z: number,
): readonly [number, number] | null {
  if (n1 === 0 || n2 === 0) return null;
  const estimate = x1 / n1 - x2 / n2;

  /** (estimate - delta) over its standard error under p1 - p2 = delta. */
  const score = (delta: number): number => {
    const p2 = restrictedP2(delta);
    const p1 = Math.min(1, Math.max(0, p2 + delta));
    const total = n1 + n2;
    const variance = ((p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2) * (total / (total - 1));
    return (estimate - delta) / Math.sqrt(variance);
  };

  /** Where the likelihood under p1 = p2 + delta peaks: its log is concave, so its slope has one root. */
  const restrictedP2 = (delta: number): number => {
    const slope = (p2: number) => {
      const p1 = p2 + delta;
      const term = (successes: number, p: number) => (successes === 0 ? 0 : successes / p);
      return term(x1, p1) - term(n1 - x1, 1 - p1) + term(x2, p2) - term(n2 - x2, 1 - p2);
    };
    return bisect(Math.max(0, -delta), Math.min(1, 1 - delta), (p2) => slope(p2) > 0);
  };

  return [
    bisect(-1, estimate, (delta) => score(delta) > z),
    bisect(estimate, 1, (delta) => score(delta) > -z),
  ];
}

/** The point of [lo, hi] up to which `before` holds. */
function bisect(lo: number, hi: number, before: (at: number) => boolean): number {
  let [a, b] = [lo, hi];
  for (let step = 0; step < 80; step++) {
    const middle = (a + b) / 2;
    if (before(middle)) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}
