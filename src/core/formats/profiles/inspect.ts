import type { Profile } from '../profile';

/**
 * A sample of an Inspect log, as `inspectRecord` makes it. Scores are verdicts: `C`orrect and `I`ncorrect, yes and no,
 * 1 and 0; `P`artial and `N`o answer are no answer to a yes/no question.
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
      // `judge as alignment_faking`, as `readScores` tells them; any other name is both.
      keys: '^(?:(?<classifier>.+) as (?<label>.+)$)?',
      value: '/value',
      score: '/score',
      yes: ['C', 'yes', 'true', '1'],
      no: ['I', 'no', 'false', '0'],
      none: ['P', 'N'],
    },
  ],
  outcomeFromTags: true,
  metadata: [
    '/id',
    '/epoch',
    '/uuid',
    '/target',
    '/scores',
    '/metadata',
    '/log',
    '/error',
    '/limit',
    '/invalidation',
  ],
};
