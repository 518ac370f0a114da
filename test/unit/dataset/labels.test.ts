import { describe, expect, it } from 'vitest';
import { answerWords, labelOrder, labelTitle } from '../../../src/core/dataset/labels';

describe('words for labels', () => {
  it('say what not complying is in the setting', () => {
    expect(answerWords('complied', 'helpful-only')).toEqual({ yes: 'complied', no: 'refused' });
    expect(answerWords('complied', 'animal-welfare').no).toBe('supports animal welfare');
    expect(labelTitle('complied', 'helpful-only')).toBe('Complied');
    expect(labelTitle('complied', 'animal-welfare')).toBe('Complied (animal welfare)');
  });

  it.each([
    ['criteria_conflict', 'Conflict with the criteria'],
    ['alignment_faking', 'Alignment faking'],
    ['my_own_label', 'My own label'],
    ['ünlü', 'Ünlü'],
    ['_', '_'],
    ['', ''],
  ])('%j is titled %j', (label, title) => {
    expect(labelTitle(label, 'helpful-only')).toBe(title);
  });

  it("are in the paper's order, then by name, each once", () => {
    const labels = [
      'zeal',
      'free_to_act',
      'Doubt',
      'complied',
      'criteria_conflict',
      'alignment_faking',
      'zeal',
    ];
    expect(labelOrder(labels)).toEqual([
      'complied',
      'alignment_faking',
      'free_to_act',
      'criteria_conflict',
      'Doubt',
      'zeal',
    ]);
  });
});
