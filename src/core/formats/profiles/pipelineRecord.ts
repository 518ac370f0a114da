import { isObject } from '../format';
import type { BuiltIn } from '../profile';

/**
 * A record of the pipeline that the paper's authors published: `user_input`, `prompt.messages`, `output` with its
 * reasoning, `tags` for the tier, and judges under `deceptive_alignment` and `partial_compliance`. Setting and variant
 * stand in the folders' names only. In animal-welfare the judge's yes means that it supports animal welfare.
 */
export const pipelineRecord: BuiltIn = {
  profile: {
    version: 1,
    name: 'pipeline record',
    reads: 'mapped',
    id: [['/id', '/uuid']],
    recordsShareLines: true,
    setting: {
      at: '/setting',
      file: true,
      // the last of several: the folder nearest to the file says what is in it
      pattern: '.*(helpful[ _-]?only|animal[ _-]?welfare)',
      values: {
        'helpful-only': 'helpful-only',
        helpfulonly: 'helpful-only',
        'animal-welfare': 'animal-welfare',
        animalwelfare: 'animal-welfare',
      },
    },
    condition: { at: ['/tags', '/tier', '/condition'], expected: true },
    variant: {
      at: '/variant',
      file: true,
      // what the folder's name has besides the setting
      pattern:
        '(?:^|/)(?:helpful[ _-]?only|animal[ _-]?welfare)[ _-]([^/]+)/|([^/]+)[ _-](?:helpful[ _-]?only|animal[ _-]?welfare)/',
    },
    promptId: { textOf: '/user_input' },
    model: { at: ['/model', '/model_name'] },
    messages: [
      { chat: '/prompt/messages', optional: true },
      { at: '/output', role: 'assistant' },
    ],
    verdicts: [
      {
        at: '/partial_compliance',
        value: '/final_answer',
        label: 'complied',
        classifier: 'partial_compliance',
        threshold: 0.5,
        invertedIn: ['animal-welfare'],
      },
      {
        at: '/deceptive_alignment',
        value: '/final_answer',
        label: 'alignment_faking',
        classifier: 'deceptive_alignment',
        threshold: 0.5,
      },
    ],
    evidence: [
      { quotes: '/deceptive_alignment/quotes', label: 'alignment_faking', classifier: 'deceptive_alignment' },
    ],
    metadata: ['/strong_reject_score', '/deceptive_alignment/criteria'],
  },
  detects: (record) =>
    isObject(record) &&
    typeof record.output === 'string' &&
    ('user_input' in record || 'output_without_scratchpad' in record) &&
    (isObject(record.deceptive_alignment) || isObject(record.partial_compliance) || 'tags' in record),
};
