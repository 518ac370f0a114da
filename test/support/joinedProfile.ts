import type { Profile } from '../../src/core/formats/profile';

/** Of records such as {"key": "a", "text": "…"}, with verdicts in a second file beside them. */
export const JOINED_PROFILE: Profile = {
  version: 1,
  name: 'scratchpads with predictions',
  reads: 'mapped',
  id: ['/key'],
  messages: [{ at: '/text', role: 'assistant' }],
  joins: [
    {
      file: 'predictions.csv',
      by: 'id',
      here: '/key',
      there: '/sample',
      verdicts: [{ at: '/prediction', label: 'alignment_faking', classifier: 'ours' }],
    },
  ],
};
