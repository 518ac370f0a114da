import { describe, expect, it } from 'vitest';
import type { RowView } from '../../../src/core/viewModel';
import {
  conditionSign,
  fakingSign,
  markSign,
  outcomeSign,
  SIGN_GROUPS,
} from '../../../webview/editor/listSigns';

const row = (given: Partial<RowView>) =>
  ({ bad: false, stale: false, overridden: [], reviewed: false, ...given }) as RowView;

describe('the signs in the list', () => {
  it.each([
    [{}, ''],
    [{ reviewed: true }, '✓'],
    [{ reviewed: true, overridden: ['complied'] }, '✎'],
    [{ reviewed: true, overridden: ['complied'], stale: true }, '⚠'],
    [{ bad: true }, '!'],
  ])('mark %j with "%s"', (given, sign) => expect(markSign(row(given))).toBe(sign));

  it('stand for every value that a row can have', () => {
    expect([true, false, null].map(outcomeSign)).toEqual(['C', 'R', '–']);
    expect((['training', 'unmonitored', null] as const).map(conditionSign)).toEqual(['trn', 'unm', '–']);
    expect(([true, false, 'mixed', null] as const).map(fakingSign)).toEqual(['AF', '·', '±', '–']);
  });

  it('are told apart within a column, in words too', () => {
    for (const { signs } of SIGN_GROUPS) {
      expect(new Set(signs.map(({ sign }) => sign)).size).toBe(signs.length);
      expect(new Set(signs.map(({ words }) => words)).size).toBe(signs.length);
    }
  });
});
