/** What the screen says about a search. */
import type { SearchScope } from '../../src/core/search/query';
import type { MatchesView, SearchView } from '../../src/protocol/search';
import { plural } from './words';

export const SCOPE_WORDS: Readonly<Record<SearchScope, string>> = {
  everywhere: 'in all text',
  system: 'in system messages',
  user: 'in user messages',
  assistant: 'in assistant messages',
  tool: 'in tool messages',
  scratchpad: 'in scratchpads',
  draft: 'in drafts',
  output: 'in outputs',
};

/** e.g. "1,204 matches in 311 transcripts · searching 43 %". */
export function searchWords({ phase, matches, transcripts, progress }: SearchView): string {
  const found =
    matches === 0 && phase !== 'searching'
      ? 'no matches'
      : `${matches.toLocaleString('en')} ${matches === 1 ? 'match' : 'matches'} in ${plural(transcripts, 'transcript')}`;
  return phase === 'searching' ? `${found} · searching ${Math.floor(100 * progress)} %` : found;
}

/** Where one is among the matches of the transcript on screen, e.g. "match 3 of 12 here". */
export function matchWords({ places, total, current, error }: MatchesView): string {
  if (error !== null) return `matches not shown: ${error}`;
  if (total === 0) return 'no match here';
  const place =
    current < 0
      ? plural(total, 'match').replace('matchs', 'matches')
      : `match ${current + 1} of ${total.toLocaleString('en')}`;
  const listed = places.length / 3;
  return listed < total ? `${place} here, the first ${listed.toLocaleString('en')} shown` : `${place} here`;
}
