import { isObject } from '../format';
import type { BuiltIn } from '../profile';

/**
 * What people and a classifier said about the rows of another file, without the texts: `{"row": 9, "human_label": 1,
 * "our_label": 1, "our_confidence": 1.2, "skipped": false}`. The rows need not be in the order of that file.
 */
export const judgements: BuiltIn = {
  profile: {
    version: 1,
    name: 'judgements only',
    reads: 'mapped',
    id: ['/id'],
    recordsShareLines: true,
    messages: [],
    verdicts: [
      { at: '/human_label', label: 'judgement', classifier: 'human', unless: '/skipped' },
      { at: '', value: '/our_label', score: '/our_confidence', label: 'judgement', classifier: 'ours' },
    ],
    metadata: ['/row'],
  },
  detects: (record) =>
    isObject(record) &&
    ('human_label' in record || 'our_label' in record) &&
    Object.values(record).every((value) => typeof value !== 'string' || value.length < 200),
};
