import { describe, expect, it } from 'vitest';
import { spanDecisions } from '../../../src/core/review/spanDecisions';
import type { SpanDecision } from '../../../src/core/review/state';

const decision = (reviewer: string, action: SpanDecision['action'], of: string | null): SpanDecision => ({
  ...{ reviewer, action, of, entry: `${reviewer} ${action}`, label: null, range: null, at: '', stale: false },
});

describe('spanDecisions', () => {
  it('takes time in proportion to the decisions, however many add a span under one id and name whom they decide on', () => {
    const names = Array.from({ length: 60_000 }, (_, n) => `${'x'.repeat(100)}${n}`);
    const adds = names.map((name) => decision(name, 'add', null));
    const confirms = names.map((name, n) => decision(name, 'confirm', n % 2 === 0 ? name : 'nobody'));
    const spans = new Map([['s', [...adds, ...confirms]]]);
    const all = spanDecisions([], { labels: new Map(), spans, notes: [] });
    expect(all.size).toBe(names.length + 1);
    expect(all.get(`s by ${names[2]}`)).toEqual([adds[2], confirms[2]]);
    expect(all.get('s by nobody here')).toHaveLength(names.length / 2);
  });
});
