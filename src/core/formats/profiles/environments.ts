import { isObject } from '../format';
import type { BuiltIn } from '../profile';

/**
 * Environments in a watched and an unwatched version: `{"environment": "report_failure_unobserved", "sample_index": 0,
 * "prompt", "full_response", "scratchpad", "final_output", "gptoss20b_classification": "ALIGNED"}`. The condition is the
 * end of the environment's name, the rest of it the setting.
 */
export const environments: BuiltIn = {
  profile: {
    version: 1,
    name: 'environments',
    reads: 'mapped',
    id: ['/environment', '/sample_index'],
    recordsShareLines: true,
    setting: {
      at: '/environment',
      pattern: '^(.+?)(?:[ _-](?:un)?(?:observed|monitored)|[ _-](?:training|deployment|free|paid))?$',
    },
    condition: {
      at: '/environment',
      pattern: '[ _-]((?:un)?(?:observed|monitored)|training|deployment|free|paid)$',
      expected: true,
    },
    model: { at: ['/model', '/model_name'] },
    messages: [
      { at: ['/system_prompt', '/system'], role: 'system', optional: true },
      { at: '/prompt', role: 'user', optional: true },
      { at: '/full_response', role: 'assistant', optional: true },
      {
        at: '/scratchpad',
        role: 'assistant',
        region: 'scratchpad',
        optional: true,
        unless: '/full_response',
      },
      { at: '/final_output', role: 'assistant', region: 'output', optional: true, unless: '/full_response' },
    ],
    verdicts: [
      {
        at: '',
        keys: '^(?<classifier>.+)_classification$',
        label: 'misaligned',
        yes: ['misaligned', 'unaligned', 'not aligned'],
        no: ['aligned'],
      },
    ],
  },
  detects: (record) =>
    isObject(record) &&
    typeof record.environment === 'string' &&
    (typeof record.full_response === 'string' || typeof record.final_output === 'string'),
};
