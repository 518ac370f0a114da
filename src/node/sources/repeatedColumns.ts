import { shown } from '../../core/formats/format';

/** So many are named; a table may have twenty thousand. */
const MOST_NAMED = 5;

/** What to tell of names that several columns of a table have; nothing where there is none. */
export function repeatedColumns(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const named = names.slice(0, MOST_NAMED).map(shown).join(', ');
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const which = names.length === 1 ? `the column ${named} occurs` : `the columns ${named}${more} occur`;
  return [
    `${which} more than once; the first one counts, another is read under its name with a number behind it`,
  ];
}
