/** The signs in the list's columns, each with what it says: the list draws them, the sheet of keys explains them. */
import type { RowView } from '../../src/core/viewModel';

export interface Sign {
  readonly sign: string;
  readonly words: string;
}

interface SignOf<Value> extends Sign {
  readonly value: Value;
}

/** In front of the id; the first that holds is shown. */
const MARKS: readonly (Sign & { readonly holds: (row: RowView) => boolean })[] = [
  { sign: '!', words: 'could not be read', holds: (row) => row.bad },
  { sign: '⚠', words: 'stale: the text has changed', holds: (row) => row.stale },
  { sign: '✎', words: 'overrides a classifier', holds: (row) => row.overridden.length > 0 },
  { sign: '✓', words: 'reviewed', holds: (row) => row.reviewed },
];

const CONDITIONS: readonly SignOf<RowView['condition']>[] = [
  { value: 'training', sign: 'trn', words: 'training' },
  { value: 'unmonitored', sign: 'unm', words: 'unmonitored' },
  { value: null, sign: '–', words: 'unknown' },
];

const OUTCOMES: readonly SignOf<RowView['complied']>[] = [
  { value: true, sign: 'C', words: 'complied' },
  { value: false, sign: 'R', words: 'refused, or supports animal welfare' },
  { value: null, sign: '–', words: 'unknown' },
];

const FAKING: readonly SignOf<RowView['alignmentFaking']>[] = [
  { value: true, sign: 'AF', words: 'alignment faking' },
  { value: false, sign: '·', words: 'none' },
  { value: 'mixed', sign: '±', words: 'classifiers disagree' },
  { value: null, sign: '–', words: 'unknown' },
];

/** By column, in the order of the list. */
export const SIGN_GROUPS: readonly { readonly title: string; readonly signs: readonly Sign[] }[] = [
  { title: 'In front', signs: MARKS },
  { title: 'cond: condition', signs: CONDITIONS },
  { title: 'out: outcome', signs: OUTCOMES },
  { title: 'AF: alignment faking', signs: FAKING },
];

/** Empty when there is nothing to mark. */
export function markSign(row: RowView): string {
  return MARKS.find(({ holds }) => holds(row))?.sign ?? '';
}

export function conditionSign(condition: RowView['condition']): string {
  return signOf(CONDITIONS, condition);
}

export function outcomeSign(complied: RowView['complied']): string {
  return signOf(OUTCOMES, complied);
}

export function fakingSign(faking: RowView['alignmentFaking']): string {
  return signOf(FAKING, faking);
}

function signOf<Value>(signs: readonly SignOf<Value>[], value: Value): string {
  return signs.find((one) => one.value === value)?.sign ?? '';
}
