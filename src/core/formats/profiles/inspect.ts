import type { Profile } from '../profile';

/** `judge as alignment_faking`, or one name for both; as `readScores` tells them. */
const SCORE_NAME = '^(?=(?<classifier>[^]+?)(?: as [^]+)?$)(?:[^]+? as )?(?<label>[^]+)$';

/**
 * A sample of an Inspect log, as `inspectRecord` makes it. Scores are verdicts: `C`orrect and `I`ncorrect, yes and no,
 * 1 and 0; `P`artial, `N`o answer and other numbers are no answer to a yes/no question.
 */
export const INSPECT: Profile = {
  version: 1,
  name: 'Inspect log',
  reads: 'mapped',
  id: ['/key'],
  setting: { at: '/setting' },
  condition: { at: '/condition' },
  variant: { at: '/variant' },
  prefix: { at: '/prefix' },
  promptId: '/promptId',
  model: { at: '/model' },
  messages: [{ chat: '/messages' }],
  verdicts: [
    {
      at: '/scores',
      keys: SCORE_NAME,
      value: '/value',
      score: '/score',
      yes: ['C', 'yes', 'Yes', 'YES', 'true', 'True', true, 1, '1'],
      no: ['I', 'no', 'No', 'NO', 'false', 'False', false, 0, '0'],
    },
  ],
  outcomeFromTags: true,
};
