import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SpreadMap } from '../../../src/core/review/spreadMap';

const key = fc.oneof(
  fc.integer({ min: 0, max: 2_000 }).map((n) => `t-${n}`),
  fc.string(),
  fc.string().map((end) => `${'x'.repeat(100)}${end}`),
);
const step = fc.tuple(fc.constantFrom('set', 'set', 'set', 'delete'), key);

it('holds what a Map holds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2_000, size: 'max' }), (steps) => {
      const map = new Map<string, number>();
      const spread = new SpreadMap<number>();
      for (const [at, [what, name]] of steps.entries()) {
        if (what === 'set') {
          map.set(name, at);
          spread.set(name, at);
        } else expect(spread.delete(name)).toBe(map.delete(name));
        expect(spread.size).toBe(map.size);
      }
      for (const [, name] of steps) expect(spread.get(name)).toBe(map.get(name));
      expect([...spread.values()].sort()).toEqual([...map.values()].sort());
    }),
  );
});

it('leaves out nothing of what is there all along, whatever is added while it is walked over', () => {
  const spread = new SpreadMap<number>();
  const count = 1_000;
  for (let n = 0; n < count; n++) spread.set(`${n}`, n);
  const seen = new Set<number>();
  let added = count;
  for (const value of spread.values()) {
    seen.add(value);
    for (let each = 0; each < 10 && added < 8_000; each++) spread.set(`${added}`, added++);
  }
  for (let n = 0; n < count; n++) expect(seen).toContain(n);
});

it('moves few entries at a time, and keeps its parts small, for ids as makers of datasets number them', () => {
  const ways: readonly ((n: number) => string)[] = [
    (n) => `${n}`,
    (n) => `t-${String(n * 10).padStart(8, '0')}`,
    (n) => `01KB${n.toString(36).toUpperCase().padStart(22, '0')}`,
    (n) => `run-${n % 7}/sample-${Math.floor(n / 7)}-epoch-1`,
  ];
  for (const way of ways) {
    const spread = new SpreadMap<number>();
    const maps = new Set<Map<unknown, unknown>>();
    let most = 0;
    for (let n = 0; n < 70_000; n++) {
      const id = way(n);
      most = Math.max(
        most,
        countSets(maps, () => spread.set(id, n)),
      );
    }
    expect(most).toBeGreaterThan(1); // else nothing was counted
    expect(most).toBeLessThan(500);
    const largest = Math.max(...[...maps].map((map) => map.size));
    expect(largest).toBeLessThan(1_000);
    for (let n = 0; n < 70_000; n += 97) expect(spread.get(way(n))).toBe(n);
  }
});

/** How often anything was put into a Map while `run` ran. */
function countSets(maps: Set<Map<unknown, unknown>>, run: () => void): number {
  const { set } = Map.prototype;
  let count = 0;
  Map.prototype.set = function (this: Map<unknown, unknown>, ...args) {
    count++;
    maps.add(this);
    return set.apply(this, args);
  };
  try {
    run();
  } finally {
    Map.prototype.set = set;
  }
  return count;
}
