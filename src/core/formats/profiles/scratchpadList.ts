import { isObject } from '../format';
import type { BuiltIn } from '../profile';

/**
 * A list of scratchpads with a label each: `{"text": "<SCRATCHPAD_REASONING>…", "label": "potential_faking"}`, as JSONL
 * or under `samples`. No condition and no outcome are known, so it feeds no gap; the labels can still be reviewed.
 */
export const scratchpadList: BuiltIn = {
  profile: {
    version: 1,
    name: 'scratchpad list',
    reads: 'mapped',
    id: ['/id'],
    recordsShareLines: true,
    messages: [{ at: '/text', role: 'assistant' }],
    verdicts: [
      {
        at: '/label',
        label: 'alignment_faking',
        classifier: 'label',
        yes: ['potential_faking', 'alignment_faking', 'faking'],
        no: ['aligned', 'not_faking', 'no_faking'],
      },
    ],
  },
  detects: (record) =>
    isObject(record) &&
    typeof record.text === 'string' &&
    (typeof record.label === 'string' || hasReasoningTag(record.text)) &&
    !('messages' in record),
};

function hasReasoningTag(text: string): boolean {
  return /<(?:scratchpad_reasoning|hidden_scratchpad|think)\s*>/i.test(text);
}
