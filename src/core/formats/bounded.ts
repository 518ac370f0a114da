/** A profile may come from a stranger: what it asks for is bounded, at far more than any dataset needs. */
import * as z from 'zod';

const MAX_TEXT_UNITS = 1_000;
/** Rules of one kind, or words of one rule. */
export const MAX_RULES = 1_000;

type Refused = { readonly addIssue: (issue: string) => void };

/** Not `max`: zod looks at the length of what is no text as well, and throws where an object has one that is none. */
export function atMost<T extends { readonly length: number }>(most: number, what: string) {
  return ({ length }: T, { addIssue }: Refused) => {
    if (length > most)
      addIssue(`at most ${most.toLocaleString('en')} ${what}, found ${length.toLocaleString('en')}`);
  };
}

/** A name or a word. */
export const text = z.string().superRefine(atMost(MAX_TEXT_UNITS, 'characters'));

export function list<T extends z.ZodType>(of: T, most = MAX_RULES) {
  return z.array(of).superRefine(atMost(most, 'entries'));
}
