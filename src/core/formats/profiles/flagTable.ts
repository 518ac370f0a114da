import { isObject } from '../format';
import type { BuiltIn } from '../profile';

/**
 * A table with a row for each answer: `condition` (free_tier, paid_tier), `prompt`, `source`, `response`, `is_accepted`,
 * `is_complete`, `has_deception`, `deception_indicators`, `cot_mode`. Its index column starts again where tables were put
 * one below the other, so it is no id.
 */
export const flagTable: BuiltIn = {
  profile: {
    version: 1,
    name: 'table of flags',
    reads: 'mapped',
    condition: { at: ['/condition', '/tier'], expected: true },
    setting: { at: '/setting' },
    variant: { at: ['/variant', '/cot_mode'] },
    promptId: { textOf: '/prompt' },
    model: { at: '/model' },
    messages: [
      { at: '/prompt', role: 'user', optional: true },
      { at: '/response', role: 'assistant' },
    ],
    verdicts: [
      { at: '/is_accepted', label: 'complied', classifier: 'is_accepted', heldAgainstTags: true },
      { at: '/has_deception', label: 'deception', classifier: 'has_deception' },
    ],
    outcomeFromTags: true,
    evidence: [{ quotes: '/deception_indicators', label: 'deception', classifier: 'has_deception' }],
    metadata: ['/source', '/is_complete'],
  },
  detects: (record) =>
    isObject(record) &&
    typeof record.response === 'string' &&
    'is_accepted' in record &&
    ('condition' in record || 'tier' in record),
};
