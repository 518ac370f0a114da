import { isObject } from '../format';
import type { BuiltIn } from '../profile';

/**
 * One row a query, one key an arm: `{"id": 0, "query": "…", "results": {"Free_Tier_Baseline": "…",
 * "Paid_Force_Compliance": "…"}, "scores": {"Free_Tier_Baseline": 0}}`. The key holds the condition, and behind it the
 * prompt's variant or, where the scratchpad's start was forced, the prefix arm.
 */
export const armsInKeys: BuiltIn = {
  profile: {
    version: 1,
    name: 'arms in keys',
    reads: 'mapped',
    id: ['/id'],
    recordsShareLines: true,
    arms: {
      at: '/results',
      key: '^(?<condition>free|paid|training|deployment|monitored|unmonitored|observed|unobserved)(?:[ _-]?tier)?(?:[ _-](?:(?<prefix>forced?[ _-].+|deceptive|obedient)|(?<variant>.+)))?$',
    },
    variant: { values: { baseline: 'default' } },
    setting: { at: '/setting' },
    model: { at: '/model' },
    promptId: '/id',
    messages: [
      { at: ['/system_prompt', '/system'], role: 'system', optional: true },
      { at: '/query', role: 'user', optional: true },
      { at: '/results/{arm}', role: 'assistant' },
    ],
    verdicts: [{ at: '/scores/{arm}', label: 'score', classifier: 'scores' }],
    outcomeFromTags: true,
  },
  detects: (record) =>
    isObject(record) &&
    isObject(record.results) &&
    Object.keys(record.results).some((key) => /^(?:free|paid)(?:[ _-]|$)/i.test(key)) &&
    Object.values(record.results).every((text) => typeof text === 'string' || text === null),
};
