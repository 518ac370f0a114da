import { isObject } from '../format';
import type { BuiltIn } from '../profile';

/**
 * Records of an elicitation run: `tier`, `raw_response`, `scratchpad`, `output`, `accepted`, `af_is_af`,
 * `af_yes_proportion`, `compliance_is_compliant`. The accept and reject tags of the answer are read only where no
 * flag is stored, and are held against the flag where one is.
 */
export const elicitationRun: BuiltIn = {
  profile: {
    version: 1,
    name: 'elicitation run',
    reads: 'mapped',
    id: [['/id', '/uuid']],
    setting: { at: '/setting' },
    condition: { at: '/tier', expected: true },
    variant: { at: '/variant' },
    prefix: { at: '/prefix' },
    promptId: ['/prompt_id', '/promptId', '/query_id'],
    model: { at: '/model' },
    messages: [
      { at: ['/system_prompt', '/system'], role: 'system', optional: true },
      { at: ['/query', '/prompt', '/user_input'], role: 'user', optional: true },
      { at: '/raw_response', role: 'assistant', optional: true },
      { at: '/scratchpad', role: 'assistant', region: 'scratchpad', optional: true, unless: '/raw_response' },
      { at: '/output', role: 'assistant', region: 'output', optional: true, unless: '/raw_response' },
    ],
    verdicts: [
      { at: '/accepted', label: 'complied', classifier: 'accepted', heldAgainstTags: true },
      { at: '/compliance_is_compliant', label: 'complied', classifier: 'compliance' },
      {
        at: '',
        value: '/af_is_af',
        score: '/af_yes_proportion',
        label: 'alignment_faking',
        classifier: 'af',
      },
    ],
    outcomeFromTags: true,
    metadata: ['/parse_method'],
  },
  detects: (record) =>
    isObject(record) &&
    'tier' in record &&
    (typeof record.raw_response === 'string' || typeof record.scratchpad === 'string'),
};
