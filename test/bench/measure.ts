/** Timing, order statistics and the table's rows. Times are in ms. */
import { statSync } from 'node:fs';

type Run = () => unknown;

export async function time(run: Run): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Runs the candidates in turn, `rounds` times, so that whatever slows the machine slows all of them. */
export async function inTurn<K extends string>(
  rounds: number,
  candidates: Readonly<Record<K, Run>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(candidates) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round < rounds; round++)
    for (const name of names) times[name].push(await time(candidates[name]));
  return times;
}

/** The value below which a share `q` of the values lies (nearest rank). */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

export function ms(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return value >= 1 ? `${value.toPrecision(3)} ms` : `${(value * 1000).toPrecision(3)} µs`;
}

/** Median and range. */
export function spread(values: readonly number[]): string {
  return `${ms(median(values))} (${ms(quantile(values, 0))} to ${ms(quantile(values, 1))})`;
}

export function percentiles(values: readonly number[]): string {
  return `p50 ${ms(median(values))}, p95 ${ms(quantile(values, 0.95))}, most ${ms(quantile(values, 1))}`;
}

/** How many times a peer's median, or what part of it, and what that is. */
export function ratio(values: readonly number[], name: string, peer: readonly number[]): string {
  const times = median(values) / median(peer);
  const factor = times < 0.1 ? `1/${Math.round(1 / times)} of` : `${times.toPrecision(2)} x`;
  return `${factor} ${name} (${ms(median(peer))})`;
}

export function megabytes(path: string): string {
  return `${(statSync(path).size / 1e6).toPrecision(3)} MB`;
}

/** Prints a row of the runner's table. */
export function row(what: string, measured: string, against = '', budget = ''): void {
  console.log(`| ${what} | ${measured} | ${against} | ${budget} |`);
}
