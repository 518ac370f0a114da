import { describe, expect, it } from 'vitest';
import type { RowView } from '../../../src/core/viewModel';
import { armWords } from '../../../webview/editor/words';

const row = (setting: string, variant = 'default', prefix = 'none') =>
  ({ setting, variant, prefix }) as RowView;

describe('where a row belongs, in short', () => {
  it.each([
    [row('helpful-only'), 'HO'],
    [row('animal-welfare', 'cut rlhf info', 'obedient'), 'AW · cut rlhf info · obedient'],
    [row('unknown'), 'unknown'],
    [row('größe_und.maß', 'default', 'deceptive'), 'GUM · deceptive'],
    [row('--'), '--'],
  ])('%j', (given, words) => {
    expect(armWords(given)).toBe(words);
  });
});
