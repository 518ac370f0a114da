/** What is searched for in the text of transcripts. */

/** Where a match must lie: anywhere, in the messages of one role, or in the regions of one kind (scratchpad, …). */
export const SEARCH_SCOPES = [
  'everywhere',
  'system',
  'user',
  'assistant',
  'tool',
  'scratchpad',
  'draft',
  'output',
] as const;
export type SearchScope = (typeof SEARCH_SCOPES)[number];

export interface SearchQuery {
  readonly text: string;
  /** `text` is a regular expression; without it, it stands for itself. */
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  readonly scope: SearchScope;
}

export const NO_SEARCH: SearchQuery = { text: '', regex: false, caseSensitive: false, scope: 'everywhere' };

/** The longest text that can be searched for, in UTF-16 units. */
export const SEARCH_UNITS = 1_000;

/** A search that cannot be made; the message says why, in words for the user. */
export class SearchError extends Error {}

/**
 * The query as a regular expression, by code points; `^` and `$` stand for the ends of lines.
 * @throws SearchError when it is none.
 */
export function searchPattern({ text, regex, caseSensitive }: SearchQuery): RegExp {
  const source = regex ? text : text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
  const flags = caseSensitive ? 'gmu' : 'gimu';
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new SearchError(`not a regular expression: ${reason((error as Error).message, source, flags)}`);
  }
}

/** Without what V8 says before the reason, which is the user's own text. */
function reason(message: string, source: string, flags: string): string {
  const repeated = `Invalid regular expression: /${source}/${flags}: `;
  const [first = '', ...rest] = message.startsWith(repeated) ? message.slice(repeated.length) : message;
  return first.toLowerCase() + rest.join('');
}
